//! What effects that blur all of a layer by boxes share: dimensions, edges, how far they reach.

use super::{Draws, Space, Stage};
use crate::blur::{self, BoxBlur, Edges};
use crate::raster_picture::Raster;
use crate::rect::IRect;

/// A blur of a layer.
pub(super) struct Blurred<F> {
    /// How much in x and y, pixels of the layer.
    pub amounts: [f64; 2],
    /// What lies beyond the layer is its nearest pixel, not nothing.
    pub repeat_edges: bool,
    /// The boxes for an amount in pixels.
    pub boxes: F,
}

/// An amount in the dimensions of the menu "Blur Dimensions": both, horizontal, vertical.
pub(super) fn in_dimensions(menu: u32, amount: f64) -> [f64; 2] {
    match menu {
        2 => [amount, 0.0],
        3 => [0.0, amount],
        _ => [amount, amount],
    }
}

impl<F: Fn(f64) -> BoxBlur> Blurred<F> {
    fn scaled(&self, space: &Space) -> [BoxBlur; 2] {
        [0, 1].map(|i| (self.boxes)(self.amounts[i] * space.scale[i]))
    }
}

impl<F: Fn(f64) -> BoxBlur> Draws for Blurred<F> {
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
