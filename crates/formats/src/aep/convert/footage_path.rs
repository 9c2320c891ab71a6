//! Where footage is: records of a path.

use filmpress_composition::ImageSequence;

use super::code_page::CodePage;
use crate::aep::raw::{Chunk, Fields};

/// A path as the author's machine wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FilePath {
    pub path: String,
    /// Whether it names a folder of pictures.
    pub is_folder: bool,
}

/// The path in a `Pin `.
pub(super) fn of(pin: &Chunk<'_>, code_page: CodePage) -> Option<FilePath> {
    if let Some(list) = pin.child_list(*b"Als2") {
        let text = list.child(*b"alas")?.text();
        let json: serde_json::Value = serde_json::from_str(&text).ok()?;
        let path = json.get("fullpath")?.as_str()?.to_owned();
        let folder = json.get("target_is_folder");
        // A number or truth value in .aep, a text in .aepx.
        let is_folder =
            folder.is_some_and(|v| v.as_u64() == Some(1) || matches!(v.as_str(), Some("1" | "true")) || v == true);
        return (!path.is_empty()).then_some(FilePath { path, is_folder });
    }
    let old = pin.child_list(*b"Alas")?.child(*b"alas")?;
    let path = old_path(&old.data, code_page).or_else(|| longest_path(&old.data, code_page))?;
    Some(FilePath { path, is_folder: false })
}

/// The record of CS6 and before: at 9 the length of what follows, the separator of the platform (16 bits), the path.
fn old_path(data: &[u8], code_page: CodePage) -> Option<String> {
    let fields = Fields(data);
    let length = (fields.u32(9) as usize).checked_sub(2)?;
    let separator = fields.u16(13);
    let path = code_page.decode(data.get(15..length.checked_add(15)?)?);
    match u8::try_from(separator) {
        Ok(b'\\' | b'/') if !path.is_empty() => Some(path),
        // Volume first, as Macs wrote paths of old.
        Ok(b':') if !path.is_empty() => Some(format!("/Volumes/{}", path.replace(':', "/"))),
        _ => None,
    }
}

/// The longest run of printable characters that looks like a path, for records of another layout.
fn longest_path(data: &[u8], code_page: CodePage) -> Option<String> {
    data.split(|b| *b < 0x20)
        .map(|run| code_page.decode(run))
        .filter_map(|run| {
            // The length byte before the text can be printable itself: start at the drive letter or first slash.
            let drive = run.find(":\\").and_then(|i| i.checked_sub(1));
            let start = drive.or_else(|| run.find("\\\\")).or_else(|| run.find('/'))?;
            run.get(start..).map(str::to_owned)
        })
        .max_by_key(String::len)
}

/// The last part of a path.
pub(super) fn file_name(path: &str) -> String {
    path.rsplit(['/', '\\'])
        .find(|part| !part.is_empty())
        .unwrap_or(path)
        .to_owned()
}

/// Most pictures of a sequence that is listed name by name.
const MOST_FILES: usize = 100_000;

/// The pictures of a folder: numbered, with the text around their numbers after the path, or listed by name.
pub(super) fn sequence(pin: &Chunk<'_>, settings: Fields<'_>) -> ImageSequence {
    let files = pin
        .child_list(*b"StVc")
        .map(|list| list.leaves(*b"Utf8").take(MOST_FILES).map(Chunk::text).collect())
        .unwrap_or_default();
    // Prefix and extension are the two texts between the path and the importer's record.
    let mut texts = pin
        .children
        .iter()
        .skip_while(|c| !matches!(&c.id, b"Als2" | b"Alas"))
        .take_while(|c| c.id != *b"opti")
        .filter(|c| !c.is_list && c.id == *b"Utf8")
        .map(Chunk::text);
    let of_number = |at: usize| match settings.u32(at) {
        u32::MAX => 0,
        number => number,
    };
    ImageSequence {
        prefix: texts.next().unwrap_or_default(),
        extension: texts.next().unwrap_or_default(),
        first: of_number(0xAC),
        last: of_number(0xB0).max(of_number(0xAC)),
        // Digits are counted on the first number; without leading zeros they say nothing of the others.
        digits: match settings.u8(0xB8) {
            0 => 1,
            _ => settings.u32(0xB4).clamp(1, 32),
        },
        files,
    }
}

/// The name After Effects gives a numbered sequence: `frame_[0001-0048].png`.
pub(super) fn sequence_name(sequence: &ImageSequence) -> Option<String> {
    let ImageSequence {
        prefix,
        extension,
        first,
        last,
        ..
    } = sequence;
    let width = sequence.digits.min(32) as usize;
    let is_numbered = sequence.files.is_empty() && !extension.is_empty();
    is_numbered.then(|| format!("{prefix}[{first:0width$}-{last:0width$}]{extension}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(separator: u8, path: &[u8]) -> Vec<u8> {
        let mut data = b"\x01\0\0\rPNGf\0".to_vec();
        data.extend((path.len() as u32 + 2).to_be_bytes());
        data.extend([0, separator]);
        data.extend(path);
        data.extend([0, 1, 0x22]);
        data
    }

    fn path(data: Vec<u8>) -> Option<String> {
        let list = Chunk::list(*b"Alas", vec![Chunk::leaf(*b"alas", data)]);
        of(&Chunk::list(*b"Pin ", vec![list]), CodePage::default()).map(|f| f.path)
    }

    #[test]
    fn old_records_give_the_paths_of_both_platforms_and_of_servers() {
        let windows = path(record(b'\\', b"C:\\Users\\me\\BigSmile.png")).unwrap();
        assert_eq!(windows, "C:\\Users\\me\\BigSmile.png");
        let server = path(record(b'\\', b"\\\\server\\share\\a.png")).unwrap();
        assert_eq!(server, "\\\\server\\share\\a.png");
        assert_eq!(path(record(b'/', b"/Users/me/a.png")).unwrap(), "/Users/me/a.png");
        assert_eq!(
            path(record(b':', b"Disk:Users:a.png")).unwrap(),
            "/Volumes/Disk/Users/a.png"
        );
        assert_eq!(path(record(b'\\', b"C:\\\xE9t\xE9.png")).unwrap(), "C:\\été.png");
    }

    #[test]
    fn records_of_another_layout_are_searched_for_a_path() {
        let mut data = vec![0, 0, 1, 0x2b];
        data.extend(b"*C:\\Users\\me\\BigSmile.png\0\0WNDS\0/\0");
        assert_eq!(path(data).unwrap(), "C:\\Users\\me\\BigSmile.png");
        assert_eq!(path(vec![0, 255, 3]), None);
    }

    #[test]
    fn file_names_of_both_platforms() {
        assert_eq!(file_name("C:\\a\\b.png"), "b.png");
        assert_eq!(file_name("/a/folder/"), "folder");
    }

    #[test]
    fn sequences_name_their_pictures() {
        let mut settings = vec![0; 222];
        for (at, number) in [(0xA8, 2u32), (0xAC, 8), (0xB0, 12), (0xB4, 4)] {
            settings[at..at + 4].copy_from_slice(&number.to_be_bytes());
        }
        settings[0xB8] = 1;
        let pin = Chunk::list(
            *b"Pin ",
            vec![
                Chunk::leaf(*b"Utf8", Vec::new()),
                Chunk::list(*b"Als2", Vec::new()),
                Chunk::leaf(*b"Utf8", b"frame_".to_vec()),
                Chunk::leaf(*b"Utf8", b".png".to_vec()),
                Chunk::leaf(*b"opti", Vec::new()),
                Chunk::leaf(*b"Utf8", b"not this".to_vec()),
            ],
        );
        let found = sequence(&pin, Fields(&settings));
        assert_eq!(sequence_name(&found).unwrap(), "frame_[0008-0012].png");
        assert_eq!(found.len(), 5);
        assert_eq!(found.file_name(2).unwrap(), "frame_0010.png");
        assert_eq!(found.file_name(5), None);
        settings[0xB8] = 0;
        assert_eq!(
            sequence(&pin, Fields(&settings)).file_name(0).unwrap(),
            "frame_8.png",
            "without zeros"
        );
    }
}
