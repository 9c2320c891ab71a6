//! Which property of the tree a control of the Essential Graphics panel drives.

use crate::{DrivenProperty, Group, ItemId, LayerId, Node, PathStep, Project};

use super::walk::{child, node, split_path, walk};

/// A driven property, found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedProperty {
    /// The composition the layer is in.
    pub composition: ItemId,
    /// The layer.
    pub layer: LayerId,
    /// Child indices from the layer's root group.
    pub trail: Vec<usize>,
    /// The path as scripts and data assets write it, such as `Effects.Slider Control.Slider`: [`walk`] leads back to
    /// the same trail.
    pub path: String,
}

/// Why a driven property cannot be found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DrivenPropertyError {
    /// The project has no such composition.
    #[error("its composition, item {}, is not there", .0.0)]
    Composition(ItemId),
    /// The composition has no such layer.
    #[error("its layer, number {}, is not in composition `{}`", .layer.0, .composition)]
    Layer {
        /// The layer's id.
        layer: LayerId,
        /// The composition's name.
        composition: String,
    },
    /// The layer has no such property.
    #[error("layer `{layer}` has no `{step}`; the property is at `{path}`")]
    Property {
        /// The layer's name.
        layer: String,
        /// The match name that leads nowhere.
        step: String,
        /// All match names on the way, joined by ` > `.
        path: String,
    },
}

/// Finds the property a control drives.
pub fn driven_property(project: &Project, driven: &DrivenProperty) -> Result<ResolvedProperty, DrivenPropertyError> {
    let composition = project
        .composition(driven.composition)
        .ok_or(DrivenPropertyError::Composition(driven.composition))?;
    let layer = composition.layer(driven.layer).ok_or_else(|| {
        let item = project.item(driven.composition);
        DrivenPropertyError::Layer {
            layer: driven.layer,
            composition: item.map(|i| i.name.clone()).unwrap_or_default(),
        }
    })?;
    let fault = |step: &str| {
        let names: Vec<&str> = driven.path.iter().map(|s| s.match_name.as_str()).collect();
        DrivenPropertyError::Property {
            layer: layer.name.clone(),
            step: step.to_owned(),
            path: names.join(" > "),
        }
    };
    let trail = trail(&layer.properties, &driven.path).map_err(fault)?;
    let path = path_to(&layer.properties, &trail).ok_or_else(|| fault(""))?;
    Ok(ResolvedProperty {
        composition: driven.composition,
        layer: driven.layer,
        trail,
        path,
    })
}

/// The child indices that `path` leads to; the match name of the step that leads nowhere otherwise.
fn trail<'p>(group: &Group, path: &'p [PathStep]) -> Result<Vec<usize>, &'p str> {
    let mut here = Some(group);
    let mut trail = Vec::new();
    for step in path {
        let index = here.and_then(|group| at(group, step)).ok_or(step.match_name.as_str())?;
        here = match here.and_then(|group| group.children.get(index)) {
            Some(Node::Group(inside)) => Some(inside),
            _ => None,
        };
        trail.push(index);
    }
    if trail.is_empty() { Err("") } else { Ok(trail) }
}

/// The child a step means: the one of its name, among several the one at its place.
fn at(group: &Group, step: &PathStep) -> Option<usize> {
    let is_named = |node: &Node| node.match_name() == step.match_name;
    let place = step.index.map(|i| i as usize);
    let mut named = group.children.iter().enumerate().filter(|(_, n)| is_named(n));
    let first = named.next()?.0;
    if named.next().is_none() {
        return Some(first);
    }
    match place {
        Some(place) => group.children.get(place).filter(|n| is_named(n)).map(|_| place),
        None => Some(first),
    }
}

/// Most children of a group among which other keys than display names are tried.
const MAX_SIBLINGS: usize = 1000;

/// The path that leads from `group` along `trail` when it is [walked](walk): display names where they are clear, else
/// match names, else 1-based indices. `None` for an empty or impossible trail, and for what has no clear display name
/// among more than a thousand siblings: it would be looked for among all of them.
pub fn path_to(group: &Group, trail: &[usize]) -> Option<String> {
    let mut keys: Vec<String> = Vec::new();
    let mut here = group;
    for (done, index) in trail.iter().enumerate() {
        let node = here.children.get(*index)?;
        let leads_here = |key: &str| !key.contains("->") && child(here, key).is_some_and(|found| found == [*index]);
        let names: &[&str] = &[node.name(), node.match_name()];
        let is_crowded = here.children.len() > MAX_SIBLINGS;
        let mut names = names.iter().take(if is_crowded { 1 } else { 2 }).copied();
        let name = names.find(|name| !name.is_empty() && leads_here(name));
        if name.is_none() && is_crowded {
            return None;
        }
        keys.push(name.map_or_else(|| (index + 1).to_string(), str::to_owned));
        match node {
            Node::Group(inside) => here = inside,
            Node::Property(_) if done + 1 == trail.len() => {}
            Node::Property(_) => return None,
        }
    }
    node(group, trail)?;
    // A lone key with dots in it cannot be joined by anything.
    if let [only] = keys.as_mut_slice()
        && only.contains('.')
    {
        *only = (trail.first()? + 1).to_string();
    }
    let dotted = keys.iter().any(|key| key.contains('.'));
    let path = keys.join(if dotted { "->" } else { "." });
    let leads_back = walk(group, &split_path(&path)).trail == trail;
    leads_back.then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Composition, Item, ItemKind, Layer, LayerKind, Property, ValueType, schema};

    fn project() -> Project {
        let mut layer = Layer::new(LayerId(7), "Control", LayerKind::Null, 1.0);
        schema::complete_layer(&mut layer, (100, 100), None);
        let effects = layer.properties.group_mut(schema::EFFECTS).unwrap();
        for name in ["Width", "Width", "max. Height"] {
            let mut effect = Group::new("ADBE Slider Control", name);
            let slider = Property::new("ADBE Slider Control-0001", "Slider", ValueType::OneD, 1.0.into());
            effect.children.push(slider.into());
            effects.children.push(effect.into());
        }
        Project {
            items: vec![Item::new(
                ItemId(1),
                "Main",
                ItemKind::Composition(Composition {
                    layers: vec![layer],
                    ..Composition::default()
                }),
            )],
            ..Project::default()
        }
    }

    fn step(match_name: &str, index: Option<u32>) -> PathStep {
        PathStep {
            match_name: match_name.to_owned(),
            index,
        }
    }

    fn slider(effect: u32) -> DrivenProperty {
        DrivenProperty {
            composition: ItemId(1),
            layer: LayerId(7),
            path: vec![
                step(schema::EFFECTS, None),
                step("ADBE Slider Control", Some(effect)),
                step("ADBE Slider Control-0001", Some(1)),
            ],
        }
    }

    #[test]
    fn effects_of_one_kind_are_told_apart_by_their_place() {
        let project = project();
        let path = |effect| driven_property(&project, &slider(effect)).unwrap().path;
        assert_eq!(path(0), "Effects.Width.Slider");
        assert_eq!(path(1), "Effects.2.Slider", "the first has the same name");
        assert_eq!(path(2), "Effects->max. Height->Slider");
    }

    fn all(group: &Group, above: &[usize], f: &mut impl FnMut(&[usize])) {
        for (i, node) in group.children.iter().enumerate() {
            let trail = [above, &[i]].concat();
            f(&trail);
            if let Node::Group(inside) = node {
                all(inside, &trail, f);
            }
        }
    }

    #[test]
    fn every_path_leads_back_to_its_property() {
        let project = project();
        let layer = &project.composition(ItemId(1)).unwrap().layers[0];
        let mut count = 0;
        all(&layer.properties, &[], &mut |trail| {
            let path = path_to(&layer.properties, trail).unwrap();
            assert_eq!(walk(&layer.properties, &split_path(&path)).trail, trail, "{path}");
            count += 1;
        });
        assert!(count > 10);
        assert_eq!(path_to(&layer.properties, &[]), None);
        assert_eq!(path_to(&layer.properties, &[0, 0, 0, 0]), None);
    }

    #[test]
    fn what_is_not_there_is_said() {
        let project = project();
        let text = |driven: &DrivenProperty| driven_property(&project, driven).unwrap_err().to_string();
        let lost = DrivenProperty {
            composition: ItemId(9),
            ..slider(0)
        };
        assert_eq!(text(&lost), "its composition, item 9, is not there");
        let lost = DrivenProperty {
            layer: LayerId(8),
            ..slider(0)
        };
        assert!(text(&lost).contains("not in composition `Main`"));
        assert!(
            text(&slider(5)).contains("no `ADBE Slider Control`"),
            "{}",
            text(&slider(5))
        );
    }
}
