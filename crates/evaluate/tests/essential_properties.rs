//! One composition, shown with different values.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use filmpress_composition::{
    Control, ControlKind, DrivenProperty, EssentialGraphics, EssentialProperty, Group, ItemId, ItemKind, Layer,
    LayerId, LayerKind, PathStep, Property, Value, ValueType, schema,
};
use support::{as_group, composition, item, layer, scene_of, solid};

fn control(id: &str, in_composition: u32, match_names: &[&str]) -> Control {
    let step = |name: &&str| PathStep {
        match_name: (*name).to_owned(),
        index: None,
    };
    Control {
        id: id.to_owned(),
        name: id.to_owned(),
        names: [].into(),
        kind: ControlKind::Angle,
        value: None,
        drives: vec![DrivenProperty {
            composition: ItemId(in_composition),
            layer: LayerId(1),
            path: match_names.iter().map(step).collect(),
        }],
    }
}

/// A layer that shows composition 2 with these values: control, value, whether it is the composition's own.
fn shown(id: u32, values: &[(&str, f64, bool)]) -> Layer {
    let mut layer = layer(id, "Card", LayerKind::Av(ItemId(2)), Some((200, 100)));
    let mut group = Group::new(schema::ESSENTIAL_PROPERTIES, "Essential Properties");
    for (index, (control, value, inherited)) in values.iter().enumerate() {
        let value = Value::number(*value);
        layer.essential_properties.push(EssentialProperty {
            control: (*control).to_owned(),
            trail: vec![index],
            inherited: inherited.then(|| value.clone()),
            source: None,
        });
        let property = Property::new("ADBE Opacity", (*control).to_owned(), ValueType::OneD, value);
        group.children.push(property.into());
    }
    layer.properties.children.push(group.into());
    layer
}

/// Opacity of the solid in every card, top first, and the warnings.
fn opacities(layers: Vec<Layer>) -> (Vec<f64>, Vec<String>) {
    let count = layers.len();
    let mut card = composition(vec![layer(1, "Box", LayerKind::Av(ItemId(3)), Some((40, 20)))]);
    card.essential_graphics = Some(EssentialGraphics {
        name: "Card".to_owned(),
        controls: vec![
            control("opacity", 2, &[schema::TRANSFORM, "ADBE Opacity"]),
            control("scale", 2, &[schema::TRANSFORM, "ADBE Scale"]),
            control("elsewhere", 9, &[schema::TRANSFORM, "ADBE Opacity"]),
        ],
    });
    let (scene, warnings) = scene_of(vec![
        item(1, "Main", ItemKind::Composition(composition(layers))),
        item(2, "Card", ItemKind::Composition(card)),
        solid(3),
    ]);
    let frame = scene.frame(0);
    assert_eq!(frame.root.children.len(), count);
    let opacity = |node| {
        let card = as_group(node);
        let inside = as_group(card.children.first().unwrap());
        inside.opacity
    };
    let mut all: Vec<f64> = frame.root.children.iter().map(opacity).map(f64::from).collect();
    all.reverse();
    (all, warnings)
}

#[test]
fn each_layer_shows_the_composition_with_its_own_values() {
    let mut edited = shown(4, &[("opacity", 100.0, true)]);
    let group = edited.properties.group_mut(schema::ESSENTIAL_PROPERTIES).unwrap();
    group.property_mut("ADBE Opacity").unwrap().set_value(50.0.into());
    let (found, warnings) = opacities(vec![
        shown(1, &[("opacity", 25.0, false)]),
        shown(2, &[("opacity", 75.0, true)]),
        shown(3, &[]),
        edited,
    ]);
    assert_eq!(
        found,
        [0.25, 1.0, 1.0, 0.5],
        "overridden, inherited, without, changed by a job"
    );
    assert_eq!(warnings, Vec::<String>::new());
}

#[test]
fn values_that_cannot_be_applied_are_said_by_name() {
    let (found, warnings) = opacities(vec![shown(
        1,
        &[("scale", 7.0, false), ("elsewhere", 7.0, false), ("gone", 7.0, false)],
    )]);
    assert_eq!(found, [1.0]);
    let said = |name: &str, reason: &str| {
        let text = format!("Main > Card: unsupported: Essential Property `{name}` is not applied: {reason}");
        assert!(warnings.contains(&text), "{warnings:?}");
    };
    said("scale", "its value is of another type");
    said("elsewhere", "it drives a layer of another composition");
    said("gone", "the composition's panel has no such control any more");
}
