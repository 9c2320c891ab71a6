//! All limits of the readers, in one place; `docs/limits.md` lists them for users. A file over a limit is refused with
//! [`crate::ReadError::Limit`], unless the limit's line says that something is cut.
//!
//! What a reader allocates is bounded by what it was given: sizes that a file merely claims are never believed, and
//! what grows while it is read (archives, JSON) is counted before it is kept.

/// Largest template read, in bytes.
pub const MAX_TEMPLATE_BYTES: u64 = 2 << 30;
/// Deepest nesting of chunks, XML elements, groups or folders. JSON may nest as deep.
pub const MAX_DEPTH: usize = 128;
/// Most nodes (chunks, XML elements, JSON values) in one template.
pub const MAX_NODES: usize = 4_000_000;
/// Most JSON objects in one template: each takes far more memory than its brackets.
pub const MAX_JSON_OBJECTS: usize = 400_000;
/// Deepest nesting of compositions in each other. Evaluation draws fewer.
pub const MAX_COMPOSITION_DEPTH: usize = 256;
/// Largest size a chunk of an `.aep` may claim, in bytes. A smaller claim past the end of the file is a file cut short,
/// which is read as far as it goes.
pub const MAX_CHUNK_BYTES: u32 = 1 << 30;
/// Most controls of one Essential Graphics panel; further ones are cut.
pub const MAX_CONTROLS: usize = 10_000;
/// Most layers of one template; further ones are cut. Each has a hundred properties that the file leaves out.
pub const MAX_LAYERS: usize = 30_000;
/// Most shape items of one Lottie animation; further ones are cut.
pub const MAX_SHAPE_ITEMS: usize = 50_000;
/// Most JSON values read from slots, counted each time a property refers to one; further references get nothing.
pub const MAX_SLOT_VALUES: usize = 1_000_000;
/// Most parameters of effects that a project leaves to their defaults, over all effects; the further ones are cut.
pub const MAX_EFFECT_DEFAULTS: usize = 400_000;
/// Longest name of an item, layer, group, effect or font, in bytes; longer ones are cut. Names are repeated by everything
/// that refers to what they name.
pub const MAX_NAME: usize = 1000;
/// Longest text of a text document, in characters; longer texts are cut.
pub const MAX_TEXT: usize = 100_000;
/// Most entries of a zip archive.
pub const MAX_ZIP_ENTRIES: usize = 20_000;
/// Most bytes that are expanded from a zip archive, archives inside it included. Only the project, its fonts and the
/// footage it uses are expanded at all.
pub const MAX_ZIP_BYTES: u64 = 2 << 30;
/// What any zip archive may expand to, in bytes; larger ones by [`MAX_ZIP_TOTAL_RATIO`].
pub const ZIP_BYTES_ALLOWED: u64 = 64 << 20;
/// Most times its size a zip archive may expand to, above [`ZIP_BYTES_ALLOWED`].
pub const MAX_ZIP_TOTAL_RATIO: u64 = 50;
/// Most times its size a zip entry may expand to, for entries over [`ZIP_ENTRY_BYTES_ALLOWED`].
pub const MAX_ZIP_RATIO: u64 = 500;
/// What any zip entry may expand to, in bytes.
pub const ZIP_ENTRY_BYTES_ALLOWED: u64 = 1 << 20;

/// A name, no longer than [`MAX_NAME`].
pub(crate) fn cut_name(name: &str) -> &str {
    name.get(..name.floor_char_boundary(MAX_NAME)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_between_characters() {
        assert_eq!(cut_name("Title"), "Title");
        assert_eq!(cut_name(&"x".repeat(MAX_NAME + 1)).len(), MAX_NAME);
        assert_eq!(cut_name(&format!("x{}", "\u{e9}".repeat(MAX_NAME))).len(), MAX_NAME - 1);
    }
}
