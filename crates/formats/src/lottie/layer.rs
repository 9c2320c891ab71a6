//! Layers.

use std::collections::HashSet;

use crate::json::Value as Json;
use filmpress_composition::schema::TIME_REMAP;
use filmpress_composition::{
    AutoOrient, Group, Keyframe, Kind, Layer, LayerId, LayerKind, LightKind, MatteKind, TrackMatte, ValueType, schema,
};

use super::assets::Items;
use super::json::{self, Object};
use super::reader::Reader;
use crate::limits::MAX_LAYERS;

impl Reader<'_> {
    /// The layers of a composition, topmost first.
    pub fn layers(&mut self, holder: &Object, items: &mut Items, size: (u32, u32)) -> Vec<Layer> {
        let mut raw = self.objects(holder, "layers");
        let room = MAX_LAYERS.saturating_sub(self.layers_read);
        if raw.len() > room {
            self.warn(
                Kind::Limit,
                format!("layers after the first {MAX_LAYERS} of the file are not read"),
            );
            raw.truncate(room);
        }
        self.layers_read += raw.len();
        let ids = self.layer_ids(&raw);
        let mut layers = Vec::with_capacity(raw.len());
        for (index, (object, id)) in raw.iter().zip(&ids).enumerate() {
            let above = index.checked_sub(1).and_then(|i| ids.get(i)).copied();
            let step = json::name(object, "nm").filter(|n| !n.is_empty());
            let step = step.unwrap_or_else(|| format!("layer {}", index + 1));
            let layer = self.within(&step, |reader| reader.layer(object, *id, above, items, size));
            layers.push(layer);
        }
        layers
    }

    /// Gives every layer an id of its own (its `ind` where it is free) and notes which `ind` means which.
    fn layer_ids(&mut self, raw: &[&Object]) -> Vec<LayerId> {
        self.layer_ids.clear();
        let ind = |o: &Object| o.get("ind").and_then(json::number).map(|n| n as i64);
        let mut taken: HashSet<u32> = HashSet::new();
        let mut ids: Vec<Option<LayerId>> = Vec::with_capacity(raw.len());
        for object in raw {
            let id = ind(object)
                .and_then(|i| u32::try_from(i).ok())
                .filter(|i| taken.insert(*i))
                .map(LayerId);
            ids.push(id);
        }
        let mut free = (1..).filter(|i| !taken.contains(i));
        let ids: Vec<LayerId> = ids
            .into_iter()
            .map(|id| id.unwrap_or_else(|| LayerId(free.next().unwrap_or(u32::MAX))))
            .collect();
        for (object, id) in raw.iter().zip(&ids) {
            if let Some(ind) = ind(object) {
                self.layer_ids.entry(ind).or_insert(*id);
            }
        }
        ids
    }

    fn layer(
        &mut self,
        object: &Object,
        id: LayerId,
        above: Option<LayerId>,
        items: &mut Items,
        size: (u32, u32),
    ) -> Layer {
        self.clock.start = self.number(object, "st").unwrap_or(0.0);
        self.clock.stretch = self.number(object, "sr").filter(|sr| *sr != 0.0).unwrap_or(1.0);
        let in_frame = self.number(object, "ip").unwrap_or(self.clock.first_frame);
        let out_frame = self.number(object, "op").unwrap_or(items.last_frame);

        let ty = self.number(object, "ty").unwrap_or(-1.0) as i64;
        let kind = self.kind(object, ty, items, size);
        let name = json::name(object, "nm").filter(|n| !n.is_empty());
        let name_is_set = name.is_some();
        let name = name.unwrap_or_else(|| items.name_of(kind));
        let mut layer = Layer::new(id, name, kind, self.clock.composition_time(out_frame));
        layer.name_is_set = name_is_set;
        layer.start_time = self.clock.composition_time(self.clock.start);
        layer.in_point = self.clock.composition_time(in_frame);
        layer.stretch = self.clock.stretch;
        layer.blending_mode = self.blending_mode(object).0;
        switches(&mut layer, object, ty);
        self.relations(&mut layer, object, above);
        let ks = object.get("ks").and_then(Json::as_object);
        if json::flag(object, "ao") {
            layer.auto_orient = AutoOrient::AlongPath;
        } else if kind == LayerKind::Camera && ks.is_some_and(|ks| ks.contains_key("a")) {
            // Only cameras with two nodes have a point of interest.
            layer.auto_orient = AutoOrient::TowardsPointOfInterest;
        }
        self.properties(&mut layer, object);
        let source = layer.source().and_then(|item| items.size_of(item));
        schema::complete_layer(&mut layer, size, source);
        layer
    }

    fn kind(&mut self, object: &Object, ty: i64, items: &mut Items, size: (u32, u32)) -> LayerKind {
        let reference = json::text(object, "refId");
        match ty {
            0 | 2 | 7..=10 => {
                if let Some(item) = reference.as_deref().and_then(|id| items.find(id)) {
                    return LayerKind::Av(item);
                }
                let message = format!("asset `{}` is not in the file", reference.unwrap_or_default());
                self.warn(Kind::Missing, message);
                LayerKind::Null
            }
            1 | 12 => {
                let side =
                    |reader: &mut Self, key, default| reader.number(object, key).map_or(default, super::assets::side);
                let (width, height) = (side(self, "sw", size.0), side(self, "sh", size.1));
                let text = json::text(object, "sc").unwrap_or_default();
                let color = super::text::hex_color(&text);
                if color.is_none() && ty == 1 {
                    self.warn(
                        Kind::Malformed,
                        format!("`{text}` is not a solid's colour; black is used"),
                    );
                }
                let name = json::name(object, "nm").filter(|n| !n.is_empty());
                LayerKind::Av(items.add_solid(name, width, height, color.unwrap_or_default()))
            }
            // Data layers (15) feed expressions and show nothing.
            3 | 11 | 15 => LayerKind::Null,
            4 => LayerKind::Shape,
            5 => LayerKind::Text,
            6 => LayerKind::Audio(reference.as_deref().and_then(|id| items.find(id))),
            13 => LayerKind::Camera,
            14 => LayerKind::Light(LightKind::Point),
            other => {
                self.warn(Kind::Unsupported, format!("layer type {other} is not read"));
                LayerKind::Unknown
            }
        }
    }

    fn relations(&mut self, layer: &mut Layer, object: &Object, above: Option<LayerId>) {
        if let Some(parent) = self.number(object, "parent") {
            layer.parent = self
                .layer_ids
                .get(&(parent as i64))
                .copied()
                .filter(|id| *id != layer.id);
            if layer.parent.is_none() {
                self.warn(Kind::Missing, format!("parent layer {parent} is missing"));
            }
        }
        let (kind, inverted) = match self.number(object, "tt").unwrap_or(0.0) as i64 {
            0 => return,
            1 => (MatteKind::Alpha, false),
            2 => (MatteKind::Alpha, true),
            3 => (MatteKind::Luma, false),
            4 => (MatteKind::Luma, true),
            other => {
                self.warn(Kind::Unsupported, format!("track matte type {other} is not read"));
                return;
            }
        };
        let matte = match self.number(object, "tp") {
            Some(ind) => self.layer_ids.get(&(ind as i64)).copied(),
            None => above,
        };
        match matte.filter(|id| *id != layer.id) {
            Some(matte) => {
                layer.track_matte = Some(TrackMatte {
                    layer: matte,
                    kind,
                    inverted,
                });
            }
            None => self.warn(Kind::Missing, "the layer of the track matte is missing"),
        }
    }

    fn properties(&mut self, layer: &mut Layer, object: &Object) {
        let mut groups: Vec<Group> = Vec::new();
        match layer.kind {
            LayerKind::Text => groups.push(self.text(object)),
            LayerKind::Shape => groups.push(self.contents(object)),
            LayerKind::Camera => {
                let mut options = Group::new("ADBE Camera Options Group", "");
                let zoom = self.numeric(object.get("pe"), "ADBE Camera Zoom", ValueType::OneD, &[]);
                options.children.extend(zoom.map(Into::into));
                groups.push(options);
            }
            _ => {}
        }
        if let Some(remap) = self.numeric(object.get("tm"), TIME_REMAP, ValueType::OneD, &[]) {
            let mut remap = remap;
            remap.name = "Time Remap".into();
            // After Effects' time remapping without keyframes is the one that is off; a frozen frame is a keyframe.
            if remap.keyframes.is_empty() {
                remap.keyframes.push(Keyframe::linear(0.0, remap.value.clone()));
            }
            layer.properties.children.push(remap.into());
        }
        if let Some(ks) = object.get("ks").and_then(Json::as_object) {
            // A camera is in space whatever its switch says.
            let three_d = layer.switches.three_d || layer.kind == LayerKind::Camera;
            groups.push(self.layer_transform(ks, three_d));
        } else if !matches!(layer.kind, LayerKind::Audio(_) | LayerKind::Null) {
            self.warn(Kind::Malformed, "a layer without transform (`ks`)");
        }
        groups.extend(self.masks(object));
        groups.extend(self.effects(object));
        groups.extend(self.layer_styles(object));
        layer.properties.children.extend(groups.into_iter().map(Into::into));
        if let Some(levels) = object.get("au").and_then(|au| au.get("lv")) {
            let mut audio = Group::new("ADBE Audio Group", "");
            let levels = self.numeric(Some(levels), "ADBE Audio Levels", ValueType::TwoD, &[]);
            audio.children.extend(levels.map(Into::into));
            layer.properties.children.push(audio.into());
        }
    }
}

fn switches(layer: &mut Layer, object: &Object, ty: i64) {
    let switches = &mut layer.switches;
    // A matte is used where a layer refers to it and not drawn by itself.
    let is_matte = object.get("td").and_then(json::number).is_some_and(|td| td > 0.0);
    switches.enabled = !json::flag(object, "hd") && !is_matte;
    switches.three_d = json::flag(object, "ddd");
    switches.collapse = json::flag(object, "ct");
    switches.motion_blur = json::flag(object, "mb");
    switches.guide = ty == 11;
    switches.adjustment = ty == 12;
}
