//! Gaussian Blur.

use super::{Definition, Draws, Parameters, Space, Stage};
use crate::blur::{self, BoxBlur, Edges};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Gaussian Blur 2"],
    read: |p| Box::new(GaussianBlur::read(p)),
};

/// Standard deviation for a blurriness of 1, pixels. Measured by renderers on After Effects' output.
pub(super) const SIGMA: f64 = 0.3;

struct GaussianBlur {
    /// Standard deviations in x and y, pixels of the layer.
    sigmas: [f64; 2],
    repeat_edges: bool,
}

impl GaussianBlur {
    fn read(p: &Parameters) -> Self {
        let sigma = p.number(1, 0.0).max(0.0) * SIGMA;
        let sigmas = match p.menu(2, 1) {
            2 => [sigma, 0.0],
            3 => [0.0, sigma],
            _ => [sigma, sigma],
        };
        Self {
            sigmas,
            repeat_edges: p.flag(3, false),
        }
    }

    fn scaled(&self, space: &Space) -> [BoxBlur; 2] {
        [0, 1].map(|i| BoxBlur::gaussian(self.sigmas[i] * space.scale[i]))
    }
}

impl Draws for GaussianBlur {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        let grown = blur::reach(ink, &self.scaled(space));
        if self.repeat_edges {
            grown.intersect(space.frame_pixels().union(ink))
        } else {
            grown
        }
    }

    fn needs(&self, out: IRect, space: &Space) -> IRect {
        blur::reach(out, &self.scaled(space))
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let edges = if self.repeat_edges {
            Edges::Repeat(stage.space.frame_pixels())
        } else {
            Edges::Transparent
        };
        blur::picture(input, &self.scaled(&stage.space), edges, out, stage)
    }
}
