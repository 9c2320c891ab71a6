//! Solid Composite: a colour behind the layer, over all of its rectangle.

use filmpress_pixels::{premultiply, row};

use super::color::byte;
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Solid Composite"],
    read: |p| Box::new(SolidComposite::read(p)),
};

struct SolidComposite {
    /// Opacity of the layer.
    source: u8,
    /// Premultiplied.
    solid: [u8; 4],
}

impl SolidComposite {
    fn read(p: &Parameters) -> Self {
        let opacity = |number: u32| byte((p.number(number, 100.0) / 100.0) as f32);
        let [r, g, b, _] = p.color(2, [1.0; 4]).map(byte);
        Self {
            source: opacity(1),
            solid: premultiply([r, g, b, opacity(3)]),
        }
    }
}

impl Draws for SolidComposite {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        ink.union(space.frame_pixels())
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let mut picture = stage.fit(input, out);
        for pixel in picture.pixels_mut() {
            *pixel = row::over(row::scale(*pixel, self.source), self.solid);
        }
        picture
    }
}
