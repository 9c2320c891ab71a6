//! How deep compositions are in each other. Unlike the nesting of groups it shows in no file's own structure.

use std::collections::HashMap;

use filmpress_composition::{ItemId, Project};

use crate::ReadError;
use crate::limits::MAX_COMPOSITION_DEPTH;

/// Refuses projects whose compositions are nested deeper than [`MAX_COMPOSITION_DEPTH`]. One that shows itself counts
/// once: evaluation reports it and leaves it out.
pub(crate) fn check(project: &Project) -> Result<(), ReadError> {
    let numbers: HashMap<ItemId, usize> = project
        .compositions()
        .zip(0..)
        .map(|((item, _), n)| (item.id, n))
        .collect();
    let inside: Vec<Vec<usize>> = project
        .compositions()
        .map(|(_, c)| {
            let sources = c.layers.iter().filter_map(|layer| numbers.get(&layer.source()?));
            let mut sources: Vec<usize> = sources.copied().collect();
            sources.sort_unstable();
            sources.dedup();
            sources
        })
        .collect();
    let mut depths: Vec<Option<usize>> = vec![None; inside.len()];
    for start in 0..inside.len() {
        // Not recursive: this is what guards the places that are.
        let mut open = vec![(start, 0_usize, 0_usize)];
        if depths.get(start).copied().flatten().is_some() {
            continue;
        }
        // Zero while it is open: a composition that leads back to itself adds nothing.
        set(&mut depths, start, 0);
        while let Some((at, next, deepest)) = open.pop() {
            match inside.get(at).and_then(|list| list.get(next)) {
                Some(&child) => {
                    if let Some(known) = depths.get(child).copied().flatten() {
                        open.push((at, next + 1, deepest.max(known)));
                    } else {
                        open.push((at, next, deepest));
                        open.push((child, 0, 0));
                        set(&mut depths, child, 0);
                    }
                }
                None => set(&mut depths, at, deepest + 1),
            }
        }
    }
    let deepest = depths.into_iter().flatten().max().unwrap_or(0);
    if deepest > MAX_COMPOSITION_DEPTH {
        return Err(ReadError::Limit(format!(
            "compositions are nested {deepest} deep, more than {MAX_COMPOSITION_DEPTH}"
        )));
    }
    Ok(())
}

fn set(depths: &mut [Option<usize>], at: usize, depth: usize) {
    if let Some(place) = depths.get_mut(at) {
        *place = Some(depth);
    }
}

#[cfg(test)]
mod tests {
    use filmpress_composition::{Composition, Item, ItemKind, Layer, LayerId, LayerKind};

    use super::*;

    /// Compositions 0, 1, ... each showing the given ones.
    fn project(shows: &[Vec<u32>]) -> Project {
        let layer = |id: &u32| Layer::new(LayerId(*id), "", LayerKind::Av(ItemId(*id)), 1.0);
        let composition = |shown: &Vec<u32>| Composition {
            layers: shown.iter().map(layer).collect(),
            ..Composition::default()
        };
        let item = |(id, shown)| Item::new(ItemId(id), "", ItemKind::Composition(composition(shown)));
        Project {
            items: (0..).zip(shows).map(item).collect(),
            ..Project::default()
        }
    }

    #[test]
    fn chains_are_counted_and_circles_end() {
        let chain = |length: u32| -> Vec<Vec<u32>> { (1..=length).map(|next| vec![next]).collect() };
        let most = MAX_COMPOSITION_DEPTH as u32;
        assert!(check(&project(&chain(most))).is_ok());
        let error = check(&project(&chain(most * 10))).unwrap_err().to_string();
        assert_eq!(error, "compositions are nested 2560 deep, more than 256");
        let mut circle = chain(most * 10);
        circle.push(vec![0]);
        assert!(
            check(&project(&circle)).is_err(),
            "without its last step a circle is a chain"
        );
        assert!(check(&project(&[vec![0, 1], vec![0, 1]])).is_ok());
        // Many ways to the same depth are walked once.
        let wide: Vec<Vec<u32>> = (1..200).map(|next| vec![next; 100]).collect();
        assert!(check(&project(&wide)).is_ok());
    }
}
