//! Mirror: one side of a line reflected onto the other.

use super::remap::{Beyond, EVERYTHING, Samples, remap};
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Mirror"],
    read: |p| Box::new(Mirror::read(p)),
};

struct Mirror {
    /// A point of the line, in the layer; the middle of its right side where the file has none.
    center: Option<[f64; 2]>,
    /// Across the line, from the side that stays to the other.
    across: [f64; 2],
}

impl Mirror {
    fn read(p: &Parameters) -> Self {
        // Clockwise; at 0 the left side is reflected to the right.
        let angle = (p.number(2, 0.0) % 360.0).to_radians();
        Self {
            center: p.point(1),
            across: [libm::cos(angle), libm::sin(angle)],
        }
    }

    /// Where a point of the layer comes from.
    fn from(&self, [x, y]: [f64; 2], size: [f64; 2]) -> [f64; 2] {
        let [cx, cy] = self.center.unwrap_or([size[0], size[1] / 2.0]);
        let [nx, ny] = self.across;
        let far = (x - cx) * nx + (y - cy) * ny;
        if far <= 0.0 {
            return [x, y];
        }
        [x - 2.0 * far * nx, y - 2.0 * far * ny]
    }
}

impl Draws for Mirror {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        if ink.is_empty() {
            ink
        } else {
            ink.union(space.frame_pixels())
        }
    }

    fn needs(&self, _: IRect, _: &Space) -> IRect {
        EVERYTHING
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let space = stage.space;
        let map = |x: f64, y: f64| Some(space.point(self.from(space.unpoint([x, y]), space.size)));
        let picture = remap(&input, Beyond::Transparent, Samples::Fixed(1, 1), out, stage, map);
        stage.give(input);
        picture
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_and_what_is_beyond_it() {
        let mirror = |degrees: f64| Mirror {
            center: Some([50.0, 40.0]),
            across: [libm::cos(degrees.to_radians()), libm::sin(degrees.to_radians())],
        };
        let near = |a: [f64; 2], b: [f64; 2]| (a[0] - b[0]).abs() < 1e-9 && (a[1] - b[1]).abs() < 1e-9;
        assert!(near(mirror(0.0).from([60.0, 10.0], [100.0; 2]), [40.0, 10.0]));
        assert!(near(mirror(0.0).from([30.0, 10.0], [100.0; 2]), [30.0, 10.0]));
        // The upper half, seen again below.
        assert!(near(mirror(90.0).from([60.0, 50.0], [100.0; 2]), [60.0, 30.0]));
        // Without a point nothing is beyond the line.
        let default = Mirror {
            center: None,
            across: [1.0, 0.0],
        };
        assert!(near(default.from([99.0, 3.0], [100.0; 2]), [99.0, 3.0]));
    }
}
