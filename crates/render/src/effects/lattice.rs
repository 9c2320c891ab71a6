//! What Checkerboard and Grid share: rectangles at equal distances, painted in one colour.

use filmpress_pixels::{premultiply, row};

use super::blending::{Blending, cut_to_frame};
use super::cover::alpha;
use super::periodic::shares;
use super::{Parameters, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

/// Under which numbers an effect has its parameters, and what they are where the file has none.
pub(super) struct Numbers {
    /// Entry of "Size From".
    pub size_from: u32,
    /// Width and height of a rectangle.
    pub sliders: [f64; 2],
    /// Where the corner is, as a share of the layer's size.
    pub corner: f64,
    /// Number of the feather along x; along y it is the next.
    pub feather: u32,
    /// Number of the colour; opacity is the next.
    pub color: u32,
    /// Number of the blending mode.
    pub blending: u32,
}

/// Rectangles side by side.
pub(super) struct Lattice {
    anchor: Option<[f64; 2]>,
    corner: Option<[f64; 2]>,
    /// Where the corner is without one, as a share of the layer's size.
    default_corner: f64,
    size_from: u32,
    /// Of a rectangle, pixels of the layer, where not from the corner.
    sliders: [f64; 2],
    /// Widths of soft edges, pixels of the layer.
    feather: [f64; 2],
    /// Straight.
    color: [u8; 4],
    blending: Blending,
}

/// Stripes along one axis, in pixels of the layer.
pub(super) struct Stripes {
    /// From the start of one to the start of the next.
    pub period: f64,
    /// Where one starts, from the anchor.
    pub start: f64,
    /// Width of one.
    pub width: f64,
}

impl Lattice {
    pub fn read(p: &Parameters, numbers: &Numbers) -> Self {
        let [r, g, b, _] = p.color(numbers.color, [1.0; 4]).map(|v| (v * 255.0).round() as u8);
        let opacity = (p.number(numbers.color + 1, 100.0) / 100.0).clamp(0.0, 1.0);
        Self {
            anchor: p.point(1),
            size_from: p.menu(2, numbers.size_from),
            corner: p.point(3),
            default_corner: numbers.corner,
            sliders: [4, 5].map(|number| p.number(number, numbers.sliders[number as usize - 4])),
            feather: [0, 1].map(|i| p.number(numbers.feather + i, 0.0).max(0.0)),
            color: [r, g, b, (opacity * 255.0).round() as u8],
            blending: Blending::of_shapes(p, numbers.blending, 1),
        }
    }

    /// Draws it over the layer: `stripes` of a rectangle's side lie along each axis, `cover` says how much of the colour
    /// shows where one along x and one along y cover these shares of a pixel.
    pub fn draw(
        &self,
        input: Raster,
        out: IRect,
        stage: &mut Stage,
        stripes: impl Fn(f64) -> Stripes,
        cover: impl Fn(f32, f32) -> f32,
    ) -> Raster {
        let layer = stage.fit(input, out);
        let space = stage.space;
        let anchor = self.anchor.unwrap_or_else(|| space.center());
        let corner = self
            .corner
            .unwrap_or_else(|| space.size.map(|s| s * self.default_corner));
        let size = cell(self.size_from, anchor, corner, self.sliders);
        let color = premultiply(self.color);
        let [mut across, mut down] = [Vec::new(), Vec::new()];
        for (i, (first, count, shares_of)) in [(out.x0, out.width(), &mut across), (out.y0, out.height(), &mut down)]
            .into_iter()
            .enumerate()
        {
            let Stripes { period, start, width } = stripes(size[i]);
            let scale = 1.0 / (space.scale[i] * period);
            let shift = (-space.origin[i] / space.scale[i] - (anchor[i] + start)) / period;
            let feather = self.feather[i] / period;
            shares(first, scale, shift, feather, width / period, shares_of, count);
        }
        let mut drawn = stage.raster(out);
        for ((_, line), v) in drawn.rows_mut().zip(&down) {
            for (pixel, u) in line.iter_mut().zip(&across) {
                *pixel = row::scale(color, alpha(cover(*u, *v)));
            }
        }
        cut_to_frame(&mut drawn, &space);
        self.blending.combine(layer, drawn, false, stage)
    }
}

/// Width and height of a rectangle, pixels of the layer: from the menu "Size From".
fn cell(size_from: u32, anchor: [f64; 2], corner: [f64; 2], [width, height]: [f64; 2]) -> [f64; 2] {
    let size = match size_from {
        1 => [corner[0] - anchor[0], corner[1] - anchor[1]],
        2 => [width, width],
        _ => [width, height],
    };
    // Rectangles without a size are none; the smallest there can be is far below a pixel.
    size.map(|s| s.abs().max(0.01))
}
