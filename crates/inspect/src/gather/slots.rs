//! Everything a job can fill, each with the asset to write for it.

use filmpress_composition::{ControlKind, Group, ItemKind, Layer, LayerKind, Property, Value, ValueType, schema};
use serde_json::{Value as Json, json};

use super::layers::footage_kind;
use super::{Gather, Listed, Seen, cut, number, panels, path, properties, texts};
use crate::limits;
use crate::report::{SlotAsset, SlotKind, SlotReport};

pub(super) fn list(gather: &Gather<'_>) -> Listed<SlotReport> {
    let mut list = Listed::new(limits::ENTRIES);
    for seen in &gather.compositions {
        essential(seen, &mut list);
        let layers = seen.composition.layers.iter().take(seen.told).enumerate();
        for (i, layer) in layers {
            let at = At {
                seen,
                index: i + 1,
                layer,
            };
            at.text(&mut list);
            at.media(gather, &mut list);
            at.properties(&mut list);
        }
    }
    list
}

/// The controls of a composition's Essential Graphics panel.
fn essential(seen: &Seen<'_>, list: &mut Listed<SlotReport>) {
    let Some(panel) = &seen.composition.essential_graphics else {
        return;
    };
    for (_, path, control) in panels::controls(panel) {
        let kind = match control.kind {
            ControlKind::Group { .. } | ControlKind::Comment | ControlKind::Unknown(_) => continue,
            ControlKind::Text(_) => SlotKind::Text,
            ControlKind::Media(_) => SlotKind::Media,
            ControlKind::Color => SlotKind::Color,
            _ => SlotKind::Control,
        };
        if !list.has_room() {
            continue;
        }
        list.push(SlotReport {
            kind,
            label: cut(&control.name, limits::NAME),
            composition: cut(&seen.item.name, limits::NAME),
            composition_id: seen.item.id.0,
            layer: String::new(),
            layer_index: 0,
            asset: SlotAsset {
                kind: "essential",
                layer_name: Some(path),
                ..SlotAsset::default()
            },
            value: panels::value(control.value.as_ref()),
            animated: false,
            has_expression: false,
            lottie_slot: None,
            lands_on: 1,
        });
    }
}

/// A layer of a composition.
struct At<'a> {
    seen: &'a Seen<'a>,
    index: usize,
    layer: &'a Layer,
}

impl At<'_> {
    fn slot(&self, kind: SlotKind, asset_kind: &'static str, property: Option<(&Property, String)>) -> SlotReport {
        // A name that other layers of the composition show would change those too.
        let by_name = !self.layer.name.is_empty() && self.seen.names.get(self.layer.name.as_str()) == Some(&1);
        let label = match &property {
            Some((_, path)) => format!("{} > {path}", self.layer.name),
            None => self.layer.name.clone(),
        };
        let (animated, has_expression) = property.as_ref().map_or((false, false), |(p, _)| flags(p));
        let lottie_slot = property
            .as_ref()
            .and_then(|(p, _)| p.slot.as_deref().map(str::to_owned));
        SlotReport {
            kind,
            label: cut(&label, limits::NAME),
            composition: cut(&self.seen.item.name, limits::NAME),
            composition_id: self.seen.item.id.0,
            layer: cut(&self.layer.name, limits::NAME),
            layer_index: self.index,
            value: property.as_ref().map_or(Json::Null, |(p, _)| value(p)),
            asset: SlotAsset {
                kind: asset_kind,
                // Names are not cut here: a job must be able to write them.
                layer_name: by_name.then(|| self.layer.name.clone()),
                layer_index: (!by_name).then_some(self.index),
                composition: Some(self.seen.specification.clone()),
                property: property.map(|(_, path)| path),
            },
            animated,
            has_expression,
            lottie_slot,
            lands_on: self.seen.meant,
        }
    }

    fn text(&self, list: &mut Listed<SlotReport>) {
        let Some((property, document)) = texts::document(self.layer) else {
            return;
        };
        if list.has_room() {
            let mut slot = self.slot(SlotKind::Text, "text", None);
            slot.value = json!(texts::plain(&document.text));
            (slot.animated, slot.has_expression) = flags(property);
            slot.lottie_slot = property.slot.as_deref().map(str::to_owned);
            list.push(slot);
        }
    }

    fn media(&self, gather: &Gather<'_>, list: &mut Listed<SlotReport>) {
        let (LayerKind::Av(id) | LayerKind::Audio(Some(id))) = self.layer.kind else {
            return;
        };
        let Some(item) = gather.items.get(&id) else { return };
        let (kind, slot_kind) = match &item.kind {
            ItemKind::Footage(_) if matches!(self.layer.kind, LayerKind::Audio(_)) => ("audio", SlotKind::Media),
            ItemKind::Footage(footage) => match footage_kind(footage) {
                "sound" => ("audio", SlotKind::Media),
                "film" | "sequence" => ("video", SlotKind::Media),
                _ => ("image", SlotKind::Media),
            },
            ItemKind::Solid(_) => ("data", SlotKind::Color),
            ItemKind::Composition(_) | ItemKind::Folder => return,
        };
        if !list.has_room() {
            return;
        }
        let mut slot = self.slot(slot_kind, kind, None);
        slot.value = json!(cut(&item.name, limits::NAME));
        if let ItemKind::Footage(footage) = &item.kind {
            slot.lottie_slot = footage.slot.as_deref().map(str::to_owned);
        }
        if let ItemKind::Solid(solid) = &item.kind {
            // An adjustment layer's solid is never seen.
            if self.layer.switches.adjustment {
                return;
            }
            slot.asset.property = Some("Color".to_owned());
            let [r, g, b] = solid.color.map(number);
            slot.value = json!([r, g, b, 1.0]);
            slot.label = cut(&format!("{} > Color", self.layer.name), limits::NAME);
        }
        list.push(slot);
    }

    /// Colours of shapes and effects, values of controls, Essential Properties of nested compositions.
    fn properties(&self, list: &mut Listed<SlotReport>) {
        properties(self.layer, &mut |above, property, trail| {
            let Some(kind) = kind_of(above, property) else { return };
            if !list.has_room() {
                return;
            }
            let path = path(self.layer, trail);
            if path.is_empty() {
                // Nothing leads there, or too many siblings: not listed, but counted.
                list.more += 1;
                return;
            }
            list.push(self.slot(kind, "data", Some((property, path))));
        });
    }
}

fn flags(property: &Property) -> (bool, bool) {
    let expression = property.expression.as_ref().is_some_and(|e| e.enabled);
    (!property.keyframes.is_empty(), expression)
}

/// What a property takes, when it is one that templates are filled by.
fn kind_of(above: &[&Group], property: &Property) -> Option<SlotKind> {
    let top = above.get(1)?;
    let is_color = property.value_type == ValueType::Color;
    // What a Lottie author called a slot is one, wherever it is.
    if property.slot.is_some() && property.value_type.dimensions() > 0 {
        return Some(if is_color { SlotKind::Color } else { SlotKind::Control });
    }
    match &*top.match_name {
        schema::CONTENTS if is_color => Some(SlotKind::Color),
        schema::EFFECTS => {
            let effect = above.get(2)?;
            if is_color {
                return Some(SlotKind::Color);
            }
            let is_control = effect.match_name.starts_with("Pseudo/")
                || (effect.match_name.starts_with("ADBE ") && effect.match_name.ends_with(" Control"));
            let has_value = matches!(property.value, Value::Vector(_)) || !property.keyframes.is_empty();
            (is_control && has_value && property.value_type.dimensions() > 0).then_some(SlotKind::Control)
        }
        schema::ESSENTIAL_PROPERTIES => match property.value {
            Value::Text(_) => Some(SlotKind::Text),
            Value::Vector(_) if is_color => Some(SlotKind::Color),
            Value::Vector(_) => Some(SlotKind::Control),
            _ => None,
        },
        _ => None,
    }
}

/// A property's value at the beginning as JSON.
fn value(property: &Property) -> Json {
    match property.keyframes.first().map_or(&property.value, |key| &key.value) {
        Value::Vector(v) => match v[..] {
            [x] => json!(number(x)),
            ref all => json!(all.iter().copied().map(number).collect::<Vec<_>>()),
        },
        Value::Text(document) => json!(texts::plain(&document.text)),
        _ => Json::Null,
    }
}
