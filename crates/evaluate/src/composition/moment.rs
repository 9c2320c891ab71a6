//! A composition at a time: its layers as nodes.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use filmpress_composition::BlendingMode;
use kurbo::{Affine, Rect};

use super::{Composition, collapse};
use crate::frame::{self, GroupParts, Image, ImageSource, Matte, Node};
use crate::layer::{Content, Layer, TINY, film_time};
use crate::space::Space;

/// What one frame has already evaluated: nodes of compositions that show more than once, by index and time.
#[derive(Default)]
pub(crate) struct Evaluated(RefCell<HashMap<(usize, u64), Vec<Node>>>);

/// A composition at a time.
struct Moment<'a> {
    all: &'a [Composition],
    composition: &'a Composition,
    time: f64,
    evaluated: &'a Evaluated,
}

/// The nodes of composition `index` at a time of its own, bottom first.
pub(crate) fn nodes(all: &[Composition], index: usize, time: f64, evaluated: &Evaluated) -> Vec<Node> {
    let composition = &all[index];
    let moment = Moment {
        all,
        composition,
        time,
        evaluated,
    };
    if let Some(fixed) = &composition.fixed {
        return fixed.get_or_init(|| moment.nodes()).clone();
    }
    if composition.uses < 2 {
        return moment.nodes();
    }
    let key = (index, time.to_bits());
    if let Some(nodes) = evaluated.0.borrow().get(&key) {
        return nodes.clone();
    }
    let nodes = moment.nodes();
    evaluated.0.borrow_mut().insert(key, nodes.clone());
    nodes
}

#[derive(Clone, Copy, PartialEq)]
enum Role {
    Drawn,
    Matte,
}

impl Moment<'_> {
    fn nodes(&self) -> Vec<Node> {
        let layers = &self.composition.layers;
        let mut nodes = Vec::new();
        for (i, layer) in layers.iter().enumerate().rev() {
            if layer.drawn
                && layer.is_active(self.time)
                && let Some(group) = self.layer(i, Role::Drawn)
            {
                nodes.push(Node::Group(group));
            }
        }
        nodes
    }

    fn layer(&self, i: usize, role: Role) -> Option<Arc<frame::Group>> {
        let layer = &self.composition.layers[i];
        match &layer.fixed {
            Some(fixed) => {
                let slot = if role == Role::Drawn { fixed } else { &layer.fixed_matte };
                slot.get_or_init(|| self.build(i, role)).clone()
            }
            None => self.build(i, role),
        }
    }

    fn build(&self, i: usize, role: Role) -> Option<Arc<frame::Group>> {
        let layer = &self.composition.layers[i];
        let time = layer.layer_time(self.time);
        // Stencils and silhouettes cut what is below them even where they show nothing.
        let cuts = role == Role::Drawn
            && matches!(
                layer.blending_mode,
                BlendingMode::StencilAlpha
                    | BlendingMode::StencilLuma
                    | BlendingMode::SilhouetteAlpha
                    | BlendingMode::SilhouetteLuma
            );
        let opacity = layer.transform.opacity(time);
        if opacity == 0.0 && !cuts {
            return None;
        }
        let transform = self.world(i);
        let seen = transform.is_some_and(|t| t.determinant() != 0.0);
        if !seen && !cuts {
            return None;
        }
        let matte = match self.matte(layer) {
            Visible::All => None,
            Visible::Through(matte) => Some(matte),
            Visible::Nothing if cuts => None,
            Visible::Nothing => return None,
        };
        let mut parts = GroupParts {
            transform: transform.unwrap_or_default(),
            opacity,
            matte,
            ..GroupParts::default()
        };
        if role == Role::Drawn {
            parts.blending_mode = layer.blending_mode;
            if layer.blending_mode == BlendingMode::DancingDissolve {
                parts.dissolve_seed = self.frame_number();
            }
            parts.preserve_transparency = layer.preserve_transparency;
        }
        if seen {
            self.fill(layer, time, &mut parts);
        }
        if parts.children.is_empty() && !cuts {
            return None;
        }
        parts.masks = layer.masks.iter().filter_map(|m| m.at(time)).collect();
        if matches!(layer.content, Content::Precomp { collapsed: true, .. }) {
            collapse::pass_opacity_on(&mut parts);
        }
        Some(parts.build())
    }

    /// The number of the composition's frame that shows.
    fn frame_number(&self) -> u32 {
        (self.time * self.composition.frame_rate).round().max(0.0) as u32
    }

    /// Puts what the layer shows into `parts`.
    fn fill(&self, layer: &Layer, time: f64, parts: &mut GroupParts) {
        match &layer.content {
            Content::Nothing => {}
            Content::Still(nodes) => parts.children.clone_from(nodes),
            Content::Text(text) => parts.children = text.nodes(time),
            Content::Shapes { contents, fixed } => {
                parts.children = match fixed {
                    Some(fixed) => fixed.get_or_init(|| contents.nodes(time)).clone(),
                    None => contents.nodes(time),
                }
            }
            Content::Film {
                item,
                info,
                size,
                sampling,
                remap,
                loops,
                speed,
            } => {
                let wanted = speed * remap.as_ref().map_or(time, |r| r.at(time));
                if let Some(time) = film_time(info, wanted, *loops, remap.is_some()) {
                    let source = ImageSource {
                        item: *item,
                        time,
                        content: info.content,
                    };
                    let image = Image::new(source, *size, Affine::IDENTITY, 1.0, *sampling);
                    parts.children.push(Node::Image(image));
                }
            }
            Content::Precomp {
                index,
                remap,
                collapsed,
            } => {
                let nested = &self.all[*index];
                let source_time = remap.as_ref().map_or(time, |r| r.at(time));
                let Some(time) = nested.shown_at(source_time, layer.stretch < 0.0 && remap.is_none()) else {
                    return;
                };
                parts.children = nodes(self.all, *index, time, self.evaluated);
                if !collapsed {
                    parts.isolated = true;
                    parts.clip = Some(Rect::new(0.0, 0.0, f64::from(nested.width), f64::from(nested.height)));
                }
            }
        }
    }

    /// What a layer's track matte leaves of it.
    fn matte(&self, layer: &Layer) -> Visible {
        let Some(matte) = layer.matte else {
            return Visible::All;
        };
        let of = &self.composition.layers[matte.layer];
        let content = if of.is_active(self.time) {
            self.layer(matte.layer, Role::Matte)
        } else {
            None
        };
        match (content, matte.inverted) {
            (Some(content), inverted) => Visible::Through(Matte {
                content,
                kind: matte.kind,
                inverted,
            }),
            (None, true) => Visible::All,
            (None, false) => Visible::Nothing,
        }
    }

    /// From a layer's space to the composition's; `None` when it is behind the camera.
    fn world(&self, i: usize) -> Option<Affine> {
        let layers = &self.composition.layers;
        let layer = &layers[i];
        let time = |l: &Layer| l.layer_time(self.time);
        if !layer.transform.is_three_d() {
            let mut world = layer.transform.affine(time(layer));
            let mut above = layer.parent;
            while let Some(parent) = above.map(|p| &layers[p]) {
                world = parent.transform.affine(time(parent)) * world;
                above = parent.parent;
            }
            return Some(world);
        }
        let mut world = layer.transform.space(time(layer));
        let mut above = layer.parent;
        while let Some(parent) = above.map(|p| &layers[p]) {
            let space = if parent.transform.is_three_d() {
                parent.transform.space(time(parent))
            } else {
                Space::flat(parent.transform.affine(time(parent)))
            };
            world = space.then_inner(&world);
            above = parent.parent;
        }
        let (w, h) = (f64::from(self.composition.width), f64::from(self.composition.height));
        // The default camera is After Effects' 50 mm preset.
        world.projected(layer.transform.anchor(time(layer)), [w / 2.0, h / 2.0], w * 50.0 / 36.0)
    }
}

/// What a track matte leaves.
enum Visible {
    All,
    Through(Matte),
    Nothing,
}

/// Where a layer's space lies in its composition at a time; `None` behind the camera.
pub(crate) fn place(all: &[Composition], index: usize, layer: usize, time: f64) -> Option<Affine> {
    let moment = Moment {
        all,
        composition: &all[index],
        time,
        evaluated: &Evaluated::default(),
    };
    moment.world(layer)
}

/// Where a layer's space lies in its composition at a time, and what is in it by itself: without masks, matte,
/// opacity. `None` while it shows nothing. `layer` is an index into the compiled layers.
pub(crate) fn content(all: &[Composition], index: usize, layer: usize, time: f64) -> Option<(Affine, Vec<Node>)> {
    let composition = &all[index];
    let moment = Moment {
        all,
        composition,
        time,
        evaluated: &Evaluated::default(),
    };
    let transform = moment.world(layer)?;
    let of = &composition.layers[layer];
    let mut parts = GroupParts::default();
    moment.fill(of, of.layer_time(time), &mut parts);
    Some((transform, parts.children))
}

impl Composition {
    /// The own time that shows at `time` of a layer's time; `None` outside its duration. Played backwards, frames show
    /// from the last one.
    fn shown_at(&self, time: f64, backwards: bool) -> Option<f64> {
        let time = if backwards { time - 1.0 / self.frame_rate } else { time };
        if time < -TINY || time >= self.duration - TINY {
            return None;
        }
        let time = time.max(0.0);
        Some(if self.preserve_frame_rate {
            (time * self.frame_rate + 1e-4).floor() / self.frame_rate
        } else {
            time
        })
    }
}
