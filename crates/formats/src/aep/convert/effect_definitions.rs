//! What parameters the project's effects have: `parT` lists of `pard` records.
//!
//! An instance of an effect often comes without definitions and relies on those of another instance, or of the
//! project's own list (`EfdG`): one table for the whole file, by match name.

use std::collections::HashMap;

use filmpress_composition::ValueType;

use super::code_page::CodePage;
use crate::aep::raw::{Chunk, Fields};

/// A parameter of an effect.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Parameter {
    pub match_name: String,
    pub name: String,
    pub value_type: ValueType,
    /// In the units values are stored in; empty for what is not made of numbers. Of a layer: -1 is the effect's own.
    pub default: Vec<f64>,
}

/// Effects' names and parameters by match name.
#[derive(Debug, Default)]
pub(super) struct Definitions(HashMap<String, Definition>);

/// An effect.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Definition {
    /// Display name.
    pub name: Option<String>,
    /// Parameters in panel order, the hidden first one (the layer itself) left out.
    pub parameters: Vec<Parameter>,
}

impl Definitions {
    /// Every definition in the file; the project's own list goes first.
    pub fn collect(root: &Chunk<'_>, code_page: CodePage) -> Self {
        let mut definitions = Self::default();
        for effect in root
            .child_list(*b"EfdG")
            .into_iter()
            .flat_map(|list| list.lists(*b"EfDf"))
        {
            definitions.walk(effect, code_page);
        }
        definitions.walk(root, code_page);
        definitions
    }

    fn walk(&mut self, chunk: &Chunk<'_>, code_page: CodePage) {
        let mut match_name = None;
        for child in &chunk.children {
            if !child.is_list {
                if child.id == *b"tdmn" {
                    match_name = Some(child);
                }
                continue;
            }
            if child.id == *b"sspc"
                && let Some(name) = match_name.map(Chunk::c_string)
                && !self.0.contains_key(&name)
                && let Some(definition) = Definition::of(child, code_page)
            {
                self.0.insert(name, definition);
            }
            self.walk(child, code_page);
        }
    }

    /// What an effect has, by its match name.
    pub fn get(&self, match_name: &str) -> Option<&Definition> {
        self.0.get(match_name)
    }
}

impl Definition {
    /// The definition an instance carries; `None` when it has none.
    pub fn of(sspc: &Chunk<'_>, code_page: CodePage) -> Option<Self> {
        let list = sspc.child_list(*b"parT")?;
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut match_name = String::new();
        for child in &list.children {
            match &child.id {
                b"tdmn" => match_name = child.match_name(),
                b"pard" => parameters.push(parameter(&match_name, Fields(&child.data), code_page)),
                // Check boxes have their words here, menus their choices.
                b"pdnm" => {
                    let words = child.text();
                    if let Some(last) = parameters.last_mut()
                        && last.name.trim().is_empty()
                        && !words.contains('|')
                    {
                        last.name = words;
                    }
                }
                _ => {}
            }
        }
        parameters.retain(|p| !is_the_layer_itself(&p.match_name) && p.match_name != BUILT_IN);
        (!parameters.is_empty()).then(|| Self {
            name: sspc.name(*b"fnam"),
            parameters,
        })
    }
}

/// The group every effect ends with: masks it is limited to, its opacity. Not one of its own parameters.
pub(super) const BUILT_IN: &str = "ADBE Effect Built In Params";

/// Every effect has a hidden first parameter: the layer it is on.
pub(super) fn is_the_layer_itself(match_name: &str) -> bool {
    match_name.ends_with("-0000")
}

const GROUP_END: u8 = 14;

/// The SDK's parameter record.
fn parameter(match_name: &str, record: Fields<'_>, code_page: CodePage) -> Parameter {
    let body = |at: usize| 0x38 + at;
    let one = |x: f64| vec![x];
    let kind = record.u8(0x0F);
    let (value_type, default) = match kind {
        0 => (ValueType::Layer, one(record.i32(body(0x48)).into())),
        1 => (ValueType::OneD, one(record.i32(body(0x54)).into())),
        2 => (ValueType::OneD, one(record.fixed(body(0x54)))),
        3 => (ValueType::OneD, one(record.fixed(body(4)))),
        4 => (ValueType::OneD, one(record.u8(body(4)).into())),
        5 => (ValueType::Color, (4..8).map(|at| record.u8(body(at)).into()).collect()),
        6 => (
            ValueType::TwoDSpatial,
            vec![record.fixed(body(12)) / 100.0, record.fixed(body(16)) / 100.0],
        ),
        7 => (ValueType::OneD, one(record.i16(body(6)).into())),
        10 => (ValueType::OneD, one(record.f32(body(0x40)))),
        12 => (ValueType::Mask, Vec::new()),
        18 => (
            ValueType::ThreeDSpatial,
            [24, 32, 40].map(|at| record.f64(body(at)) / 100.0).to_vec(),
        ),
        _ => (ValueType::NoValue, Vec::new()),
    };
    // The end of a group has the name of what was there before.
    let name = if kind == GROUP_END {
        String::new()
    } else {
        code_page.decode(record.slice(0x10, 32).0)
    };
    Parameter {
        match_name: match_name.to_owned(),
        name,
        value_type,
        default,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u8, name: &str, body: &[(usize, &[u8])]) -> Vec<u8> {
        let mut bytes = vec![0; 148];
        bytes[0x0F] = kind;
        bytes[0x10..0x10 + name.len()].copy_from_slice(name.as_bytes());
        for (at, part) in body {
            bytes[0x38 + at..0x38 + at + part.len()].copy_from_slice(part);
        }
        bytes
    }

    #[test]
    fn defaults_are_found_by_kind() {
        let check = |kind: u8, body: &[(usize, &[u8])]| {
            parameter("X-0001", Fields(&record(kind, "Name", body)), CodePage::default())
        };
        assert_eq!(check(7, &[(6, &[0, 3])]).default, [3.0]);
        assert_eq!(check(5, &[(4, &[255, 1, 2, 3])]).default, [255.0, 1.0, 2.0, 3.0]);
        assert_eq!(check(6, &[(12, &[0, 50, 0, 0, 0, 25, 0, 0])]).default, [0.5, 0.25]);
        assert_eq!(check(10, &[(0x40, &2.5f32.to_be_bytes())]).default, [2.5]);
        assert_eq!(check(0, &[]).value_type, ValueType::Layer);
        assert_eq!(check(0, &[(0x48, &[0xFF; 4])]).default, [-1.0]);
        assert_eq!(check(13, &[]).value_type, ValueType::NoValue);
        assert_eq!(check(4, &[]).name, "Name");
    }

    #[test]
    fn definitions_are_shared_by_match_name() {
        let with = Chunk::list(
            *b"sspc",
            vec![Chunk::list(
                *b"parT",
                vec![
                    Chunk::leaf(*b"tdmn", b"Glow-0000".to_vec()),
                    Chunk::leaf(*b"pard", record(0, "", &[])),
                    Chunk::leaf(*b"tdmn", b"Glow-0001".to_vec()),
                    Chunk::leaf(*b"pard", record(4, "", &[])),
                    Chunk::leaf(*b"pdnm", b"Invert".to_vec()),
                ],
            )],
        );
        let root = Chunk::list(
            *b"Egg!",
            vec![Chunk::list(
                *b"tdgp",
                vec![Chunk::leaf(*b"tdmn", b"Glow\0\0".to_vec()), with],
            )],
        );
        let definitions = Definitions::collect(&root, CodePage::default());
        let glow = definitions.get("Glow").unwrap();
        assert_eq!(glow.parameters.len(), 1);
        assert_eq!(glow.parameters[0].name, "Invert");
    }
}
