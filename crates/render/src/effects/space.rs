//! Where an effect's pixels lie in its layer.

use kurbo::{Affine, Rect};

use crate::rect::IRect;

/// The pixels an effect works in: the layer's own, scaled and shifted, never turned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Space {
    /// Width and height of the layer in its own pixels.
    pub size: [f64; 2],
    /// Pixels here in a pixel of the layer, in x and y; positive.
    pub scale: [f64; 2],
    /// Where the layer's origin is here.
    pub origin: [f64; 2],
}

impl Space {
    /// A point of the layer, here.
    pub fn point(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        [x * self.scale[0] + self.origin[0], y * self.scale[1] + self.origin[1]]
    }

    /// A point here, in the layer.
    pub fn unpoint(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        [
            (x - self.origin[0]) / self.scale[0],
            (y - self.origin[1]) / self.scale[1],
        ]
    }

    /// A distance of the layer, here, where direction does not matter.
    pub fn length(&self, length: f64) -> f64 {
        length * (self.scale[0] * self.scale[1]).sqrt()
    }

    /// The centre of the layer, in the layer: what points start at.
    pub fn center(&self) -> [f64; 2] {
        self.size.map(|s| s / 2.0)
    }

    /// The layer's own rectangle, here, not rounded.
    pub fn frame(&self) -> Rect {
        let [x0, y0] = self.origin;
        let [x1, y1] = self.point(self.size);
        Rect::new(x0, y0, x1, y1)
    }

    /// The pixels of the layer's own rectangle.
    pub fn frame_pixels(&self) -> IRect {
        IRect::nearest(self.frame())
    }

    /// From the layer to here.
    pub fn transform(&self) -> Affine {
        Affine::new([self.scale[0], 0.0, 0.0, self.scale[1], self.origin[0], self.origin[1]])
    }
}
