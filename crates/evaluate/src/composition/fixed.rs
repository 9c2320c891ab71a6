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
        let stands = |i: usize| known[i] == Some(true);
        let camera_stands = self.cameras.first().is_none_or(|&i| {
            let layer = &self.layers[i];
            let zooms = layer.camera.as_ref().is_some_and(|camera| camera.zoom.is_animated());
            stands(i) && !zooms && layer.in_point <= TINY && layer.out_point >= self.duration - TINY
        });
        let mut own = Vec::with_capacity(self.layers.len());
        for (i, layer) in self.layers.iter().enumerate() {
            let is_in_space = layer.transform.is_three_d() || Self::joins(layer, others);
            let is_still = stands(i) && (camera_stands || !is_in_space);
            let is_fixed = is_still
                // Its pattern is another in each frame.
                && layer.blending_mode != BlendingMode::DancingDissolve
                && !layer.transform.fades()
                && !layer.masks.iter().any(crate::mask::MaskTracks::is_animated)
                && !layer.effects.iter().any(crate::effects::EffectTracks::is_animated)
                && !layer.styles.is_animated()
                && !layer.adjustment
                && layer.content.is_fixed(|index| {
                    let (a, b) = (layer.layer_time(layer.in_point), layer.layer_time(layer.out_point));
                    let nested = &others[index];
                    nested.fixed.is_some() && a.min(b) >= -TINY && a.max(b) <= nested.duration + TINY
                });
            own.push((is_still, is_fixed));
        }
        for (layer, (is_still, _)) in self.layers.iter_mut().zip(&own) {
            layer.is_still = *is_still;
        }
        let own: Vec<bool> = own.into_iter().map(|(_, is_fixed)| is_fixed).collect();
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
