//! Pucker & bloat: vertices move towards or from the middle, the curves between them the other way.

use filmpress_composition::Group;
use kurbo::{Affine, BezPath, Point, Shape};

use super::Modifier;
use super::contour::Contour;
use crate::compile::Compile;
use crate::interpolate::{Number, Track};

#[derive(Debug)]
struct PuckerBloat {
    amount: Track<Number>,
}

pub(super) fn compile(c: &mut Compile, item: &Group) -> Box<dyn Modifier> {
    Box::new(PuckerBloat {
        amount: c.number(item, "ADBE Vector PuckerBloat Amount"),
    })
}

impl Modifier for PuckerBloat {
    fn is_idle(&self, time: f64) -> bool {
        self.amount.at(time) == 0.0
    }

    fn apply(&self, time: f64, paths: &mut [Vec<Contour>]) {
        let amount = self.amount.at(time) / 100.0;
        for contour in paths.iter_mut().flatten() {
            bloat(contour, amount);
        }
    }

    fn is_animated(&self) -> bool {
        self.amount.is_animated()
    }
}

/// Corners move by `amount` of their way to the middle of the path's box, control points by as much away from it.
/// ae-truth/shape-modifiers/bloat and pucker, a pentagon, whose vertices have their mean elsewhere: with the mean 2 to
/// 4 % of the pixels differ. Control points start at their corner, so cusps point to the middle.
fn bloat(contour: &mut Contour, amount: f64) {
    let mut path = BezPath::new();
    contour.append_to(&mut path, Affine::IDENTITY);
    let middle = path.bounding_box().center();
    let scaled = |p: Point, by: f64| middle + (p - middle) * by;
    for v in &mut contour.vertices {
        v.point = scaled(v.point, 1.0 - amount);
        v.before = scaled(v.before, 1.0 + amount);
        v.after = scaled(v.after, 1.0 + amount);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_and_control_points_part_about_the_middle() {
        let mut square = Contour::polygon(&[(0.0, 0.0), (20.0, 0.0), (20.0, 20.0), (0.0, 20.0)]);
        bloat(&mut square, 0.5);
        assert_eq!(square.vertices[0].point, Point::new(5.0, 5.0));
        assert_eq!(square.vertices[0].after, Point::new(-5.0, -5.0));
        bloat(&mut Contour::default(), 0.5);
    }

    #[test]
    fn the_middle_is_that_of_the_box() {
        let mut triangle = Contour::polygon(&[(0.0, 0.0), (20.0, 0.0), (0.0, 20.0)]);
        bloat(&mut triangle, 1.0);
        assert!(triangle.vertices.iter().all(|v| v.point == Point::new(10.0, 10.0)));
    }
}
