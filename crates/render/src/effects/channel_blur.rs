//! Channel Blur: each channel blurred by itself.

use super::gaussian_blur::SIGMA;
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::blur::{self, BoxBlur, Edges};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Channel Blur"],
    read: |p| Box::new(ChannelBlur::read(p)),
};

struct ChannelBlur {
    /// Standard deviations of red, green, blue and alpha, pixels of the layer.
    sigmas: [f64; 4],
    /// Which dimensions are blurred.
    dimensions: [bool; 2],
    repeat_edges: bool,
}

impl ChannelBlur {
    fn read(p: &Parameters) -> Self {
        // The last two have other numbers in newer files.
        let dimensions = p.menu(6, p.menu(8, 1));
        Self {
            sigmas: [1, 2, 3, 4].map(|number| p.number(number, 0.0).max(0.0) * SIGMA),
            dimensions: [dimensions != 3, dimensions != 2],
            repeat_edges: p.flag(5, p.flag(7, false)),
        }
    }

    fn blurs(&self, channel: usize, space: &Space) -> [BoxBlur; 2] {
        [0, 1].map(|i| {
            if self.dimensions[i] {
                BoxBlur::gaussian(self.sigmas[channel] * space.scale[i])
            } else {
                BoxBlur::NONE
            }
        })
    }

    fn reached(&self, rect: IRect, space: &Space) -> IRect {
        (0..4).fold(rect, |all, c| all.union(blur::reach(rect, &self.blurs(c, space))))
    }
}

impl Draws for ChannelBlur {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        // Nothing shows where alpha does not reach.
        let reached = blur::reach(ink, &self.blurs(3, space));
        if self.repeat_edges {
            reached.intersect(space.frame_pixels().union(ink))
        } else {
            reached
        }
    }

    fn needs(&self, out: IRect, space: &Space) -> IRect {
        self.reached(out, space)
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let edges = if self.repeat_edges {
            Edges::Repeat(stage.space.frame_pixels())
        } else {
            Edges::Transparent
        };
        let mut picture = stage.copy(&input, out);
        for c in 0..4 {
            // Channels that are blurred alike are blurred together.
            if self.sigmas[..c].contains(&self.sigmas[c]) {
                continue;
            }
            let source = stage.copy(&input, input.rect());
            let blurred = blur::picture(source, &self.blurs(c, &stage.space), edges, out, stage);
            for (pixel, soft) in picture.pixels_mut().iter_mut().zip(blurred.pixels()) {
                for i in c..4 {
                    if self.sigmas[i] == self.sigmas[c] {
                        pixel[i] = soft[i];
                    }
                }
            }
            stage.give(blurred);
        }
        // No colour without alpha.
        for pixel in picture.pixels_mut() {
            let [r, g, b, a] = *pixel;
            *pixel = [r.min(a), g.min(a), b.min(a), a];
        }
        stage.give(input);
        picture
    }
}
