//! Links between the layers of a composition: parents and track mattes.

use std::collections::HashMap;

use filmpress_composition::{Composition, Kind, Layer, LayerId};

use crate::compile::Compile;

/// Index of each layer by id; of layers with the same id the first counts.
pub(super) fn index(source: &Composition) -> HashMap<LayerId, usize> {
    let mut by_id = HashMap::new();
    for (i, layer) in source.layers.iter().enumerate() {
        by_id.entry(layer.id).or_insert(i);
    }
    by_id
}

/// Each layer's link to another, without links to nothing, to itself or round in a circle.
pub(super) fn links(
    c: &mut Compile,
    source: &Composition,
    by_id: &HashMap<LayerId, usize>,
    what: &str,
    link: impl Fn(&Layer) -> Option<LayerId>,
) -> Vec<Option<usize>> {
    let mut to: Vec<Option<usize>> = source
        .layers
        .iter()
        .map(|layer| {
            let id = link(layer)?;
            let found = by_id.get(&id).copied();
            if found.is_none() {
                c.inside(&layer.name, |c| {
                    c.warn(
                        Kind::Malformed,
                        format!("its {what}, layer {}, is not in the composition", id.0),
                    );
                });
            }
            found
        })
        .collect();
    // Walk from each layer; `seen[i]` is the walk that came past layer i first.
    let mut seen = vec![usize::MAX; to.len()];
    for walk in 0..to.len() {
        let mut at = walk;
        while seen[at] == usize::MAX {
            seen[at] = walk;
            let Some(next) = to[at] else { break };
            if seen[next] == walk {
                to[at] = None;
                c.inside(&source.layers[at].name, |c| {
                    c.warn(
                        Kind::Malformed,
                        format!("its {what} leads back to itself and is ignored"),
                    );
                });
                break;
            }
            at = next;
        }
    }
    to
}
