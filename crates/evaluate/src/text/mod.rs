//! Text documents to glyph outlines.

/// The fonts a scene can use, found by PostScript name, family and style, or character coverage.
#[derive(Debug, Default)]
pub struct FontBook {}
