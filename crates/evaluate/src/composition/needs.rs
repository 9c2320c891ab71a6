//! Which layers of a composition are needed, and what for.

use std::collections::HashMap;

use filmpress_composition::{Composition, LayerId, LayerKind};

use crate::effects;

/// What of a layer is needed.
#[derive(Clone, Copy, Default, PartialEq)]
pub(super) struct Need {
    /// By itself.
    pub drawn: bool,
    /// By a layer it is the track matte of.
    pub matte: bool,
    /// By a layer it is the parent of.
    pub parent: bool,
    /// By layers in space that are seen by it.
    pub camera: bool,
    /// By an effect of another layer.
    pub picture: bool,
}

impl Need {
    /// Whether what it shows is needed, not only where it is.
    pub fn shows(self) -> bool {
        self.drawn || self.matte || self.picture
    }
}

/// What of each layer is needed: drawn, as the matte or for an effect of one that is, or as the parent of one that is.
pub(super) fn needs(
    source: &Composition,
    parents: &[Option<usize>],
    mattes: &[Option<usize>],
    by_id: &HashMap<LayerId, usize>,
) -> Vec<Need> {
    let mut needs = vec![Need::default(); source.layers.len()];
    for (i, layer) in source.layers.iter().enumerate() {
        let s = &layer.switches;
        let visible = s.enabled && !s.guide && layer.out_point > layer.in_point;
        needs[i].drawn = visible && draws(layer.kind);
    }
    for i in 0..needs.len() {
        let mut at = i;
        while needs[at].drawn || needs[at].matte {
            let Some(matte) = mattes[at] else { break };
            if needs[matte].matte {
                break;
            }
            needs[matte].matte = true;
            at = matte;
        }
    }
    for i in 0..needs.len() {
        if needs[i].drawn || needs[i].matte {
            // A source is taken without its own effects: what those need is not needed.
            for id in effects::references(&source.layers[i]) {
                if let Some(&of) = by_id.get(&id) {
                    needs[of].picture = true;
                }
            }
        }
    }
    let has_space = source.layers.iter().zip(&needs).any(|(layer, need)| {
        let is_in_space = layer.switches.three_d || layer.switches.collapse;
        is_in_space && need.shows()
    });
    for (layer, need) in source.layers.iter().zip(&mut needs) {
        let is_on = layer.switches.enabled && layer.out_point > layer.in_point;
        need.camera = has_space && is_on && layer.kind == LayerKind::Camera;
    }
    for i in 0..needs.len() {
        let mut at = i;
        while needs[at] != Need::default() {
            let Some(parent) = parents[at] else { break };
            if needs[parent].parent {
                break;
            }
            needs[parent].parent = true;
            at = parent;
        }
    }
    needs
}

/// Whether layers of this kind draw anything.
fn draws(kind: LayerKind) -> bool {
    match kind {
        LayerKind::Av(_) | LayerKind::Text | LayerKind::Shape | LayerKind::Unknown => true,
        LayerKind::Null | LayerKind::Camera | LayerKind::Light(_) | LayerKind::Audio(_) => false,
    }
}
