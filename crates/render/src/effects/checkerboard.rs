//! Checkerboard: every other one of its rectangles in a colour.

use filmpress_pixels::{premultiply, row};

use super::blending::{Blending, cut_to_frame, frame_reach};
use super::cover::alpha;
use super::grid::cell;
use super::periodic::shares;
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Checkerboard"],
    read: |p| Box::new(Checkerboard::read(p)),
};

struct Checkerboard {
    anchor: Option<[f64; 2]>,
    corner: Option<[f64; 2]>,
    size_from: u32,
    /// Of a rectangle, pixels of the layer, where not from the corner.
    sliders: [f64; 2],
    /// Widths of soft edges, pixels of the layer.
    feather: [f64; 2],
    /// Straight.
    color: [u8; 4],
    blending: Blending,
}

impl Checkerboard {
    fn read(p: &Parameters) -> Self {
        let [r, g, b, _] = p.color(10, [1.0; 4]).map(|v| (v * 255.0).round() as u8);
        let opacity = (p.number(11, 100.0) / 100.0).clamp(0.0, 1.0);
        Self {
            anchor: p.point(1),
            size_from: p.menu(2, 2),
            corner: p.point(3),
            sliders: [p.number(4, 16.0), p.number(5, 8.0)],
            feather: [7, 8].map(|number| p.number(number, 0.0).max(0.0)),
            color: [r, g, b, (opacity * 255.0).round() as u8],
            blending: Blending::of_shapes(p, 12, 1),
        }
    }
}

impl Draws for Checkerboard {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        frame_reach(ink, space)
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let layer = stage.fit(input, out);
        let space = stage.space;
        let anchor = self.anchor.unwrap_or_else(|| space.center());
        let corner = self.corner.unwrap_or_else(|| space.size.map(|s| s * 0.58));
        let size = cell(self.size_from, anchor, corner, self.sliders);
        let color = premultiply(self.color);
        // Along each side half of a period is one, the other half the other kind; soft edges and pixels take the mean.
        let [mut across, mut down] = [Vec::new(), Vec::new()];
        for (i, (first, count, shares_of)) in [(out.x0, out.width(), &mut across), (out.y0, out.height(), &mut down)]
            .into_iter()
            .enumerate()
        {
            let period = 2.0 * size[i];
            let scale = 1.0 / (space.scale[i] * period);
            let shift = (-space.origin[i] / space.scale[i] - anchor[i]) / period;
            shares(first, scale, shift, self.feather[i] / period, 0.5, shares_of, count);
        }
        let mut drawn = stage.raster(out);
        for ((_, line), v) in drawn.rows_mut().zip(&down) {
            for (pixel, u) in line.iter_mut().zip(&across) {
                *pixel = row::scale(color, alpha(u * v + (1.0 - u) * (1.0 - v)));
            }
        }
        cut_to_frame(&mut drawn, &space);
        self.blending.combine(layer, drawn, false, stage)
    }
}
