//! Venetian Blinds.

use super::cover::{alpha, cover, transition};
use super::periodic::share;
use super::{Definition, Draws, Parameters, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Venetian Blinds"],
    read: |p| Box::new(VenetianBlinds::read(p)),
};

/// Width of a soft edge for each pixel of feather. Other renderers measured it on After Effects' output.
const SOFT: f64 = 3.0;

struct VenetianBlinds {
    /// 0..1.
    completion: f64,
    /// Across the blinds, length 1.
    direction: [f64; 2],
    /// Of one blind, pixels of the layer.
    width: f64,
    /// Width of the soft edges, pixels of the layer.
    soft: f64,
}

impl VenetianBlinds {
    fn read(p: &Parameters) -> Self {
        let angle = p.number(2, 0.0).to_radians();
        Self {
            completion: (p.number(1, 0.0) / 100.0).clamp(0.0, 1.0),
            direction: [libm::cos(angle), libm::sin(angle)],
            width: p.number(3, 20.0).max(1.0),
            soft: p.number(4, 0.0).max(0.0) * SOFT,
        }
    }
}

impl Draws for VenetianBlinds {
    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        transition(input, out, self.completion, stage, |picture, stage| {
            let space = stage.space;
            let [dx, dy] = self.direction.map(|d| d / self.width);
            let step = [dx / space.scale[0], dy / space.scale[1]];
            let pixel = (step[0] * step[0] + step[1] * step[1]).sqrt();
            let half = (self.soft / self.width).max(pixel) / 2.0;
            let center = space.center();
            cover(picture, stage, |y, x0, alphas| {
                let [x, y] = space.unpoint([f64::from(x0) + 0.5, f64::from(y) + 0.5]);
                let first = (x - center[0]) * dx + (y - center[1]) * dy;
                for (i, a) in alphas.iter_mut().enumerate() {
                    let at = first + step[0] * i as f64;
                    *a = alpha(1.0 - share(at - half, at + half, self.completion) as f32);
                }
            });
        })
    }
}
