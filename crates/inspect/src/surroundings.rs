//! What a template needs from around it.

use std::sync::OnceLock;

use filmpress_composition::{Footage, Kind};
use filmpress_evaluate::FootageInfo;
use filmpress_evaluate::text::FontBook;

/// Looks for the file of a footage item with this name: what it is, or why there is no picture.
pub type Search<'a> = dyn Fn(&str, &Footage) -> Result<FootageInfo, (Kind, String)> + Sync + 'a;

/// What a template needs from around it.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The fonts there are; nothing of them is read unless a text asks.
    pub fonts: &'a FontBook,
    /// Looks for the file of a footage item.
    pub footage: &'a Search<'a>,
}

impl Surroundings<'static> {
    /// No fonts and no files: every font and every file is missing.
    pub fn nothing() -> Self {
        static NO_FONTS: OnceLock<FontBook> = OnceLock::new();
        Self {
            fonts: NO_FONTS.get_or_init(FontBook::default),
            footage: &|_, _| Err((Kind::Missing, "nothing is looked for".to_owned())),
        }
    }
}

impl std::fmt::Debug for Surroundings<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Surroundings")
            .field("fonts", self.fonts)
            .finish_non_exhaustive()
    }
}
