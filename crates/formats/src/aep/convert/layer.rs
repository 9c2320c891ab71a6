//! A layer's settings (`ldta`) and its property tree.

use std::collections::HashSet;

use filmpress_composition::{
    AutoOrient, BlendingMode, Composition, Group, GroupDetails, ItemId, Kind, Layer, LayerId, LayerKind, LightKind,
    MatteKind, Node, Property, Quality, Switches, TrackMatte, Value, ValueType, schema,
};

use super::items::{self, Shared, Source};
use super::notes::Notes;
use super::{blending_mode, essential_properties, group, markers};
use crate::aep::raw::{Chunk, Fields};
use crate::limits::MAX_LAYERS;

/// What the properties of a layer need to know about it.
pub(super) struct Scope<'a> {
    pub shared: &'a Shared<'a>,
    /// Width and height of the item the layer shows: the unit of its anchor point and mask paths.
    pub source: Option<[f64; 2]>,
    /// The source's size, else the composition's: the unit of effects' points.
    pub size: [f64; 2],
}

/// All layers of a composition, topmost first.
pub(super) fn convert_all(
    item: &Chunk<'_>,
    composition: &Composition,
    shared: &Shared<'_>,
    notes: &mut Notes,
) -> Vec<Layer> {
    let mut above = None;
    let mut layers = Vec::new();
    for chunk in item.lists(*b"Layr") {
        let made = &shared.layers;
        if made.get() >= MAX_LAYERS {
            notes.warn(
                Kind::Limit,
                format!("layers after the first {MAX_LAYERS} of the project are not read"),
            );
            break;
        }
        made.set(made.get() + 1);
        let layer = convert(chunk, above, composition, shared, notes);
        above = Some(layer.id);
        layers.push(layer);
    }
    drop_lost_references(&mut layers, notes);
    layers
}

/// References to layers that are not there would fail later, far from their cause.
fn drop_lost_references(layers: &mut [Layer], notes: &mut Notes) {
    let ids: HashSet<LayerId> = layers.iter().map(|l| l.id).collect();
    for layer in layers {
        if layer.parent.is_some_and(|id| !ids.contains(&id)) {
            layer.parent = None;
            notes.within(&layer.name, |n| n.warn(Kind::Missing, "its parent layer is not there"));
        }
        if layer.track_matte.is_some_and(|matte| !ids.contains(&matte.layer)) {
            layer.track_matte = None;
            notes.within(&layer.name, |n| {
                n.warn(Kind::Missing, "its track matte layer is not there");
            });
        }
    }
}

fn convert(
    chunk: &Chunk<'_>,
    above: Option<LayerId>,
    composition: &Composition,
    shared: &Shared<'_>,
    notes: &mut Notes,
) -> Layer {
    let settings = chunk.fields(*b"ldta");
    let source_id = settings.u32(0x28);
    let source = shared.sources.get(&source_id);
    let set_name = chunk.name(*b"Utf8").or_else(|| {
        let short = shared.code_page.decode(settings.slice(0x40, 32).0);
        (!short.is_empty()).then_some(short)
    });
    let name = set_name
        .clone()
        .or_else(|| source.map(|s| s.name.clone()))
        .unwrap_or_default();
    notes.within(&name.clone(), |notes| {
        let kind = kind(settings, source, notes);
        let mut layer = Layer {
            name_is_set: set_name.is_some() && settings.bit(0x25, 0),
            kind,
            switches: switches(settings),
            quality: match settings.u16(4) {
                0 => Quality::Wireframe,
                1 => Quality::Draft,
                _ if settings.bit(0x25, 6) => Quality::BestBicubic,
                _ => Quality::Best,
            },
            start_time: start_time(settings),
            stretch: stretch(settings),
            parent: layer_reference(settings.u32(0x84)),
            blending_mode: layer_blending_mode(settings, notes),
            track_matte: track_matte(settings, above),
            auto_orient: auto_orient(settings, kind),
            label: settings.u8(0x3D),
            comment: items::comment(chunk),
            ..Layer::new(LayerId(settings.u32(0)), name, kind, 0.0)
        };
        let size = source.map(|s| [s.width, s.height]);
        let scope = Scope {
            shared,
            source: size,
            size: size.unwrap_or([composition.width.into(), composition.height.into()]),
        };
        if let Some(tree) = chunk.child_list(*b"tdgp") {
            layer.properties = group::convert(tree, root_match_name(kind), &scope, notes);
            layer.markers = markers::of_layer(tree);
            layer.essential_properties = essential_properties::read(tree, &layer.properties, notes);
        } else {
            notes.warn(Kind::Malformed, "the layer's properties are missing");
        }
        warn_of_unread(&layer, notes);
        tidy(&mut layer);
        set_in_and_out(&mut layer, settings, source);
        let source_size = source.map(|s| (s.width as u32, s.height as u32));
        schema::complete_layer(&mut layer, (composition.width, composition.height), source_size);
        layer
    })
}

fn root_match_name(kind: LayerKind) -> &'static str {
    match kind {
        LayerKind::Text => "ADBE Text Layer",
        LayerKind::Shape => "ADBE Vector Layer",
        LayerKind::Camera => "ADBE Camera Layer",
        LayerKind::Light(_) => "ADBE Light Layer",
        _ => "ADBE AV Layer",
    }
}

fn layer_reference(id: u32) -> Option<LayerId> {
    (id != 0).then_some(LayerId(id))
}

fn kind(settings: Fields<'_>, source: Option<&Source>, notes: &mut Notes) -> LayerKind {
    let source_id = settings.u32(0x28);
    match settings.u8(0x83) {
        // Nulls show a solid that is never drawn.
        0 if settings.bit(0x26, 7) => LayerKind::Null,
        0 if source_id == 0 => {
            notes.warn(Kind::Missing, "it shows no item");
            LayerKind::Unknown
        }
        0 => {
            if source.is_none() {
                notes.warn(Kind::Missing, format!("its source, item {source_id}, is not there"));
            }
            if source.is_some_and(|s| s.is_audio) {
                LayerKind::Audio(Some(ItemId(source_id)))
            } else {
                LayerKind::Av(ItemId(source_id))
            }
        }
        1 => LayerKind::Light(match settings.u8(0x8B) {
            0 => LightKind::Parallel,
            1 => LightKind::Spot,
            3 => LightKind::Ambient,
            4 => LightKind::Environment,
            _ => LightKind::Point,
        }),
        2 => LayerKind::Camera,
        3 => LayerKind::Text,
        4 => LayerKind::Shape,
        other => {
            let what = match other {
                5 => "3D model layers are not read".to_owned(),
                7 => "parametric mesh layers are not read".to_owned(),
                _ => format!("layers of type {other} are not known"),
            };
            notes.warn(Kind::Unsupported, what);
            LayerKind::Unknown
        }
    }
}

fn switches(settings: Fields<'_>) -> Switches {
    let (first, second, third) = (0x25, 0x26, 0x27);
    Switches {
        enabled: settings.bit(third, 0),
        audio: settings.bit(third, 1),
        effects: settings.bit(third, 2),
        motion_blur: settings.bit(third, 3),
        frame_blending: settings.bit(third, 4),
        locked: settings.bit(third, 5),
        shy: settings.bit(third, 6),
        collapse: settings.bit(third, 7),
        adjustment: settings.bit(second, 1),
        three_d: settings.bit(second, 2),
        solo: settings.bit(second, 3),
        guide: settings.bit(first, 1),
        preserve_transparency: settings.bit(0x67, 0),
        pixel_motion: settings.bit(first, 2),
        per_character_3d: settings.bit(first, 3),
        environment: settings.bit(first, 5),
        markers_locked: settings.bit(second, 4),
    }
}

/// How much earlier than it says a reversed layer starts, in seconds at a stretch of 1: just enough that its first
/// frame shows the last of its source and not what is past it.
const REVERSED_EARLIER: f64 = 1.0 / 3000.0;

fn start_time(settings: Fields<'_>) -> f64 {
    let stretch = stretch(settings);
    settings.fraction(0x0C) + if stretch < 0.0 { stretch * REVERSED_EARLIER } else { 0.0 }
}

fn stretch(settings: Fields<'_>) -> f64 {
    let (numerator, denominator) = (settings.i32(8), settings.u32(0x6C));
    if numerator == 0 || denominator == 0 {
        1.0
    } else {
        f64::from(numerator) / f64::from(denominator)
    }
}

fn layer_blending_mode(settings: Fields<'_>, notes: &mut Notes) -> BlendingMode {
    let number = settings.u8(0x63);
    match blending_mode::of_layer(number) {
        Some(BlendingMode::Dissolve) if settings.bit(0x67, 1) => BlendingMode::DancingDissolve,
        Some(mode) => mode,
        None => {
            notes.warn(Kind::Unsupported, format!("blending mode {number} is not known"));
            BlendingMode::Normal
        }
    }
}

/// Since version 23 a layer names its matte; before, the matte is the layer directly above.
fn track_matte(settings: Fields<'_>, above: Option<LayerId>) -> Option<TrackMatte> {
    let (kind, inverted) = match settings.u8(0x6B) {
        1 => (MatteKind::Alpha, false),
        2 => (MatteKind::Alpha, true),
        3 => (MatteKind::Luma, false),
        4 => (MatteKind::Luma, true),
        _ => return None,
    };
    let layer = if settings.len() >= 0xA4 {
        layer_reference(settings.u32(0xA0))?
    } else {
        above?
    };
    Some(TrackMatte { layer, kind, inverted })
}

fn auto_orient(settings: Fields<'_>, kind: LayerKind) -> AutoOrient {
    let bits = 0x26;
    if settings.bit(bits, 0) {
        AutoOrient::AlongPath
    } else if settings.bit(0x25, 4) && settings.bit(0x25, 3) {
        AutoOrient::CharactersTowardsCamera
    } else if settings.bit(bits, 5) {
        AutoOrient::TowardsCamera
    } else if settings.bit(bits, 6) && matches!(kind, LayerKind::Camera | LayerKind::Light(_)) {
        AutoOrient::TowardsPointOfInterest
    } else {
        AutoOrient::Off
    }
}

/// What only the file knows of and evaluation will not miss.
fn warn_of_unread(layer: &Layer, notes: &mut Notes) {
    if layer.switches.environment {
        notes.warn(
            Kind::Unsupported,
            "it is an environment layer: it is not drawn around the scene",
        );
    }
    let blending = layer.properties.group(LAYER_STYLES);
    let blending = blending.and_then(|styles| styles.group("ADBE Blend Options Group"));
    if let Some(advanced) = blending.and_then(|options| options.group("ADBE Adv Blend Group")) {
        for property in advanced.properties() {
            let definition = schema::property_definition(&advanced.match_name, &property.match_name);
            // Evaluation follows these.
            if matches!(
                &*property.match_name,
                "ADBE Layer Fill Opacity2" | "ADBE Blend Interior"
            ) {
                continue;
            }
            let is_default = definition.is_some_and(|d| d.property().value == property.value);
            if !is_default || property.is_animated() {
                let name = definition.map_or(&*property.match_name, |d| d.name);
                notes.warn(Kind::Unsupported, format!("Advanced Blending > {name} is not drawn"));
            }
        }
    }
}

const LAYER_STYLES: &str = "ADBE Layer Styles";

/// Takes out of the tree what is not meant there: markers, which are kept apart, and a time remap that is not used.
fn tidy(layer: &mut Layer) {
    layer.properties.children.retain(|node| match node {
        Node::Property(p) if p.match_name == "ADBE Marker" => false,
        Node::Property(p) if p.match_name == schema::TIME_REMAP => p.is_animated(),
        _ => true,
    });
    if let Some(remap) = layer.properties.property_mut(schema::TIME_REMAP) {
        remap.name = "Time Remap".into();
    }
    name_text_path(layer);
    // Every layer lists all styles there are; those neither switched on nor touched say nothing.
    if let Some(styles) = layer.properties.group_mut(LAYER_STYLES) {
        styles
            .children
            .retain(|node| !matches!(node, Node::Group(g) if !g.enabled && g.children.is_empty()));
    }
    // A new null is invisible in After Effects; expressions can read that.
    if layer.kind == LayerKind::Null
        && let Some(transform) = transform_of(layer)
        && transform.property("ADBE Opacity").is_none()
        && let Some(opacity) = schema::property_definition(schema::TRANSFORM, "ADBE Opacity")
    {
        let opacity = Property {
            value: 0.0.into(),
            ..opacity.property()
        };
        transform.children.push(opacity.into());
    }
}

/// A text's path can be stored as the number of a mask, counted from 1; everything else names masks by id.
fn name_text_path(layer: &mut Layer) {
    let ids: Vec<u32> = layer
        .properties
        .group(schema::MASKS)
        .into_iter()
        .flat_map(Group::groups)
        .filter_map(|group| match group.details {
            GroupDetails::Mask(settings) => Some(settings.id),
            _ => None,
        })
        .collect();
    let options = layer
        .properties
        .group_mut(schema::TEXT)
        .and_then(|text| text.group_mut("ADBE Text Path Options"));
    let Some(path) = options.and_then(|options| options.property_mut("ADBE Text Path")) else {
        return;
    };
    if let Some(number) = path.value.as_number() {
        let index = (number as usize).checked_sub(1);
        path.value = Value::Mask(index.and_then(|i| ids.get(i).copied()));
        path.value_type = ValueType::Mask;
        path.keyframes.clear();
    }
}

fn transform_of(layer: &mut Layer) -> Option<&mut Group> {
    layer.properties.group_mut(schema::TRANSFORM)
}

/// In and out are stored relative to the start and unstretched. A layer cannot show what is before or after its
/// source, unless its time is remapped.
fn set_in_and_out(layer: &mut Layer, settings: Fields<'_>, source: Option<&Source>) {
    let (mut first, mut last) = (settings.fraction(0x14), settings.fraction(0x1C));
    let remapped = layer.properties.property(schema::TIME_REMAP).is_some();
    if let Some(duration) = source.and_then(|s| s.duration)
        && !remapped
        && layer.kind != LayerKind::Null
    {
        first = first.clamp(0.0, duration);
        last = last.clamp(0.0, duration);
    }
    let at = |time: f64| layer.start_time + time * layer.stretch;
    let (a, b) = (at(first), at(last));
    (layer.in_point, layer.out_point) = (a.min(b), a.max(b));
}
