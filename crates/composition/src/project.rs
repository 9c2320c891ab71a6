//! Projects and their items.

use std::path::Path;
use std::sync::Arc;

use crate::Composition;

/// Identifies an item in its project.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ItemId(pub u32);

/// The language dialect of a project's expressions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// The modern JavaScript engine.
    #[default]
    JavaScript,
    /// The legacy ExtendScript engine.
    ExtendScript,
}

/// A solid: a rectangle of one colour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Solid {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Red, green, blue 0..1.
    pub color: [f64; 3],
}

/// Where footage comes from.
#[derive(Clone, PartialEq, Eq)]
pub enum FootageSource {
    /// A file: the path as the author's machine wrote it, or relative to the template. Not a path to open unchecked.
    File(String),
    /// The file's bytes, carried by the template or put there by a job.
    Embedded(Arc<[u8]>),
    /// A file of this machine that whoever runs a job has put there: films, which are large. No reader of templates
    /// makes one.
    Placed(Arc<Path>),
    /// A placeholder: nothing until a job fills it.
    Placeholder,
}

impl std::fmt::Debug for FootageSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(path) => write!(f, "File({path:?})"),
            Self::Embedded(bytes) => write!(f, "Embedded({} bytes)", bytes.len()),
            Self::Placed(path) => write!(f, "Placed({})", path.display()),
            Self::Placeholder => f.write_str("Placeholder"),
        }
    }
}

/// How a file's alpha channel is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum AlphaInterpretation {
    /// As the decoder finds it (straight for PNG).
    #[default]
    Straight,
    /// Premultiplied with a colour, RGB 0..255.
    Premultiplied([u8; 3]),
    /// No alpha: opaque.
    Ignore,
}

/// Which lines of interlaced footage come first in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the field's standard terms")]
pub enum FieldOrder {
    UpperFirst,
    LowerFirst,
}

/// The pictures of an image sequence. The footage's path names their folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageSequence {
    /// The file names' text before the number; empty where [`ImageSequence::files`] lists them.
    pub prefix: String,
    /// The text after the number, with its dot: `.png`.
    pub extension: String,
    /// Number of the first picture.
    pub first: u32,
    /// Number of the last picture.
    pub last: u32,
    /// Fewest digits of a number: 4 for `0001`.
    pub digits: u32,
    /// The file names in order, where the sequence was imported in alphabetical order.
    pub files: Vec<String>,
}

impl ImageSequence {
    /// How many pictures there are.
    pub fn len(&self) -> usize {
        if self.files.is_empty() {
            (self.last.saturating_sub(self.first) as usize).saturating_add(1)
        } else {
            self.files.len()
        }
    }

    /// Never: a sequence has at least one picture.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The file name of a picture, counted from 0.
    pub fn file_name(&self, index: usize) -> Option<String> {
        if !self.files.is_empty() {
            return self.files.get(index).cloned();
        }
        let number = self.first.checked_add(u32::try_from(index).ok()?)?;
        let width = self.digits.min(32) as usize;
        (number <= self.last).then(|| format!("{}{number:0width$}{}", self.prefix, self.extension))
    }
}

/// The one layer of a layered file (Photoshop, Illustrator, PDF) that footage shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FootageLayer {
    /// Its name.
    pub name: String,
    /// Its place among the file's layers as the file counts them, where the project tells.
    pub index: Option<u32>,
    /// Left, top, right, bottom of what is on it, in pixels of the file, where the project tells.
    pub bounds: Option<[i32; 4]>,
    /// Whether the footage is as small as that; else as large as the whole file.
    pub is_cropped: bool,
}

/// File footage: a still, an image sequence, a film, a sound.
#[derive(Clone, Debug, PartialEq)]
pub struct Footage {
    /// Where it comes from.
    pub source: FootageSource,
    /// Width in pixels as the project knows it; 0 for sound.
    pub width: u32,
    /// Height in pixels as the project knows it; 0 for sound.
    pub height: u32,
    /// Width of a pixel over its height.
    pub pixel_aspect: f64,
    /// Length in seconds, played once at [`Footage::frame_rate`]; 0 for stills.
    pub duration: f64,
    /// Frames per second it is played at; 0 for stills.
    pub frame_rate: f64,
    /// Frames per second of the file itself; 0 for stills. Where it differs from [`Footage::frame_rate`], the designer
    /// chose another ("assume this frame rate") and the file plays slower or faster.
    pub native_frame_rate: f64,
    /// How alpha is read.
    pub alpha: AlphaInterpretation,
    /// Whether alpha is inverted after it is read.
    pub invert_alpha: bool,
    /// How the fields of interlaced footage are separated; `None` is not at all.
    pub fields: Option<FieldOrder>,
    /// Whether 3:2 pulldown is removed.
    pub remove_pulldown: bool,
    /// How often it plays, 1 = once.
    pub loops: u32,
    /// The pictures, where the path names a folder of them.
    pub sequence: Option<ImageSequence>,
    /// The one layer of the file it shows; `None` is the whole file.
    pub layer: Option<FootageLayer>,
    /// Whether it has sound.
    pub has_audio: bool,
    /// Whether the file was missing when the project was saved.
    pub was_missing: bool,
    /// The id of the slot it comes from: Lottie's way to say what may be filled.
    pub slot: Option<Arc<str>>,
}

impl Default for Footage {
    /// A placeholder without a size.
    fn default() -> Self {
        Self {
            source: FootageSource::Placeholder,
            width: 0,
            height: 0,
            pixel_aspect: 1.0,
            duration: 0.0,
            frame_rate: 0.0,
            native_frame_rate: 0.0,
            alpha: AlphaInterpretation::Straight,
            invert_alpha: false,
            fields: None,
            remove_pulldown: false,
            loops: 1,
            sequence: None,
            layer: None,
            has_audio: false,
            was_missing: false,
            slot: None,
        }
    }
}

impl Footage {
    /// Whether the path names a folder of pictures.
    pub fn is_sequence(&self) -> bool {
        self.sequence.is_some()
    }
}

/// What an item is.
#[derive(Clone, Debug, PartialEq)]
pub enum ItemKind {
    /// A folder; items name their folder by [`Item::folder`].
    Folder,
    /// A composition.
    Composition(Composition),
    /// A solid.
    Solid(Solid),
    /// File footage or a placeholder.
    Footage(Footage),
}

/// An item of the project panel.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Unique in the project.
    pub id: ItemId,
    /// The name shown.
    pub name: String,
    /// The folder it is in; `None` is the root.
    pub folder: Option<ItemId>,
    /// What it is.
    pub kind: ItemKind,
    /// Number of its label colour, 0 (none) to 16.
    pub label: u8,
    /// The designer's comment.
    pub comment: String,
}

impl Item {
    /// An item at the root of the project panel, without label and comment.
    pub fn new(id: ItemId, name: impl Into<String>, kind: ItemKind) -> Self {
        Self {
            id,
            name: name.into(),
            folder: None,
            kind,
            label: 0,
            comment: String::new(),
        }
    }
}

/// The outline of a character that a template carries itself (Lottie's `chars`), used instead of a font file.
#[derive(Clone, Debug, PartialEq)]
pub struct Glyph {
    /// The character (or a short sequence drawn as one).
    pub text: String,
    /// Font family it belongs to.
    pub font_family: String,
    /// Font style it belongs to.
    pub font_style: String,
    /// Advance in 1/100 em.
    pub advance: f64,
    /// Closed outlines in 1/100 em, y down, origin on the baseline.
    pub outlines: Vec<crate::BezierPath>,
}

/// How times are shown in the designer's panels; nothing that is drawn depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct TimeDisplay {
    /// Frame numbers instead of timecode.
    pub frames: bool,
    /// The number of the first frame: 0 or 1.
    pub first_frame: u8,
}

/// The project's colour settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColorManagement {
    /// Name of the working space, such as `sRGB IEC61966-2.1`; `None` is no colour management.
    pub working_space: Option<String>,
    /// The working space is made linear.
    pub linear_working_space: bool,
    /// Colours are blended with a gamma of 1.0.
    pub linear_blending: bool,
}

/// A template, whatever its format was.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Project {
    /// Items in project panel order.
    pub items: Vec<Item>,
    /// Bits per channel: 8, 16 or 32.
    pub bits_per_channel: u8,
    /// Dialect of the expressions.
    pub dialect: Dialect,
    /// Outlines of characters the template carries itself.
    pub glyphs: Vec<Glyph>,
    /// Program and version that wrote it, such as `After Effects 24.3`; empty when unknown.
    pub written_by: String,
    /// How times are shown in the designer's panels.
    pub time_display: TimeDisplay,
    /// How colours are understood and mixed.
    pub color: ColorManagement,
}

impl Project {
    /// The item with this id.
    pub fn item(&self, id: ItemId) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    /// The item with this id, for editing.
    pub fn item_mut(&mut self, id: ItemId) -> Option<&mut Item> {
        self.items.iter_mut().find(|item| item.id == id)
    }

    /// The composition with this item id.
    pub fn composition(&self, id: ItemId) -> Option<&Composition> {
        match &self.item(id)?.kind {
            ItemKind::Composition(composition) => Some(composition),
            _ => None,
        }
    }

    /// All compositions with their items, in project panel order.
    pub fn compositions(&self) -> impl Iterator<Item = (&Item, &Composition)> {
        self.items.iter().filter_map(|item| match &item.kind {
            ItemKind::Composition(composition) => Some((item, composition)),
            _ => None,
        })
    }

    /// An id no item has.
    pub fn unused_item_id(&self) -> ItemId {
        ItemId(
            self.items
                .iter()
                .map(|item| item.id.0)
                .max()
                .unwrap_or(0)
                .saturating_add(1),
        )
    }

    /// Width and height in pixels of an item that has them.
    pub fn item_size(&self, id: ItemId) -> Option<(u32, u32)> {
        match &self.item(id)?.kind {
            ItemKind::Folder => None,
            ItemKind::Composition(c) => Some((c.width, c.height)),
            ItemKind::Solid(s) => Some((s.width, s.height)),
            ItemKind::Footage(f) => Some((f.width, f.height)),
        }
    }
}
