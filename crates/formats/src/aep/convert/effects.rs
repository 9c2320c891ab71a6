//! Effects (`sspc` lists): a group of parameters, those at their default taken from the definitions.

use std::borrow::Cow;

use filmpress_composition::{Group, Node, Property, Value, ValueType, schema};

use super::effect_definitions::{BUILT_IN, Definition, Parameter, is_the_layer_itself};
use super::layer::Scope;
use super::notes::Notes;
use super::units::Unit;
use super::{group, levels, property};
use crate::aep::raw::Chunk;

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
    let mut stored = tree.map(stored).unwrap_or_default();
    for parameter in definition.map(|d| d.parameters.as_slice()).unwrap_or_default() {
        let at = stored.iter().position(|(name, _)| *name == parameter.match_name);
        let property = match at {
            Some(at) => from_file(stored.remove(at).1, parameter, scope),
            None => at_default(parameter, scope),
        };
        effect.children.push(property.into());
    }
    let name = effect.name.clone().into_owned();
    notes.within(&name, |notes| {
        for (match_name, list) in stored {
            effect
                .children
                .extend(without_definition(list, &match_name, scope, notes));
        }
    });
    if match_name == levels::MATCH_NAME
        && let Some(tree) = tree
    {
        levels::fill_in(&mut effect, tree);
    }
    if let Some(built_in) = effect.group_mut(BUILT_IN)
        && built_in.name.is_empty()
    {
        built_in.name = Cow::Borrowed("Compositing Options");
    }
    effect
}

/// The stored values after their match names.
fn stored<'a>(tree: &'a Chunk<'_>) -> Vec<(String, &'a Chunk<'a>)> {
    let mut found = Vec::new();
    let mut match_name = String::new();
    for child in &tree.children {
        if child.is_list && !is_the_layer_itself(&match_name) {
            found.push((match_name.clone(), child));
        } else if child.id == *b"tdmn" {
            match_name = child.c_string();
        }
    }
    found
}

fn from_file(list: &Chunk<'_>, parameter: &Parameter, scope: &Scope<'_>) -> Property {
    let mut property = match parameter.value_type {
        ValueType::Layer | ValueType::Mask => property::reference(list, &parameter.match_name, parameter.value_type),
        _ if list.id == *b"tdbs" => {
            let unit = Unit::of_parameter(parameter.value_type, scope);
            property::numbers(list, &parameter.match_name, parameter.value_type, unit)
        }
        // Data of the effect's own, such as curves.
        _ => property::listed(
            list.child_list(*b"tdbs"),
            &parameter.match_name,
            ValueType::NoValue,
            Vec::new(),
            super::keyframes::Axis::Steps,
        ),
    };
    if property.name.is_empty() {
        property.name = Cow::Owned(parameter.name.clone());
    }
    property
}

fn at_default(parameter: &Parameter, scope: &Scope<'_>) -> Property {
    let value = match parameter.value_type {
        ValueType::Layer => Value::Layer(None),
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

fn without_definition(list: &Chunk<'_>, match_name: &str, scope: &Scope<'_>, notes: &mut Notes) -> Option<Node> {
    if list.id != *b"tdbs" {
        return group::node(list, match_name, scope, notes);
    }
    let property = if list.child(*b"tdpi").is_some() {
        property::reference(list, match_name, ValueType::Layer)
    } else if list.child(*b"tdli").is_some() {
        property::reference(list, match_name, ValueType::Mask)
    } else {
        let value_type = property::Stream::of(list).value_type();
        property::numbers(list, match_name, value_type, Unit::of_parameter(value_type, scope))
    };
    Some(property.into())
}
