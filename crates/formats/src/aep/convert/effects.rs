//! Effects (`sspc` lists): a group of parameters, those at their default taken from the definitions.

use std::borrow::Cow;

use filmpress_composition::{Group, Kind, LayerId, Node, Property, Value, ValueType, schema};

use super::effect_definitions::{BUILT_IN, Definition, Parameter, is_the_layer_itself};
use super::layer::Scope;
use super::notes::Notes;
use super::units::Unit;
use super::{custom_data, group, levels, property};
use crate::aep::raw::Chunk;
use crate::limits::MAX_EFFECT_DEFAULTS;

/// What an effect's tree stores of one parameter.
struct Stored<'a> {
    match_name: String,
    /// The value: `tdbs` for most, `tdgp` for a group of more.
    list: &'a Chunk<'a>,
    /// Data of the effect's own, beside the value.
    data: Option<&'a Chunk<'a>>,
}

/// An effect with all its parameters, in panel order.
pub(super) fn convert(sspc: &Chunk<'_>, match_name: &str, scope: &Scope<'_>, notes: &mut Notes) -> Group {
    let own = Definition::of(sspc, scope.shared.code_page);
    let definition = own.as_ref().or_else(|| scope.shared.definitions.get(match_name));
    let tree = sspc.child_list(*b"tdgp");
    let mut effect = match tree {
        Some(tree) => group::empty(tree, match_name),
        None => Group::new(schema::match_name(match_name), ""),
    };
    if effect.name.is_empty() {
        let name = sspc.name(*b"fnam").or_else(|| definition.and_then(|d| d.name.clone()));
        effect.name = Cow::Owned(name.unwrap_or_else(|| match_name.to_owned()));
    }
    let name = effect.name.clone().into_owned();
    notes.within(&name, |notes| {
        if tree.is_none() {
            notes.warn(Kind::Malformed, "the effect's values are missing");
        }
        let own_layer = tree.and_then(own_layer);
        let mut stored = tree.map(stored).unwrap_or_default();
        for parameter in definition.map(|d| d.parameters.as_slice()).unwrap_or_default() {
            let at = stored.iter().position(|s| s.match_name == parameter.match_name);
            if let Some(at) = at {
                let node = from_file(&stored.remove(at), parameter, own_layer, scope, notes);
                effect.children.push(node);
                continue;
            }
            // An effect of a few bytes can refer to a definition of thousands of parameters.
            let made = &scope.shared.defaults;
            if made.get() >= MAX_EFFECT_DEFAULTS {
                notes.warn(
                    Kind::Limit,
                    format!("the project's effects have more than {MAX_EFFECT_DEFAULTS} parameters at their defaults"),
                );
                break;
            }
            made.set(made.get() + 1);
            effect.children.push(at_default(parameter, own_layer, scope).into());
        }
        for stored in stored {
            effect.children.extend(without_definition(&stored, scope, notes));
        }
    });
    if match_name == levels::MATCH_NAME
        && let Some(tree) = tree
    {
        levels::fill_in(&mut effect, tree);
    }
    if let Some(built_in) = effect.group_mut(BUILT_IN) {
        // Its name is written in the language of the designer's After Effects.
        built_in.name = Cow::Borrowed("Compositing Options");
    }
    effect
}

/// The stored values after their match names.
fn stored<'a>(tree: &'a Chunk<'_>) -> Vec<Stored<'a>> {
    let mut found: Vec<Stored<'a>> = Vec::new();
    let mut match_name = String::new();
    for child in &tree.children {
        if !child.is_list {
            if child.id == *b"tdmn" {
                match_name = child.match_name();
            }
            continue;
        }
        if is_the_layer_itself(&match_name) {
            continue;
        }
        match found.last_mut() {
            Some(last) if last.match_name == match_name => last.data = last.data.or(Some(child)),
            _ => found.push(Stored {
                match_name: match_name.clone(),
                list: child,
                data: None,
            }),
        }
    }
    found
}

/// The layer an effect is on, as its hidden first parameter has it.
fn own_layer(tree: &Chunk<'_>) -> Option<LayerId> {
    let mut children = tree.children.iter();
    children.find(|c| c.id == *b"tdmn" && is_the_layer_itself(&c.c_string()))?;
    match children.find(|c| c.is_list)?.fields(*b"tdpi").u32(0) {
        0 | u32::MAX => None,
        id => Some(LayerId(id)),
    }
}

fn from_file(
    stored: &Stored<'_>,
    parameter: &Parameter,
    own_layer: Option<LayerId>,
    scope: &Scope<'_>,
    notes: &mut Notes,
) -> Node {
    let Stored { match_name, list, data } = stored;
    if list.id != *b"tdbs" {
        // A group within the effect, or a value that is not numbers.
        let mut node = group::node(list, match_name, scope, notes)
            .unwrap_or_else(|| at_default(parameter, own_layer, scope).into());
        let name = match &mut node {
            Node::Group(group) => &mut group.name,
            Node::Property(property) => &mut property.name,
        };
        if name.is_empty() {
            *name = Cow::Owned(parameter.name.clone());
        }
        return node;
    }
    let mut property = match parameter.value_type {
        ValueType::Layer | ValueType::Mask => property::reference(list, match_name, parameter.value_type),
        ValueType::NoValue => custom_data::property(list, match_name, *data, notes),
        value_type => property::numbers(list, match_name, value_type, Unit::of_parameter(value_type, scope)),
    };
    if property.name.is_empty() {
        property.name = Cow::Owned(parameter.name.clone());
    }
    property.into()
}

fn at_default(parameter: &Parameter, own_layer: Option<LayerId>, scope: &Scope<'_>) -> Property {
    let value = match parameter.value_type {
        ValueType::Layer => Value::Layer(own_layer.filter(|_| parameter.default == [-1.0])),
        ValueType::Mask => Value::Mask(None),
        ValueType::NoValue => Value::None,
        value_type => Unit::of_parameter(value_type, scope).value(&parameter.default),
    };
    Property::new(
        schema::match_name(&parameter.match_name),
        parameter.name.clone(),
        parameter.value_type,
        value,
    )
}

fn without_definition(stored: &Stored<'_>, scope: &Scope<'_>, notes: &mut Notes) -> Option<Node> {
    let Stored { match_name, list, data } = stored;
    if list.id != *b"tdbs" {
        return group::node(list, match_name, scope, notes);
    }
    let stream = property::Stream::of(list);
    let property = if list.child(*b"tdpi").is_some() {
        property::reference(list, match_name, ValueType::Layer)
    } else if list.child(*b"tdli").is_some() {
        property::reference(list, match_name, ValueType::Mask)
    } else if stream.has_no_value() {
        custom_data::property(list, match_name, *data, notes)
    } else {
        let value_type = stream.value_type();
        property::numbers(list, match_name, value_type, Unit::of_parameter(value_type, scope))
    };
    Some(property.into())
}
