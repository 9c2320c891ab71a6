//! Bytes of an `.aep` to the tree of chunks.

use filmpress_composition::{Diagnostics, Kind, Place, Warned};

use super::{Chunk, ChunkId, Fields, WRAPPERS};
use crate::ReadError;
use crate::limits::{MAX_CHUNK_BYTES, MAX_DEPTH, MAX_NODES};

/// Reads the file's tree. What follows the outermost chunk (an XMP packet) is not part of it.
pub(crate) fn read(bytes: &[u8]) -> Result<Warned<Chunk<'_>>, ReadError> {
    let fields = Fields(bytes);
    if !bytes.starts_with(b"RIFX") {
        return Err(ReadError::Malformed(
            "not an After Effects project: the file does not start with `RIFX`".to_owned(),
        ));
    }
    let form = id_at(bytes, 8);
    if form != *b"Egg!" {
        return Err(ReadError::Malformed(format!(
            "not an After Effects project: a `RIFX` file of type `{}`, expected `Egg!`",
            form.escape_ascii()
        )));
    }
    let mut reader = Reader {
        nodes: 0,
        warnings: Diagnostics::new(),
    };
    let claimed = fields.u32(4);
    let size = claimed as usize;
    let stored = bytes.len().saturating_sub(8);
    if size > stored {
        check_claim(*b"RIFX", claimed, stored)?;
    }
    if size > stored {
        reader.warn(format!(
            "the file is cut short: {stored} of {size} bytes are there, the rest was read"
        ));
    }
    let body = fields.slice(12, size.saturating_sub(4)).0;
    let children = reader.children(body, 0)?;
    Ok(Warned::new(Chunk::list(form, children), reader.warnings))
}

struct Reader {
    nodes: usize,
    warnings: Diagnostics,
}

impl Reader {
    fn warn(&mut self, message: String) {
        // One is enough: everything after a wrong size is wrong as well.
        if self.warnings.is_empty() {
            self.warnings.push(&Place::default(), Kind::Malformed, message);
        }
    }

    fn children<'a>(&mut self, mut rest: &'a [u8], depth: usize) -> Result<Vec<Chunk<'a>>, ReadError> {
        if depth >= MAX_DEPTH {
            return Err(ReadError::Limit(format!(
                "chunks are nested more than {MAX_DEPTH} deep"
            )));
        }
        let mut chunks = Vec::new();
        while rest.len() >= 8 {
            self.nodes += 1;
            if self.nodes > MAX_NODES {
                return Err(ReadError::Limit(format!("more than {MAX_NODES} chunks")));
            }
            let id = id_at(rest, 0);
            let claimed = Fields(rest).u32(4);
            let size = claimed as usize;
            let after = rest.get(8..).unwrap_or_default();
            if size > after.len() {
                check_claim(id, claimed, after.len())?;
                self.warn(format!(
                    "chunk `{}` says it has {size} bytes where {} are left",
                    id.escape_ascii(),
                    after.len()
                ));
            }
            let body = after.get(..size).unwrap_or(after);
            chunks.push(self.chunk(id, body, depth)?);
            // Chunks start at even offsets.
            rest = after.get(size.saturating_add(size & 1)..).unwrap_or_default();
        }
        Ok(chunks)
    }

    fn chunk<'a>(&mut self, id: ChunkId, body: &'a [u8], depth: usize) -> Result<Chunk<'a>, ReadError> {
        if id == *b"LIST" {
            let kind = id_at(body, 0);
            let inside = body.get(4..).unwrap_or_default();
            if kind == *b"btdk" {
                return Ok(Chunk {
                    is_list: true,
                    ..Chunk::leaf(kind, inside)
                });
            }
            return Ok(Chunk::list(kind, self.children(inside, depth + 1)?));
        }
        let mut chunk = Chunk::leaf(id, body);
        if WRAPPERS.contains(&id) && body.starts_with(b"Utf8") {
            chunk.children = self.children(body, depth + 1)?;
        }
        Ok(chunk)
    }
}

/// A file that was cut short is read as far as it goes; one that makes impossible claims is refused. Where an earlier
/// size was wrong anything can stand in a chunk's place: only what looks like one makes claims.
fn check_claim(id: ChunkId, claimed: u32, left: usize) -> Result<(), ReadError> {
    let looks_like_one = id.iter().all(|b| b.is_ascii_graphic() || *b == b' ');
    if claimed <= MAX_CHUNK_BYTES || !looks_like_one {
        return Ok(());
    }
    Err(ReadError::Limit(format!(
        "chunk `{}` says it has {claimed} bytes where {left} are left; more than {MAX_CHUNK_BYTES} are refused",
        id.escape_ascii()
    )))
}

fn id_at(bytes: &[u8], offset: usize) -> ChunkId {
    bytes
        .get(offset..offset + 4)
        .and_then(|b| b.try_into().ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use filmpress_fixtures::aep::{leaf, list, rifx};

    #[test]
    fn the_tree_is_read_one_to_one() {
        let bytes = rifx(&[
            leaf(*b"svap", &[1, 2, 3]),
            list(*b"Fold", &[leaf(*b"Utf8", b"odd"), leaf(*b"idta", &[])]),
        ]);
        let read = read(&bytes).unwrap();
        assert!(read.warnings.is_empty());
        let fold = read.value.child_list(*b"Fold").unwrap();
        assert_eq!(read.value.child(*b"svap").unwrap().data.as_ref(), [1, 2, 3]);
        assert_eq!(fold.child(*b"Utf8").unwrap().text(), "odd");
        assert_eq!(fold.children.len(), 2);
    }

    #[test]
    fn names_are_unwrapped_and_text_blobs_left_alone() {
        let bytes = rifx(&[
            leaf(*b"tdsn", &leaf(*b"Utf8", b"My Fill")),
            list(*b"btdk", &[b"/0 << >>".to_vec()]),
        ]);
        let read = read(&bytes).unwrap();
        assert_eq!(read.value.name(*b"tdsn").unwrap(), "My Fill");
        assert_eq!(read.value.child_list(*b"btdk").unwrap().data.as_ref(), b"/0 << >>");
    }

    #[test]
    fn a_size_past_the_parent_is_cut_and_said() {
        let mut inner = leaf(*b"cdta", &[1, 2, 3, 4]);
        inner[4..8].copy_from_slice(&MAX_CHUNK_BYTES.to_be_bytes());
        let bytes = rifx(&[list(*b"Item", &[inner]), leaf(*b"last", &[9])]);
        let read = read(&bytes).unwrap();
        assert_eq!(read.warnings.len(), 1);
        let item = read.value.child_list(*b"Item").unwrap();
        assert_eq!(item.child(*b"cdta").unwrap().data.as_ref(), [1, 2, 3, 4]);
        assert!(
            read.value.child(*b"last").is_some(),
            "the parent's sibling is still found"
        );
    }

    #[test]
    fn impossible_claims_are_refused() {
        let mut bytes = rifx(&[leaf(*b"cdta", &[1, 2, 3, 4])]);
        bytes[16..20].copy_from_slice(&u32::MAX.to_be_bytes());
        let error = read(&bytes).unwrap_err().to_string();
        assert!(
            error.starts_with("chunk `cdta` says it has 4294967295 bytes where 4 are left"),
            "{error}"
        );
        // What stands there by accident says nothing.
        bytes[12] = 0x80;
        assert_eq!(read(&bytes).unwrap().warnings.len(), 1);
        bytes[4..8].copy_from_slice(&u32::MAX.to_be_bytes());
        assert!(read(&bytes).unwrap_err().to_string().contains("`RIFX`"));
    }

    #[test]
    fn nesting_has_a_limit() {
        let mut chunk = leaf(*b"Utf8", b"x");
        for _ in 0..=MAX_DEPTH {
            chunk = list(*b"tdgp", &[chunk]);
        }
        assert!(matches!(read(&rifx(&[chunk])), Err(ReadError::Limit(_))));
    }

    #[test]
    fn other_files_are_refused_by_name() {
        assert!(read(b"RIFX\0\0\0\x04XMPP").unwrap_err().to_string().contains("`XMPP`"));
        assert!(matches!(read(b"RIF"), Err(ReadError::Malformed(_))));
    }
}
