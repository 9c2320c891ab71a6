//! All limits of the readers, in one place. A file over a limit is refused with [`crate::ReadError::Limit`].

/// Deepest nesting of chunks, groups, JSON values or folders.
pub const MAX_DEPTH: usize = 128;
/// Most nodes (chunks, properties, JSON objects) in one template.
pub const MAX_NODES: usize = 4_000_000;
/// Most controls of one Essential Graphics panel.
pub const MAX_CONTROLS: usize = 10_000;
/// Longest text of a text document, in characters.
pub const MAX_TEXT: usize = 100_000;
/// Most entries of a zip archive.
pub const MAX_ZIP_ENTRIES: usize = 20_000;
/// Most bytes a zip archive may expand to.
pub const MAX_ZIP_BYTES: u64 = 4 << 30;
/// Most times its size a zip entry may expand to, for entries over 1 MiB.
pub const MAX_ZIP_RATIO: u64 = 500;
