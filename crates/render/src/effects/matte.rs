//! What matte effects share: alpha through a ramp, and a picture with another alpha.

use filmpress_pixels::{premultiply, unpremultiply};

use super::{Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

/// A table from alpha to alpha: 0 up to one level, opaque from another one on, straight between.
pub(super) struct Ramp([u8; 256]);

impl Ramp {
    /// From `low` to `high`, 0..1. Transparent stays transparent and opaque stays opaque whatever they are.
    pub fn new(low: f64, high: f64) -> Self {
        let (low, high) = (low.clamp(0.0, 1.0), high.clamp(0.0, 1.0));
        let span = (high - low).max(1.0 / 1024.0);
        Self(std::array::from_fn(|v| {
            let share = ((v as f64 / 255.0 - low) / span).clamp(0.0, 1.0);
            match v {
                0 => 0,
                255 => 255,
                _ => (share * 255.0).round() as u8,
            }
        }))
    }

    pub fn at(&self, alpha: u8) -> u8 {
        self.0[usize::from(alpha)]
    }

    /// All of a row.
    pub fn apply(&self, row: &mut [u8]) {
        for alpha in row {
            *alpha = self.at(*alpha);
        }
    }
}

/// `ink` grown to `grown`, but not beyond the layer: After Effects' matte effects draw nothing outside of it.
pub(super) fn grown(ink: IRect, grown: IRect, space: &Space) -> IRect {
    if ink.is_empty() {
        return ink;
    }
    grown.intersect(space.frame_pixels().union(ink))
}

/// The colours of `input` over `out` with the alpha that `alpha` says; or that alpha as opaque grey. What was transparent
/// is black.
pub(super) fn with_alpha(
    input: Raster,
    out: IRect,
    grey: bool,
    stage: &mut Stage,
    alpha: impl Fn(i32, i32) -> u8,
) -> Raster {
    let mut picture = stage.fit(input, out);
    for (y, row) in picture.rows_mut() {
        for (x, pixel) in (out.x0..).zip(row) {
            let alpha = alpha(x, y);
            *pixel = if grey {
                [alpha, alpha, alpha, 255]
            } else if alpha == pixel[3] {
                continue;
            } else {
                let [r, g, b, _] = unpremultiply(*pixel);
                premultiply([r, g, b, alpha])
            };
        }
    }
    picture
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ramps_keep_both_ends() {
        let whole = Ramp::new(-0.5, 1.5);
        assert_eq!([0, 1, 128, 255].map(|v| whole.at(v)), [0, 1, 128, 255]);
        for (low, high) in [(0.0, 0.0), (1.0, 1.0), (0.7, 0.3), (f64::MAX, f64::MIN)] {
            let ramp = Ramp::new(low, high);
            assert_eq!((ramp.at(0), ramp.at(255)), (0, 255));
        }
        assert_eq!(
            [190, 192, 223, 254].map(|v| Ramp::new(0.75, 1.0).at(v)),
            [0, 3, 127, 251]
        );
    }
}
