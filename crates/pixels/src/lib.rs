//! Pixels in memory: pixmaps, colour conversion, blending-mode maths. No IO, no drawing decisions.

mod pixmap;

pub use pixmap::{MAX_SIDE, Pixmap, SizeError, mul_div_255, premultiply, unpremultiply};
