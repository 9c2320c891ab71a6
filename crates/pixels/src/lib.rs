//! Pixels in memory: pixmaps, colour conversion, blending-mode maths. No IO, no drawing decisions.

#![allow(
    clippy::inline_always,
    reason = "pixel loops are only fast when all they call becomes part of them"
)]

pub mod blend;
mod pixmap;
pub mod row;
mod yuv;

pub use pixmap::{MAX_SIDE, Pixmap, SizeError, mul_div_255, premultiply, unpremultiply};
pub use yuv::Yuv420;
