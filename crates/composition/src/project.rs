//! Projects and their items.

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
    /// A placeholder: nothing until a job fills it.
    Placeholder,
}

impl std::fmt::Debug for FootageSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(path) => write!(f, "File({path:?})"),
            Self::Embedded(bytes) => write!(f, "Embedded({} bytes)", bytes.len()),
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

/// File footage: a still, an image sequence, a film, a sound.
#[derive(Clone, Debug, PartialEq)]
pub struct Footage {
    /// Where it comes from.
    pub source: FootageSource,
    /// Width in pixels as the project knows it; 0 for sound.
    pub width: u32,
    /// Height in pixels as the project knows it; 0 for sound.
    pub height: u32,
    /// Length in seconds; 0 for stills.
    pub duration: f64,
    /// Frames per second; 0 for stills.
    pub frame_rate: f64,
    /// How alpha is read.
    pub alpha: AlphaInterpretation,
    /// How often it plays, 1 = once.
    pub loops: u32,
    /// Whether the path names a folder of numbered images.
    pub is_sequence: bool,
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
