//! Ripple: waves that run from a point outwards.

use std::f64::consts::TAU;

use super::remap::{ellipse, lens, warp_within};
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Ripple"],
    read: |p| Box::new(Ripple::read(p)),
};

struct Ripple {
    /// Share of half the layer's diagonal.
    radius: f64,
    center: Option<[f64; 2]>,
    /// Points move outwards and inwards only.
    symmetric: bool,
    /// Pixels of the layer.
    width: f64,
    height: f64,
    /// Waves that have left the centre; any number.
    phase: f64,
}

impl Ripple {
    fn read(p: &Parameters) -> Self {
        let speed = p.number(4, 1.0);
        Self {
            radius: (p.number(1, 0.0) / 100.0).clamp(0.0, 10.0),
            center: p.point(2),
            symmetric: p.menu(3, 1) == 2,
            width: p.number(5, 20.0).max(1.0),
            height: p.number(6, 20.0).clamp(-4000.0, 4000.0),
            phase: p.number(7, 0.0) / 360.0 + speed * p.effect().time,
        }
    }

    fn radius(&self, space: &Space) -> f64 {
        self.radius * libm::hypot(space.size[0], space.size[1]) / 2.0
    }
}

impl Draws for Ripple {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        if ink.is_empty() {
            return ink;
        }
        let radius = self.radius(space) + 2.0 * self.height.abs();
        let center = self.center.unwrap_or(space.center());
        lens(ink, space, center, [radius; 2]).intersect(ink.union(space.frame_pixels()))
    }

    fn needs(&self, out: IRect, space: &Space) -> IRect {
        let radius = self.radius(space) + 2.0 * self.height.abs();
        lens(out, space, self.center.unwrap_or(space.center()), [radius; 2])
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let radius = self.radius(&stage.space);
        if radius <= 0.0 || self.height == 0.0 {
            return stage.fit(input, out);
        }
        let [cx, cy] = self.center.unwrap_or(stage.space.center());
        let phase = self.phase - self.phase.floor();
        let within = ellipse(&stage.space, [cx, cy], [radius; 2]);
        warp_within(within, input, out, stage, |[x, y]| {
            let (dx, dy) = (x - cx, y - cy);
            let r = (dx * dx + dy * dy).sqrt();
            if r >= radius || r < 1e-9 {
                return [x, y];
            }
            let angle = (r / self.width - phase) * TAU;
            // Waves are lower the further they came.
            let high = self.height * (1.0 - r / radius);
            let (ux, uy) = (dx / r, dy / r);
            let outwards = high * libm::sin(angle);
            let sideways = if self.symmetric { 0.0 } else { high * libm::cos(angle) };
            [x + ux * outwards - uy * sideways, y + uy * outwards + ux * sideways]
        })
    }
}
