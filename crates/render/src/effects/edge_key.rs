//! Keys that keep a pixel or not: a matte without greys, whose edge is thinned and feathered. Shared by Luma Key and Color
//! Key.

use filmpress_pixels::{row, unpremultiply};

use super::{Draws, Parameters, Space, Stage, minimax};
use crate::blur::{self, BoxBlur};
use crate::raster_picture::Raster;
use crate::rect::IRect;

/// Standard deviation for a feather of 1, pixels; of what After Effects draws.
const SIGMA: f64 = 0.367;

pub(super) struct EdgeKey<F> {
    /// Whether a straight colour is keyed out.
    keyed: F,
    /// Pixels taken off the edge of what is kept; below 0 they are added.
    thin: f64,
    feather: f64,
}

impl<F: Fn([u8; 3]) -> bool> EdgeKey<F> {
    /// Edge Thin and Edge Feather are parameters `first` and the next one.
    pub fn new(p: &Parameters, first: u32, keyed: F) -> Self {
        Self {
            keyed,
            thin: p.number(first, 0.0).round().clamp(-5.0, 5.0),
            feather: p.number(first + 1, 0.0).clamp(0.0, 500.0),
        }
    }

    fn sigmas(&self, space: &Space) -> [f64; 2] {
        space.scale.map(|s| s * self.feather * SIGMA)
    }

    fn radii(&self, space: &Space) -> [i32; 2] {
        space.scale.map(|s| (s * self.thin.abs()).round().min(1000.0) as i32)
    }
}

impl<F: Fn([u8; 3]) -> bool> Draws for EdgeKey<F> {
    fn needs(&self, out: IRect, space: &Space) -> IRect {
        let [x, y] = self.radii(space);
        let blurred = blur::reach(out, &self.sigmas(space).map(BoxBlur::gaussian));
        IRect::new(
            blurred.x0.saturating_sub(x),
            blurred.y0.saturating_sub(y),
            blurred.x1.saturating_add(x),
            blurred.y1.saturating_add(y),
        )
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let space = stage.space;
        // What is empty counts as black. The mask says where it is otherwise than there, so that it is 0 outside.
        let empty_is_keyed = (self.keyed)([0; 3]);
        let mut mask = stage.copy(&input, self.needs(out, &space));
        for pixel in mask.pixels_mut() {
            let [r, g, b, _] = unpremultiply(*pixel);
            let other = (self.keyed)([r, g, b]) != empty_is_keyed;
            *pixel = [0, 0, 0, if other { 255 } else { 0 }];
        }
        let radii = self.radii(&space).map(|r| r as usize);
        // What is kept shrinks: its own mask does, that of what is keyed out grows.
        let grows = (self.thin > 0.0) != empty_is_keyed;
        minimax::slide(&mut mask, radii, grows, [false, false, false, true], false);
        let mut plane = stage.alphas(&mask, mask.rect());
        stage.give(mask);
        stage.blur_plane(&mut plane, self.sigmas(&space));
        let mut picture = stage.fit(input, out);
        for (y, pixels) in picture.rows_mut() {
            for (x, pixel) in (out.x0..).zip(pixels) {
                let other = plane.at(x, y);
                *pixel = row::scale(*pixel, if empty_is_keyed { other } else { 255 - other });
            }
        }
        stage.give_plane(plane);
        picture
    }
}
