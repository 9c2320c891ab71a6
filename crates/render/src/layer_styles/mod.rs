//! Layer styles: drawn after the transform, each with its own blending mode, on what is below the layer.
//!
//! | below the layer | inside it, from below |
//! |---|---|
//! | `drop_shadow`, `outer_glow`, the outer part of `stroke` | `gradient_overlay`, `color_overlay`, `satin`, `inner_glow`, `inner_shadow`, the inner part of `stroke` |
//!
//! What is below a layer shows through it only where the layer does not cover its pixels, so that soft edges have no
//! seam. To add a style: its file with a function that makes a [`Source`], its line in [`below`] or [`inside`], and what
//! is said in `evaluate/src/layer_styles.rs`.

mod color_overlay;
mod distance;
mod drop_shadow;
mod gradient_overlay;
mod inner_glow;
mod inner_shadow;
mod outer_glow;
mod satin;
mod shape;
mod stroke;
mod styled;

use filmpress_evaluate::frame::{LayerStyle, StyleKind};

use crate::draw::Scratch;
use crate::surface::{Plane, Touched};

pub(crate) use self::distance::DistanceScratch;
use self::gradient_overlay::Overlay;
use self::shape::Shape;
pub(crate) use self::styled::bounds;

/// What a style draws with.
enum Source {
    /// One straight colour.
    Flat([u8; 3], Plane),
    /// A gradient everywhere.
    Gradient(Overlay),
}

impl Source {
    /// A colour seen through a plane.
    fn flat(color: [f32; 3], plane: Plane) -> Self {
        Self::Flat(color.map(|v| (v.clamp(0.0, 1.0) * 255.0).round() as u8), plane)
    }

    /// Premultiplied pixels of row `y` from `x` on.
    fn row(&self, x: i32, y: i32, out: &mut [[u8; 4]]) {
        match self {
            Self::Flat([r, g, b], plane) => {
                for (out, x) in out.iter_mut().zip(x..) {
                    *out = filmpress_pixels::premultiply([*r, *g, *b, plane.at(x, y)]);
                }
            }
            Self::Gradient(overlay) => overlay.row(x, y, out),
        }
    }

    /// Columns of row `y` inside `x0..x1` that it may show on.
    fn extent(&self, y: i32, x0: i32, x1: i32) -> Touched {
        match self {
            Self::Flat(_, plane) => plane.extent(y, x0, x1),
            Self::Gradient(_) => (x0, x1),
        }
    }

    fn give(self, scratch: &mut Scratch) {
        if let Self::Flat(_, plane) = self {
            scratch.pool.give_plane(plane);
        }
    }
}

/// What a style draws below the layer, and whether the layer's shape hides it even where the layer lets through.
fn below(style: &LayerStyle, shape: &Shape, scratch: &mut Scratch) -> Option<(Source, bool)> {
    match &style.kind {
        StyleKind::DropShadow { shadow, knocked_out } => {
            Some((drop_shadow::source(shadow, shape, scratch), *knocked_out))
        }
        StyleKind::OuterGlow(glow) => Some((outer_glow::source(glow, shape, scratch), true)),
        StyleKind::Stroke { color, size, position } => {
            let plane = stroke::outer(*size, *position, shape, scratch)?;
            Some((Source::flat(*color, plane), true))
        }
        _ => None,
    }
}

/// What a style draws inside the layer. Its alpha is a share of the layer's own.
fn inside(style: &LayerStyle, shape: &Shape, scratch: &mut Scratch) -> Option<Source> {
    match &style.kind {
        StyleKind::InnerShadow(shadow) => Some(inner_shadow::source(shadow, shape, scratch)),
        StyleKind::InnerGlow { glow, from_center } => Some(inner_glow::source(glow, *from_center, shape, scratch)),
        StyleKind::Satin { shadow, inverted } => Some(satin::source(shadow, *inverted, shape, scratch)),
        StyleKind::ColorOverlay(color) => Some(color_overlay::source(*color, shape, scratch)),
        StyleKind::GradientOverlay(overlay) => Some(Source::Gradient(Overlay::new(overlay, shape, scratch))),
        StyleKind::Stroke { color, size, position } => {
            let plane = stroke::inner(*size, *position, shape, scratch)?;
            Some(Source::flat(*color, plane))
        }
        StyleKind::DropShadow { .. } | StyleKind::OuterGlow(_) => None,
    }
}

/// How far a style reaches beyond the layer, pixels of the composition: to each side by its size, and where it is moved.
fn reach(kind: &StyleKind) -> (f64, [f64; 2]) {
    match kind {
        // Some show nothing outside, but look at what is around.
        StyleKind::DropShadow { shadow, .. } | StyleKind::InnerShadow(shadow) | StyleKind::Satin { shadow, .. } => {
            (shadow.size, shadow.offset)
        }
        StyleKind::OuterGlow(glow) | StyleKind::InnerGlow { glow, .. } => (glow.size, [0.0; 2]),
        StyleKind::Stroke { size, .. } => (*size, [0.0; 2]),
        StyleKind::ColorOverlay(_) | StyleKind::GradientOverlay(_) => (0.0, [0.0; 2]),
    }
}
