//! Round corners: corners between straight segments become arcs.

use filmpress_composition::Group;
use kurbo::Point;

use super::Modifier;
use super::contour::{Contour, Vertex};
use super::ellipse::KAPPA;
use crate::compile::Compile;
use crate::interpolate::{Number, Track};
use crate::limits;

#[derive(Debug)]
struct RoundCorners {
    radius: Track<Number>,
}

pub(super) fn compile(c: &mut Compile, item: &Group) -> Box<dyn Modifier> {
    Box::new(RoundCorners {
        radius: c.number(item, "ADBE Vector RoundCorner Radius"),
    })
}

impl Modifier for RoundCorners {
    fn is_idle(&self, time: f64) -> bool {
        self.radius.at(time) <= 0.0
    }

    fn apply(&self, time: f64, paths: &mut [Vec<Contour>]) {
        let radius = self.radius.at(time);
        for contour in paths.iter_mut().flatten() {
            if contour.vertices.len() > 2 && contour.vertices.len() < limits::PATH_VERTICES {
                *contour = rounded(contour, radius);
            }
        }
    }

    fn is_animated(&self) -> bool {
        self.radius.is_animated()
    }
}

fn rounded(contour: &Contour, radius: f64) -> Contour {
    let old = &contour.vertices;
    let n = old.len();
    let mut vertices = Vec::with_capacity(2 * n);
    for (i, v) in old.iter().enumerate() {
        let is_end = !contour.closed && (i == 0 || i == n - 1);
        if is_end || v.before != v.point || v.after != v.point {
            vertices.push(*v);
            continue;
        }
        // Towards each neighbour at most half the way, so that two rounded corners meet.
        let towards = |other: Point| {
            let way = other - v.point;
            let length = way.length();
            if length == 0.0 {
                v.point
            } else {
                v.point + way * ((length / 2.0).min(radius) / length)
            }
        };
        let from = towards(old[(i + n - 1) % n].point);
        let to = towards(old[(i + 1) % n].point);
        vertices.push(Vertex {
            before: from,
            point: from,
            after: from.lerp(v.point, KAPPA),
        });
        vertices.push(Vertex {
            before: to.lerp(v.point, KAPPA),
            point: to,
            after: to,
        });
    }
    Contour {
        vertices,
        closed: contour.closed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_rounded_by_half_its_side_is_a_circle() {
        let square = Contour::polygon(&[(100.0, 0.0), (100.0, 100.0), (0.0, 100.0), (0.0, 0.0)]);
        let round = rounded(&square, 80.0);
        assert_eq!(round.vertices.len(), 8);
        for s in round.segments() {
            for u in [0.0, 0.25, 0.5, 0.75] {
                let d = (kurbo::ParamCurve::eval(&s, u) - Point::new(50.0, 50.0)).length();
                assert!((d - 50.0).abs() < 0.02, "{d}");
            }
        }
    }

    #[test]
    fn ends_of_open_paths_and_curves_stay() {
        let mut open = Contour::polygon(&[(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)]);
        open.closed = false;
        open.vertices[2].after = Point::new(90.0, 110.0);
        let round = rounded(&open, 10.0);
        assert_eq!(round.vertices.len(), 5);
        assert_eq!(round.vertices[0], open.vertices[0]);
        assert_eq!(round.vertices[1].point, Point::new(90.0, 0.0));
        assert_eq!(round.vertices[3], open.vertices[2]);
    }
}
