//! Ellipse: clockwise from the top.

use filmpress_composition::Group;
use kurbo::{Point, Vec2};

use super::Source;
use super::contour::{Contour, Vertex};
use crate::compile::Compile;
use crate::interpolate::{Moving, Numbers, Track};

/// How long the tangents of a quarter of a circle of radius 1 are.
pub(super) const KAPPA: f64 = 0.552_284_749_8;

#[derive(Debug)]
struct Ellipse {
    size: Track<Numbers<2>>,
    position: Track<Moving>,
    reversed: bool,
}

pub(super) fn compile(c: &mut Compile, item: &Group) -> Box<dyn Source> {
    Box::new(Ellipse {
        size: c.numbers(item, "ADBE Vector Ellipse Size", 0.0),
        position: c.point(item, "ADBE Vector Ellipse Position"),
        reversed: super::is_reversed(c, item),
    })
}

impl Source for Ellipse {
    fn contour(&self, time: f64) -> Contour {
        let [w, h] = self.size.at(time).map(|x| x / 2.0);
        let [x, y, _] = self.position.at(time);
        let contour = ellipse(Point::new(x, y), w, h);
        if self.reversed {
            contour.reversed_from_start()
        } else {
            contour
        }
    }

    fn is_animated(&self) -> bool {
        self.size.is_animated() || self.position.is_animated()
    }
}

/// An ellipse around `centre` with its radii.
fn ellipse(centre: Point, rx: f64, ry: f64) -> Contour {
    let vertex = |x: f64, y: f64, tx: f64, ty: f64| {
        let tangent = Vec2::new(tx * rx * KAPPA, ty * ry * KAPPA);
        Vertex::new(centre + Vec2::new(x * rx, y * ry), -tangent, tangent)
    };
    Contour {
        vertices: vec![
            vertex(0.0, -1.0, 1.0, 0.0),
            vertex(1.0, 0.0, 0.0, 1.0),
            vertex(0.0, 1.0, -1.0, 0.0),
            vertex(-1.0, 0.0, 0.0, -1.0),
        ],
        closed: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_starts_at_the_top_and_goes_right() {
        let e = ellipse(Point::new(100.0, 100.0), 50.0, 20.0);
        assert_eq!(e.vertices[0].point, Point::new(100.0, 80.0));
        assert_eq!(e.vertices[1].point, Point::new(150.0, 100.0));
        let point = kurbo::ParamCurve::eval(&e.segment(0), 0.5) - Point::new(100.0, 100.0);
        let r = (point.x / 50.0) * (point.x / 50.0) + (point.y / 20.0) * (point.y / 20.0);
        assert!((r - 1.0).abs() < 1e-3, "{r}");
    }
}
