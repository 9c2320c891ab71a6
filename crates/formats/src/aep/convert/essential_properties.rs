//! The values a layer shows its composition with (`ADBE Layer Overrides`): `OvG2`, the ids of the controls from top to
//! bottom, groups and comments included; then an ordinary group with a group or property for each, in that order. Bit 0
//! of a value's `tdsb` says that it overrides the composition's own; `blsi` beside one is the item that replaces media.

use filmpress_composition::{EssentialProperty, Group, ItemId, Kind, Node, schema};

use super::notes::Notes;
use crate::aep::raw::{Chunk, Fields};

/// What the file says of a value beside the value.
struct Stored {
    is_overridden: bool,
    source: Option<ItemId>,
}

/// What `properties`, the layer's converted tree, means; `tree` is the same in the file.
pub(super) fn read(tree: &Chunk<'_>, properties: &Group, notes: &mut Notes) -> Vec<EssentialProperty> {
    if let Some(id) = replaced_source(tree) {
        notes.warn(
            Kind::Unsupported,
            format!("its source is replaced by item {}, which is not shown", id.0),
        );
    }
    let (Some(group), Some((ids, values))) = (properties.group(schema::ESSENTIAL_PROPERTIES), lists(tree)) else {
        return Vec::new();
    };
    let ids: Vec<String> = ids
        .lists(*b"CPrp")
        .map(|c| {
            c.child(*b"Utf8")
                .map(Chunk::text)
                .unwrap_or_default()
                .to_ascii_lowercase()
        })
        .collect();
    let mut stored = Vec::new();
    collect_stored(values, &mut stored);
    let mut found = Vec::new();
    collect_trails(group, &mut Vec::new(), &mut found);
    if ids.len() != found.len() || stored.len() != found.len() {
        notes.warn(
            Kind::Malformed,
            format!(
                "its Essential Properties are not applied: {} values are there for {} controls",
                found.len(),
                ids.len()
            ),
        );
        return Vec::new();
    }
    let of = |(control, (stored, (trail, node))): (String, (Stored, (Vec<usize>, &Node)))| EssentialProperty {
        control,
        trail,
        inherited: match node {
            Node::Property(property) if !stored.is_overridden => Some(property.value.clone()),
            _ => None,
        },
        source: stored.source,
    };
    ids.into_iter().zip(stored.into_iter().zip(found)).map(of).collect()
}

/// The item that replaces the layer's own source.
fn replaced_source(tree: &Chunk<'_>) -> Option<ItemId> {
    let is_name = |c: &Chunk<'_>| !c.is_list && c.id == *b"tdmn" && c.c_string() == "ADBE Source Options Group";
    let name = tree.children.iter().position(is_name)?;
    let group = tree.children.get(name + 1..)?.iter().find(|c| c.is_list)?;
    let id = group.fields(*b"blsi").u32(0);
    (id != 0).then_some(ItemId(id))
}

/// The list of ids and the group of values.
fn lists<'a>(tree: &'a Chunk<'a>) -> Option<(&'a Chunk<'a>, &'a Chunk<'a>)> {
    let is_name = |c: &&Chunk<'_>| !c.is_list && c.id == *b"tdmn";
    let name = tree
        .children
        .iter()
        .position(|c| is_name(&c) && c.c_string() == schema::ESSENTIAL_PROPERTIES)?;
    let after = || tree.children.iter().skip(name + 1).take_while(|c| !is_name(c));
    let list = |id: [u8; 4]| after().find(|c| c.is_list && c.id == id);
    Some((list(*b"OvG2")?, list(*b"tdgp")?))
}

fn collect_stored(group: &Chunk<'_>, stored: &mut Vec<Stored>) {
    let mut source = None;
    for child in &group.children {
        match &child.id {
            b"tdmn" if !child.is_list => source = None,
            b"blsi" if !child.is_list => {
                let id = Fields(&child.data).u32(0);
                source = (id != 0).then_some(ItemId(id));
            }
            b"tdgp" if child.is_list => {
                stored.push(Stored {
                    is_overridden: false,
                    source: None,
                });
                collect_stored(child, stored);
            }
            b"tdbs" | b"btds" | b"om-s" | b"GCst" | b"otst" if child.is_list => {
                let tdbs = child.child_list(*b"tdbs").unwrap_or(child);
                stored.push(Stored {
                    is_overridden: tdbs.fields(*b"tdsb").bit(3, 0),
                    source: source.take(),
                });
            }
            _ => {}
        }
    }
}

fn collect_trails<'g>(group: &'g Group, above: &mut Vec<usize>, found: &mut Vec<(Vec<usize>, &'g Node)>) {
    for (index, node) in group.children.iter().enumerate() {
        above.push(index);
        found.push((above.clone(), node));
        if let Node::Group(inside) = node {
            collect_trails(inside, above, found);
        }
        above.pop();
    }
}

#[cfg(test)]
mod tests {
    use filmpress_composition::{Layer, Value};

    use crate::aep::testing::{LayerSettings, composition, constant, group, leaf, list, match_name_chunk, project};

    use super::*;

    fn value(flag: u8, number: f64) -> Vec<u8> {
        let mut chunk = constant(false, &[number]);
        // The description goes first in the list.
        let flags = leaf(*b"tdsb", &[0, 0, 0, flag]);
        chunk.splice(12..12, flags.iter().copied());
        let size = chunk.len() as u32 - 8;
        chunk[4..8].copy_from_slice(&size.to_be_bytes());
        chunk
    }

    fn layer(ids: &[&str]) -> (Layer, Vec<String>) {
        let ids: Vec<Vec<u8>> = ids
            .iter()
            .map(|id| list(*b"CPrp", &[leaf(*b"Utf8", id.as_bytes())]))
            .collect();
        let inside = group(&[
            ("ADBE Slider Control-0001", value(1, 7.0)),
            ("ADBE Slider Control-0001", value(0, 8.0)),
        ]);
        let media = [leaf(*b"blsi", &5u32.to_be_bytes()), value(1, 0.0)].concat();
        let values = group(&[
            ("ADBE Layer Overrides Group", inside),
            (schema::ALTERNATE_SOURCE, media),
        ]);
        let tree = list(
            *b"tdgp",
            &[
                match_name_chunk(schema::ESSENTIAL_PROPERTIES),
                list(*b"OvG2", &ids),
                values,
            ],
        );
        let settings = LayerSettings::new(1, 2).layer("Card", &[]);
        // The layer's own group is the last of its chunks.
        let own = group(&[]);
        let mut chunk = settings[..settings.len() - own.len()].to_vec();
        chunk.extend(tree);
        let size = chunk.len() as u32 - 8;
        chunk[4..8].copy_from_slice(&size.to_be_bytes());
        let read = crate::aep::read(&project(&[
            composition(1, "Main", &[chunk]),
            composition(2, "Card", &[]),
        ]))
        .unwrap();
        let layer = read.value.composition(ItemId(1)).unwrap().layers[0].clone();
        (layer, read.warnings.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn values_belong_to_controls_from_top_to_bottom() {
        let (layer, warnings) = layer(&["G", "a", "b", "m"]);
        assert_eq!(warnings, Vec::<String>::new());
        let found: Vec<_> = layer
            .essential_properties
            .iter()
            .map(|e| (e.control.as_str(), e.trail.as_slice(), e.inherited.clone(), e.source))
            .collect();
        assert_eq!(
            found,
            [
                ("g", [0].as_slice(), None, None),
                ("a", &[0, 0], None, None),
                ("b", &[0, 1], Some(Value::number(8.0)), None),
                ("m", &[1], None, Some(ItemId(5))),
            ]
        );
        let group = layer.properties.group(schema::ESSENTIAL_PROPERTIES).unwrap();
        assert_eq!(group.name, "Essential Properties");
    }

    #[test]
    fn lists_of_different_lengths_are_not_matched() {
        let (layer, warnings) = layer(&["a"]);
        assert!(layer.essential_properties.is_empty());
        assert!(
            warnings[0].contains("4 values are there for 1 controls"),
            "{warnings:?}"
        );
    }
}
