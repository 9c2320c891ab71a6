//! Fill: one colour in the shape of the layer, or of its masks.

use std::sync::Arc;

use filmpress_evaluate::frame::{FillRule, Outline};
use filmpress_pixels::{mul_div_255, premultiply};
use kurbo::BezPath;

use super::gaussian_blur::SIGMA;
use super::{Definition, Draws, Parameters, Stage};
use crate::blur::{self, BoxBlur};
use crate::raster_picture::Raster;
use crate::rect::IRect;
use crate::surface::Plane;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Fill"],
    read: |p| Box::new(Fill::read(p)),
};

struct Fill {
    /// Straight.
    color: [u8; 4],
    /// Only inside these masks; everywhere without.
    masks: Option<Vec<BezPath>>,
    /// Everywhere but there.
    inverted: bool,
    /// Standard deviations of the masks' edges in x and y, pixels of the layer.
    sigmas: [f64; 2],
}

impl Fill {
    fn read(p: &Parameters) -> Self {
        let [r, g, b, _] = p.color(2, [1.0, 0.0, 0.0, 1.0]);
        let byte = |v: f32| (v * 255.0).round() as u8;
        let path = |outline: &Outline| outline.path.clone();
        let all: &[Arc<Outline>] = p.outlines();
        let masks = if p.flag(7, false) && !all.is_empty() {
            Some(all.iter().map(|outline| path(outline)).collect())
        } else {
            p.path(1).map(|outline| vec![path(outline)])
        };
        Self {
            color: [byte(r), byte(g), byte(b), byte(p.number(5, 1.0).clamp(0.0, 1.0) as f32)],
            masks,
            inverted: p.flag(6, false),
            sigmas: [3, 4].map(|number| p.number(number, 0.0).max(0.0) * SIGMA),
        }
    }

    /// How much of each pixel lies inside of the masks, over `out`.
    fn inside(&self, masks: &[BezPath], out: IRect, stage: &mut Stage) -> Plane {
        let sigmas = [0, 1].map(|i| self.sigmas[i] * stage.space.scale[i]);
        let around = blur::reach(out, &sigmas.map(BoxBlur::gaussian));
        let mut shape = stage.raster(around);
        for mask in masks {
            stage.fill(mask, FillRule::NonZero, [255; 4], &mut shape);
        }
        let mut inside = stage.alphas(&shape, around);
        stage.give(shape);
        stage.blur_plane(&mut inside, sigmas);
        inside
    }
}

impl Draws for Fill {
    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let mut picture = stage.fit(input, out);
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
        match &self.masks {
            None => {
                for pixel in picture.pixels_mut().iter_mut().filter(|p| p[3] != 0) {
                    *pixel = at(*pixel, opacity);
                }
            }
            Some(masks) => {
                let inside = self.inside(masks, out, stage);
                for (y, row) in picture.rows_mut() {
                    for (pixel, inside) in row.iter_mut().zip(inside.row(y, out.x0, out.x1)) {
                        let share = if self.inverted { 255 - inside } else { *inside };
                        *pixel = at(*pixel, mul_div_255(share, opacity));
                    }
                }
                stage.give_plane(inside);
            }
        }
        picture
    }
}
