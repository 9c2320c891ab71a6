//! Which layers a job means: composition specification, then layer name or index.

use crate::{ItemId, Layer, LayerId, Project};

/// How a layer is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayerSpec<'a> {
    /// By name: the one shown in the timeline; where no layer has it, the source's.
    Name(&'a str),
    /// By place in the stack: 1 is the topmost, as in After Effects.
    Index(usize),
}

/// A layer found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Selected {
    /// Its composition.
    pub composition: ItemId,
    /// The layer.
    pub layer: LayerId,
}

/// The compositions a specification means, in project panel order:
/// - `*`: all of them;
/// - a name: every composition of that name;
/// - `A->B->C`: every composition `C` used in a `B` that is used in an `A`.
pub fn compositions(project: &Project, specification: &str) -> Vec<ItemId> {
    let by_name = |name: &str| -> Vec<ItemId> {
        project
            .compositions()
            .filter(|(item, _)| name == "*" || item.name == name)
            .map(|(item, _)| item.id)
            .collect()
    };
    let whole = by_name(specification);
    if !whole.is_empty() || !specification.contains("->") {
        return whole;
    }
    let mut steps = specification.split("->");
    let mut here = steps.next().map(by_name).unwrap_or_default();
    for step in steps {
        let mut inside = Vec::new();
        for layer in here
            .iter()
            .filter_map(|id| project.composition(*id))
            .flat_map(|c| &c.layers)
        {
            let Some(source) = layer.source() else { continue };
            let named = layer.name == step || project.item(source).is_some_and(|item| item.name == step);
            if named && project.composition(source).is_some() && !inside.contains(&source) {
                inside.push(source);
            }
        }
        here = inside;
    }
    here
}

/// Every layer meant by `layer` in the given compositions, in stacking order.
///
/// The name shown counts, as in After Effects. A source's name counts only where no layer shows that name in any of
/// the compositions: lists of layers that know source names alone then still lead to the right layer.
pub fn layers(project: &Project, compositions: &[ItemId], layer: LayerSpec<'_>) -> Vec<Selected> {
    let all = |wanted: &dyn Fn(usize, &Layer) -> bool| -> Vec<Selected> {
        compositions
            .iter()
            .filter_map(|id| Some((*id, project.composition(*id)?)))
            .flat_map(|(composition, c)| {
                c.layers
                    .iter()
                    .enumerate()
                    .map(move |(i, layer)| (composition, i, layer))
            })
            .filter(|(_, i, layer)| wanted(*i, layer))
            .map(|(composition, _, layer)| Selected {
                composition,
                layer: layer.id,
            })
            .collect()
    };
    match layer {
        LayerSpec::Index(index) => all(&|i, _| i + 1 == index),
        LayerSpec::Name(name) => {
            let shown = all(&|_, layer| layer.name == name);
            if !shown.is_empty() {
                return shown;
            }
            all(&|_, layer| {
                layer
                    .source()
                    .and_then(|id| project.item(id))
                    .is_some_and(|item| item.name == name)
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Composition, Item, ItemKind, LayerKind, Solid};

    fn item(id: u32, name: &str, kind: ItemKind) -> Item {
        Item::new(ItemId(id), name, kind)
    }

    fn composition(layers: Vec<Layer>) -> ItemKind {
        ItemKind::Composition(Composition {
            layers,
            ..Composition::default()
        })
    }

    fn av(id: u32, name: &str, source: u32) -> Layer {
        Layer::new(LayerId(id), name, LayerKind::Av(ItemId(source)), 1.0)
    }

    /// Main(1) holds A(2) and B(3); both hold a `Title`; A's holds C(4) too. 5 is a solid called `Backdrop`.
    fn project() -> Project {
        let text = |id, name| Layer::new(LayerId(id), name, LayerKind::Text, 1.0);
        Project {
            items: vec![
                item(
                    1,
                    "Main",
                    composition(vec![av(1, "A", 2), av(2, "second", 3), av(3, "bg", 5)]),
                ),
                item(2, "A", composition(vec![text(1, "Title"), av(2, "C", 4)])),
                item(3, "B", composition(vec![text(7, "Title"), text(8, "Title ")])),
                item(4, "C", composition(vec![text(1, "Inner")])),
                item(
                    5,
                    "Backdrop",
                    ItemKind::Solid(Solid {
                        width: 1,
                        height: 1,
                        color: [0.0; 3],
                    }),
                ),
            ],
            ..Project::default()
        }
    }

    #[test]
    fn compositions_by_star_name_and_path() {
        let p = project();
        let ids = |spec: &str| compositions(&p, spec).iter().map(|id| id.0).collect::<Vec<_>>();
        assert_eq!(ids("*"), [1, 2, 3, 4]);
        assert_eq!(ids("B"), [3]);
        assert_eq!(ids("Main->A->C"), [4]);
        assert_eq!(ids("Main->second"), [3], "a step may be the layer's name");
        assert_eq!(ids("B->C"), [] as [u32; 0]);
        assert_eq!(ids("b"), [] as [u32; 0], "case counts");
        assert_eq!(ids("Backdrop"), [] as [u32; 0], "solids are no compositions");
    }

    #[test]
    fn every_layer_of_that_name_in_every_composition() {
        let p = project();
        let found = |spec, layer| {
            layers(&p, &compositions(&p, spec), layer)
                .iter()
                .map(|s| (s.composition.0, s.layer.0))
                .collect::<Vec<_>>()
        };
        assert_eq!(found("*", LayerSpec::Name("Title")), [(2, 1), (3, 7)]);
        assert_eq!(found("B", LayerSpec::Name("Title ")), [(3, 8)], "blanks are kept");
        assert_eq!(
            found("*", LayerSpec::Name("Backdrop")),
            [(1, 3)],
            "the source's name, as nothing shows it"
        );
        assert_eq!(found("B", LayerSpec::Index(2)), [(3, 8)]);
        assert_eq!(found("B", LayerSpec::Index(0)), []);
        assert_eq!(found("*", LayerSpec::Name("Nothing")), []);
    }

    #[test]
    fn the_name_shown_wins_over_a_sources_name() {
        let mut p = project();
        if let ItemKind::Composition(c) = &mut p.items[3].kind {
            c.layers.push(Layer::new(LayerId(9), "Backdrop", LayerKind::Null, 1.0));
        }
        assert_eq!(
            layers(&p, &compositions(&p, "*"), LayerSpec::Name("Backdrop")),
            [Selected {
                composition: ItemId(4),
                layer: LayerId(9)
            }]
        );
    }
}
