//! Gradient Overlay: a gradient across the box of the layer, or of the composition, seen inside the layer.

use std::sync::Arc;

use filmpress_evaluate::frame::{GradientOverlay, OverlayShape};
use kurbo::Affine;

use super::shape::Shape;
use crate::draw::Scratch;
use crate::gradient::Colors;

/// A gradient overlay as a source of pixels.
pub(super) struct Overlay {
    colors: Arc<Colors>,
    shape: OverlayShape,
    /// From the device's pixels to a space with the gradient's middle at (0, 0), its end at (1, 0) and y to its right.
    to_unit: Affine,
}

impl Overlay {
    pub fn new(overlay: &GradientOverlay, shape: &Shape, scratch: &mut Scratch) -> Self {
        let inverse = if shape.transform.determinant().abs() > 1e-12 {
            shape.transform.inverse()
        } else {
            Affine::IDENTITY
        };
        let device = if overlay.aligned { shape.bounds } else { shape.frame };
        let around = inverse.transform_rect_bbox(device);
        let (width, height) = (around.width().max(1.0), around.height().max(1.0));
        let angle = overlay.angle.to_radians();
        let (sin, cos) = (libm::sin(angle), libm::cos(angle));
        // Along its angle it reaches from the first corner of the box to the last.
        let half = 0.5 * (width * cos.abs() + height * sin.abs()) * overlay.scale;
        let [x, y] = [
            around.center().x + overlay.offset[0] * width,
            around.center().y + overlay.offset[1] * height,
        ];
        Self {
            colors: scratch.colors.get(&overlay.stops),
            shape: overlay.shape,
            to_unit: Affine::scale(1.0 / half.max(0.5))
                * Affine::new([cos, sin, -sin, cos, 0.0, 0.0])
                * Affine::translate((-x, -y))
                * inverse,
        }
    }

    /// Premultiplied pixels of row `y` from `x` on.
    pub fn row(&self, x: i32, y: i32, out: &mut [[u8; 4]]) {
        let [a, b, c, d, tx, ty] = self.to_unit.as_coeffs();
        let py = f64::from(y) + 0.5;
        for (out, x) in out.iter_mut().zip(x..) {
            let px = f64::from(x) + 0.5;
            let (u, v) = (a * px + c * py + tx, b * px + d * py + ty);
            let offset = match self.shape {
                OverlayShape::Linear => 0.5 * u + 0.5,
                OverlayShape::Radial => libm::hypot(u, v),
                // Counterclockwise from the angle.
                OverlayShape::Angle => {
                    let turn = libm::atan2(-v, u) / std::f64::consts::TAU;
                    if turn < 0.0 { turn + 1.0 } else { turn }
                }
                OverlayShape::Reflected => u.abs(),
                OverlayShape::Diamond => u.abs() + v.abs(),
            };
            *out = self.colors.at(offset as f32);
        }
    }
}
