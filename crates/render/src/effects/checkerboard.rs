//! Checkerboard: every other one of its rectangles in a colour.

use super::blending::frame_reach;
use super::lattice::{Lattice, Numbers, Stripes};
use super::{Definition, Draws, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Checkerboard"],
    read: |p| Box::new(Checkerboard(Lattice::read(p, &NUMBERS))),
};

const NUMBERS: Numbers = Numbers {
    size_from: 2,
    sliders: [16.0, 8.0],
    corner: 0.58,
    feather: 7,
    color: 10,
    blending: 12,
};

struct Checkerboard(Lattice);

impl Draws for Checkerboard {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        frame_reach(ink, space)
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        // Along each side half of a period is one, the other half the other kind; soft edges and pixels take the mean.
        let stripes = |size: f64| Stripes {
            period: 2.0 * size,
            start: 0.0,
            width: size,
        };
        let cover = |u: f32, v: f32| u * v + (1.0 - u) * (1.0 - v);
        self.0.draw(input, out, stage, stripes, cover)
    }
}
