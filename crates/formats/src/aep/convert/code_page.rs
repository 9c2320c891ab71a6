//! Texts in the author's code page: names of effects and their parameters in every version, all names before version 15.
//!
//! The project says which one it was (`nnhd`, before that `nhed`). Where it does not, the texts themselves tell: those
//! of all names together, because one short name alone is too little to go by.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

use crate::aep::raw::{Chunk, Fields};

/// The code page of a project.
#[derive(Clone, Copy, Debug)]
pub(super) struct CodePage(&'static Encoding);

impl Default for CodePage {
    fn default() -> Self {
        Self(encoding_rs::WINDOWS_1252)
    }
}

impl CodePage {
    /// The code page the project names, else the one its texts look like.
    pub fn of(root: &Chunk<'_>) -> Self {
        Self(named(root).unwrap_or_else(|| guessed(root)))
    }

    /// A text: UTF-8, else in this code page. Ends at the first NUL.
    pub fn decode(self, bytes: &[u8]) -> String {
        let bytes = bytes.split(|b| *b == 0).next().unwrap_or_default();
        match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => self.0.decode_without_bom_handling(bytes).0.into_owned(),
        }
    }

    /// Makes UTF-8 of every text in the tree that is not. Blobs with a notation of their own are left alone.
    pub fn recode(self, chunk: &mut Chunk<'_>) {
        if is_text(chunk) && !is_utf8(&chunk.data) {
            chunk.data = self.decode(&chunk.data).into_bytes().into();
        }
        for child in &mut chunk.children {
            self.recode(child);
        }
    }
}

fn is_text(chunk: &Chunk<'_>) -> bool {
    let is_name = matches!(&chunk.id, b"Utf8" | b"tdsn" | b"fnam" | b"pdnm" | b"expr" | b"cmta");
    is_name && !chunk.is_list && chunk.children.is_empty()
}

fn is_utf8(bytes: &[u8]) -> bool {
    let text = bytes.split(|b| *b == 0).next().unwrap_or_default();
    std::str::from_utf8(text).is_ok()
}

/// Windows numbers its code pages; a Mac, marked in the second byte of the settings, its scripts.
fn named(root: &Chunk<'_>) -> Option<&'static Encoding> {
    let settings = root.fields(*b"nnhd");
    let old = root.fields(*b"nhed");
    let (number, is_mac) = if settings.len() > 0x1C {
        (settings.u16(0x1A), settings.bit(2, 3) || is_from_a_mac(root))
    } else {
        (old.u16(0x12), old.bit(2, 3) || is_from_a_mac(root))
    };
    Some(match (number, is_mac) {
        (0, true) => encoding_rs::MACINTOSH,
        (1, true) | (932, _) => encoding_rs::SHIFT_JIS,
        (2, true) | (950, _) => encoding_rs::BIG5,
        (3, true) | (949, _) => encoding_rs::EUC_KR,
        (7, true) => encoding_rs::X_MAC_CYRILLIC,
        (25, true) => encoding_rs::GB18030,
        (936, _) => encoding_rs::GBK,
        (874, _) => encoding_rs::WINDOWS_874,
        (1250, _) => encoding_rs::WINDOWS_1250,
        (1251, _) => encoding_rs::WINDOWS_1251,
        (1252, _) => encoding_rs::WINDOWS_1252,
        (1253, _) => encoding_rs::WINDOWS_1253,
        (1254, _) => encoding_rs::WINDOWS_1254,
        (1255, _) => encoding_rs::WINDOWS_1255,
        (1256, _) => encoding_rs::WINDOWS_1256,
        (1257, _) => encoding_rs::WINDOWS_1257,
        (1258, _) => encoding_rs::WINDOWS_1258,
        _ => return None,
    })
}

/// The version's word names the system too: 12 is Windows.
fn is_from_a_mac(root: &Chunk<'_>) -> bool {
    let word = match root.child(*b"svap") {
        Some(_) => root.fields(*b"svap").u32(0),
        None => root.fields(*b"head").u32(4),
    };
    word != 0 && word >> 22 & 15 > 12
}

fn guessed(root: &Chunk<'_>) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut met = false;
    feed(root, &mut detector, &mut met);
    detector.feed(&[], true);
    if met {
        detector.guess(None, Utf8Detection::Deny)
    } else {
        encoding_rs::WINDOWS_1252
    }
}

fn feed(chunk: &Chunk<'_>, detector: &mut EncodingDetector, met: &mut bool) {
    let name = Fields(&chunk.data).slice(0x10, 32);
    let text = match &chunk.id {
        b"pard" if !chunk.is_list => Some(name.0),
        _ if is_text(chunk) => Some(&*chunk.data),
        _ => None,
    };
    if let Some(text) = text.filter(|text| !is_utf8(text)) {
        *met = true;
        detector.feed(text.split(|b| *b == 0).next().unwrap_or_default(), false);
        // Names do not run into each other.
        detector.feed(b"\n", false);
    }
    for child in &chunk.children {
        feed(child, detector, met);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MASK: &[u8] = b"\xC3\xC9\xB0\xE6 1\0rest";

    fn root(code_page: u16, children: Vec<Chunk<'static>>) -> Chunk<'static> {
        let mut settings = vec![0; 40];
        settings[0x1A..0x1C].copy_from_slice(&code_page.to_be_bytes());
        let mut all = vec![Chunk::leaf(*b"nnhd", settings)];
        all.extend(children);
        Chunk::list(*b"Egg!", all)
    }

    #[test]
    fn the_project_names_its_code_page() {
        let mut tree = root(936, vec![Chunk::leaf(*b"tdsn", MASK), Chunk::leaf(*b"ldat", MASK)]);
        CodePage::of(&tree).recode(&mut tree);
        assert_eq!(tree.child(*b"tdsn").unwrap().text(), "蒙版 1");
        assert_eq!(tree.child(*b"ldat").unwrap().data.as_ref(), MASK, "no text");
        assert_eq!(CodePage::of(&root(932, Vec::new())).decode(b"\x83\x7d"), "マ");
        assert_eq!(CodePage::of(&root(1251, Vec::new())).decode(b"\xCC\xE0"), "Ма");
        assert_eq!(CodePage::of(&root(1251, Vec::new())).decode("é".as_bytes()), "é");
    }

    #[test]
    fn without_a_name_the_texts_tell() {
        let names: [&[u8]; 4] = [
            MASK,
            b"\xD1\xD5\xC9\xAB\0",
            b"\xB9\xFD\xB6\xC9\xCD\xEA\xB3\xC9\0",
            b"\xB7\xB6\xCE\xA7\xD1\xA1\xD4\xF1\xC6\xF7 1\0",
        ];
        let tree = root(0, names.iter().map(|n| Chunk::leaf(*b"tdsn", *n)).collect());
        assert_eq!(CodePage::of(&tree).decode(MASK), "蒙版 1");
        assert_eq!(CodePage::of(&root(0, Vec::new())).decode(b"\xE9"), "é");
    }
}
