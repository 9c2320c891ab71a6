//! Offset: the layer's picture shifted, what leaves on one side coming in on the other.

use super::remap::{Beyond, Samples, around, remap};
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Offset"],
    read: |p| Box::new(Offset::read(p)),
};

struct Offset {
    /// Where the layer's centre goes.
    center: Option<[f64; 2]>,
    /// How much of the original shows, 0..1.
    original: f32,
}

impl Offset {
    fn read(p: &Parameters) -> Self {
        Self {
            center: p.point(1),
            original: p.number(2, 0.0).clamp(0.0, 1.0) as f32,
        }
    }
}

impl Draws for Offset {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        if ink.is_empty() { ink } else { space.frame_pixels() }
    }

    fn needs(&self, _: IRect, space: &Space) -> IRect {
        around(space.frame())
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let space = stage.space;
        let middle = space.center();
        let [x, y] = self.center.unwrap_or(middle);
        let shift = [(x - middle[0]) * space.scale[0], (y - middle[1]) * space.scale[1]];
        let frame = space.frame();
        let size = [frame.width(), frame.height()];
        // Large shifts are few once wrapped: nothing is lost of their fractions.
        let shift = [0, 1].map(|i| if size[i] > 0.0 { shift[i] % size[i] } else { 0.0 });
        let beyond = Beyond::Wrap(space.frame_pixels());
        let map = |x: f64, y: f64| Some([x - shift[0], y - shift[1]]);
        let mut picture = remap(&input, beyond, Samples::Fixed(1, 1), out, stage, map);
        if self.original > 0.0 {
            let original = stage.fit(input, out);
            picture.mix(&original, self.original);
            stage.give(original);
        } else {
            stage.give(input);
        }
        picture
    }
}
