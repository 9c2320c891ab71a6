//! The layers of a composition.

use filmpress_composition::{Footage, FootageSource, Group, ItemKind, Layer, LayerKind, MatteKind, schema};
use filmpress_evaluate::Bounds;

use super::{Gather, Seen, compositions, cut, number, path, properties};
use crate::limits;
use crate::report::{BoundsReport, LayerReport, MatteReport};

pub(super) fn list(gather: &Gather<'_>, seen: &Seen<'_>) -> Vec<LayerReport> {
    let layers = seen.composition.layers.iter().take(seen.told).enumerate();
    layers.map(|(i, layer)| one(gather, seen, i, layer)).collect()
}

fn one(gather: &Gather<'_>, seen: &Seen<'_>, i: usize, layer: &Layer) -> LayerReport {
    let index_of = |id| seen.by_id.get(&id).copied();
    let name_at = |i: usize| Some(cut(&seen.composition.layers.get(i)?.name, limits::NAME));
    let parent = layer.parent.and_then(index_of);
    let mut animated = Vec::new();
    properties(layer, &mut |_, property, trail| {
        if property.is_animated() && animated.len() < limits::INNER {
            animated.push(path(layer, trail));
        }
    });
    let source = layer.source();
    LayerReport {
        index: i + 1,
        id: layer.id.0,
        name: cut(&layer.name, limits::NAME),
        name_is_set: layer.name_is_set,
        kind: kind(gather, layer),
        source: source.and_then(|id| Some(cut(gather.name_of(id)?, limits::NAME))),
        source_id: source.map(|id| id.0),
        source_kind: source.and_then(|id| match &gather.items.get(&id)?.kind {
            ItemKind::Folder => None,
            ItemKind::Composition(_) => Some("composition"),
            ItemKind::Solid(_) => Some("solid"),
            ItemKind::Footage(footage) => Some(footage_kind(footage)),
        }),
        enabled: layer.switches.enabled,
        in_point: number(layer.in_point),
        out_point: number(layer.out_point),
        start_time: number(layer.start_time),
        stretch: number(layer.stretch),
        time_remap: layer.properties.property(schema::TIME_REMAP).is_some(),
        parent: parent.and_then(name_at),
        parent_index: parent.map(|i| i + 1),
        track_matte: layer.track_matte.map(|matte| {
            let of = index_of(matte.layer);
            MatteReport {
                layer: of.and_then(name_at),
                layer_index: of.map(|i| i + 1),
                kind: match matte.kind {
                    MatteKind::Alpha => "alpha",
                    MatteKind::Luma => "luma",
                },
                inverted: matte.inverted,
            }
        }),
        blending_mode: layer.blending_mode.name(),
        switches: switches(layer),
        masks: layer.properties.group(schema::MASKS).map_or(0, |g| g.groups().count()),
        effects: layer
            .properties
            .group(schema::EFFECTS)
            .into_iter()
            .flat_map(Group::groups)
            .take(limits::INNER)
            .map(|effect| cut(&effect.name, limits::NAME))
            .collect(),
        animated,
        markers: compositions::markers(&layer.markers),
        bounds: bounds(gather, seen, i, layer),
    }
}

fn switches(layer: &Layer) -> Vec<&'static str> {
    let s = &layer.switches;
    let all = [
        ("motionBlur", s.motion_blur),
        ("threeDLayer", s.three_d),
        ("adjustmentLayer", s.adjustment),
        ("guideLayer", s.guide),
        ("collapseTransformation", s.collapse),
        ("preserveTransparency", s.preserve_transparency),
        ("frameBlending", s.frame_blending),
        ("solo", s.solo),
        ("shy", s.shy),
        ("locked", s.locked),
    ];
    all.into_iter().filter(|(_, on)| *on).map(|(name, _)| name).collect()
}

fn kind(gather: &Gather<'_>, layer: &Layer) -> &'static str {
    match layer.kind {
        LayerKind::Av(id) => match gather.items.get(&id).map(|item| &item.kind) {
            Some(ItemKind::Composition(_)) => "composition",
            Some(ItemKind::Solid(_)) => "solid",
            _ => "footage",
        },
        LayerKind::Null => "null",
        LayerKind::Text => "text",
        LayerKind::Shape => "shape",
        LayerKind::Camera => "camera",
        LayerKind::Light(_) => "light",
        LayerKind::Audio(_) => "audio",
        LayerKind::Unknown => "unknown",
    }
}

/// What a footage item is, as the project knows it.
pub(super) fn footage_kind(footage: &Footage) -> &'static str {
    if footage.source == FootageSource::Placeholder {
        "placeholder"
    } else if footage.is_sequence() {
        "sequence"
    } else if footage.width == 0 && footage.height == 0 && (footage.duration > 0.0 || footage.has_audio) {
        "sound"
    } else if footage.duration > 0.0 {
        "film"
    } else {
        "still"
    }
}

fn bounds(gather: &Gather<'_>, seen: &Seen<'_>, i: usize, layer: &Layer) -> Option<BoundsReport> {
    let at_in_point = !layer.is_active(0.0);
    let time = if at_in_point { number(layer.in_point) } else { 0.0 };
    let Bounds::Rect(rect) = gather.survey.bounds(seen.item.id, i, time) else {
        return None;
    };
    // Thousandths of a pixel are enough, and the same on every machine.
    let round = |x: f64| (x * 1000.0).round() / 1000.0 + 0.0;
    Some(BoundsReport {
        left: round(rect.x0),
        top: round(rect.y0),
        width: round(rect.width()),
        height: round(rect.height()),
        time,
        at_in_point,
    })
}
