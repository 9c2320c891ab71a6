//! Footage items: files and how they are interpreted (`sspc`), placeholders, solids.
//!
//! A second `Pin ` is the item's proxy. It stands in for the file while designing; After Effects' render settings draw
//! the file itself, and so do we.

use filmpress_composition::{
    AlphaInterpretation, FieldOrder, Footage, FootageLayer, FootageSource, ItemKind, Kind, Solid,
};

use super::code_page::CodePage;
use super::composition::typed_frame_rate;
use super::footage_path::{self, FilePath};
use super::items::Source;
use super::notes::Notes;
use crate::aep::raw::{Chunk, Fields};

/// The parts of a `Pin ` list.
struct Pin<'a> {
    settings: Fields<'a>,
    options: Fields<'a>,
    chunk: Option<&'a Chunk<'a>>,
    code_page: CodePage,
}

impl<'a> Pin<'a> {
    fn of(item: &'a Chunk<'a>, code_page: CodePage) -> Self {
        let chunk = item.child_list(*b"Pin ");
        let fields = |id| chunk.map_or(Fields(&[]), |c| c.fields(id));
        Self {
            settings: fields(*b"sspc"),
            options: fields(*b"opti"),
            chunk,
            code_page,
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

    /// Length as the file has it.
    fn native_duration(&self) -> f64 {
        self.settings.fraction(0x26).max(0.0)
    }

    fn is_still(&self) -> bool {
        self.native_duration() <= 0.0
    }

    /// Frames per second as the file has them.
    fn native_frame_rate(&self) -> f64 {
        typed_frame_rate(f64::from(self.settings.u32(0x3A)) / 65536.0)
    }

    /// Frames per second it is played at: those the designer assumed, else the file's.
    fn frame_rate(&self) -> f64 {
        match self.settings.u32(0x94) {
            0 => self.native_frame_rate(),
            assumed => typed_frame_rate(f64::from(assumed) / 65536.0),
        }
    }

    /// Length at the rate it is played at.
    fn duration(&self) -> f64 {
        let (native, played) = (self.native_frame_rate(), self.frame_rate());
        if native > 0.0 && played > 0.0 {
            self.native_duration() * native / played
        } else {
            self.native_duration()
        }
    }

    fn is_audio(&self) -> bool {
        self.width() == 0 && self.height() == 0 && !self.is_still()
    }

    /// How often it plays, at least once.
    fn loops(&self) -> u32 {
        self.settings.u32(0x7E).clamp(1, 100_000)
    }

    fn pixel_aspect(&self) -> f64 {
        match self.settings.fraction(0x88) {
            aspect if aspect > 0.0 => aspect,
            _ => 1.0,
        }
    }

    fn path(&self) -> Option<FilePath> {
        footage_path::of(self.chunk?, self.code_page)
    }

    fn name_in_options(&self, at: usize) -> String {
        self.code_page.decode(self.options.slice(at, 256).0)
    }

    /// The name of the one layer it shows, in the text right after its settings; empty in older files, where only the
    /// importer's record has it.
    fn layer_name(&self) -> String {
        let stated = self.chunk.and_then(|pin| {
            let mut parts = pin.children.iter().skip_while(|c| c.id != *b"sspc").skip(1);
            let next = parts.next().filter(|c| !c.is_list && c.id == *b"Utf8")?;
            Some(next.text()).filter(|name| !name.is_empty())
        });
        stated.unwrap_or_else(|| match self.options.0.get(..4) {
            Some(b"8BPS") => self.name_in_options(0x158),
            Some(b"TEXT") => self.code_page.decode(self.options.slice(0x44, 512).0),
            _ => String::new(),
        })
    }

    /// The one layer of a Photoshop, Illustrator or PDF file it shows.
    fn layer(&self) -> Option<FootageLayer> {
        let number = |at: usize| (self.settings.len() >= at + 4).then(|| self.settings.u32(at));
        let index = match self.options.0.get(..4)? {
            b"8BPS" => Some(self.options.u32(0x0E)).filter(|index| *index != u32::MAX),
            b"TEXT" => number(0xC0).filter(|index| *index < u32::MAX - 1),
            _ => return None,
        };
        let name = self.layer_name();
        if index.is_none() && name.is_empty() {
            return None;
        }
        let bounds = match self.options.0.get(..4)? {
            // Top, left, bottom, right; the only little-endian numbers around.
            b"8BPS" => {
                let [top, left, bottom, right] = [0x4E, 0x52, 0x56, 0x5A].map(|at| self.options.i32_le(at));
                Some([left, top, right, bottom])
            }
            _ => None,
        };
        Some(FootageLayer {
            name,
            index,
            bounds: bounds.filter(|[left, top, right, bottom]| right > left && bottom > top),
            is_cropped: self.settings.len() > 0xC7 && self.settings.u8(0xC7) == 0,
        })
    }
}

/// What layers need to know; an empty item name means the solid's or file's own.
pub(super) fn source(item: &Chunk<'_>, name: Option<String>, code_page: CodePage) -> Source {
    let pin = Pin::of(item, code_page);
    let duration = pin.duration() * f64::from(pin.loops());
    Source {
        name: name.unwrap_or_else(|| own_name(&pin)),
        width: pin.width().into(),
        height: pin.height().into(),
        duration: (duration > 0.0 && !pin.is_solid()).then_some(duration),
        is_audio: pin.is_audio(),
    }
}

fn own_name(pin: &Pin<'_>) -> String {
    if pin.is_solid() {
        return pin.name_in_options(0x1A);
    }
    let Some(file) = pin.path() else {
        return pin.name_in_options(0x0A);
    };
    let name = footage_path::file_name(&file.path);
    if file.is_folder {
        let sequence = pin.chunk.map(|chunk| footage_path::sequence(chunk, pin.settings));
        return sequence
            .and_then(|sequence| footage_path::sequence_name(&sequence))
            .unwrap_or(name);
    }
    match pin.layer() {
        Some(layer) if !layer.name.is_empty() => format!("{}/{name}", layer.name),
        _ => name,
    }
}

pub(super) fn convert(item: &Chunk<'_>, code_page: CodePage, notes: &mut Notes) -> ItemKind {
    let pin = Pin::of(item, code_page);
    if pin.chunk.is_none() {
        notes.warn(Kind::Malformed, "the footage's settings are missing");
    }
    if pin.is_solid() {
        let color = |i: usize| pin.options.f32(0x0A + 4 * i);
        return ItemKind::Solid(Solid {
            width: pin.width(),
            height: pin.height(),
            // Stored alpha first.
            color: [color(1), color(2), color(3)],
        });
    }
    let file = pin.path();
    let sequence = file
        .as_ref()
        .filter(|file| file.is_folder)
        .and(pin.chunk)
        .map(|chunk| footage_path::sequence(chunk, pin.settings));
    let (alpha, has_alpha) = alpha(pin.settings);
    let of_film = |rate: f64| if pin.is_still() { 0.0 } else { rate };
    let footage = Footage {
        source: file.map_or(FootageSource::Placeholder, |file| FootageSource::File(file.path)),
        width: pin.width(),
        height: pin.height(),
        pixel_aspect: pin.pixel_aspect(),
        duration: pin.duration(),
        frame_rate: of_film(pin.frame_rate()),
        native_frame_rate: of_film(pin.native_frame_rate()),
        alpha,
        invert_alpha: has_alpha && pin.settings.bit(0x45, 1),
        fields: (pin.settings.u8(0x53) != 0).then(|| match pin.settings.u8(0x57) {
            0 => FieldOrder::UpperFirst,
            _ => FieldOrder::LowerFirst,
        }),
        remove_pulldown: pin.settings.u32(0x90) != 0,
        loops: pin.loops(),
        sequence,
        layer: pin.layer(),
        has_audio: pin.settings.f64(0xA0) > 0.0,
        was_missing: pin.settings.bit(0x73, 0),
        slot: None,
    };
    ItemKind::Footage(footage)
}

/// How alpha is read, and whether there is any.
fn alpha(settings: Fields<'_>) -> (AlphaInterpretation, bool) {
    let color = [0x46, 0x47, 0x48].map(|at| settings.u8(at));
    match settings.u8(0x49) {
        // 2: not to be used; 3: the file has none.
        2 | 3 => (AlphaInterpretation::Ignore, false),
        _ if settings.bit(0x45, 0) => (AlphaInterpretation::Premultiplied(color), true),
        _ => (AlphaInterpretation::Straight, true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aep::raw::rifx;
    use crate::aep::testing::{leaf, list, rifx as file, utf8};

    /// Settings of a film of 10 s at 25 fps, with more bytes put in.
    fn settings(put: &[(usize, &[u8])]) -> Vec<u8> {
        let mut bytes = vec![0; 222];
        let film: [(usize, &[u8]); 5] = [
            (0x20, &[0, 100]),
            (0x24, &[0, 50]),
            (0x26, &[0, 0, 0, 10, 0, 0, 0, 1]),
            (0x3A, &[0, 25, 0, 0]),
            (0x7E, &[0, 0, 0, 2]),
        ];
        for (at, part) in film.iter().chain(put) {
            bytes[*at..at + part.len()].copy_from_slice(part);
        }
        leaf(*b"sspc", &bytes)
    }

    fn read(parts: &[Vec<u8>]) -> (Footage, Source, Vec<String>) {
        let bytes = file(&[list(*b"Item", &[list(*b"Pin ", parts)])]);
        let root = rifx::read(&bytes).unwrap().value;
        let item = root.child_list(*b"Item").unwrap();
        let mut notes = Notes::default();
        let ItemKind::Footage(footage) = convert(item, CodePage::default(), &mut notes) else {
            panic!("no footage")
        };
        let warnings = notes.into_diagnostics().iter().map(ToString::to_string).collect();
        (footage, source(item, None, CodePage::default()), warnings)
    }

    fn path(path: &str, folder: bool) -> Vec<u8> {
        let json = serde_json::json!({"fullpath": path, "target_is_folder": folder}).to_string();
        list(*b"Als2", &[leaf(*b"alas", json.as_bytes())])
    }

    #[test]
    fn an_assumed_rate_makes_a_film_longer() {
        let (film, source, warnings) = read(&[settings(&[(0x94, &[0, 12, 0x80, 0])]), path("/a/film.mov", false)]);
        assert_eq!((film.frame_rate, film.native_frame_rate), (12.5, 25.0));
        assert_eq!((film.duration, source.duration), (20.0, Some(40.0)));
        assert_eq!(film.loops, 2);
        assert!(warnings.is_empty(), "{warnings:?}");
        let (film, ..) = read(&[settings(&[]), path("/a/film.mov", false)]);
        assert_eq!((film.frame_rate, film.duration), (25.0, 10.0));
    }

    #[test]
    fn interpretation_is_read() {
        let (film, _, warnings) = read(&[
            settings(&[
                (0x45, &[3, 10, 20, 30, 1]),
                (0x53, &[1, 0, 0, 0, 1]),
                (0x88, &[0, 0, 0, 10, 0, 0, 0, 11]),
                (0x90, &[0, 0, 0, 2]),
                (0x73, &[1]),
                (0xA0, &48000f64.to_be_bytes()),
            ]),
            path("/a/film.mov", false),
        ]);
        assert_eq!(film.alpha, AlphaInterpretation::Premultiplied([10, 20, 30]));
        assert!(film.invert_alpha && film.was_missing && film.has_audio && film.remove_pulldown);
        assert_eq!(film.fields, Some(FieldOrder::LowerFirst));
        assert!((film.pixel_aspect - 10.0 / 11.0).abs() < 1e-9);
        // What is not drawn is said by evaluation.
        assert!(warnings.is_empty(), "{warnings:?}");
        let (film, ..) = read(&[settings(&[(0x45, &[2, 0, 0, 0, 2])]), path("/a/film.mov", false)]);
        assert_eq!((film.alpha, film.invert_alpha), (AlphaInterpretation::Ignore, false));
    }

    #[test]
    fn the_one_layer_of_a_photoshop_file_is_named() {
        let mut options = vec![0; 602];
        options[..4].copy_from_slice(b"8BPS");
        options[0x0E..0x12].copy_from_slice(&3u32.to_be_bytes());
        for (at, x) in [(0x4E, -5i32), (0x52, 7), (0x56, 40), (0x5A, 90)] {
            options[at..at + 4].copy_from_slice(&x.to_le_bytes());
        }
        let (picture, source, _) = read(&[
            settings(&[]),
            utf8("Logo"),
            path("C:\\a\\card.psd", false),
            leaf(*b"opti", &options),
        ]);
        let layer = picture.layer.unwrap();
        assert_eq!((layer.name.as_str(), layer.index), ("Logo", Some(3)));
        assert_eq!(layer.bounds, Some([7, -5, 90, 40]));
        assert!(layer.is_cropped);
        assert_eq!(source.name, "Logo/card.psd");
        options[0x0E..0x12].copy_from_slice(&u32::MAX.to_be_bytes());
        let (picture, ..) = read(&[
            settings(&[]),
            utf8(""),
            path("C:\\a\\card.psd", false),
            leaf(*b"opti", &options),
        ]);
        assert_eq!(picture.layer, None);
    }

    #[test]
    fn a_folder_is_a_sequence() {
        let numbers = settings(&[(0xA8, &[0, 0, 0, 2]), (0xB0, &[0, 0, 0, 9]), (0xB4, &[0, 0, 0, 2, 1])]);
        let (pictures, source, _) = read(&[
            numbers,
            utf8(""),
            path("/a/frames", true),
            utf8("f"),
            utf8(".png"),
            leaf(*b"opti", b"png!"),
        ]);
        assert_eq!(source.name, "f[00-09].png");
        assert_eq!(pictures.sequence.unwrap().file_name(9).unwrap(), "f09.png");
    }
}
