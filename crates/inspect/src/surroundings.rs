//! What a template needs from around it.

use std::sync::OnceLock;

use filmpress_composition::{Footage, Kind};
use filmpress_evaluate::FootageInfo;
use filmpress_evaluate::text::FontBook;

/// What was found out about a footage item's file.
#[derive(Clone, Debug, Default)]
pub struct FootageFile {
    /// Whether there is such a file.
    pub found: bool,
    /// Where, relative to the template's folder; `None` for bytes in the template.
    pub at: Option<String>,
    /// The picture in it; `None` for sound, and where it cannot be read.
    pub info: Option<FootageInfo>,
    /// Why there is no picture.
    pub problem: Option<(Kind, String)>,
}

/// Looks for the file of the footage item with this name.
pub type Search<'a> = dyn Fn(&str, &Footage) -> FootageFile + Sync + 'a;

/// What a template needs from around it.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The fonts there are; nothing of them is read unless a text asks.
    pub fonts: &'a FontBook,
    /// Looks for the file of a footage item. Asked once for each file.
    pub footage: &'a Search<'a>,
}

impl Surroundings<'static> {
    /// No fonts and no files: every font and every file is missing.
    pub fn nothing() -> Self {
        static NO_FONTS: OnceLock<FontBook> = OnceLock::new();
        Self {
            fonts: NO_FONTS.get_or_init(FontBook::default),
            footage: &|_, _| FootageFile {
                problem: Some((Kind::Missing, "no files were looked for".to_owned())),
                ..FootageFile::default()
            },
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
