//! What is the same at all times.

use std::sync::OnceLock;

use filmpress_composition::BlendingMode;

use super::Composition;
use crate::layer::TINY;

impl Composition {
    /// Finds what is the same at all times.
    pub(super) fn find_fixed(&mut self, others: &[Self]) {
        // A place is fixed when its layer and all above are; chains may be as long as the composition has layers.
        let mut known: Vec<Option<bool>> = vec![None; self.layers.len()];
        let mut chain = Vec::new();
        for i in 0..self.layers.len() {
            let mut at = Some(i);
            let mut fixed = true;
            while let Some(i) = at {
                if let Some(above) = known[i] {
                    fixed = above;
                    break;
                }
                chain.push(i);
                at = self.layers[i].parent;
            }
            while let Some(i) = chain.pop() {
                fixed &= !self.layers[i].transform.moves();
                known[i] = Some(fixed);
            }
        }
        let place_fixed: Vec<bool> = known.into_iter().map(|known| known == Some(true)).collect();
        let own: Vec<bool> = self
            .layers
            .iter()
            .zip(&place_fixed)
            .map(|(layer, &place)| {
                place
                    // Its pattern is another in each frame.
                    && layer.blending_mode != BlendingMode::DancingDissolve
                    && !layer.transform.fades()
                    && !layer.masks.iter().any(crate::mask::MaskTracks::is_animated)
                    && layer.content.is_fixed(|index| {
                        let (a, b) = (layer.layer_time(layer.in_point), layer.layer_time(layer.out_point));
                        let nested = &others[index];
                        nested.fixed.is_some() && a.min(b) >= -TINY && a.max(b) <= nested.duration + TINY
                    })
            })
            .collect();
        for i in 0..self.layers.len() {
            let mut fixed = own[i];
            let mut at = i;
            while let Some(matte) = self.layers[at].matte {
                let (layer, under) = (&self.layers[matte.layer], &self.layers[at]);
                fixed &= own[matte.layer]
                    && layer.in_point <= under.in_point + TINY
                    && layer.out_point >= under.out_point - TINY;
                at = matte.layer;
            }
            self.layers[i].fixed = fixed.then(OnceLock::new);
        }
        let always = self
            .layers
            .iter()
            .filter(|l| l.drawn)
            .all(|l| l.fixed.is_some() && l.in_point <= TINY && l.out_point >= self.duration - TINY);
        self.fixed = always.then(OnceLock::new);
    }
}
