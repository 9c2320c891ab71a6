//! Fast Box Blur: box blurs one after another.

use super::{Definition, Draws, Parameters, Space, Stage};
use crate::blur::{self, BoxBlur, Edges};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Box Blur2"],
    read: |p| Box::new(FastBoxBlur::read(p)),
};

/// So many boxes and more are drawn as the Gaussian they nearly are.
const MANY: u32 = 8;
/// Furthest that all boxes together reach, pixels.
const FURTHEST: f64 = 12_000.0;

struct FastBoxBlur {
    /// Pixels of the layer to each side; 0 where the dimension is not blurred.
    radii: [f64; 2],
    iterations: u32,
    repeat_edges: bool,
}

/// Boxes of a radius that need not be whole.
fn boxes(radius: f64, times: u32) -> BoxBlur {
    if times < MANY {
        return BoxBlur::boxes(radius.min(FURTHEST / f64::from(times.max(1))), times);
    }
    let whole = radius.floor();
    let share = radius - whole;
    let next = (whole + 1.0) * (whole + 1.0);
    let variance =
        (whole * (whole + 1.0) * (2.0 * whole + 1.0) / 3.0 + 2.0 * share * next) / (2.0 * whole + 1.0 + 2.0 * share);
    BoxBlur::gaussian((variance * f64::from(times)).sqrt())
}

impl FastBoxBlur {
    fn read(p: &Parameters) -> Self {
        let radius = p.number(1, 0.0).max(0.0);
        Self {
            radii: match p.menu(3, 1) {
                2 => [radius, 0.0],
                3 => [0.0, radius],
                _ => [radius, radius],
            },
            iterations: p.menu(2, 3).clamp(1, 50),
            repeat_edges: p.flag(4, true),
        }
    }

    fn scaled(&self, space: &Space) -> [BoxBlur; 2] {
        [0, 1].map(|i| boxes(self.radii[i] * space.scale[i], self.iterations))
    }
}

impl Draws for FastBoxBlur {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_boxes_reach_no_further_than_a_gaussian() {
        assert_eq!(boxes(8.0, 3).reach(), 24);
        assert!(boxes(1e7, 50).reach() <= 13_000);
        assert!(boxes(1e7, 7).reach() <= 13_000);
        assert!(boxes(0.0, 50).is_nothing());
    }
}
