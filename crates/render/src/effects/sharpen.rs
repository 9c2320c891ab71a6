//! Sharpen: what a pixel differs from its neighbours in, once more.

use super::remap::grown;
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Sharpen"],
    read: |p| Box::new(Sharpen::read(p)),
};

struct Sharpen {
    /// How often the difference is added.
    amount: f64,
}

impl Sharpen {
    fn read(p: &Parameters) -> Self {
        Self {
            amount: (p.number(1, 0.0) / 100.0).clamp(0.0, 40.0),
        }
    }
}

/// How far away the neighbours are, pixels: a pixel of the layer, no less than one here.
fn distance(space: &Space) -> [i32; 2] {
    space.scale.map(|s| s.round().clamp(1.0, 64.0) as i32)
}

impl Draws for Sharpen {
    fn needs(&self, out: IRect, space: &Space) -> IRect {
        grown(out, distance(space).map(f64::from))
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let mut picture = stage.copy(&input, out);
        // Pixels that are means of the layer's own have lost as much already.
        let amount = (self.amount * stage.space.length(1.0).min(1.0)) as f32;
        if amount > 0.0 {
            let [dx, dy] = distance(&stage.space);
            for (y, row) in picture.rows_mut() {
                for (x, pixel) in (out.x0..).zip(row) {
                    let a = pixel[3];
                    if a == 0 {
                        continue;
                    }
                    // The neighbours' mean colour, as far as they show.
                    let mut sum = [0_u32; 4];
                    for (i, j) in [(-1, -1), (0, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (0, 1), (1, 1)] {
                        let other = input.pixel(x + i * dx, y + j * dy);
                        for c in 0..4 {
                            sum[c] += u32::from(other[c]);
                        }
                    }
                    if sum[3] == 0 {
                        continue;
                    }
                    let own = f32::from(a) / sum[3] as f32;
                    for c in 0..3 {
                        let mean = sum[c] as f32 * own;
                        let sharp = f32::from(pixel[c]) + (f32::from(pixel[c]) - mean) * amount;
                        pixel[c] = (sharp + 0.5).clamp(0.0, f32::from(a)) as u8;
                    }
                }
            }
        }
        stage.give(input);
        picture
    }
}
