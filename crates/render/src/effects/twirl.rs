//! Twirl: the picture turned around a point, most in the middle.

use super::remap::{ellipse, lens, warp_within};
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Twirl"],
    read: |p| Box::new(Twirl::read(p)),
};

struct Twirl {
    /// In the middle, radians clockwise.
    angle: f64,
    /// Share of the layer's longer side.
    radius: f64,
    center: Option<[f64; 2]>,
}

impl Twirl {
    fn read(p: &Parameters) -> Self {
        Self {
            angle: p.number(1, 0.0).clamp(-1e5, 1e5).to_radians(),
            radius: p.number(2, 30.0).max(0.0) / 100.0,
            center: p.point(3),
        }
    }

    fn radius(&self, space: &Space) -> f64 {
        self.radius * space.size[0].max(space.size[1])
    }

    /// How far a point at `r` (1 at the rim) is turned, radians clockwise.
    fn turned(&self, r: f64) -> f64 {
        self.angle * (1.0 - r) * (1.0 - r)
    }
}

impl Draws for Twirl {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        let center = self.center.unwrap_or(space.center());
        lens(ink, space, center, [self.radius(space); 2])
    }

    fn needs(&self, out: IRect, space: &Space) -> IRect {
        self.reach(out, space)
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let radius = self.radius(&stage.space);
        if self.angle == 0.0 || radius <= 0.0 {
            return stage.fit(input, out);
        }
        let [cx, cy] = self.center.unwrap_or(stage.space.center());
        let within = ellipse(&stage.space, [cx, cy], [radius; 2]);
        warp_within(within, input, out, stage, |[x, y]| {
            let (dx, dy) = (x - cx, y - cy);
            let r = (dx * dx + dy * dy).sqrt() / radius;
            if r >= 1.0 {
                return [x, y];
            }
            let back = -self.turned(r);
            let (s, c) = (libm::sin(back), libm::cos(back));
            [cx + dx * c - dy * s, cy + dx * s + dy * c]
        })
    }
}
