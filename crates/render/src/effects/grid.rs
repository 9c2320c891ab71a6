//! Grid: lines of a colour at equal distances.

use filmpress_pixels::{premultiply, row};

use super::blending::{Blending, cut_to_frame, frame_reach};
use super::cover::alpha;
use super::periodic::shares;
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Grid"],
    read: |p| Box::new(Grid::read(p)),
};

/// Width and height of a rectangle of a grid or checkerboard, pixels of the layer: from the menu "Size From".
pub(super) fn cell(size_from: u32, anchor: [f64; 2], corner: [f64; 2], [width, height]: [f64; 2]) -> [f64; 2] {
    let size = match size_from {
        1 => [corner[0] - anchor[0], corner[1] - anchor[1]],
        2 => [width, width],
        _ => [width, height],
    };
    // Rectangles without a size are no grid; the smallest there can be is far below a pixel.
    size.map(|s| s.abs().max(0.01))
}

struct Grid {
    anchor: Option<[f64; 2]>,
    corner: Option<[f64; 2]>,
    size_from: u32,
    /// Of a rectangle, pixels of the layer, where not from the corner.
    sliders: [f64; 2],
    /// Width of the lines, pixels of the layer.
    border: f64,
    /// Widths of soft edges, pixels of the layer.
    feather: [f64; 2],
    inverted: bool,
    /// Straight.
    color: [u8; 4],
    blending: Blending,
}

impl Grid {
    fn read(p: &Parameters) -> Self {
        let [r, g, b, _] = p.color(12, [1.0; 4]).map(|v| (v * 255.0).round() as u8);
        let opacity = (p.number(13, 100.0) / 100.0).clamp(0.0, 1.0);
        Self {
            anchor: p.point(1),
            size_from: p.menu(2, 1),
            corner: p.point(3),
            sliders: [p.number(4, 32.0), p.number(5, 24.0)],
            border: p.number(6, 5.0).max(0.0),
            feather: [8, 9].map(|number| p.number(number, 0.0).max(0.0)),
            inverted: p.flag(11, false),
            color: [r, g, b, (opacity * 255.0).round() as u8],
            blending: Blending::of_shapes(p, 14, 1),
        }
    }
}

impl Draws for Grid {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        frame_reach(ink, space)
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let layer = stage.fit(input, out);
        let space = stage.space;
        let anchor = self.anchor.unwrap_or_else(|| space.center());
        let corner = self.corner.unwrap_or_else(|| space.size.map(|s| s * 0.6));
        let size = cell(self.size_from, anchor, corner, self.sliders);
        let color = premultiply(self.color);
        let [mut across, mut down] = [Vec::new(), Vec::new()];
        for (i, (first, count, shares_of)) in [(out.x0, out.width(), &mut across), (out.y0, out.height(), &mut down)]
            .into_iter()
            .enumerate()
        {
            // Lines lie with their middles on the sides of the rectangles.
            let from = anchor[i] - self.border / 2.0;
            let scale = 1.0 / (space.scale[i] * size[i]);
            let shift = (-space.origin[i] / space.scale[i] - from) / size[i];
            let length = self.border / size[i];
            shares(first, scale, shift, self.feather[i] / size[i], length, shares_of, count);
        }
        let mut drawn = stage.raster(out);
        for ((_, line), v) in drawn.rows_mut().zip(&down) {
            for (pixel, u) in line.iter_mut().zip(&across) {
                let between = (1.0 - u) * (1.0 - v);
                let cover = if self.inverted { between } else { 1.0 - between };
                *pixel = row::scale(color, alpha(cover));
            }
        }
        cut_to_frame(&mut drawn, &space);
        self.blending.combine(layer, drawn, false, stage)
    }
}
