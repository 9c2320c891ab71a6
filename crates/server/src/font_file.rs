//! Font files as clients upload them: whether they can be used, and what they call themselves.

use skrifa::raw::TableProvider;
use skrifa::string::StringId;
use skrifa::{FontRef, MetadataProvider, Tag};

/// What a font file calls itself: the first face of a collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FontNames {
    /// The family, as people see it in After Effects' menu.
    pub family: String,
    /// The style within the family.
    pub style: String,
    /// The name that templates and jobs ask for it by.
    pub post_script: String,
    /// How a file of this kind is called: `ttf`, `otf` or `ttc`.
    pub extension: &'static str,
}

/// No name of a font is longer; the longest PostScript name allowed has 63 characters.
const LONGEST_NAME: usize = 200;

/// Reads a font file, or says why it cannot be used.
pub fn read(bytes: &[u8]) -> Result<FontNames, String> {
    let extension = kind(bytes)?;
    let broken = |what: &str| format!("the file is a damaged font: {what}");
    let font = FontRef::from_index(bytes, 0).map_err(|error| broken(&error.to_string()))?;
    if font.maxp().map_err(|error| broken(&error.to_string()))?.num_glyphs() == 0 {
        return Err(broken("it has no glyphs"));
    }
    let outlines = [b"glyf", b"CFF ", b"CFF2"];
    if !outlines.iter().any(|table| font.table_data(Tag::new(table)).is_some()) {
        return Err("the font has no outlines, only pictures of its characters: it cannot be drawn".to_owned());
    }
    if font.charmap().mappings().next().is_none() {
        return Err(broken("it says which glyph stands for no character"));
    }
    let name = |ids: &[StringId]| ids.iter().find_map(|id| name(&font, *id));
    // The pair that older programs know has at most four styles to a family.
    let family = name(&[StringId::TYPOGRAPHIC_FAMILY_NAME, StringId::FAMILY_NAME])
        .ok_or_else(|| broken("it does not say the name of its family"))?;
    let style = name(&[StringId::TYPOGRAPHIC_SUBFAMILY_NAME, StringId::SUBFAMILY_NAME]);
    let style = style.unwrap_or_else(|| "Regular".to_owned());
    let post_script = name(&[StringId::POSTSCRIPT_NAME]).unwrap_or_else(|| {
        let joined = format!("{family}-{style}");
        joined.split_whitespace().collect()
    });
    Ok(FontNames {
        family,
        style,
        post_script,
        extension,
    })
}

fn kind(bytes: &[u8]) -> Result<&'static str, String> {
    let refused = match bytes {
        [0, 1, 0, 0, ..] | [b't', b'r', b'u', b'e', ..] => return Ok("ttf"),
        [b'O', b'T', b'T', b'O', ..] => return Ok("otf"),
        [b't', b't', b'c', b'f', ..] => return Ok("ttc"),
        [b'w', b'O', b'F', b'F', ..] => "a WOFF file, which is a font packed for web pages",
        [b'w', b'O', b'F', b'2', ..] => "a WOFF2 file, which is a font packed for web pages",
        [b'%', b'!', ..] | [0x80, 1, ..] => "a PostScript Type 1 font, which no longer is in use",
        [] => return Err("the file is empty".to_owned()),
        _ => "not a font",
    };
    Err(format!(
        "the file is {refused}: upload a TrueType or OpenType font (.ttf, .otf, .ttc)"
    ))
}

fn name(font: &FontRef<'_>, id: StringId) -> Option<String> {
    let text = font.localized_strings(id).english_or_first()?.to_string();
    let text: String = text.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn what_is_no_font_is_called_what_it_is() {
        let refused = |bytes: &[u8]| read(bytes).unwrap_err();
        assert!(refused(b"wOFF....").contains("a WOFF file"));
        assert!(refused(b"wOF2....").contains("a WOFF2 file"));
        assert!(refused(b"%!PS-AdobeFont").contains("Type 1"));
        assert!(refused(b"\x89PNG").contains("not a font"));
        assert!(refused(b"").contains("empty"));
    }

    #[test]
    fn a_damaged_font_is_refused_wherever_it_is_cut() {
        let Some(whole) = installed() else { return };
        read(&whole).unwrap();
        for length in [0, 1, 4, 11, 12, 100, 300] {
            assert!(read(&whole[..length]).is_err(), "{length} bytes");
        }
        for at in 0..512 {
            let mut damaged = whole.clone();
            damaged[at] ^= 0xff;
            // Whatever comes out, it comes out.
            let _ = read(&damaged);
        }
    }

    /// A font of this system.
    fn installed() -> Option<Vec<u8>> {
        let mut folders = vec![std::path::PathBuf::from("/usr/share/fonts")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "ttf") {
                    let bytes = std::fs::read(path).unwrap();
                    if read(&bytes).is_ok() {
                        return Some(bytes);
                    }
                }
            }
        }
        println!("skipped: no fonts installed");
        None
    }
}
