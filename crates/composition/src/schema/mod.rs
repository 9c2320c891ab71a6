//! The properties After Effects' groups have: display names, value types, defaults.
//!
//! Files leave out every property that is at its default. Readers build what the file says and then call
//! [`complete_layer`], after which evaluation and scripts find every property a group of that kind must have.
//! Groups that hold a list of the user's own things (effects, masks, shape contents, dashes) get nothing added;
//! the things in them do.
//!
//! To add a group: a [`GroupDefinition`] in the file of its topic; the topic's list is named in [`TOPICS`].

mod layer;
mod layer_styles;
mod mask;
mod shape;
mod text;
mod transform;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::{Gradient, Group, Layer, LayerKind, Node, Property, TextDocument, Value, ValueType};

/// A property a group has.
#[derive(Debug)]
pub struct PropertyDefinition {
    /// After Effects' language-independent name.
    pub match_name: &'static str,
    /// After Effects' English display name.
    pub name: &'static str,
    /// What its value is made of.
    pub value_type: ValueType,
    /// Default in the units of this crate; empty for values that are not numbers.
    pub default: &'static [f64],
}

/// A kind of group: what it is called and what it must have.
#[derive(Clone, Copy, Debug)]
pub struct GroupDefinition {
    /// After Effects' language-independent name.
    pub match_name: &'static str,
    /// After Effects' English display name.
    pub name: &'static str,
    /// Properties it always has, in panel order.
    pub properties: &'static [PropertyDefinition],
    /// Groups it always has, by match name, in panel order after the properties.
    pub groups: &'static [&'static str],
    /// Properties it can have: those added by hand, those of newer versions. They are named, not filled in.
    pub optional: &'static [PropertyDefinition],
}

impl GroupDefinition {
    /// The definition of a property it always or sometimes has.
    pub fn property(&self, match_name: &str) -> Option<&'static PropertyDefinition> {
        let all = self.properties.iter().chain(self.optional);
        all.into_iter().find(|p| p.match_name == match_name)
    }
}

const TOPICS: [&[GroupDefinition]; 6] = [
    transform::GROUPS,
    mask::GROUPS,
    shape::GROUPS,
    text::GROUPS,
    layer::GROUPS,
    layer_styles::GROUPS,
];

/// The definition of a kind of group.
pub fn group_definition(match_name: &str) -> Option<&'static GroupDefinition> {
    /// Asked for every group of a project.
    static BY_NAME: LazyLock<HashMap<&'static str, &'static GroupDefinition>> = LazyLock::new(|| {
        let all = TOPICS.iter().flat_map(|topic| topic.iter());
        all.map(|group| (group.match_name, group)).collect()
    });
    BY_NAME.get(match_name).copied()
}

/// The definition of a property inside a kind of group.
pub fn property_definition(group: &str, match_name: &str) -> Option<&'static PropertyDefinition> {
    group_definition(group)?.property(match_name)
}

/// A match name, borrowed from the tables where they know it.
pub fn match_name(name: &str) -> Cow<'static, str> {
    /// Asked for every property of a project.
    static NAMES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
        let all = TOPICS.iter().flat_map(|topic| topic.iter());
        all.flat_map(|group| {
            let properties = group.properties.iter().chain(group.optional);
            properties.map(|p| p.match_name).chain([group.match_name])
        })
        .collect()
    });
    match NAMES.get(name) {
        Some(known) => Cow::Borrowed(*known),
        None => Cow::Owned(name.to_owned()),
    }
}

impl PropertyDefinition {
    /// The property at its default.
    pub fn property(&self) -> Property {
        let value = match self.value_type {
            ValueType::TextDocument => Value::Text(TextDocument::default().into()),
            ValueType::Path => Value::Path(std::sync::Arc::default()),
            // A gradient nobody edited is not in the file. Those of layer styles are not known.
            ValueType::Gradient if self.match_name == "ADBE Vector Grad Colors" => {
                Value::Gradient(Gradient::white_to_black().into())
            }
            ValueType::Gradient => Value::Gradient(std::sync::Arc::default()),
            ValueType::Layer => Value::Layer(None),
            ValueType::Mask => Value::Mask(None),
            ValueType::NoValue | ValueType::Marker => Value::None,
            _ => Value::Vector(crate::Vector::new(self.default)),
        };
        Property::new(self.match_name, self.name, self.value_type, value)
    }
}

/// A group of the kind `match_name` with every property at its default; an empty group for unknown kinds.
pub fn new_group(match_name: &str) -> Group {
    let mut group = match group_definition(match_name) {
        Some(definition) => Group::new(definition.match_name, definition.name),
        None => Group::new(match_name.to_owned(), match_name.to_owned()),
    };
    complete(&mut group);
    group
}

/// Adds what the group's kind must have and the file left out, here and in every group below; known children come
/// first in panel order, others after them in the order they had. Missing display names are filled in.
pub fn complete(group: &mut Group) {
    if let Some(definition) = group_definition(&group.match_name) {
        if group.name.is_empty() {
            group.name = Cow::Borrowed(definition.name);
        }
        if !definition.properties.is_empty() || !definition.groups.is_empty() {
            let mut given = std::mem::take(&mut group.children);
            let mut take = |name: &str| {
                let at = given.iter().position(|child| child.match_name() == name)?;
                Some(given.remove(at))
            };
            for property in definition.properties {
                let mut node = take(property.match_name).unwrap_or_else(|| property.property().into());
                if let Node::Property(p) = &mut node
                    && p.name.is_empty()
                {
                    p.name = Cow::Borrowed(property.name);
                }
                group.children.push(node);
            }
            for name in definition.groups {
                group
                    .children
                    .push(take(name).unwrap_or_else(|| new_group(name).into()));
            }
            group.children.append(&mut given);
        }
        for child in &mut group.children {
            if let Node::Property(p) = child
                && p.name.is_empty()
                && let Some(optional) = definition.property(&p.match_name)
            {
                p.name = Cow::Borrowed(optional.name);
            }
        }
    }
    if group.name.is_empty() {
        group.name = group.match_name.clone();
    }
    for child in &mut group.children {
        match child {
            Node::Group(g) => complete(g),
            Node::Property(p) if p.name.is_empty() => p.name = p.match_name.clone(),
            Node::Property(_) => {}
        }
    }
}

/// Completes all of a layer: the groups its kind must have, and the defaults that depend on where the layer is:
/// Position (the composition's centre), Anchor Point (the source's centre, else 0, else for a camera the composition's
/// centre) and a camera's zoom, focus distance and distance (those of a lens of 50 mm). `composition` and `source` are
/// widths and heights in pixels.
pub fn complete_layer(layer: &mut Layer, composition: (u32, u32), source: Option<(u32, u32)>) {
    let centre = |(w, h): (u32, u32)| [f64::from(w) / 2.0, f64::from(h) / 2.0, 0.0];
    let anchor = match layer.kind {
        LayerKind::Av(_) => source.map_or([0.0; 3], centre),
        LayerKind::Camera | LayerKind::Light(_) => centre(composition),
        _ => [0.0; 3],
    };
    // 36 mm of film behind a lens of 50 mm.
    let distance = f64::from(composition.0) * 50.0 / 36.0;
    let mut position = centre(composition);
    if layer.kind == LayerKind::Camera {
        position[2] = -distance;
    }
    for name in layer_groups(layer.kind) {
        if layer.properties.group(name).is_none() {
            let group =
                group_definition(name).map_or_else(|| Group::new(*name, *name), |d| Group::new(d.match_name, d.name));
            layer.properties.children.push(group.into());
        }
    }
    if let Some(transform) = layer.properties.group_mut(TRANSFORM) {
        for (name, default) in [("ADBE Anchor Point", anchor), ("ADBE Position", position)] {
            add_at(transform, name, default.into());
        }
    }
    if let Some(options) = layer.properties.group_mut("ADBE Camera Options Group") {
        for name in ["ADBE Camera Zoom", "ADBE Camera Focus Distance"] {
            add_at(options, name, distance.into());
        }
    }
    complete(&mut layer.properties);
}

/// Adds a property its group must have with this value, unless it is there.
fn add_at(group: &mut Group, name: &str, value: Value) {
    if group.property(name).is_none()
        && let Some(definition) = property_definition(&group.match_name, name)
    {
        let mut property = definition.property();
        property.value = value;
        group.children.push(property.into());
    }
}

/// The match name of a layer's transform group.
pub const TRANSFORM: &str = "ADBE Transform Group";
/// The match name of the group of masks.
pub const MASKS: &str = "ADBE Mask Parade";
/// The match name of the group of effects.
pub const EFFECTS: &str = "ADBE Effect Parade";
/// The match name of a shape layer's contents.
pub const CONTENTS: &str = "ADBE Root Vectors Group";
/// The match name of a text layer's group.
pub const TEXT: &str = "ADBE Text Properties";
/// The match name of the property that holds a text layer's text.
pub const SOURCE_TEXT: &str = "ADBE Text Document";
/// The match name of the time remapping property, a direct child of the layer.
pub const TIME_REMAP: &str = "ADBE Time Remapping";
/// The match name of the group of values a nested composition is shown with instead of its own.
pub const ESSENTIAL_PROPERTIES: &str = "ADBE Layer Overrides";
/// The match name of the property that stands for a layer's replaceable source; it has no value of its own.
pub const ALTERNATE_SOURCE: &str = "ADBE Layer Source Alternate";

/// The groups a layer of this kind must have.
fn layer_groups(kind: LayerKind) -> &'static [&'static str] {
    match kind {
        LayerKind::Text => &[TEXT, TRANSFORM, MASKS, EFFECTS],
        LayerKind::Shape => &[CONTENTS, TRANSFORM, MASKS, EFFECTS],
        LayerKind::Camera => &[TRANSFORM, "ADBE Camera Options Group"],
        LayerKind::Light(_) => &[TRANSFORM, "ADBE Light Options Group"],
        LayerKind::Av(_) | LayerKind::Null => &[TRANSFORM, MASKS, EFFECTS],
        LayerKind::Audio(_) | LayerKind::Unknown => &[],
    }
}

const fn one(match_name: &'static str, name: &'static str, default: &'static [f64]) -> PropertyDefinition {
    PropertyDefinition {
        match_name,
        name,
        value_type: ValueType::OneD,
        default,
    }
}

const fn of(
    value_type: ValueType,
    match_name: &'static str,
    name: &'static str,
    default: &'static [f64],
) -> PropertyDefinition {
    PropertyDefinition {
        match_name,
        name,
        value_type,
        default,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_has_as_many_numbers_as_its_type() {
        for group in TOPICS.iter().flat_map(|topic| topic.iter()) {
            for p in group.properties.iter().chain(group.optional) {
                assert_eq!(
                    p.default.len(),
                    p.value_type.dimensions(),
                    "{} > {}",
                    group.match_name,
                    p.match_name
                );
            }
            for name in group.groups {
                assert!(group_definition(name).is_some(), "{name} is named but not defined");
            }
        }
    }

    #[test]
    fn match_names_are_unique_in_their_group() {
        let mut seen = std::collections::HashSet::new();
        for group in TOPICS.iter().flat_map(|topic| topic.iter()) {
            assert!(seen.insert(group.match_name), "{} is defined twice", group.match_name);
            let all = || group.properties.iter().chain(group.optional);
            let names: std::collections::HashSet<_> = all().map(|p| p.match_name).collect();
            assert_eq!(names.len(), all().count(), "{}", group.match_name);
        }
    }

    #[test]
    fn what_a_group_can_have_is_named_and_not_filled_in() {
        let mut group = Group::new("ADBE Text Animator Properties", "");
        group
            .children
            .push(Property::new("ADBE Text Opacity", "", ValueType::OneD, 0.0.into()).into());
        complete(&mut group);
        assert_eq!(group.children.len(), 1);
        assert_eq!(group.property("ADBE Text Opacity").unwrap().name, "Opacity");
        let selector = new_group("ADBE Text Wiggly Selector");
        assert_eq!(
            selector
                .property("ADBE Text Wiggly Min Amount")
                .unwrap()
                .value
                .as_number(),
            Some(-100.0)
        );
    }

    #[test]
    fn an_empty_shape_layer_gets_its_transform() {
        let mut layer = Layer::new(crate::LayerId(1), "Shape Layer 1", LayerKind::Shape, 1.0);
        complete_layer(&mut layer, (200, 100), None);
        let transform = layer.properties.group(TRANSFORM).unwrap();
        let number = |name: &str| transform.property(name).unwrap().value.as_vector().unwrap().to_vec();
        assert_eq!(number("ADBE Position"), [100.0, 50.0, 0.0]);
        assert_eq!(number("ADBE Anchor Point"), [0.0, 0.0, 0.0]);
        assert_eq!(number("ADBE Opacity"), [100.0]);
    }

    #[test]
    fn a_camera_nobody_touched_sees_the_composition_as_it_is() {
        let mut layer = Layer::new(crate::LayerId(1), "Camera 1", LayerKind::Camera, 1.0);
        complete_layer(&mut layer, (1920, 1080), None);
        let number = |group: &str, name: &str| {
            let property = layer.properties.group(group).unwrap().property(name).unwrap();
            property.value.as_vector().unwrap().to_vec()
        };
        let zoom = number("ADBE Camera Options Group", "ADBE Camera Zoom")[0];
        assert!((zoom - 2666.67).abs() < 0.01, "{zoom}");
        assert_eq!(number(TRANSFORM, "ADBE Position"), [960.0, 540.0, -zoom]);
        assert_eq!(number(TRANSFORM, "ADBE Anchor Point"), [960.0, 540.0, 0.0]);
    }

    #[test]
    fn a_gradient_nobody_edited_goes_from_white_to_black() {
        let fill = new_group("ADBE Vector Graphic - G-Fill");
        let Value::Gradient(colors) = &fill.property("ADBE Vector Grad Colors").unwrap().value else {
            panic!("no gradient")
        };
        assert_eq!(colors.colors.iter().map(|c| c.rgb[0]).collect::<Vec<_>>(), [1.0, 0.0]);
    }

    #[test]
    fn completing_keeps_what_was_there() {
        let mut group = Group::new("ADBE Vector Graphic - Fill", "");
        group
            .children
            .push(Property::new("ADBE Vector Fill Opacity", "", ValueType::OneD, 40.0.into()).into());
        group
            .children
            .push(Property::new("Unheard Of", "", ValueType::OneD, 1.0.into()).into());
        complete(&mut group);
        assert_eq!(group.name, "Fill");
        assert_eq!(
            group.property("ADBE Vector Fill Opacity").unwrap().value.as_number(),
            Some(40.0)
        );
        assert_eq!(
            group
                .property("ADBE Vector Fill Color")
                .unwrap()
                .value
                .as_vector()
                .unwrap()[0],
            1.0
        );
        assert_eq!(group.children.last().unwrap().match_name(), "Unheard Of");
    }
}
