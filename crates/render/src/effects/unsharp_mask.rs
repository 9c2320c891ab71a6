//! Unsharp Mask: what a picture differs from itself blurred in, once more.

use super::{Definition, Draws, Parameters, Space, Stage};
use crate::blur::{self, BoxBlur, Edges};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Unsharp Mask2", "ADBE Unsharp Mask"],
    read: |p| Box::new(UnsharpMask::read(p)),
};

struct UnsharpMask {
    /// How often the difference is added.
    amount: f32,
    /// Standard deviation, pixels of the layer.
    sigma: f64,
    /// Differences up to here do not count, 0..255.
    threshold: f32,
}

impl UnsharpMask {
    fn read(p: &Parameters) -> Self {
        // A share of the range; older files have 0 to 255.
        let threshold = p.number(3, 0.0).max(0.0);
        let levels = if threshold <= 1.0 { threshold * 255.0 } else { threshold };
        Self {
            amount: (p.number(1, 0.0) / 100.0).clamp(-50.0, 50.0) as f32,
            sigma: p.number(2, 1.0).clamp(0.0, 500.0),
            threshold: levels as f32,
        }
    }

    fn blurs(&self, space: &Space) -> [BoxBlur; 2] {
        [0, 1].map(|i| BoxBlur::gaussian(self.sigma * space.scale[i]))
    }
}

impl Draws for UnsharpMask {
    fn needs(&self, out: IRect, space: &Space) -> IRect {
        blur::reach(out, &self.blurs(space))
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let mut picture = stage.copy(&input, out);
        let blurred = blur::picture(input, &self.blurs(&stage.space), Edges::Transparent, out, stage);
        for (pixel, soft) in picture.pixels_mut().iter_mut().zip(blurred.pixels()) {
            let a = pixel[3];
            if a == 0 || soft[3] == 0 {
                continue;
            }
            // Colours are compared, not how much of them shows.
            let own = f32::from(a) / f32::from(soft[3]);
            let least = self.threshold * f32::from(a) / 255.0;
            for c in 0..3 {
                let difference = f32::from(pixel[c]) - f32::from(soft[c]) * own;
                if difference.abs() > least {
                    let sharp = f32::from(pixel[c]) + difference * self.amount;
                    pixel[c] = (sharp + 0.5).clamp(0.0, f32::from(a)) as u8;
                }
            }
        }
        stage.give(blurred);
        picture
    }
}
