//! Footage items: files, placeholders, solids.

use filmpress_composition::{AlphaInterpretation, Footage, FootageSource, ItemKind, Solid};

use super::composition::typed_frame_rate;
use super::items::Source;
use crate::aep::raw::{Chunk, Fields};

/// The parts of a `Pin ` list. The second one of an item, its proxy, is not used.
struct Pin<'a> {
    settings: Fields<'a>,
    options: Fields<'a>,
    chunk: Option<&'a Chunk<'a>>,
}

impl<'a> Pin<'a> {
    fn of(item: &'a Chunk<'a>) -> Self {
        let chunk = item.child_list(*b"Pin ");
        let fields = |id| chunk.map_or(Fields(&[]), |c| c.fields(id));
        Self {
            settings: fields(*b"sspc"),
            options: fields(*b"opti"),
            chunk,
        }
    }

    fn is_solid(&self) -> bool {
        self.options.0.starts_with(b"Soli")
    }

    fn width(&self) -> u32 {
        self.settings.u16(0x20).into()
    }

    fn height(&self) -> u32 {
        self.settings.u16(0x24).into()
    }

    fn duration(&self) -> f64 {
        self.settings.fraction(0x26).max(0.0)
    }

    fn is_audio(&self) -> bool {
        self.width() == 0 && self.height() == 0 && self.duration() > 0.0
    }

    /// How often it plays, at least once.
    fn loops(&self) -> u32 {
        self.settings.u32(0x7E).clamp(1, 100_000)
    }

    /// Path and whether it names a folder of numbered images.
    fn path(&self) -> Option<(String, bool)> {
        let chunk = self.chunk?;
        if let Some(list) = chunk.child_list(*b"Als2") {
            let text = list.child(*b"alas")?.text();
            let json: serde_json::Value = serde_json::from_str(&text).ok()?;
            let path = json.get("fullpath")?.as_str()?.to_owned();
            let folder = json.get("target_is_folder");
            // A number in .aep, a text in .aepx.
            let is_folder =
                folder.is_some_and(|v| v.as_u64() == Some(1) || matches!(v.as_str(), Some("1" | "true")) || v == true);
            return (!path.is_empty()).then_some((path, is_folder));
        }
        let old = chunk.child_list(*b"Alas")?.child(*b"alas")?;
        longest_path(&old.data).map(|path| (path, false))
    }
}

/// The layout of the older path record is not known but for the plain path text in it: the longest run of printable
/// characters that looks like one.
fn longest_path(data: &[u8]) -> Option<String> {
    data.split(|b| *b < 0x20)
        .map(|run| String::from_utf8_lossy(run).into_owned())
        .filter_map(|run| {
            // The length byte before the text can be printable itself: start at the drive letter or first slash.
            let drive = run.find(":\\").and_then(|i| i.checked_sub(1));
            let start = drive.or_else(|| run.find("\\\\")).or_else(|| run.find('/'))?;
            run.get(start..).map(str::to_owned)
        })
        .max_by_key(String::len)
}

fn file_name(path: &str) -> String {
    path.rsplit(['/', '\\'])
        .find(|part| !part.is_empty())
        .unwrap_or(path)
        .to_owned()
}

/// What layers need to know; an empty item name means the solid's or file's own.
pub(super) fn source(item: &Chunk<'_>, name: Option<String>) -> Source {
    let pin = Pin::of(item);
    let own_name = || {
        if pin.is_solid() {
            pin.options.c_string(0x1A, 256)
        } else if let Some((path, _)) = pin.path() {
            file_name(&path)
        } else {
            pin.options.c_string(0x0A, 256)
        }
    };
    let duration = pin.duration() * f64::from(pin.loops());
    Source {
        name: name.unwrap_or_else(own_name),
        width: pin.width().into(),
        height: pin.height().into(),
        duration: (duration > 0.0 && !pin.is_solid()).then_some(duration),
        is_audio: pin.is_audio(),
    }
}

pub(super) fn convert(item: &Chunk<'_>) -> ItemKind {
    let pin = Pin::of(item);
    if pin.is_solid() {
        let color = |i: usize| pin.options.f32(0x0A + 4 * i);
        return ItemKind::Solid(Solid {
            width: pin.width(),
            height: pin.height(),
            // Stored alpha first.
            color: [color(1), color(2), color(3)],
        });
    }
    let path = pin.path();
    let alpha = match pin.settings.u8(0x49) {
        3 => AlphaInterpretation::Ignore,
        _ if pin.settings.bit(0x45, 0) => {
            AlphaInterpretation::Premultiplied([pin.settings.u8(0x46), pin.settings.u8(0x47), pin.settings.u8(0x48)])
        }
        _ => AlphaInterpretation::Straight,
    };
    let duration = pin.duration();
    let frame_rate = f64::from(pin.settings.u32(0x38)) + f64::from(pin.settings.u16(0x3C)) / 65536.0;
    let frame_rate = typed_frame_rate(frame_rate);
    ItemKind::Footage(Footage {
        sequence: path
            .as_ref()
            .filter(|(_, folder)| *folder)
            .map(|_| filmpress_composition::ImageSequence::default()),
        source: path.map_or(FootageSource::Placeholder, |(path, _)| FootageSource::File(path)),
        width: pin.width(),
        height: pin.height(),
        duration,
        frame_rate: if duration > 0.0 { frame_rate } else { 0.0 },
        alpha,
        loops: pin.loops(),
        ..Footage::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_path_records_give_their_path() {
        let mut data = vec![0, 0, 1, 0x2b];
        data.extend(b"*C:\\Users\\me\\BigSmile.png\0\0WNDS\0/\0");
        assert_eq!(longest_path(&data).unwrap(), "C:\\Users\\me\\BigSmile.png");
        assert_eq!(longest_path(&[0, 255, 3]), None);
    }

    #[test]
    fn file_names_of_both_platforms() {
        assert_eq!(file_name("C:\\a\\b.png"), "b.png");
        assert_eq!(file_name("/a/folder/"), "folder");
    }
}
