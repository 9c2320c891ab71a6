//! Gradient Ramp.

use filmpress_pixels::premultiply;

use super::random::random;
use super::{Definition, Draws, Parameters, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Ramp"],
    read: |p| Box::new(Ramp::read(p)),
};

/// Colours along the ramp; finer than steps of 8 bits over the widest layer.
const COLORS: usize = 4096;

struct Ramp {
    /// Points of the layer; `None` for the middle of its upper and of its lower side.
    start: Option<[f64; 2]>,
    end: Option<[f64; 2]>,
    /// Straight RGB, 0..1.
    colors: [[f32; 3]; 2],
    radial: bool,
    /// How far pixels may be moved along the ramp, in 255ths of it, half of it each way.
    scatter: f64,
    /// Share of the original that stays, 0..1.
    original: f64,
}

impl Ramp {
    fn read(p: &Parameters) -> Self {
        let rgb = |[r, g, b, _]: [f32; 4]| [r, g, b];
        Self {
            start: p.point(1),
            end: p.point(3),
            colors: [
                rgb(p.color(2, [0.0, 0.0, 0.0, 1.0])),
                rgb(p.color(4, [1.0, 1.0, 1.0, 1.0])),
            ],
            radial: p.menu(5, 1) == 2,
            scatter: p.number(6, 0.0).clamp(0.0, 512.0),
            original: p.number(7, 0.0).clamp(0.0, 1.0),
        }
    }

    /// Straight colours from the start to the end.
    fn table(&self) -> Vec<[u8; 3]> {
        let last = (COLORS - 1) as f32;
        let at = |i: usize| {
            let t = i as f32 / last;
            std::array::from_fn(|c| {
                let [a, b] = [self.colors[0][c], self.colors[1][c]];
                ((a + (b - a) * t) * 255.0 + 0.5) as u8
            })
        };
        (0..COLORS).map(at).collect()
    }
}

impl Draws for Ramp {
    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let mut picture = stage.fit(input, out);
        let space = stage.space;
        let [w, h] = space.size;
        let start = self.start.unwrap_or([w / 2.0, 0.0]);
        let end = self.end.unwrap_or([w / 2.0, h]);
        let d = [end[0] - start[0], end[1] - start[1]];
        let length2 = d[0] * d[0] + d[1] * d[1];
        let last = (COLORS - 1) as f64;
        let table = self.table();
        // In layer pixels: where the middle of a pixel is, from the start.
        let step = space.scale.map(|s| 1.0 / s);
        let inverse = if length2 > 0.0 { 1.0 / length2 } else { 0.0 };
        let by = d[0] * step[0] * inverse;
        let radius = 1.0 / length2.sqrt().max(1e-9);
        let keep = (self.original * 256.0).round() as i32;
        for (y, row) in picture.rows_mut() {
            let [x0, dy] = space.unpoint([f64::from(out.x0) + 0.5, f64::from(y) + 0.5]);
            let (x0, dy) = (x0 - start[0], dy - start[1]);
            let first = (x0 * d[0] + dy * d[1]) * inverse;
            for (i, pixel) in row.iter_mut().enumerate() {
                let alpha = pixel[3];
                if alpha == 0 {
                    continue;
                }
                let mut t = if self.radial {
                    let dx = x0 + i as f64 * step[0];
                    (dx * dx + dy * dy).sqrt() * radius
                } else if length2 > 0.0 {
                    first + by * i as f64
                } else {
                    1.0
                };
                if self.scatter > 0.0 {
                    let at = space.unpoint([f64::from(out.x0) + i as f64 + 0.5, f64::from(y) + 0.5]);
                    let place = at.map(|v| v.floor() as i32);
                    t += (f64::from(random(place[0], place[1], 0)) - 0.5) * self.scatter / 255.0;
                }
                // The cast saturates at 0.
                let [r, g, b] = table[((t * last + 0.5) as usize).min(COLORS - 1)];
                let new = if alpha == 255 {
                    [r, g, b, 255]
                } else {
                    premultiply([r, g, b, alpha])
                };
                if keep == 0 {
                    *pixel = new;
                } else {
                    for c in 0..3 {
                        let change = (i32::from(pixel[c]) - i32::from(new[c])) * keep;
                        pixel[c] = (i32::from(new[c]) + ((change + 128) >> 8)) as u8;
                    }
                }
            }
        }
        picture
    }
}
