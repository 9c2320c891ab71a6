//! 4-Color Gradient.

use super::blending::Blending;
use super::random::random;
use super::{Definition, Draws, Parameters, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE 4ColorGradient"],
    read: |p| Box::new(FourColorGradient::read(p)),
};

struct FourColorGradient {
    /// Points of the layer; `None` at a tenth of the layer's size from its corners.
    points: [Option<[f64; 2]>; 4],
    /// Straight RGB, 0..255.
    colors: [[f32; 3]; 4],
    /// How softly colours mix, 1 is After Effects' 100.
    blend: f64,
    /// How much noise there is, in levels.
    jitter: f32,
    /// 0..1.
    opacity: f64,
    blending: Blending,
}

impl FourColorGradient {
    fn read(p: &Parameters) -> Self {
        let defaults = [[1.0, 1.0, 0.0], [0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 0.0, 1.0]];
        let color = |i: usize| {
            let [r, g, b] = defaults[i];
            let [r, g, b, _] = p.color(2 * i as u32 + 2, [r, g, b, 1.0]);
            [r, g, b].map(|v| v * 255.0)
        };
        Self {
            points: std::array::from_fn(|i| p.point(2 * i as u32 + 1)),
            colors: std::array::from_fn(color),
            blend: (p.number(9, 100.0) / 100.0).clamp(0.01, 100.0),
            jitter: p.number(10, 0.0).clamp(0.0, 100.0) as f32 * 0.64,
            opacity: (p.number(13, 100.0) / 100.0).clamp(0.0, 1.0),
            blending: Blending::of_fields(p, 14, 1),
        }
    }
}

impl Draws for FourColorGradient {
    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let layer = stage.fit(input, out);
        let space = stage.space;
        let points: [[f64; 2]; 4] = std::array::from_fn(|i| {
            let [u, v] = [[0.1, 0.1], [0.9, 0.1], [0.1, 0.9], [0.9, 0.9]][i];
            self.points[i].unwrap_or([u * space.size[0], v * space.size[1]])
        });
        // Distances count to the power of two, less the more the colours are to blend; in units of the layer's size,
        // so that powers stay in range.
        let unit = 1.0 / space.size[0].max(space.size[1]).max(1.0);
        let power = (1.0 / self.blend) as f32;
        let mut drawn = stage.raster(out);
        let opaque = (self.opacity * 255.0).round() as u8;
        let step = (unit / space.scale[0]) as f32;
        for (y, line) in drawn.rows_mut() {
            let [x0, py] = space.unpoint([f64::from(out.x0) + 0.5, f64::from(y) + 0.5]);
            let from: [[f32; 2]; 4] = points.map(|[x, y]| [((x0 - x) * unit) as f32, ((py - y) * unit) as f32]);
            let shows = layer.row(y);
            for (i, pixel) in line.iter_mut().enumerate() {
                if shows[i][3] == 0 {
                    continue;
                }
                let mut sum = [0.0f32; 3];
                let mut weights = 0.0f32;
                for (k, [dx, dy]) in from.iter().enumerate() {
                    let dx = dx + step * i as f32;
                    let d2 = (dx * dx + dy * dy).max(1e-9);
                    // The blend of 100 is by far the most frequent.
                    let weight = if self.blend == 1.0 {
                        1.0 / d2
                    } else {
                        libm::powf(d2, -power)
                    };
                    weights += weight;
                    for (s, c) in sum.iter_mut().zip(self.colors[k]) {
                        *s += weight * c;
                    }
                }
                let mut color = sum.map(|s| s / weights);
                if self.jitter > 0.0 {
                    let at = space.unpoint([f64::from(out.x0) + i as f64 + 0.5, f64::from(y) + 0.5]);
                    let [x, y] = at.map(|v| v.floor() as i32);
                    for (c, v) in color.iter_mut().enumerate() {
                        *v += (random(x, y, c as u32) - 0.5) * self.jitter;
                    }
                }
                // The casts saturate; infinite weights give numbers that are none, which become 0.
                let [r, g, b] = color.map(|v| (v * self.opacity as f32 + 0.5) as u8);
                *pixel = [r.min(opaque), g.min(opaque), b.min(opaque), opaque];
            }
        }
        self.blending.combine(layer, drawn, true, stage)
    }
}
