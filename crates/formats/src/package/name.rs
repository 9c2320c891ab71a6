//! Names of entries, and when two of them mean the same file.
//!
//! An archive says which names are UTF-8; many do not say and write the code page of the packer's machine.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;
use icu_normalizer::ComposingNormalizerBorrowed;

/// Decodes the names of one archive.
pub(super) struct Decoder {
    /// The code page of the names that are not UTF-8; `None` is the DOS one of the zip format.
    code_page: Option<&'static Encoding>,
}

impl Decoder {
    /// Guesses the code page from all names together: one alone is too short.
    pub fn new<'n>(names: impl Iterator<Item = &'n [u8]>) -> Self {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        let mut any = false;
        for name in names.filter(|name| std::str::from_utf8(name).is_err()) {
            detector.feed(name, false);
            detector.feed(b"\n", false);
            any = true;
        }
        detector.feed(b"", true);
        let guess = any.then(|| detector.guess(None, Utf8Detection::Deny));
        // Western letters are in the format's own code page unless an archive says otherwise: Windows packs so.
        let western = [
            encoding_rs::WINDOWS_1252,
            encoding_rs::WINDOWS_1250,
            encoding_rs::ISO_8859_2,
        ];
        Self {
            code_page: guess.filter(|e| !western.contains(e)),
        }
    }

    /// A name as text. `in_dos_code_page` is the name as the zip format reads it.
    pub fn decode<'n>(&self, raw: &'n [u8], in_dos_code_page: Cow<'n, str>) -> Cow<'n, str> {
        if let Ok(text) = std::str::from_utf8(raw) {
            return Cow::Borrowed(text);
        }
        let decoded = self
            .code_page
            .and_then(|page| page.decode_without_bom_handling_and_without_replacement(raw));
        decoded.unwrap_or(in_dos_code_page)
    }
}

/// What a name is compared by: case does not count, nor whether accents are written as characters of their own (as
/// macOS does).
pub(super) fn key(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    ComposingNormalizerBorrowed::new_nfc()
        .normalize(&name.to_lowercase())
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(names: &[&[u8]]) -> Vec<String> {
        let decoder = Decoder::new(names.iter().copied());
        let dos = |raw: &[u8]| {
            raw.iter()
                .map(|b| if *b == 0x82 { 'é' } else { char::from(*b) })
                .collect::<String>()
        };
        names
            .iter()
            .map(|raw| decoder.decode(raw, Cow::Owned(dos(raw))).into_owned())
            .collect()
    }

    #[test]
    fn code_pages_are_guessed_from_all_names() {
        for (page, names) in [
            (
                encoding_rs::GBK,
                ["素材/背景图片.png", "素材/标题动画.aep", "字体/微软雅黑.ttf"],
            ),
            (
                encoding_rs::SHIFT_JIS,
                ["素材/ロゴ.png", "プロジェクト.aep", "表示/タイトル.png"],
            ),
            (
                encoding_rs::IBM866,
                ["Проект/Логотип.png", "Проект/Заставка.aep", "шрифты.ttf"],
            ),
        ] {
            let raw: Vec<_> = names.iter().map(|name| page.encode(name).0.into_owned()).collect();
            let raw: Vec<&[u8]> = raw.iter().map(Vec::as_slice).collect();
            assert_eq!(decoded(&raw), names, "{}", page.name());
        }
    }

    #[test]
    fn western_names_are_in_the_dos_code_page_and_utf8_is_itself() {
        assert_eq!(decoded(&[b"caf\x82/logo.png"]), ["café/logo.png"]);
        assert_eq!(decoded(&["café/ロゴ.png".as_bytes()]), ["café/ロゴ.png"]);
    }

    #[test]
    fn accents_and_case_do_not_tell_names_apart() {
        assert_eq!(key("CAFE\u{301}.png"), key("café.PNG"));
        assert_ne!(key("cafe.png"), key("café.png"));
    }
}
