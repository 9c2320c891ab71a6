//! The door from evaluation to the outside.

use filmpress_composition::ItemId;

use crate::digest::Digest;
use crate::text::FontBook;

/// What evaluation must know about a footage item.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FootageInfo {
    /// Width in pixels of the actual picture.
    pub width: u32,
    /// Height in pixels of the actual picture.
    pub height: u32,
    /// Frames per second; 0 for stills.
    pub frame_rate: f64,
    /// Seconds; 0 for stills.
    pub duration: f64,
    /// Identifies the content.
    pub content: Digest,
}

/// What evaluation may ask of the world around it. Answers must not change while a scene lives.
pub trait World: Sync {
    /// The fonts there are.
    fn fonts(&self) -> &FontBook;

    /// The picture behind a footage item; `None` when it is missing.
    fn footage(&self, item: ItemId) -> Option<FootageInfo>;
}

/// A world with nothing in it.
#[cfg(test)]
#[derive(Default)]
pub(crate) struct Nowhere(FontBook);

#[cfg(test)]
impl World for Nowhere {
    fn fonts(&self) -> &FontBook {
        &self.0
    }
    fn footage(&self, _item: ItemId) -> Option<FootageInfo> {
        None
    }
}
