//! Effects of a layer at a time, and what they take from other layers and other times.

use std::sync::Arc;

use super::moment::Moment;
use crate::effects::{EffectTracks, References};
use crate::frame::{Effects, Group, GroupParts, LayerPicture, Node};
use crate::layer::Layer;

/// Most pictures of other times one frame takes: echoes of echoes multiply.
const ECHOES: u32 = 400;

impl Moment<'_> {
    /// Puts a layer's effects around what `parts` holds of it: content, masks and place.
    pub(super) fn affect(&self, i: usize, parts: &mut GroupParts) {
        let layer = &self.composition.layers[i];
        if layer.effects.is_empty() {
            return;
        }
        let effects = self.effects(i);
        if !parts.adjustment && layer.content.raster_size(self.all).is_none() {
            // What is drawn in the composition's own pixels is placed first.
            let inner = GroupParts {
                transform: std::mem::take(&mut parts.transform),
                projection: parts.projection.take(),
                motion: parts.motion.take(),
                isolated: std::mem::take(&mut parts.isolated),
                clip: parts.clip.take(),
                masks: std::mem::take(&mut parts.masks),
                children: std::mem::take(&mut parts.children),
                ..GroupParts::default()
            };
            parts.children = vec![Node::Group(inner.build())];
        }
        parts.effects = Some(effects);
    }

    /// The effects of a layer now.
    fn effects(&self, i: usize) -> Arc<Effects> {
        let layer = &self.composition.layers[i];
        let time = layer.layer_time(self.time);
        let list = layer.effects.iter().map(|tracks| {
            let mut effect = tracks.at(time, self);
            effect.echoes = self.echoes(i, tracks);
            effect
        });
        let size = match layer.content.raster_size(self.all) {
            Some(size) if !layer.adjustment => size,
            _ => self.size(),
        };
        Effects::new(size, list.collect())
    }

    /// What a layer was at other times, without masks and effects, as After Effects' documentation says of Echo; for an
    /// adjustment layer, what was below it.
    fn echoes(&self, i: usize, tracks: &EffectTracks) -> Vec<Arc<Group>> {
        let layer = &self.composition.layers[i];
        let mut found = Vec::new();
        for away in tracks.echo_times(layer.layer_time(self.time)) {
            let taken = &self.evaluated.echoes;
            if taken.get() >= ECHOES {
                break;
            }
            taken.set(taken.get() + 1);
            let then = self.at(self.time + away);
            let mut parts = GroupParts::default();
            if layer.adjustment {
                parts.children = then.below(i);
            } else if layer.is_active(then.time) {
                then.source(i, &mut parts);
            }
            found.push(parts.build());
        }
        found
    }

    /// What a layer shows, without masks, in the space of its effects.
    fn source(&self, i: usize, parts: &mut GroupParts) {
        let layer = &self.composition.layers[i];
        if layer.content.raster_size(self.all).is_some() {
            self.fill(layer, layer.layer_time(self.time), parts);
        } else {
            self.put(i, self, parts);
        }
    }

    pub(super) fn size(&self) -> [f64; 2] {
        [f64::from(self.composition.width), f64::from(self.composition.height)]
    }

    /// The time that counts for what effects hold back (Posterize Time), in the composition.
    pub(super) fn held(&self, layer: &Layer) -> f64 {
        let mut held = self.time;
        for effect in &layer.effects {
            if let Some(rate) = effect.posterized(layer.layer_time(self.time)) {
                held = (held * rate + 1e-4).floor() / rate;
            }
        }
        held
    }

    /// The time each layer shows, when adjustment layers above hold it back; topmost first.
    pub(super) fn held_by_adjustments(&self) -> Option<Vec<f64>> {
        let layers = &self.composition.layers;
        if !layers
            .iter()
            .any(|layer| layer.adjustment && self.held(layer) != self.time)
        {
            return None;
        }
        let mut now = self.at(self.time);
        let times = layers.iter().map(|layer| {
            let time = now.time;
            if layer.drawn && layer.adjustment && layer.is_active(time) {
                now = now.at(now.held(layer));
            }
            time
        });
        Some(times.collect())
    }
}

impl References for Moment<'_> {
    fn layer(&self, index: usize) -> Option<LayerPicture> {
        let layer = &self.composition.layers[index];
        if !layer.is_active(self.time) {
            return None;
        }
        let mut parts = GroupParts::default();
        self.source(index, &mut parts);
        let size = layer.content.raster_size(self.all);
        Some(LayerPicture {
            content: parts.build(),
            size: size.unwrap_or_else(|| self.size()),
        })
    }
}
