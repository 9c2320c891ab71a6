//! A composition as one layer shows it: with the layer's Essential Properties instead of its own values.

use filmpress_composition::{
    Composition, DrivenProperty, EssentialProperty, ItemId, Keyframe, Kind, Layer, LayerKind, Node, Property, Value,
    lookup, schema,
};

use crate::compile::Compile;
use crate::limits;

/// The composition `id` with the values that `layer`, which shows it, has instead; `None` when it has none. Values that
/// cannot be applied are reported. The text tells compositions with different values apart.
pub(crate) fn overridden(c: &mut Compile, id: ItemId, layer: &Layer) -> Option<(Composition, String)> {
    let project = c.project;
    let source = project.composition(id)?;
    let group = layer.properties.group(schema::ESSENTIAL_PROPERTIES)?;
    let panel = source.essential_graphics.as_ref()?;
    let mut changed: Option<Composition> = None;
    let mut values = Vec::new();
    for essential in &layer.essential_properties {
        let Some(Node::Property(property)) = lookup::node(group, &essential.trail) else {
            continue;
        };
        if !essential.is_overridden(property) {
            continue;
        }
        let Some(control) = panel.control(&essential.control) else {
            not_applied(c, property, "the composition's panel has no such control any more");
            continue;
        };
        for driven in &control.drives {
            let composition = changed.get_or_insert_with(|| source.clone());
            match apply(c, id, driven, essential, property, composition) {
                Ok(()) => values.push(format!("{}={:?}{:?}", control.id, property, essential.source)),
                Err(reason) => not_applied(c, property, &reason),
            }
        }
    }
    if values.is_empty() {
        return None;
    }
    if c.variants.len() >= limits::VARIANTS {
        c.warn(
            Kind::Limit,
            format!(
                "compositions are shown with more than {} different sets of Essential Properties; here it has its own values",
                limits::VARIANTS
            ),
        );
        return None;
    }
    changed.map(|composition| (composition, values.join(";")))
}

fn not_applied(c: &mut Compile, property: &Property, reason: &str) {
    c.warn(
        Kind::Unsupported,
        format!("Essential Property `{}` is not applied: {reason}", property.name),
    );
}

/// Puts a value where its control leads.
fn apply(
    c: &Compile,
    id: ItemId,
    driven: &DrivenProperty,
    essential: &EssentialProperty,
    value: &Property,
    composition: &mut Composition,
) -> Result<(), String> {
    if driven.composition != id {
        return Err("it drives a layer of another composition".to_owned());
    }
    let found = lookup::driven_property(c.project, driven).map_err(|fault| fault.to_string())?;
    let target = composition
        .layers
        .iter_mut()
        .find(|l| l.id == found.layer)
        .ok_or("its layer is not there")?;
    let (start, stretch) = (target.start_time, target.stretch);
    let in_effect = target.properties.children.get(*found.trail.first().unwrap_or(&0));
    let in_effect = in_effect.is_some_and(|node| node.match_name() == schema::EFFECTS);
    let Some(Node::Property(own)) = lookup::node_mut(&mut target.properties, &found.trail) else {
        return Err("its control leads to a group".to_owned());
    };
    if own.match_name == schema::ALTERNATE_SOURCE {
        let replacement = essential.source.filter(|source| c.project.item(*source).is_some());
        let (Some(source), LayerKind::Av(_)) = (replacement, target.kind) else {
            return Err("the media that replaces its source is not in the project".to_owned());
        };
        target.kind = LayerKind::Av(source);
        return Ok(());
    }
    // How the file keeps points of overrides that are stored as fractions of a layer is not known.
    let is_fraction = own.match_name == "ADBE Anchor Point" || in_effect && own.value_type.is_spatial();
    if is_fraction {
        return Err("points of effects and anchor points are not read from overrides".to_owned());
    }
    if !is_like(&own.value, &value.value) {
        return Err("its value is of another type".to_owned());
    }
    own.value = value.value.clone();
    own.keyframes = value.keyframes.iter().map(|key| shifted(key, start, stretch)).collect();
    own.expression.clone_from(&value.expression);
    Ok(())
}

fn is_like(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Vector(a), Value::Vector(b)) => a.len() == b.len(),
        _ => std::mem::discriminant(a) == std::mem::discriminant(b),
    }
}

/// Keyframes of an override are in the time of the composition that is shown, its layers have times of their own.
fn shifted(key: &Keyframe, start: f64, stretch: f64) -> Keyframe {
    Keyframe {
        time: (key.time - start) / stretch,
        ..key.clone()
    }
}
