//! Grid: lines of a colour at equal distances.

use super::blending::frame_reach;
use super::lattice::{Lattice, Numbers, Stripes};
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Grid"],
    read: |p| Box::new(Grid::read(p)),
};

const NUMBERS: Numbers = Numbers {
    size_from: 1,
    sliders: [32.0, 24.0],
    corner: 0.6,
    feather: 8,
    color: 12,
    blending: 14,
};

struct Grid {
    lattice: Lattice,
    /// Width of the lines, pixels of the layer.
    border: f64,
    inverted: bool,
}

impl Grid {
    fn read(p: &Parameters) -> Self {
        Self {
            lattice: Lattice::read(p, &NUMBERS),
            border: p.number(6, 5.0).max(0.0),
            inverted: p.flag(11, false),
        }
    }
}

impl Draws for Grid {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        frame_reach(ink, space)
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        // Lines lie with their middles on the sides of the rectangles.
        let stripes = |size: f64| Stripes {
            period: size,
            start: -self.border / 2.0,
            width: self.border,
        };
        let cover = |u: f32, v: f32| {
            let between = (1.0 - u) * (1.0 - v);
            if self.inverted { between } else { 1.0 - between }
        };
        self.lattice.draw(input, out, stage, stripes, cover)
    }
}
