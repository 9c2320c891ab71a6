//! Effects in the strict tree: which, in what order, and the numbers of one time.

use std::sync::Arc;

use filmpress_composition::CustomValue;

use super::{Group, Outline};
use crate::digest::{Digest, Digester};

/// The effects of a group. Build with [`Effects::new`].
#[derive(Clone, Debug)]
pub struct Effects {
    /// Width and height of the layer, pixels of the children's space: what effects that fill, tile or mirror go by.
    pub size: [f64; 2],
    /// In the order they are applied.
    pub list: Vec<Effect>,
    /// Digest of all the above.
    pub digest: Digest,
}

impl Effects {
    /// Effects of a layer of this size.
    pub fn new(size: [f64; 2], list: Vec<Effect>) -> Arc<Self> {
        let mut d = Digester::new(5);
        d.f64s(&size).u64(list.len() as u64);
        for effect in &list {
            effect.digest(&mut d);
        }
        let digest = d.finish();
        Arc::new(Self { size, list, digest })
    }
}

/// An effect with the values of one time.
#[derive(Clone, Debug)]
pub struct Effect {
    /// Where it is, for people: see [`crate::Scene::place_of`]. Nothing drawn depends on it, nor does the digest.
    pub origin: u32,
    /// After Effects' match name, such as `ADBE Gaussian Blur 2`.
    pub match_name: Arc<str>,
    /// Its parameters by the number at the end of their match names (`ADBE Tint-0002` is 2), rising.
    pub parameters: Vec<(u32, Parameter)>,
    /// How much of it shows over what it was applied to (Compositing Options), 0..1.
    pub opacity: f32,
    /// Time of the layer in seconds, for effects that move by themselves; 0 for all others.
    pub time: f64,
    /// What the layer was at other times, without masks and effects, nearest first (Echo); in the space of the children.
    pub echoes: Vec<Arc<Group>>,
    /// The paths of all masks of the layer, in its space, for effects that paint along or inside them; empty for others.
    pub outlines: Vec<Arc<Outline>>,
}

impl Effect {
    /// A parameter by its number.
    pub fn parameter(&self, number: u32) -> Option<&Parameter> {
        let i = self.parameters.binary_search_by_key(&number, |(n, _)| *n).ok()?;
        Some(&self.parameters[i].1)
    }

    fn digest(&self, d: &mut Digester) {
        d.bytes(self.match_name.as_bytes())
            .f64(f64::from(self.opacity))
            .f64(self.time)
            .u64(self.echoes.len() as u64);
        for echo in &self.echoes {
            d.digest(echo.digest);
        }
        d.u64(self.outlines.len() as u64);
        for outline in &self.outlines {
            d.digest(outline.digest);
        }
        d.u64(self.parameters.len() as u64);
        for (number, parameter) in &self.parameters {
            d.u64(u64::from(*number));
            parameter.digest(d);
        }
    }
}

/// The value of a parameter.
#[derive(Clone, Debug)]
pub enum Parameter {
    /// A number, a check box (0 or 1), a menu (1-based entry) or an angle (degrees); in After Effects' own units.
    Number(f64),
    /// A point of the layer, pixels; z is 0 for points of the plane.
    Point([f64; 3]),
    /// Straight RGBA, 0..1.
    Color([f32; 4]),
    /// A layer of the same composition; `None` when none is chosen or nothing of it shows.
    Layer(Option<LayerPicture>),
    /// The outlines of masks of the same layer, in its space: one, or none when none is chosen.
    Path(Option<Arc<Outline>>),
    /// Data of the effect's own.
    Custom(Arc<CustomValue>),
}

impl Parameter {
    fn digest(&self, d: &mut Digester) {
        match self {
            Self::Number(x) => d.u64(0).f64(*x),
            Self::Point(p) => d.u64(1).f64s(p),
            Self::Color(c) => d.u64(2).f64s(&c.map(f64::from)),
            Self::Layer(None) => d.u64(3),
            Self::Layer(Some(layer)) => d.u64(4).f64s(&layer.size).digest(layer.content.digest),
            Self::Path(None) => d.u64(5),
            Self::Path(Some(outline)) => d.u64(6).digest(outline.digest),
            // Large and rare; its debug text is its content.
            Self::Custom(value) => d.u64(7).bytes(format!("{value:?}").as_bytes()),
        };
    }
}

/// Another layer as an effect sees it: its source, without masks, effects and transform.
#[derive(Clone, Debug)]
pub struct LayerPicture {
    /// What it shows, in its own space.
    pub content: Arc<Group>,
    /// Its width and height in that space, pixels.
    pub size: [f64; 2],
}
