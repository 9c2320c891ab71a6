//! A composition, typed: its layers at a time, bottom first.
//!
//! `links` and `needs` find out which layers matter, `fixed` what is the same at all times; `moment` makes the nodes of
//! a time: `place` says where they are and how the camera sees them, `order` which 3D layers come first, `motion_blur`
//! where they are while the shutter is open.

mod affected;
mod collapse;
mod fixed;
mod links;
mod moment;
mod motion_blur;
mod needs;
mod order;
mod place;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use filmpress_composition::{Diagnostics, ItemId, ItemKind, Kind};

use self::links::{index, links};
pub(crate) use self::moment::{Evaluated, content, nodes, place};
use self::motion_blur::Shutter;
use self::needs::{Need, needs};
use crate::compile::Compile;
use crate::essential_properties;
use crate::frame::Node;
use crate::layer::{Content, Layer, TrackMatte};
use crate::limits;
use crate::report;

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
    /// When the shutter is open; `None` without motion blur.
    shutter: Option<Shutter>,
    /// Indices of the cameras that are switched on, topmost first.
    cameras: Vec<usize>,
    /// 3D layers are in it, or in a composition that is part of it because it is collapsed.
    has_space: bool,
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

impl Composition {
    fn compile(c: &mut Compile, source: &filmpress_composition::Composition) -> Self {
        report::composition(c, source);
        let by_id = index(source);
        let parents = links(c, source, &by_id, "parent", |l| l.parent);
        let mattes = links(c, source, &by_id, "track matte", |l| l.track_matte.map(|m| m.layer));
        let needs = needs(source, &parents, &mattes, &by_id);
        let mut new_index = vec![None; needs.len()];
        let mut count = 0;
        for (i, need) in needs.iter().enumerate() {
            if *need != Need::default() || c.whole {
                new_index[i] = Some(count);
                count += 1;
            }
        }
        let mut layers = Vec::with_capacity(count);
        let mut cameras = Vec::new();
        let mut weight: u64 = 1;
        for (i, layer) in source.layers.iter().enumerate() {
            if needs[i] == Need::default() && !c.whole {
                continue;
            }
            let shows = needs[i].shows();
            let mut compiled = c.inside(&layer.name, |c| {
                if needs[i] == Need::default() {
                    return c.silently(|c| Layer::compile(c, layer, true));
                }
                let mut compiled = Layer::compile(c, layer, shows);
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
            if needs[i].camera {
                cameras.push(layers.len());
            }
            compiled.parent = parents[i].and_then(|p| new_index[p]);
            for effect in &mut compiled.effects {
                effect.link(|id| by_id.get(&id).and_then(|&i| new_index[i]));
            }
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
            shutter: Shutter::of(source),
            cameras,
            has_space: false,
            layers,
            weight,
            uses: 0,
            fixed: None,
        };
        composition.has_space = composition.layers.iter().any(|layer| {
            let shows = !matches!(layer.content, Content::Nothing);
            shows && layer.transform.is_three_d() || Self::joins(layer, &c.compositions)
        });
        composition.find_fixed(&c.compositions);
        composition
    }
}
