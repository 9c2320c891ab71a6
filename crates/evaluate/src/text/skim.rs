//! Reads what a font file says about itself without reading its letters: a few kilobytes instead of megabytes.

use std::collections::BTreeMap;

use super::font_source::ReadPart;

/// Faces read from one collection file.
const MAX_FACES: usize = 256;

/// Tables of one face.
const MAX_TABLES: usize = 128;

/// Tables that tell names and looks, and the most that is read of each.
const TOLD: &[(&[u8; 4], usize)] = &[
    (b"OS/2", 1 << 12),
    (b"fvar", 1 << 16),
    (b"head", 1 << 10),
    (b"name", 1 << 20),
];

/// A face that can set text: its place in its file, and a font of only the tables that tell about it.
pub(super) struct Skimmed {
    pub index: u32,
    pub font: Vec<u8>,
}

/// The faces of a font file that have characters and outlines.
pub(super) fn skim(read: &ReadPart) -> Vec<Skimmed> {
    let Some(start) = read(0, 12) else { return Vec::new() };
    let offsets = if start.starts_with(b"ttcf") {
        let count = number(&start, 8, 4).unwrap_or(0).min(MAX_FACES);
        let list = read(12, count * 4).unwrap_or_default();
        (0..count).map_while(|i| number(&list, i * 4, 4)).collect()
    } else {
        vec![0]
    };
    let faces = offsets.into_iter().enumerate();
    faces
        .filter_map(|(index, offset)| {
            Some(Skimmed {
                index: index as u32,
                font: tables(read, offset)?,
            })
        })
        .collect()
}

/// A big-endian number of `size` bytes.
fn number(bytes: &[u8], at: usize, size: usize) -> Option<usize> {
    let bytes = bytes.get(at..at.checked_add(size)?)?;
    Some(bytes.iter().fold(0, |n, b| n << 8 | usize::from(*b)))
}

/// A font of the tables of [`TOLD`]; `None` where the face has no characters or outlines.
fn tables(read: &ReadPart, offset: usize) -> Option<Vec<u8>> {
    let header = read(offset as u64, 12)?;
    let version = header.get(..4)?.to_owned();
    let count = number(&header, 4, 2)?.min(MAX_TABLES);
    let directory = read(offset as u64 + 12, count * 16)?;
    let mut parts = BTreeMap::new();
    let (mut has_characters, mut has_outlines) = (false, false);
    for record in directory.chunks_exact(16) {
        let tag = &record[..4];
        has_characters |= tag == b"cmap";
        has_outlines |= matches!(tag, b"glyf" | b"CFF " | b"CFF2");
        if let Some((tag, most)) = TOLD.iter().find(|(told, _)| *told == tag) {
            let (from, length) = (number(record, 8, 4)?, number(record, 12, 4)?);
            parts.insert(*tag, read(from as u64, length.min(*most)).unwrap_or_default());
        }
    }
    if !has_characters || !has_outlines {
        return None;
    }
    let mut font = version;
    font.extend((parts.len() as u16).to_be_bytes());
    font.extend([0; 6]);
    let mut at = 12 + 16 * parts.len() as u32;
    for (tag, part) in &parts {
        font.extend(*tag);
        font.extend([0; 4]);
        font.extend(at.to_be_bytes());
        font.extend((part.len() as u32).to_be_bytes());
        at += part.len() as u32;
    }
    for part in parts.values() {
        font.extend(&**part);
    }
    Some(font)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn reader(bytes: Vec<u8>) -> ReadPart {
        Arc::new(move |from, length| {
            let from = usize::try_from(from).ok()?.min(bytes.len());
            let to = from.saturating_add(length).min(bytes.len());
            Some(bytes[from..to].into())
        })
    }

    /// A file with a table of each tag, all four bytes long.
    fn file(tags: &[&[u8; 4]]) -> Vec<u8> {
        let mut bytes = vec![0, 1, 0, 0, 0, tags.len() as u8, 0, 0, 0, 0, 0, 0];
        let at = 12 + 16 * tags.len();
        for (i, tag) in tags.iter().enumerate() {
            bytes.extend(*tag);
            bytes.extend([0; 4]);
            bytes.extend(((at + 4 * i) as u32).to_be_bytes());
            bytes.extend(4u32.to_be_bytes());
        }
        for tag in tags {
            bytes.extend(*tag);
        }
        bytes
    }

    #[test]
    fn only_the_tables_that_tell_are_kept() {
        let skimmed = skim(&reader(file(&[b"name", b"cmap", b"OS/2", b"glyf"])));
        assert_eq!(skimmed.len(), 1);
        let font = skrifa::FontRef::new(&skimmed[0].font).unwrap();
        let tags: Vec<_> = font
            .table_directory()
            .table_records()
            .iter()
            .map(|r| r.tag().to_be_bytes())
            .collect();
        assert_eq!(tags, [*b"OS/2", *b"name"]);
        assert_eq!(font.table_data(skrifa::Tag::new(b"name")).unwrap().as_bytes(), b"name");
    }

    #[test]
    fn fonts_without_letters_and_damaged_files_are_left_out() {
        assert!(skim(&reader(file(&[b"name", b"cmap"]))).is_empty());
        assert!(skim(&reader(file(&[b"glyf"]))).is_empty());
        let whole = file(&[b"name", b"cmap", b"OS/2", b"glyf"]);
        for end in 0..whole.len() {
            let _ = skim(&reader(whole[..end].to_vec()));
        }
        let mut collection = b"ttcf\0\x01\0\0\xff\xff\xff\xff".to_vec();
        collection.extend([0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
        assert!(skim(&reader(collection)).is_empty());
    }
}
