//! Spherize: the picture around a ball.

use std::f64::consts::FRAC_2_PI;

use super::remap::{ellipse, lens, warp_within};
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Spherize"],
    read: |p| Box::new(Spherize::read(p)),
};

struct Spherize {
    radius: f64,
    center: Option<[f64; 2]>,
}

impl Spherize {
    fn read(p: &Parameters) -> Self {
        Self {
            radius: p.number(1, 0.0).max(0.0),
            center: p.point(2),
        }
    }
}

/// Where a point at `r` (1 at the rim) of a ball's picture lies on the flat one.
fn flat(r: f64) -> f64 {
    if r < 1.0 { libm::asin(r) * FRAC_2_PI } else { r }
}

impl Draws for Spherize {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        lens(ink, space, self.center.unwrap_or(space.center()), [self.radius; 2])
    }

    fn needs(&self, out: IRect, space: &Space) -> IRect {
        lens(out, space, self.center.unwrap_or(space.center()), [self.radius; 2])
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let radius = self.radius;
        if radius <= 0.0 {
            return stage.fit(input, out);
        }
        let [cx, cy] = self.center.unwrap_or(stage.space.center());
        let within = ellipse(&stage.space, [cx, cy], [radius; 2]);
        warp_within(within, input, out, stage, |[x, y]| {
            let (dx, dy) = (x - cx, y - cy);
            let r = (dx * dx + dy * dy).sqrt() / radius;
            if !(1e-9..1.0).contains(&r) {
                return [x, y];
            }
            let factor = flat(r) / r;
            [cx + dx * factor, cy + dy * factor]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rim_of_the_ball_is_its_outline() {
        assert!((flat(1.0 - 1e-12) - 1.0).abs() < 1e-5);
        assert!((flat(0.5) - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!(flat(1.5), 1.5);
    }
}
