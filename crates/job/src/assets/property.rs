//! Changing a property, a member of its value, or an attribute of a layer: the path grammar of `data` assets.
//!
//! A path is split on `->` if that occurs, else on `.`, and followed from the layer by display name or match name.
//! Keys left over at a property name a member of its value (`Source Text.fontSize`, `Position.0`); a path that leads
//! to no property is tried as an attribute (`enabled`, `containingComp.duration`).

use filmpress_composition::lookup::{self, Selected};
use filmpress_composition::{
    Diagnostics, Expression, Group, GroupDetails, Layer, Node, Place, Project, Property, Value,
};
use serde_json::Value as Json;

use super::error::list;
use super::target::{layer, layer_mut};
use super::{AssetError, attribute, source_text, value};

/// What a property or attribute shall become.
#[derive(Clone, Copy)]
pub(crate) enum Change<'a> {
    /// A value.
    Value(&'a Json),
    /// Driven by an expression.
    Expression(&'a str),
}

/// Where a change takes place, for error texts.
pub(crate) struct At<'a> {
    pub(crate) path: &'a str,
    pub(crate) layer: &'a str,
}

impl At<'_> {
    /// The value does not fit.
    pub(crate) fn wrong(&self, expected: impl Into<String>, given: &Json) -> AssetError {
        let mut given = given.to_string();
        if given.chars().count() > 80 {
            given = given.chars().take(77).chain("...".chars()).collect();
        }
        AssetError::Value {
            path: self.path.to_owned(),
            layer: self.layer.to_owned(),
            expected: expected.into(),
            given,
        }
    }

    /// The key at `keys[at]` leads nowhere.
    pub(crate) fn missing(&self, keys: &[&str], at: usize, hint: String) -> AssetError {
        AssetError::PropertyNotFound {
            path: keys.join("."),
            key: keys.get(at).copied().unwrap_or_default().to_owned(),
            layer: self.layer.to_owned(),
            hint,
        }
    }
}

/// Applies `change` at `path` of a layer.
pub(crate) fn change(
    project: &mut Project,
    selected: Selected,
    path: &str,
    change: Change<'_>,
    place: &Place,
    warnings: &mut Diagnostics,
) -> Result<(), AssetError> {
    let Some(target) = layer(project, selected) else {
        return Ok(());
    };
    let name = target.name.clone();
    let at = At { path, layer: &name };
    let keys = lookup::split_path(path);
    let found = lookup::walk(&target.properties, &keys);
    let rest = keys.get(found.used..).unwrap_or_default();
    let not_found = || {
        let here = match lookup::node(&target.properties, &found.trail) {
            Some(Node::Group(group)) => group,
            _ => &target.properties,
        };
        at.missing(&keys, found.used, hint(target, here, rest.first().unwrap_or(&"")))
    };
    let is_attribute = match lookup::node(&target.properties, &found.trail) {
        None => true,
        Some(Node::Property(_)) => false,
        Some(Node::Group(group)) if rest.is_empty() => {
            let inside = names(group);
            return Err(at.wrong(
                format!("no value, it is a group; {}", list("properties", "", &inside)),
                &json(change),
            ));
        }
        Some(Node::Group(_)) => !matches!(rest, ["enabled" | "name"]),
    };
    if is_attribute {
        if found.used > 0 {
            return Err(not_found());
        }
        let error = not_found();
        return attribute::change(project, selected, &keys, change, &at, place, warnings).unwrap_or(Err(error));
    }
    let Some(target) = layer_mut(project, selected) else {
        return Ok(());
    };
    match rest {
        [] => separate_position(&mut target.properties, &found.trail, change),
        [member] => {
            if let Some(Node::Group(group)) = lookup::node_mut(&mut target.properties, &found.trail) {
                return change_group(group, member, change, &at);
            }
        }
        _ => {}
    }
    match lookup::node_mut(&mut target.properties, &found.trail) {
        Some(Node::Property(property)) => change_property(property, &keys, rest, change, &at, place, warnings),
        _ => Ok(()),
    }
}

fn change_property(
    property: &mut Property,
    keys: &[&str],
    rest: &[&str],
    change: Change<'_>,
    at: &At<'_>,
    place: &Place,
    warnings: &mut Diagnostics,
) -> Result<(), AssetError> {
    let (change, rest) = match (change, rest) {
        // `Opacity.expression` with a text is the same as `Opacity` with an expression.
        (Change::Value(Json::String(text)), ["expression"]) => (Change::Expression(text), &[][..]),
        (change, rest) => (change, rest),
    };
    let new = match change {
        Change::Expression(text) if rest.is_empty() => {
            property.expression = (!text.trim().is_empty()).then(|| Expression {
                text: text.replace("\r\n", "\n").replace('\r', "\n"),
                enabled: true,
            });
            return Ok(());
        }
        Change::Expression(_) => {
            return Err(AssetError::Unsupported(format!(
                "an expression cannot drive `{}` of layer `{}`: only whole properties take expressions",
                at.path, at.layer
            )));
        }
        Change::Value(new) => new,
    };
    match rest {
        [] => {
            if matches!(property.value, Value::Text(_)) {
                source_text::set_text(property, new, at)
            } else {
                value::set(property, new, at, place, warnings)
            }
        }
        ["expressionEnabled"] => {
            let on = new.as_bool().ok_or_else(|| at.wrong("true or false", new))?;
            if let Some(expression) = &mut property.expression {
                expression.enabled = on;
            }
            Ok(())
        }
        [member] => {
            let known = match &property.value {
                Value::Text(_) => source_text::set_member(property, member, new, at)?,
                Value::Vector(_) => value::set_component(property, member, new, at)?,
                _ => false,
            };
            if known {
                return Ok(());
            }
            let members: Vec<String> = match &property.value {
                Value::Text(_) => source_text::MEMBERS.iter().map(|m| (*m).to_owned()).collect(),
                Value::Vector(v) => (0..v.len()).map(|i| i.to_string()).collect(),
                _ => Vec::new(),
            };
            Err(at.missing(keys, keys.len() - 1, list("members", member, &members)))
        }
        _ => Err(at.missing(keys, keys.len() - rest.len() + 1, "a member has no members".into())),
    }
}

fn change_group(group: &mut Group, member: &str, change: Change<'_>, at: &At<'_>) -> Result<(), AssetError> {
    match (member, change) {
        ("enabled", Change::Value(Json::Bool(on))) => group.enabled = *on,
        ("name", Change::Value(Json::String(name))) => group.name = name.clone().into(),
        ("enabled", _) => return Err(at.wrong("true or false", &json(change))),
        _ => return Err(at.wrong("a name", &json(change))),
    }
    Ok(())
}

/// A position separated into dimensions shows its `X Position` and `Y Position`: setting `Position` as a whole puts
/// the dimensions together again.
fn separate_position(layer: &mut Group, trail: &[usize], change: Change<'_>) {
    let Some((_, above)) = trail.split_last() else { return };
    let is_position = lookup::node(layer, trail).is_some_and(|node| node.match_name() == "ADBE Position");
    if let Some(Node::Group(group)) = lookup::node_mut(layer, above)
        && is_position
        && matches!(change, Change::Value(_))
        && group.details == GroupDetails::SeparatedPosition
    {
        group.details = GroupDetails::None;
    }
}

/// What is there instead of `key`: properties of that name elsewhere in the layer, else what the group holds.
fn hint(layer: &Layer, here: &Group, key: &str) -> String {
    let mut elsewhere = Vec::new();
    layer.properties.visit(&mut |above, property| {
        if property.name == key || property.match_name == key {
            let path: Vec<_> = above
                .iter()
                .skip(1)
                .map(|g| &*g.name)
                .chain([&*property.name])
                .collect();
            let separator = if path.iter().any(|name| name.contains('.')) {
                "->"
            } else {
                "."
            };
            elsewhere.push(path.join(separator));
        }
    });
    if elsewhere.is_empty() {
        list("properties", key, &names(here))
    } else {
        list("properties of that name", "", &elsewhere)
    }
}

fn names(group: &Group) -> Vec<String> {
    group.children.iter().map(|child| child.name().to_owned()).collect()
}

pub(crate) fn json(change: Change<'_>) -> Json {
    match change {
        Change::Value(value) => value.clone(),
        Change::Expression(text) => Json::String(text.to_owned()),
    }
}
