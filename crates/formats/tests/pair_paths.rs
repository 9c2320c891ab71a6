//! One object model for both worlds: what a path leads to in an animation, it leads to in the project it was exported
//! from.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use filmpress_composition::{Composition, Group, Node, Project, lookup};

/// The composition of that name.
fn composition<'p>(project: &'p Project, name: &str) -> Option<&'p Composition> {
    project
        .compositions()
        .find(|(item, _)| item.name == name)
        .map(|(_, c)| c)
}

/// Display names and match name of every property below a group.
fn paths(group: &Group, above: &[&str], f: &mut impl FnMut(&[&str], &str)) {
    let mut names = BTreeSet::new();
    for node in &group.children {
        // After Effects' own rule: of equal names the first is found.
        if !names.insert(node.name()) {
            continue;
        }
        let path = [above, &[node.name()]].concat();
        match node {
            Node::Group(inside) => paths(inside, &path, f),
            Node::Property(property) => f(&path, &property.match_name),
        }
    }
}

#[test]
fn a_path_into_an_animation_leads_to_the_same_property_of_its_project() {
    let Some(shared) = support::samples() else { return };
    let samples = shared.join("samples");
    let list = std::fs::read_to_string(samples.join("pairs.tsv")).unwrap();
    let (mut agree, mut differ) = (0, BTreeMap::<String, usize>::new());
    for line in list.lines() {
        let [aep, json, name] = line.split('\t').collect::<Vec<_>>()[..] else {
            continue;
        };
        let read = |file: &str| {
            let bytes = std::fs::read(samples.join(file)).unwrap();
            filmpress_formats::read(&bytes, file).unwrap().value
        };
        let (project, animation) = (read(aep), read(json));
        let main = animation.main_composition.unwrap();
        let Some(ours) = composition(&project.project, name) else {
            continue;
        };
        let theirs = animation.project.composition(main).unwrap();
        for (layer, exported) in ours.layers.iter().zip(&theirs.layers) {
            // Edited after the export.
            if layer.name != exported.name {
                continue;
            }
            paths(&exported.properties, &[], &mut |path, match_name| {
                let found = lookup::walk(&layer.properties, path);
                let node = lookup::node(&layer.properties, &found.trail);
                if found.used == path.len() && node.is_some_and(|n| n.match_name() == match_name) {
                    agree += 1;
                } else {
                    let there = node.map_or("nothing", Node::match_name);
                    *differ
                        .entry(format!("{match_name} at {path:?} leads to {there}"))
                        .or_default() += 1;
                }
            });
        }
    }
    println!("{agree} paths agree");
    for (what, count) in &differ {
        println!("{count} x {what}");
    }
    assert!(agree > 5000, "{agree}");
    assert!(differ.is_empty());
}
