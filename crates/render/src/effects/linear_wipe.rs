//! Linear Wipe.

use super::cover::{alpha, cover, transition};
use super::{Definition, Draws, Parameters, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Linear Wipe"],
    read: |p| Box::new(LinearWipe::read(p)),
};

struct LinearWipe {
    /// 0..1.
    completion: f64,
    /// Where the wipe travels to, length 1.
    direction: [f64; 2],
    /// Width of the soft edge, pixels of the layer.
    feather: f64,
}

impl LinearWipe {
    fn read(p: &Parameters) -> Self {
        // Degrees clockwise; at 0 it travels upwards, at 90 to the right.
        let angle = p.number(2, 90.0).to_radians();
        Self {
            completion: (p.number(1, 0.0) / 100.0).clamp(0.0, 1.0),
            direction: [libm::sin(angle), -libm::cos(angle)],
            feather: p.number(3, 0.0).max(0.0),
        }
    }
}

impl Draws for LinearWipe {
    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        transition(input, out, self.completion, stage, |picture, stage| {
            let space = stage.space;
            let [dx, dy] = self.direction;
            let half = f64::midpoint(space.size[0] * dx.abs(), space.size[1] * dy.abs());
            // The soft edge lies wholly before the layer at the beginning and wholly behind it at the end.
            let edge = (half + self.feather / 2.0) * (2.0 * self.completion - 1.0);
            let step = [dx / space.scale[0], dy / space.scale[1]];
            // At least as wide as a pixel, so that the edge is smooth.
            let pixel = (step[0] * step[0] + step[1] * step[1]).sqrt();
            let soft = 1.0 / self.feather.max(pixel).max(1e-9);
            let center = space.center();
            cover(picture, stage, |y, x0, alphas| {
                let [x, y] = space.unpoint([f64::from(x0) + 0.5, f64::from(y) + 0.5]);
                let along = (x - center[0]) * dx + (y - center[1]) * dy;
                let first = ((along - edge) * soft + 0.5) as f32;
                let by = (step[0] * soft) as f32;
                for (i, a) in alphas.iter_mut().enumerate() {
                    *a = alpha((first + by * i as f32).clamp(0.0, 1.0));
                }
            });
        })
    }
}
