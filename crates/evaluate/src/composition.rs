//! A composition, typed: its layers at a time, bottom first.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use filmpress_composition::{BlendingMode, Diagnostics, ItemId, ItemKind, Kind, LayerId, LayerKind};
use kurbo::{Affine, Rect};

use crate::compile::Compile;
use crate::essential_properties;
use crate::frame::{self, GroupParts, Image, ImageSource, Matte, Node};
use crate::layer::{Content, Layer, TINY, TrackMatte, film_time};
use crate::limits;
use crate::report;
use crate::support::Topic;
use crate::transform::Space;

/// A compiled composition.
#[derive(Debug)]
pub(crate) struct Composition {
    pub item: ItemId,
    /// What of it will not be drawn as After Effects draws it.
    pub warnings: Diagnostics,
    /// What is wrong with its fonts: the message, and the layers it is about.
    pub fonts: BTreeMap<String, Vec<String>>,
    pub width: u32,
    pub height: u32,
    pub duration: f64,
    pub frame_rate: f64,
    preserve_frame_rate: bool,
    /// The layers that are drawn or needed by those, topmost first.
    pub layers: Vec<Layer>,
    /// How many layers a frame evaluates at most, nested compositions counted each time.
    pub weight: u64,
    /// How often other compositions show it.
    uses: u32,
    /// Its nodes, when they are the same during all of its duration.
    fixed: Option<OnceLock<Vec<Node>>>,
}

/// Compiles a composition that a layer shows; `None` (and a warning) when it cannot be shown.
pub(crate) fn compile_nested(c: &mut Compile, id: ItemId, layer: &filmpress_composition::Layer) -> Option<usize> {
    if c.open.contains(&id) {
        c.warn(Kind::Malformed, "a composition contains itself; it is not drawn there");
        return None;
    }
    if c.open.len() >= limits::COMPOSITION_DEPTH {
        c.warn(
            Kind::Limit,
            format!(
                "compositions nest deeper than {}; the rest is not drawn",
                limits::COMPOSITION_DEPTH
            ),
        );
        return None;
    }
    let index = match essential_properties::overridden(c, id, layer) {
        Some((composition, values)) => {
            let known = c.variants.get(&(id, values.clone())).copied();
            let index = known.unwrap_or_else(|| compile_as(c, id, &composition));
            c.variants.insert((id, values), index);
            index
        }
        None => compile(c, id)?,
    };
    // Every use of this composition counts all of its layers again.
    c.compositions[index].uses += 1;
    Some(index)
}

/// Compiles a composition unless that is done; gives its index.
pub(crate) fn compile(c: &mut Compile, id: ItemId) -> Option<usize> {
    if let Some(&index) = c.finished.get(&id) {
        return Some(index);
    }
    let index = match &c.item(id)?.kind {
        ItemKind::Composition(source) => compile_as(c, id, source),
        _ => return None,
    };
    c.finished.insert(id, index);
    Some(index)
}

/// Compiles a composition as `source` has it; gives its index.
fn compile_as(c: &mut Compile, id: ItemId, source: &filmpress_composition::Composition) -> usize {
    let name = c.item(id).map_or("", |item| &*item.name);
    let outside = std::mem::take(&mut c.place);
    c.place.0.push(name.to_owned());
    c.open.push(id);
    let (warnings, fonts) = (std::mem::take(&mut c.warnings), std::mem::take(&mut c.fonts));
    let mut compiled = Composition::compile(c, source);
    compiled.item = id;
    compiled.warnings = std::mem::replace(&mut c.warnings, warnings);
    compiled.fonts = std::mem::replace(&mut c.fonts, fonts);
    c.open.pop();
    c.place = outside;
    let index = c.compositions.len();
    c.compositions.push(compiled);
    index
}

/// What of a layer is needed.
#[derive(Clone, Copy, Default, PartialEq)]
struct Need {
    drawn: bool,
    matte: bool,
    parent: bool,
}

/// Index of each layer by id; of layers with the same id the first counts.
fn index(source: &filmpress_composition::Composition) -> HashMap<LayerId, usize> {
    let mut by_id = HashMap::new();
    for (i, layer) in source.layers.iter().enumerate() {
        by_id.entry(layer.id).or_insert(i);
    }
    by_id
}

/// Each layer's link to another, without links to nothing, to itself or round in a circle.
fn links(
    c: &mut Compile,
    source: &filmpress_composition::Composition,
    by_id: &HashMap<LayerId, usize>,
    what: &str,
    link: impl Fn(&filmpress_composition::Layer) -> Option<LayerId>,
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

impl Composition {
    fn compile(c: &mut Compile, source: &filmpress_composition::Composition) -> Self {
        report::composition(c, source);
        let by_id = index(source);
        let parents = links(c, source, &by_id, "parent", |l| l.parent);
        let mattes = links(c, source, &by_id, "track matte", |l| l.track_matte.map(|m| m.layer));
        let mut needs = vec![Need::default(); source.layers.len()];
        for (i, layer) in source.layers.iter().enumerate() {
            let s = &layer.switches;
            let visible = s.enabled && !s.guide && layer.out_point > layer.in_point;
            if visible && s.adjustment && !matches!(layer.kind, LayerKind::Null) {
                c.inside(&layer.name, |c| {
                    c.feature(Topic::LayerSwitch, "adjustmentLayer");
                });
                continue;
            }
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
        let mut new_index = vec![None; needs.len()];
        let mut count = 0;
        for (i, need) in needs.iter().enumerate() {
            if *need != Need::default() || c.whole {
                new_index[i] = Some(count);
                count += 1;
            }
        }
        let mut layers = Vec::with_capacity(count);
        let mut weight: u64 = 1;
        for (i, layer) in source.layers.iter().enumerate() {
            if needs[i] == Need::default() && !c.whole {
                continue;
            }
            let shows = needs[i].drawn || needs[i].matte;
            let mut compiled = c.inside(&layer.name, |c| {
                if needs[i] == Need::default() {
                    return c.silently(|c| Layer::compile(c, layer, source.motion_blur, true));
                }
                let mut compiled = Layer::compile(c, layer, source.motion_blur, shows);
                if c.whole && !shows {
                    compiled.content = c.silently(|c| Content::compile(c, layer));
                } else if let Content::Precomp { index, .. } = compiled.content {
                    let more = c.compositions[index].weight;
                    if weight.saturating_add(more) > limits::LAYERS_PER_FRAME {
                        c.warn(
                            Kind::Limit,
                            format!(
                                "more than {} layers in one frame; this one is not drawn",
                                limits::LAYERS_PER_FRAME
                            ),
                        );
                        compiled.content = Content::Nothing;
                    } else {
                        weight += more;
                    }
                }
                compiled
            });
            weight += u64::from(needs[i] != Need::default());
            compiled.drawn = needs[i].drawn;
            compiled.parent = parents[i].and_then(|p| new_index[p]);
            compiled.matte = mattes[i]
                .and_then(|m| new_index[m])
                .zip(layer.track_matte)
                .map(|(index, m)| TrackMatte {
                    layer: index,
                    kind: m.kind,
                    inverted: m.inverted,
                });
            layers.push(compiled);
        }
        let finite = |x: f64, other: f64| if x.is_finite() && x > 0.0 { x } else { other };
        let mut composition = Self {
            item: ItemId::default(),
            warnings: Diagnostics::new(),
            fonts: BTreeMap::new(),
            width: source.width,
            height: source.height,
            duration: finite(source.duration, 0.0),
            frame_rate: finite(source.frame_rate, 30.0),
            preserve_frame_rate: source.preserve_frame_rate,
            layers,
            weight,
            uses: 0,
            fixed: None,
        };
        composition.find_fixed(&c.compositions);
        composition
    }

    /// Finds what is the same at all times.
    fn find_fixed(&mut self, others: &[Self]) {
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

/// Whether layers of this kind draw anything.
fn draws(kind: LayerKind) -> bool {
    match kind {
        LayerKind::Av(_) | LayerKind::Text | LayerKind::Shape | LayerKind::Unknown => true,
        LayerKind::Null | LayerKind::Camera | LayerKind::Light(_) | LayerKind::Audio(_) => false,
    }
}

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
            parts.preserve_transparency = layer.preserve_transparency;
        }
        if seen {
            self.fill(layer, time, &mut parts);
        }
        if parts.children.is_empty() && !cuts {
            return None;
        }
        parts.masks = layer.masks.iter().filter_map(|m| m.at(time)).collect();
        Some(parts.build())
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
