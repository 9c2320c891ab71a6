//! The door from drawing to the outside.

use std::sync::Arc;

use filmpress_evaluate::frame::ImageSource;
use filmpress_pixels::Pixmap;

/// Pixels of footage at a time.
pub trait Footage: Sync {
    /// The picture; `None` when it cannot be had (it is then left out, and whoever implements this reports why).
    fn pixels(&self, source: &ImageSource) -> Option<Arc<Pixmap>>;
}

/// No footage at all: every picture is missing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFootage;

impl Footage for NoFootage {
    fn pixels(&self, _: &ImageSource) -> Option<Arc<Pixmap>> {
        None
    }
}
