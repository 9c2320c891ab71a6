//! Pixels in memory: pixmaps, colour conversion, blending-mode maths. No IO, no drawing decisions.

mod pixmap;
mod yuv;

pub use pixmap::{MAX_SIDE, Pixmap, SizeError, mul_div_255, premultiply, unpremultiply};
pub use yuv::Yuv420;
