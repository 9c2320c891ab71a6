//! The project panel: folders and what is in them.

use std::cell::Cell;
use std::collections::HashMap;

use filmpress_composition::{Item, ItemId, ItemKind, Kind};

use super::code_page::CodePage;
use super::effect_definitions::Definitions;
use super::notes::Notes;
use super::{composition, footage};
use crate::aep::raw::Chunk;

/// What layers need to know of the item they show.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub name: String,
    pub width: f64,
    pub height: f64,
    /// Seconds; `None` for what lasts for ever: solids, stills, placeholders.
    pub duration: Option<f64>,
    /// Whether it has sound and no picture.
    pub is_audio: bool,
}

/// What the layers of all compositions share.
pub(super) struct Shared<'a> {
    pub sources: HashMap<u32, Source>,
    pub definitions: &'a Definitions,
    pub code_page: CodePage,
    /// Parameters of effects that were not stored and were made from their definitions so far.
    pub defaults: Cell<usize>,
    /// Layers of all compositions so far.
    pub layers: Cell<usize>,
}

/// An item's chunk with what its place tells.
struct Found<'a> {
    id: u32,
    folder: Option<u32>,
    chunk: &'a Chunk<'a>,
}

const FOLDER: u16 = 1;
const COMPOSITION: u16 = 4;
const FOOTAGE: u16 = 7;

/// All items in panel order, folders before what is in them.
pub(super) fn convert(
    root: &Chunk<'_>,
    definitions: &Definitions,
    code_page: CodePage,
    notes: &mut Notes,
) -> Vec<Item> {
    let mut found = Vec::new();
    if let Some(fold) = root.child_list(*b"Fold") {
        collect(fold, None, &mut found);
    }
    // Layers may show items that come later: names and sizes first.
    let sources = found
        .iter()
        .filter_map(|f| Some((f.id, source(f.chunk, code_page)?)))
        .collect();
    let shared = Shared {
        sources,
        definitions,
        code_page,
        defaults: Cell::new(0),
        layers: Cell::new(0),
    };
    found.iter().filter_map(|f| item(f, &shared, notes)).collect()
}

fn collect<'a>(fold: &'a Chunk<'a>, folder: Option<u32>, found: &mut Vec<Found<'a>>) {
    for chunk in fold.lists(*b"Item") {
        let id = chunk.fields(*b"idta").u32(0x10);
        found.push(Found { id, folder, chunk });
        if let Some(inside) = chunk.child_list(*b"Sfdr") {
            collect(inside, Some(id), found);
        }
    }
}

fn source(chunk: &Chunk<'_>, code_page: CodePage) -> Option<Source> {
    let name = chunk.name(*b"Utf8");
    match chunk.fields(*b"idta").u16(0) {
        COMPOSITION => Some(composition::source(chunk, name.unwrap_or_default())),
        FOOTAGE => Some(footage::source(chunk, name, code_page)),
        _ => None,
    }
}

fn item(found: &Found<'_>, shared: &Shared<'_>, notes: &mut Notes) -> Option<Item> {
    let name = found.chunk.name(*b"Utf8").unwrap_or_default();
    let (name, kind) = match found.chunk.fields(*b"idta").u16(0) {
        FOLDER => (name, ItemKind::Folder),
        COMPOSITION => {
            let composition = notes.within(&name, |notes| composition::convert(found.chunk, shared, notes));
            (name, ItemKind::Composition(composition))
        }
        FOOTAGE => {
            let name = shared.sources.get(&found.id).map_or(name, |s| s.name.clone());
            let kind = notes.within(&name, |notes| footage::convert(found.chunk, shared.code_page, notes));
            (name, kind)
        }
        other => {
            notes.warn(
                Kind::Unsupported,
                format!("item `{name}` is of an unknown type ({other}) and was left out"),
            );
            return None;
        }
    };
    Some(Item {
        folder: found.folder.map(ItemId),
        label: found.chunk.fields(*b"idta").u8(0x3A),
        comment: comment(found.chunk),
        ..Item::new(ItemId(found.id), name, kind)
    })
}

/// The designer's comment of an item or layer.
pub(super) fn comment(chunk: &Chunk<'_>) -> String {
    let text = chunk.child(*b"cmta").map(Chunk::text).unwrap_or_default();
    text.replace("\r\n", "\n").replace('\r', "\n")
}
