//! Building small projects the way readers do.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "support of tests, each of which uses its part"
)]

use std::collections::HashMap;

use filmpress_composition::{
    Composition, Group, Item, ItemId, ItemKind, Layer, LayerId, LayerKind, Project, Property, Solid, Value, ValueType,
    schema,
};
use filmpress_evaluate::frame::{self, Node};
use filmpress_evaluate::text::FontBook;
use filmpress_evaluate::{FootageInfo, Scene, World};

/// A world with this footage and no fonts.
#[derive(Default)]
pub struct Shelf {
    pub fonts: FontBook,
    pub footage: HashMap<ItemId, FootageInfo>,
}

impl World for Shelf {
    fn fonts(&self) -> &FontBook {
        &self.fonts
    }
    fn footage(&self, item: ItemId) -> Option<FootageInfo> {
        self.footage.get(&item).copied()
    }
}

pub fn composition(layers: Vec<Layer>) -> Composition {
    Composition {
        width: 200,
        height: 100,
        frame_rate: 10.0,
        duration: 2.0,
        layers,
        ..Composition::default()
    }
}

pub fn item(id: u32, name: &str, kind: ItemKind) -> Item {
    Item::new(ItemId(id), name, kind)
}

pub fn solid(id: u32) -> Item {
    item(
        id,
        "Red",
        ItemKind::Solid(Solid {
            width: 40,
            height: 20,
            color: [1.0, 0.0, 0.0],
        }),
    )
}

/// A layer from 0 to 2 seconds with everything a layer of its kind has.
pub fn layer(id: u32, name: &str, kind: LayerKind, source: Option<(u32, u32)>) -> Layer {
    let mut layer = Layer::new(LayerId(id), name, kind, 2.0);
    schema::complete_layer(&mut layer, (200, 100), source);
    layer
}

pub fn set(layer: &mut Layer, group: &str, property: &str, value: impl Into<Value>) {
    layer
        .properties
        .group_mut(group)
        .unwrap()
        .property_mut(property)
        .unwrap()
        .value = value.into();
}

/// A shape item with some properties changed.
pub fn shape(kind: &str, change: &[(&str, &[f64])]) -> Group {
    let mut group = schema::new_group(kind);
    for (name, numbers) in change {
        group.property_mut(name).unwrap().value = Value::Vector(filmpress_composition::Vector::new(numbers));
    }
    group
}

/// A shape group of items.
pub fn group(items: Vec<Group>, transform: &[(&str, &[f64])]) -> Group {
    let mut group = schema::new_group("ADBE Vector Group");
    let contents = group.group_mut("ADBE Vectors Group").unwrap();
    contents.children = items.into_iter().map(Into::into).collect();
    let place = group.group_mut("ADBE Vector Transform Group").unwrap();
    for (name, numbers) in transform {
        place.property_mut(name).unwrap().value = Value::Vector(filmpress_composition::Vector::new(numbers));
    }
    group
}

/// A shape layer at the composition's origin.
pub fn shape_layer(id: u32, items: Vec<Group>) -> Layer {
    let mut layer = layer(id, "Shapes", LayerKind::Shape, None);
    set(&mut layer, schema::TRANSFORM, "ADBE Position", [0.0, 0.0, 0.0]);
    let contents = layer.properties.group_mut(schema::CONTENTS).unwrap();
    contents.children = items.into_iter().map(Into::into).collect();
    layer
}

pub fn number(name: &'static str, x: f64) -> Property {
    Property::new(name, name, ValueType::OneD, Value::number(x))
}

pub fn scene_of(items: Vec<Item>) -> (Scene, Vec<String>) {
    scene_in(items, &Shelf::default())
}

/// The scene of item 1 and its warnings.
pub fn scene_in(items: Vec<Item>, world: &Shelf) -> (Scene, Vec<String>) {
    let project = Project {
        items,
        ..Project::default()
    };
    let made = Scene::new(&project, ItemId(1), world).unwrap();
    (made.value, made.warnings.iter().map(ToString::to_string).collect())
}

/// The scene of one composition.
pub fn scene(layers: Vec<Layer>) -> (Scene, Vec<String>) {
    scene_of(vec![
        item(1, "Main", ItemKind::Composition(composition(layers))),
        solid(2),
    ])
}

pub fn as_group(node: &Node) -> &frame::Group {
    match node {
        Node::Group(group) => group,
        other => panic!("a group expected, not {other:?}"),
    }
}

pub fn as_path(node: &Node) -> &frame::Path {
    match node {
        Node::Path(path) => path,
        other => panic!("a path expected, not {other:?}"),
    }
}
