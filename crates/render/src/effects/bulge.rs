//! Bulge: the picture drawn towards a point, or away from it, inside an ellipse.

use super::remap::{ellipse, lens, warp_within};
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Bulge"],
    read: |p| Box::new(Bulge::read(p)),
};

struct Bulge {
    radii: [f64; 2],
    center: Option<[f64; 2]>,
    /// Positive towards the viewer.
    height: f64,
    /// How far from the rim the sides are shallower, pixels of the layer.
    taper: f64,
    /// The layer's edges stay where they are.
    pinned: bool,
}

impl Bulge {
    fn read(p: &Parameters) -> Self {
        Self {
            radii: [p.number(1, 50.0).max(0.0), p.number(2, 50.0).max(0.0)],
            center: p.point(3),
            height: p.number(4, 1.0).clamp(-4.0, 4.0),
            taper: p.number(5, 0.0).max(0.0),
            pinned: p.flag(7, false),
        }
    }

    /// The share of its distance from the centre that a point at `r` (1 at the rim) comes from.
    fn factor(&self, r: f64) -> f64 {
        let h = self.height.abs();
        if r >= 1.0 || h == 0.0 {
            return 1.0;
        }
        // Highest in the middle, level at the rim.
        let mut lift = h * (1.0 - r * r);
        if self.taper > 0.0 {
            let t = ((1.0 - r) * self.radii[0].min(self.radii[1]) / self.taper).min(1.0);
            lift *= t * t * (3.0 - 2.0 * t);
        }
        if self.height > 0.0 {
            return 1.0 / (1.0 + lift);
        }
        if self.taper == 0.0 && r > 1e-9 {
            // What undoes the bulge of the same height.
            return ((1.0 + 4.0 * r * r * h * (1.0 + h)).sqrt() - 1.0) / (2.0 * r * r * h);
        }
        (1.0 + lift).min(1.0 / r.max(1e-9))
    }

    /// How freely a point of the layer may move.
    fn free(&self, [x, y]: [f64; 2], size: [f64; 2]) -> f64 {
        if !self.pinned {
            return 1.0;
        }
        let edge = x.min(y).min(size[0] - x).min(size[1] - y).max(0.0);
        let reach = self.radii[0].min(self.radii[1]).max(1e-9) / 2.0;
        let t = (edge / reach).min(1.0);
        t * t * (3.0 - 2.0 * t)
    }
}

impl Draws for Bulge {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        lens(ink, space, self.center.unwrap_or(space.center()), self.radii)
    }

    fn needs(&self, out: IRect, space: &Space) -> IRect {
        lens(out, space, self.center.unwrap_or(space.center()), self.radii)
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let [rx, ry] = self.radii;
        if self.height == 0.0 || rx <= 0.0 || ry <= 0.0 {
            return stage.fit(input, out);
        }
        let size = stage.space.size;
        let [cx, cy] = self.center.unwrap_or(stage.space.center());
        let within = ellipse(&stage.space, [cx, cy], [rx, ry]);
        warp_within(within, input, out, stage, |[x, y]| {
            let (dx, dy) = (x - cx, y - cy);
            let r = ((dx / rx) * (dx / rx) + (dy / ry) * (dy / ry)).sqrt();
            let factor = 1.0 + (self.factor(r) - 1.0) * self.free([x, y], size);
            [cx + dx * factor, cy + dy * factor]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rim_stays_and_dents_undo_bulges() {
        let bulge = |height| Bulge {
            radii: [50.0; 2],
            center: None,
            height,
            taper: 0.0,
            pinned: false,
        };
        for h in [0.3, 1.0, 4.0] {
            assert_eq!(bulge(h).factor(1.0), 1.0);
            assert!((bulge(h).factor(0.999_999) - 1.0).abs() < 1e-4);
            for r in [1e-6, 0.2, 0.7, 0.95] {
                let dented = r * bulge(-h).factor(r);
                assert!(dented > r && dented <= 1.0);
                assert!((dented * bulge(h).factor(dented) - r).abs() < 1e-9);
            }
        }
    }
}
