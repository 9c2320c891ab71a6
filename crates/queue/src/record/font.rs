//! Fonts of teams.

use time::OffsetDateTime;

use super::StoredFile;

/// A font to be kept.
#[derive(Clone, Debug)]
pub struct NewFont {
    /// The team it belongs to.
    pub team: String,
    /// The name of the file as uploaded.
    pub file_name: String,
    /// Its family.
    pub family_name: String,
    /// Its style.
    pub style_name: String,
    /// Its PostScript name.
    pub post_script_name: String,
    /// The file.
    pub file: StoredFile,
}

/// A font.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FontRecord {
    /// Its id.
    pub id: String,
    /// The team it belongs to.
    pub team: String,
    /// The name of the file as uploaded.
    pub file_name: String,
    /// Its family.
    pub family_name: String,
    /// Its style.
    pub style_name: String,
    /// Its PostScript name.
    pub post_script_name: String,
    /// The file.
    pub file: StoredFile,
    /// When a file of this name was first uploaded.
    pub created_at: OffsetDateTime,
    /// When it last was.
    pub updated_at: OffsetDateTime,
}
