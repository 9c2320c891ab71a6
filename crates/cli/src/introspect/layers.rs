//! Layers in the words of the API.

use std::collections::BTreeMap;

use filmpress_inspect::Report;
use filmpress_inspect::report::{CompositionReport, LayerReport, SlotReport, TextReport};
use filmpress_job::metadata::LayerInfo;
use serde_json::{Map, Value, json};

use super::properties::Paths;

/// The layers, by composition and then by stacking order.
pub fn list(report: &Report, properties: &Paths) -> Vec<LayerInfo> {
    let mut of: BTreeMap<(u32, usize), Own<'_>> = BTreeMap::new();
    for slot in &report.slots {
        of.entry((slot.composition_id, slot.layer_index))
            .or_default()
            .slots
            .push(slot);
    }
    for text in &report.texts {
        of.entry((text.composition_id, text.layer_index)).or_default().text = Some(text);
    }
    let mut list = Vec::new();
    for composition in &report.compositions {
        for layer in &composition.layers {
            let own = of.remove(&(composition.id, layer.index)).unwrap_or_default();
            list.push(one(composition, layer, &own, properties));
        }
    }
    list
}

/// What other lists of the report say about a layer.
#[derive(Default)]
struct Own<'a> {
    slots: Vec<&'a SlotReport>,
    text: Option<&'a TextReport>,
}

fn one(composition: &CompositionReport, layer: &LayerReport, own: &Own<'_>, properties: &Paths) -> LayerInfo {
    let bounds = layer.bounds;
    let parent = layer.parent_index.and_then(|index| index.checked_sub(1));
    let parent = parent.and_then(|place| composition.layers.get(place));
    let shows_composition = layer.source_kind == Some("composition");
    LayerInfo {
        composition_id: composition.id.into(),
        aeid: layer.id.into(),
        name: layer.name.clone(),
        top: bounds.map_or(0.0, |b| b.top),
        left: bounds.map_or(0.0, |b| b.left),
        width: bounds.map_or(0.0, |b| b.width),
        height: bounds.map_or(0.0, |b| b.height),
        start_time: layer.start_time,
        in_point: layer.in_point,
        out_point: layer.out_point,
        layer_type: layer_type(layer).to_owned(),
        source_type: source_type(layer).map(str::to_owned),
        source_comp_id: layer.source_id.filter(|_| shows_composition).map(i64::from),
        parent_id: parent.map(|parent| parent.id.into()),
        data: about(composition, layer, own, properties),
    }
}

/// One of the words that clients switch on.
fn layer_type(layer: &LayerReport) -> &'static str {
    match layer.kind {
        _ if layer.switches.contains(&"adjustmentLayer") => "adjustment",
        kind @ ("text" | "shape" | "null" | "camera" | "light") => kind,
        _ => "av",
    }
}

fn source_type(layer: &LayerReport) -> Option<&'static str> {
    match layer.source_kind? {
        "composition" => Some("comp"),
        "solid" => Some("solid"),
        _ => Some("file"),
    }
}

/// The member `data`: what the contract leaves empty.
fn about(
    composition: &CompositionReport,
    layer: &LayerReport,
    own: &Own<'_>,
    properties: &Paths,
) -> Map<String, Value> {
    let mut about = data(json!({
        "index": layer.index,
        "nameIsSet": layer.name_is_set,
        "sourceName": layer.source,
        "sourceKind": layer.source_kind,
        "enabled": layer.enabled,
        "switches": layer.switches,
        "blendingMode": layer.blending_mode,
        "effects": layer.effects,
        "masks": layer.masks,
        // Null where the layer shows nothing, or where it is not known where.
        "boundsAt": layer.bounds.map(|bounds| bounds.time),
        "animated": layer.animated,
        "properties": properties.of_layer(composition.id, layer.index),
        "slots": own.slots.iter().map(|found| slot(found)).collect::<Vec<_>>(),
    }));
    if let Some(found) = own.text {
        about.insert("text".to_owned(), text(found));
    }
    about
}

/// A text layer's text, and what is needed to set another in its place.
fn text(text: &TextReport) -> Value {
    let mut fonts: Vec<&str> = text.runs.iter().map(|run| run.font.as_str()).collect();
    fonts.push(&text.font);
    fonts.sort_unstable();
    fonts.dedup();
    json!({
        "value": text.text,
        "font": text.font,
        "fonts": fonts,
        "fontSize": text.font_size,
        "fillColor": text.fill,
        "justification": text.justification,
        "box": text.text_box,
        "hasExpression": text.has_expression,
        "animated": text.keyframes > 0,
    })
}

/// What a job can fill, with the asset it writes.
pub fn slot(slot: &SlotReport) -> Value {
    json!({
        "kind": slot.kind,
        "label": slot.label,
        "asset": slot.asset,
        "value": slot.value,
        "animated": slot.animated,
        "hasExpression": slot.has_expression,
        "lottieSlot": slot.lottie_slot,
    })
}

/// The members of an object.
pub fn data(object: Value) -> Map<String, Value> {
    match object {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
