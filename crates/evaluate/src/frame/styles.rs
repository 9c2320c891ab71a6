//! Layer styles in the strict tree: which, and the numbers of one time.

use std::sync::Arc;

use filmpress_composition::{BlendingMode, Gradient};

use super::digest_stops;
use crate::digest::{Digest, Digester};

/// The layer styles of a group, in pixels of its parent. Build with [`LayerStyles::new`].
#[derive(Clone, Debug)]
pub struct LayerStyles {
    /// In the order they are drawn: those below the layer, those inside of it, those on top.
    pub list: Vec<LayerStyle>,
    /// How much of the layer itself shows, 0..1; its styles stay.
    pub fill_opacity: f32,
    /// The fill opacity counts for the styles inside the layer too.
    pub interior_fades: bool,
    /// Width and height of the composition, pixels: what gradients that are not aligned with the layer go by.
    pub size: [f64; 2],
    /// Digest of all the above.
    pub digest: Digest,
}

/// One layer style.
#[derive(Clone, Debug)]
pub struct LayerStyle {
    /// How it combines with what is below it.
    pub mode: BlendingMode,
    /// 0..1.
    pub opacity: f32,
    /// What it draws.
    pub kind: StyleKind,
}

/// What a layer style draws. Colours are straight RGB, 0..1; lengths are pixels of the parent, y down.
#[derive(Clone, Debug)]
pub enum StyleKind {
    /// A shadow below.
    DropShadow {
        /// What it looks like.
        shadow: Shadow,
        /// Not seen through what the layer's fill opacity lets through.
        knocked_out: bool,
    },
    /// A shadow that falls from the edges onto the layer.
    InnerShadow(Shadow),
    /// Light around the layer.
    OuterGlow(Glow),
    /// Light on the layer.
    InnerGlow {
        /// What it looks like.
        glow: Glow,
        /// From the middle instead of the edges.
        from_center: bool,
    },
    /// Shading by the layer's own shape, moved both ways.
    Satin {
        /// What it looks like; spread does not count.
        shadow: Shadow,
        /// Where the shapes agree instead of where they differ.
        inverted: bool,
    },
    /// The layer in one colour.
    ColorOverlay([f32; 3]),
    /// The layer filled with a gradient.
    GradientOverlay(GradientOverlay),
    /// A line along the edges.
    Stroke {
        /// Its colour.
        color: [f32; 3],
        /// Its width.
        size: f64,
        /// Where it lies.
        position: StrokePosition,
    },
}

/// A shadow.
#[derive(Clone, Copy, Debug)]
pub struct Shadow {
    /// Its colour.
    pub color: [f32; 3],
    /// From the layer to it.
    pub offset: [f64; 2],
    /// Which share of the size is solid (spread, choke), 0..1.
    pub spread: f64,
    /// How far it reaches.
    pub size: f64,
}

/// A glow.
#[derive(Clone, Copy, Debug)]
pub struct Glow {
    /// Its colour.
    pub color: [f32; 3],
    /// Falls off by the distance from the edge instead of like a blur.
    pub precise: bool,
    /// Which share of the size is solid (spread, choke), 0..1.
    pub spread: f64,
    /// How far it reaches.
    pub size: f64,
    /// Which part of the fall-off is used, 0..1; less is more glow.
    pub range: f64,
}

/// A gradient over the layer.
#[derive(Clone, Debug)]
pub struct GradientOverlay {
    /// Colour and opacity stops.
    pub stops: Arc<Gradient>,
    /// Its shape.
    pub shape: OverlayShape,
    /// Degrees counterclockwise from pointing right.
    pub angle: f64,
    /// 1 fits the box it goes by.
    pub scale: f64,
    /// From the middle of that box, in shares of its width and height.
    pub offset: [f64; 2],
    /// Whether the box is the layer's instead of the composition's.
    pub aligned: bool,
}

/// The shape of a gradient overlay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are After Effects' own")]
pub enum OverlayShape {
    Linear,
    Radial,
    Angle,
    Reflected,
    Diamond,
}

/// Where a stroke lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are After Effects' own")]
pub enum StrokePosition {
    Outside,
    Inside,
    Center,
}

impl LayerStyles {
    /// Layer styles in drawing order.
    pub fn new(list: Vec<LayerStyle>, fill_opacity: f32, interior_fades: bool, size: [f64; 2]) -> Arc<Self> {
        let mut d = Digester::new(6);
        d.f64(f64::from(fill_opacity))
            .u64(u64::from(interior_fades))
            .f64s(&size)
            .u64(list.len() as u64);
        for style in &list {
            d.u64(style.mode as u64).f64(f64::from(style.opacity));
            style.kind.digest(&mut d);
        }
        let digest = d.finish();
        Arc::new(Self {
            list,
            fill_opacity,
            interior_fades,
            size,
            digest,
        })
    }
}

impl StyleKind {
    fn digest(&self, d: &mut Digester) {
        match self {
            Self::DropShadow { shadow, knocked_out } => shadow.digest(d.u64(0).u64(u64::from(*knocked_out))),
            Self::InnerShadow(shadow) => shadow.digest(d.u64(1)),
            Self::OuterGlow(glow) => glow.digest(d.u64(2)),
            Self::InnerGlow { glow, from_center } => glow.digest(d.u64(3).u64(u64::from(*from_center))),
            Self::Satin { shadow, inverted } => shadow.digest(d.u64(4).u64(u64::from(*inverted))),
            Self::ColorOverlay(color) => {
                d.u64(5).f64s(&color.map(f64::from));
            }
            Self::GradientOverlay(overlay) => {
                d.u64(6).u64(overlay.shape as u64).u64(u64::from(overlay.aligned));
                d.f64s(&[overlay.angle, overlay.scale]).f64s(&overlay.offset);
                digest_stops(d, &overlay.stops);
            }
            Self::Stroke { color, size, position } => {
                d.u64(7).f64s(&color.map(f64::from)).f64(*size).u64(*position as u64);
            }
        }
    }
}

impl Shadow {
    fn digest(&self, d: &mut Digester) {
        d.f64s(&self.color.map(f64::from))
            .f64s(&self.offset)
            .f64s(&[self.spread, self.size]);
    }
}

impl Glow {
    fn digest(&self, d: &mut Digester) {
        d.f64s(&self.color.map(f64::from))
            .u64(u64::from(self.precise))
            .f64s(&[self.spread, self.size, self.range]);
    }
}
