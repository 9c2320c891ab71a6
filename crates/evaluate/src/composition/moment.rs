//! A composition at a time: its layers as nodes.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use filmpress_composition::BlendingMode;
use kurbo::{Affine, Point, Rect};

use super::order::{Plane, order};
use super::place::Within;
use super::{Composition, collapse};
use crate::extent::extent;
use crate::frame::{self, Effects, GroupParts, Image, ImageSource, LayerStyles, Matte, Node, Projection};
use crate::interpolate::{Number, Track};
use crate::layer::{Content, Layer, TINY, film_time};

/// What one frame has already evaluated: nodes of compositions that show more than once, by index and time.
#[derive(Default)]
pub(crate) struct Evaluated {
    nodes: RefCell<HashMap<(usize, u64), Vec<Node>>>,
    /// How many pictures of other times were taken.
    pub(super) echoes: Cell<u32>,
}

/// A composition at a time.
#[derive(Clone, Copy)]
pub(super) struct Moment<'a> {
    pub all: &'a [Composition],
    pub composition: &'a Composition,
    /// Seconds of the composition's own time.
    pub time: f64,
    pub evaluated: &'a Evaluated,
    /// The layer that shows it as part of another composition's space.
    pub within: Option<Within<'a>>,
}

impl<'a> Moment<'a> {
    fn new(all: &'a [Composition], index: usize, time: f64, evaluated: &'a Evaluated) -> Self {
        Self {
            all,
            composition: &all[index],
            time,
            evaluated,
            within: None,
        }
    }

    /// The same composition at another time.
    pub fn at(self, time: f64) -> Self {
        Self { time, ..self }
    }
}

/// The nodes of composition `index` at a time of its own, bottom first.
pub(crate) fn nodes(all: &[Composition], index: usize, time: f64, evaluated: &Evaluated) -> Vec<Node> {
    let moment = Moment::new(all, index, time, evaluated);
    let composition = moment.composition;
    if let Some(fixed) = &composition.fixed {
        return fixed.get_or_init(|| moment.nodes()).clone();
    }
    if composition.uses < 2 {
        return moment.nodes();
    }
    let key = (index, time.to_bits());
    if let Some(nodes) = evaluated.nodes.borrow().get(&key) {
        return nodes.clone();
    }
    let nodes = moment.nodes();
    evaluated.nodes.borrow_mut().insert(key, nodes.clone());
    nodes
}

#[derive(Clone, Copy, PartialEq)]
enum Role {
    Drawn,
    Matte,
}

/// A layer's group among those of a composition.
struct Entry {
    group: Arc<frame::Group>,
    /// Where it lies, of 3D layers.
    plane: Option<Plane>,
}

/// Groups in the order they are drawn: 3D layers that follow each other go by their distance from the camera.
fn ordered(entries: &[Entry]) -> Vec<Node> {
    let mut nodes = Vec::with_capacity(entries.len());
    let mut planes = Vec::new();
    for run in entries.chunk_by(|a, b| a.plane.is_some() && b.plane.is_some()) {
        planes.clear();
        planes.extend(run.iter().filter_map(|entry| entry.plane.clone()));
        let node = |i: usize| Node::Group(Arc::clone(&run[i].group));
        if planes.len() < 2 {
            nodes.extend((0..run.len()).map(node));
        } else {
            let reach = |i: usize| {
                let own = in_layer_space(&run[i].group);
                own.clip.or_else(|| extent(&own.children))
            };
            nodes.extend(order(&planes, reach).into_iter().map(node));
        }
    }
    nodes
}

/// The group inside of a layer's that is in the layer's own space: styles, and effects on what is drawn in the
/// composition's pixels, are around it.
fn in_layer_space(group: &frame::Group) -> &frame::Group {
    let mut group = group;
    while let [Node::Group(inner)] = &group.children[..] {
        let is_placed = group.projection.is_some() || group.transform != Affine::IDENTITY;
        if group.styles.is_none() && (group.effects.is_none() || is_placed) {
            break;
        }
        group = inner;
    }
    group
}

/// Layer styles around all that is done to a layer by itself; how it meets what is below it, and its matte, stay outside.
fn styled(mut inner: GroupParts, styles: Arc<LayerStyles>) -> GroupParts {
    let outer = GroupParts {
        opacity: std::mem::replace(&mut inner.opacity, 1.0),
        blending_mode: std::mem::take(&mut inner.blending_mode),
        dissolve_seed: std::mem::take(&mut inner.dissolve_seed),
        preserve_transparency: std::mem::take(&mut inner.preserve_transparency),
        matte: inner.matte.take(),
        styles: Some(styles),
        ..GroupParts::default()
    };
    GroupParts {
        children: vec![Node::Group(inner.build())],
        ..outer
    }
}

impl Moment<'_> {
    fn nodes(&self) -> Vec<Node> {
        let mut entries = Vec::new();
        self.entries(&mut entries);
        ordered(&entries)
    }

    /// The layers below layer `i`, bottom first.
    pub(super) fn below(&self, i: usize) -> Vec<Node> {
        let mut entries = Vec::new();
        self.entries_below(i + 1, &mut entries);
        ordered(&entries)
    }

    /// The groups of all layers, bottom first.
    fn entries(&self, entries: &mut Vec<Entry>) {
        self.entries_below(0, entries);
    }

    /// The groups of the layers from `first` on, bottom first.
    fn entries_below(&self, first: usize, entries: &mut Vec<Entry>) {
        let held = self.held_by_adjustments();
        for (i, layer) in self.composition.layers.iter().enumerate().skip(first).rev() {
            if let Some(time) = held.as_ref().map(|held| held[i]).filter(|time| *time != self.time) {
                self.at(time).entry(i, layer, entries);
            } else {
                self.entry(i, layer, entries);
            }
        }
    }

    /// The groups of a layer.
    fn entry(&self, i: usize, layer: &Layer, entries: &mut Vec<Entry>) {
        if !layer.drawn || !layer.is_active(self.time) {
            return;
        }
        if Composition::joins(layer, self.all) && Self::is_plain(layer) {
            let before = entries.len();
            let opacity = layer.transform.opacity(layer.layer_time(self.time));
            if opacity > 0.0 {
                self.join(i, entries);
            }
            if opacity < 1.0 {
                for entry in &mut entries[before..] {
                    entry.group = collapse::faded(&entry.group, opacity);
                }
            }
        } else if let Some(group) = self.layer(i, Role::Drawn) {
            let plane = self.plane(i).filter(|_| !layer.adjustment);
            entries.push(Entry { group, plane });
        }
    }

    /// Whether nothing is done to all of a layer but to place it and fade it.
    fn is_plain(layer: &Layer) -> bool {
        layer.matte.is_none()
            && layer.effects.is_empty()
            && layer.styles.is_empty()
            && layer.blending_mode == BlendingMode::Normal
            && !layer.preserve_transparency
    }

    /// The groups of the layers of a composition that is part of this one.
    fn join(&self, i: usize, entries: &mut Vec<Entry>) {
        let layer = &self.composition.layers[i];
        let Content::Precomp { index, remap, .. } = &layer.content else {
            return;
        };
        let Some(time) = self.nested_time(layer, *index, remap.as_ref()) else {
            return;
        };
        let within = Within {
            moment: self,
            layer: i,
            rate: if remap.is_some() { 1.0 } else { layer.stretch },
        };
        Moment {
            within: Some(within),
            ..Moment::new(self.all, *index, time, self.evaluated)
        }
        .entries(entries);
    }

    /// The own time of the composition that a layer shows; `None` when it shows none of it.
    fn nested_time(&self, layer: &Layer, index: usize, remap: Option<&Track<Number>>) -> Option<f64> {
        let time = layer.layer_time(self.time);
        let source_time = remap.map_or(time, |r| r.at(time));
        self.all[index].shown_at(source_time, layer.stretch < 0.0 && remap.is_none())
    }

    fn layer(&self, i: usize, role: Role) -> Option<Arc<frame::Group>> {
        let layer = &self.composition.layers[i];
        match &layer.fixed {
            // Where it is part of another space, it is not the same everywhere.
            Some(fixed) if self.within.is_none() => {
                let slot = if role == Role::Drawn { fixed } else { &layer.fixed_matte };
                slot.get_or_init(|| self.build(i, role)).clone()
            }
            _ => self.build(i, role),
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
        let held = self.held(layer);
        let then = (held != self.time).then(|| self.at(held));
        let shown = then.as_ref().unwrap_or(self);
        let joins = Composition::joins(layer, self.all);
        let mut parts = GroupParts {
            origin: layer.origin,
            opacity,
            ..GroupParts::default()
        };
        if joins {
            let mut entries = Vec::new();
            self.join(i, &mut entries);
            parts.children = ordered(&entries);
        } else if !self.put(i, shown, &mut parts) && !cuts {
            return None;
        }
        if parts.children.is_empty() && !cuts {
            return None;
        }
        match self.matte(layer) {
            Visible::All => {}
            Visible::Through(matte) => parts.matte = Some(matte),
            Visible::Nothing if cuts => {}
            Visible::Nothing => return None,
        }
        if role == Role::Drawn {
            parts.blending_mode = layer.blending_mode;
            if layer.blending_mode == BlendingMode::DancingDissolve {
                parts.dissolve_seed = self.frame_number();
            }
            parts.preserve_transparency = layer.preserve_transparency;
        }
        parts.masks = layer.masks_at(layer.layer_time(shown.time));
        if role == Role::Drawn && layer.adjustment {
            parts.adjustment = true;
            parts.effects = Some(Effects::new([0.0; 2], Vec::new()));
        }
        shown.affect(i, &mut parts);
        if !parts.adjustment
            && let Some(styles) = layer.styles.at(layer.layer_time(shown.time), self.size())
        {
            parts = styled(parts, styles);
        }
        if matches!(layer.content, Content::Precomp { collapsed: true, .. }) {
            collapse::pass_opacity_on(&mut parts);
        }
        Some(parts.build())
    }

    /// The number of the composition's frame that shows.
    fn frame_number(&self) -> u32 {
        (self.time * self.composition.frame_rate).round().max(0.0) as u32
    }

    /// Puts a layer where it is, with what it shows at the time of `shown`; false when nothing of it is seen.
    pub(super) fn put(&self, i: usize, shown: &Self, parts: &mut GroupParts) -> bool {
        let layer = &self.composition.layers[i];
        let time = layer.layer_time(self.time);
        let place = self.place(i, 0.0);
        let affine = place.affine().filter(|affine| affine.determinant() != 0.0);
        let [_, _, [g, h, _]] = place.0;
        let is_turned = (g != 0.0 || h != 0.0) && place.is_finite() && place.determinant() != 0.0;
        let seen = affine.is_some() || is_turned;
        if !seen && !layer.motion_blur {
            return false;
        }
        shown.fill(layer, layer.layer_time(shown.time), parts);
        parts.motion = self.motion(i, || parts.clip.or_else(|| extent(&parts.children)));
        if let Some(affine) = affine {
            parts.transform = affine;
        } else if is_turned {
            let [x, y, _] = layer.transform.anchor(time);
            parts.transform = place.affine_at(Point::new(x, y)).unwrap_or_default();
            parts.projection = Some(place);
        } else if parts.motion.is_none() {
            parts.children.clear();
            return false;
        }
        true
    }

    /// Puts what the layer shows into `parts`.
    pub(super) fn fill(&self, layer: &Layer, time: f64, parts: &mut GroupParts) {
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
                let Some(time) = self.nested_time(layer, *index, remap.as_ref()) else {
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
}

/// What a track matte leaves.
enum Visible {
    All,
    Through(Matte),
    Nothing,
}

/// Where a layer's space lies in its composition at a time.
pub(crate) fn place(all: &[Composition], index: usize, layer: usize, time: f64) -> Projection {
    Moment::new(all, index, time, &Evaluated::default()).place(layer, 0.0)
}

/// Where a layer's space lies in its composition at a time, and what is in it by itself: without masks, matte, opacity.
/// `layer` is an index into the compiled layers.
pub(crate) fn content(all: &[Composition], index: usize, layer: usize, time: f64) -> (Projection, Vec<Node>) {
    let evaluated = Evaluated::default();
    let moment = Moment::new(all, index, time, &evaluated);
    let of = &moment.composition.layers[layer];
    if Composition::joins(of, all) {
        let mut entries = Vec::new();
        moment.join(layer, &mut entries);
        return (Projection::IDENTITY, ordered(&entries));
    }
    let mut parts = GroupParts::default();
    moment.fill(of, of.layer_time(time), &mut parts);
    (moment.place(layer, 0.0), parts.children)
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
