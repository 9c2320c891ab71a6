//! Decoding footage, encoding films.
//!
//! Stills are read and written here in process; films go through the `ffmpeg` program over a pipe, so that a codec's
//! crash is an error and not ours, and are verified with `ffprobe` before they count. [`join()`](join::join) puts films one
//! after another.

pub mod decode;
pub mod encode;
mod error;
mod frame_rate;
pub mod join;
mod programs;
mod verify;

pub use error::MediaError;
pub use frame_rate::FrameRate;
pub use programs::Programs;
pub use verify::{Expected, FilmInfo, probe_film, verify};
