//! Assets: precomps, images, sounds. Solids, which Lottie keeps in their layers, become items too.

use std::collections::{HashMap, HashSet};

use crate::json::Value as Json;
use base64::Engine as _;
use filmpress_composition::{
    Composition, Footage, FootageSource, Item, ItemId, ItemKind, Kind, LayerKind, Solid, schema,
};

use super::json::{self, Object};
use super::reader::Reader;

/// Widest and highest composition or solid, pixels; After Effects' own limit.
const MAX_SIDE: f64 = 30_000.0;

/// A width or height in whole pixels.
pub(super) fn side(pixels: f64) -> u32 {
    pixels.round().clamp(1.0, MAX_SIDE) as u32
}

/// The items made so far, and what layers refer to them by.
pub(super) struct Items {
    /// Items in order, the main composition first.
    pub list: Vec<Item>,
    by_asset: HashMap<String, ItemId>,
    /// Last frame of the file, for layers that do not say when they end.
    pub last_frame: f64,
}

impl Items {
    /// The main composition alone, without layers.
    pub fn new(name: String, main: Composition, last_frame: f64) -> Self {
        let mut items = Self {
            list: Vec::new(),
            by_asset: HashMap::new(),
            last_frame,
        };
        items.add(name, ItemKind::Composition(main));
        items
    }

    /// Adds an item.
    pub fn add(&mut self, name: String, kind: ItemKind) -> ItemId {
        let id = ItemId(self.list.len() as u32 + 1);
        self.list.push(Item::new(id, name, kind));
        id
    }

    /// Adds the solid of a solid layer.
    pub fn add_solid(&mut self, name: Option<String>, width: u32, height: u32, color: [f64; 3]) -> ItemId {
        let solid = Solid { width, height, color };
        self.add(name.unwrap_or_else(|| "Solid".to_owned()), ItemKind::Solid(solid))
    }

    /// The item of an asset.
    pub fn find(&self, asset: &str) -> Option<ItemId> {
        self.by_asset.get(asset).copied()
    }

    /// Width and height of an item.
    pub fn size_of(&self, id: ItemId) -> Option<(u32, u32)> {
        match &self.get(id)?.kind {
            ItemKind::Composition(c) => Some((c.width, c.height)),
            ItemKind::Solid(s) => Some((s.width, s.height)),
            ItemKind::Footage(f) => Some((f.width, f.height)),
            ItemKind::Folder => None,
        }
    }

    /// What a layer without a name is called.
    pub fn name_of(&self, kind: LayerKind) -> String {
        match kind {
            LayerKind::Av(id) | LayerKind::Audio(Some(id)) => self.get(id).map_or(String::new(), |i| i.name.clone()),
            LayerKind::Null => "Null".to_owned(),
            LayerKind::Text => "Text".to_owned(),
            LayerKind::Shape => "Shape Layer".to_owned(),
            LayerKind::Camera => "Camera".to_owned(),
            LayerKind::Light(_) => "Light".to_owned(),
            LayerKind::Audio(None) | LayerKind::Unknown => "Layer".to_owned(),
        }
    }

    /// The composition of an item.
    pub fn composition_mut(&mut self, id: ItemId) -> Option<&mut Composition> {
        match &mut self.list.get_mut((id.0 as usize).checked_sub(1)?)?.kind {
            ItemKind::Composition(composition) => Some(composition),
            _ => None,
        }
    }

    fn get(&self, id: ItemId) -> Option<&Item> {
        self.list.get((id.0 as usize).checked_sub(1)?)
    }
}

impl Reader<'_> {
    /// Makes an item of every asset; compositions stay without layers for now, because layers may refer to any asset.
    /// Returns the compositions with their assets.
    pub fn assets<'v>(&mut self, root: &'v Object, items: &mut Items) -> Vec<(ItemId, &'v Object)> {
        let sizes = precomp_sizes(root);
        let main = items.size_of(ItemId(1)).unwrap_or((1, 1));
        let mut compositions = Vec::new();
        let sounds = sounds(root);
        for asset in self.objects(root, "assets") {
            let id = json::text(asset, "id").unwrap_or_default();
            let name = json::name(asset, "nm").filter(|n| !n.is_empty());
            let item = if asset.contains_key("layers") {
                let of_layer = sizes.get(&id).copied();
                let width = self
                    .number(asset, "w")
                    .map(side)
                    .or(of_layer.map(|s| s.0))
                    .unwrap_or(main.0);
                let height = self
                    .number(asset, "h")
                    .map(side)
                    .or(of_layer.map(|s| s.1))
                    .unwrap_or(main.1);
                let frame_rate = self.number(asset, "fr").filter(|fr| *fr > 0.0);
                let composition = Composition {
                    width,
                    height,
                    frame_rate: frame_rate.unwrap_or(self.clock.frame_rate),
                    background: [1.0; 3],
                    ..Composition::default()
                };
                let item = items.add(name.unwrap_or_else(|| id.clone()), ItemKind::Composition(composition));
                compositions.push((item, asset));
                item
            } else {
                let step = name.clone().unwrap_or_else(|| id.clone());
                let footage = self.within(&step, |reader| reader.footage(asset, sounds.contains(&id)));
                let short = match &footage.source {
                    FootageSource::File(path) => path.rsplit(['/', '\\']).next().map(str::to_owned),
                    _ => None,
                };
                items.add(name.or(short).unwrap_or_else(|| id.clone()), ItemKind::Footage(footage))
            };
            if items.by_asset.insert(id.clone(), item).is_some() {
                self.warn(
                    Kind::Malformed,
                    format!("asset `{id}` is there twice; the last one is used"),
                );
            }
        }
        compositions
    }

    fn footage(&mut self, asset: &Object, is_sound: bool) -> Footage {
        let whole = Json::Object(asset.clone());
        let (content, slot) = self.in_slot(&whole);
        // A slot that holds the file's name alone.
        let named = content.as_str().map(|name| (String::new(), name.to_owned()));
        let content = content.as_object().unwrap_or(asset);
        let text = |key: &str| {
            json::text(content, key)
                .or_else(|| json::text(asset, key))
                .unwrap_or_default()
        };
        let (folder, file) = named.unwrap_or_else(|| (text("u"), text("p")));
        let source = if let Some(data) = file.strip_prefix("data:") {
            if let Some(bytes) = embedded(data) {
                FootageSource::Embedded(bytes.into())
            } else {
                self.warn(Kind::Malformed, "the embedded file cannot be decoded");
                FootageSource::Placeholder
            }
        } else if file.is_empty() {
            // What a slot says is for whoever fills it.
            if slot.is_none() {
                self.warn(Kind::Missing, "the asset names no file");
            }
            FootageSource::Placeholder
        } else {
            let slash = if folder.is_empty() || folder.ends_with(['/', '\\']) {
                ""
            } else {
                "/"
            };
            FootageSource::File(format!("{folder}{slash}{file}"))
        };
        let side_of = |reader: &mut Self, key: &str| {
            let own = content.get(key).or_else(|| asset.get(key));
            let number = own.and_then(json::number).filter(|_| !is_sound);
            if let (None, Some(odd)) = (number, own.filter(|_| !is_sound)) {
                reader.malformed(key, odd, "a number");
            }
            number.map_or(0, side)
        };
        Footage {
            source,
            width: side_of(self, "w"),
            height: side_of(self, "h"),
            has_audio: is_sound,
            slot,
            ..Footage::default()
        }
    }
}

/// The assets that layers use as sound.
fn sounds(root: &Object) -> HashSet<String> {
    let mut sounds = HashSet::new();
    for holder in std::iter::once(root).chain(json::objects(root, "assets")) {
        for layer in json::objects(holder, "layers") {
            if layer.get("ty").and_then(json::number) == Some(6.0) {
                sounds.extend(json::text(layer, "refId"));
            }
        }
    }
    sounds
}

/// The bytes of a `data:` address, without the `data:`.
fn embedded(data: &str) -> Option<Vec<u8>> {
    let (kind, content) = data.split_once(',')?;
    if kind.ends_with(";base64") {
        let clean: String = content
            .chars()
            .filter(|c| !c.is_ascii_whitespace() && *c != '=')
            .collect();
        return base64::engine::general_purpose::STANDARD_NO_PAD.decode(clean).ok();
    }
    let mut bytes = Vec::with_capacity(content.len());
    let mut rest = content.bytes();
    while let Some(b) = rest.next() {
        if b == b'%' {
            let hex = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).ok()?, 16).ok()?);
        } else {
            bytes.push(b);
        }
    }
    Some(bytes)
}

/// Sizes of precomps by asset, from the layers that show them: assets seldom say.
fn precomp_sizes(root: &Object) -> HashMap<String, (u32, u32)> {
    let mut sizes = HashMap::new();
    for holder in std::iter::once(root).chain(json::objects(root, "assets")) {
        for layer in json::objects(holder, "layers") {
            let number = |key: &str| layer.get(key).and_then(json::number);
            if let (Some(id), Some(w), Some(h)) = (json::text(layer, "refId"), number("w"), number("h")) {
                sizes.entry(id).or_insert((side(w), side(h)));
            }
        }
    }
    sizes
}

/// Gives every precomp the length that its layers and the layers that show it need: the file has none of its own.
pub(super) fn set_durations(items: &mut Items) {
    let mut needed: HashMap<ItemId, f64> = HashMap::new();
    for item in &items.list {
        let ItemKind::Composition(composition) = &item.kind else {
            continue;
        };
        let own = needed.entry(item.id).or_default();
        *own = composition.layers.iter().map(|l| l.out_point).fold(*own, f64::max);
        for layer in &composition.layers {
            let LayerKind::Av(source) = layer.kind else { continue };
            let mut end = layer.layer_time(layer.out_point).max(layer.layer_time(layer.in_point));
            if let Some(remap) = layer.properties.property(schema::TIME_REMAP) {
                let keys = remap.keyframes.iter().map(|k| &k.value).chain([&remap.value]);
                // The value itself must be inside: time remapping may rest on it.
                end = keys
                    .filter_map(filmpress_composition::Value::as_number)
                    .fold(0.0, f64::max)
                    + 1.0 / composition.frame_rate;
            }
            let entry = needed.entry(source).or_default();
            *entry = entry.max(end);
        }
    }
    // The main composition has the length the file says.
    for item in items.list.iter_mut().skip(1) {
        if let ItemKind::Composition(composition) = &mut item.kind {
            composition.duration = needed.get(&item.id).copied().unwrap_or(0.0);
        }
    }
}

/// True for the value of a list, for callers that want to know whether a file looks like an animation.
pub(super) fn is_list(value: Option<&Json>) -> bool {
    matches!(value, Some(Json::Array(_)))
}
