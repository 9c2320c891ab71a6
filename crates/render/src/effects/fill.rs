//! Fill: one colour in the shape of the layer, or of one of its masks.

use filmpress_evaluate::frame::FillRule;
use filmpress_pixels::{mul_div_255, premultiply};
use kurbo::BezPath;

use super::{Definition, Draws, Parameters, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Fill"],
    read: |p| Box::new(Fill::read(p)),
};

struct Fill {
    /// Straight.
    color: [u8; 4],
    /// Only inside this mask.
    mask: Option<BezPath>,
    /// Everywhere but there.
    inverted: bool,
}

impl Fill {
    fn read(p: &Parameters) -> Self {
        let [r, g, b, _] = p.color(2, [1.0, 0.0, 0.0, 1.0]);
        let byte = |v: f32| (v * 255.0).round() as u8;
        Self {
            color: [byte(r), byte(g), byte(b), byte(p.number(5, 1.0).clamp(0.0, 1.0) as f32)],
            mask: p.path(1).map(|outline| outline.path.clone()),
            inverted: p.flag(7, false),
        }
    }
}

impl Draws for Fill {
    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let mut picture = stage.fit(input, out);
        let cover = self.mask.as_ref().map(|mask| {
            let mut cover = stage.raster(out);
            stage.fill(mask, FillRule::NonZero, [255; 4], &mut cover);
            cover
        });
        let [r, g, b, opacity] = self.color;
        let at = |pixel: [u8; 4], share: u8| {
            // Alpha stays; colour goes from the pixel's to the fill's.
            let full = premultiply([r, g, b, pixel[3]]);
            let mut new = pixel;
            for i in 0..3 {
                new[i] = (mul_div_255(full[i], share) + mul_div_255(pixel[i], 255 - share)).min(pixel[3]);
            }
            new
        };
        match &cover {
            None => {
                for pixel in picture.pixels_mut().iter_mut().filter(|p| p[3] != 0) {
                    *pixel = at(*pixel, opacity);
                }
            }
            Some(cover) => {
                for (pixel, cover) in picture.pixels_mut().iter_mut().zip(cover.pixels()) {
                    let share = if self.inverted { 255 - cover[3] } else { cover[3] };
                    *pixel = at(*pixel, mul_div_255(share, opacity));
                }
            }
        }
        if let Some(cover) = cover {
            stage.give(cover);
        }
        picture
    }

    fn needs(&self, out: IRect, _: &Space) -> IRect {
        out
    }
}
