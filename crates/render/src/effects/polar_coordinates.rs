//! Polar Coordinates: across becomes around, down becomes outwards; and the way back.

use std::f64::consts::TAU;

use super::remap::{Beyond, around, warp};
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Polar Coordinates"],
    read: |p| Box::new(PolarCoordinates::read(p)),
};

struct PolarCoordinates {
    /// How far points go to where they belong, 0..1.
    share: f64,
    /// From polar to rectangular.
    back: bool,
}

impl PolarCoordinates {
    fn read(p: &Parameters) -> Self {
        Self {
            share: p.number(1, 0.0).clamp(0.0, 1.0),
            back: p.menu(2, 2) == 2,
        }
    }
}

/// Where a point of the ring comes from: the left and right sides meet above the middle, the upper side is the middle.
fn to_polar([x, y]: [f64; 2], [w, h]: [f64; 2]) -> [f64; 2] {
    let (dx, dy) = (x - w / 2.0, y - h / 2.0);
    let around = libm::atan2(dx, -dy) / TAU;
    let around = if around < 0.0 { around + 1.0 } else { around };
    let out = (dx * dx + dy * dy).sqrt() / (w.min(h) / 2.0);
    [around * w, out * h]
}

/// Where a point of the strip comes from.
fn to_rectangle([x, y]: [f64; 2], [w, h]: [f64; 2]) -> [f64; 2] {
    let angle = x / w * TAU;
    let out = y / h * w.min(h) / 2.0;
    [w / 2.0 + out * libm::sin(angle), h / 2.0 - out * libm::cos(angle)]
}

impl Draws for PolarCoordinates {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        if ink.is_empty() || self.share == 0.0 {
            ink
        } else {
            space.frame_pixels()
        }
    }

    fn needs(&self, out: IRect, space: &Space) -> IRect {
        if self.share == 0.0 { out } else { around(space.frame()) }
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let size = stage.space.size;
        if self.share == 0.0 || !(size[0] > 0.0 && size[1] > 0.0) {
            return stage.fit(input, out);
        }
        let share = self.share;
        // The sides that meet are one; nothing shows between them.
        let beyond = if self.back {
            Beyond::Transparent
        } else {
            Beyond::Sideways(stage.space.frame_pixels())
        };
        warp(input, beyond, out, stage, |point| {
            let to = if self.back {
                to_rectangle(point, size)
            } else {
                to_polar(point, size)
            };
            [0, 1].map(|i| point[i] + (to[i] - point[i]) * share)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let size = [200.0, 100.0];
        for point in [[110.0, 60.0], [80.0, 30.0], [100.0, 90.0]] {
            let back = to_rectangle(to_polar(point, size), size);
            assert!((back[0] - point[0]).abs() < 1e-9 && (back[1] - point[1]).abs() < 1e-9);
        }
        // Straight right of the middle: a quarter of the way across.
        assert_eq!(to_polar([125.0, 50.0], size), [50.0, 50.0]);
    }
}
