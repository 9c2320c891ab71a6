//! Rectangle: clockwise from the top right corner.

use filmpress_composition::Group;
use kurbo::{Point, Vec2};

use super::Source;
use super::contour::{Contour, Vertex};
use super::ellipse::KAPPA;
use crate::compile::Compile;
use crate::interpolate::{Moving, Number, Numbers, Track};

#[derive(Debug)]
struct Rectangle {
    size: Track<Numbers<2>>,
    position: Track<Moving>,
    roundness: Track<Number>,
    reversed: bool,
}

pub(super) fn compile(c: &mut Compile, item: &Group) -> Box<dyn Source> {
    Box::new(Rectangle {
        size: c.numbers(item, "ADBE Vector Rect Size", 0.0),
        position: c.point(item, "ADBE Vector Rect Position"),
        roundness: c.number(item, "ADBE Vector Rect Roundness"),
        reversed: super::is_reversed(c, item),
    })
}

impl Source for Rectangle {
    fn contour(&self, time: f64) -> Contour {
        let [w, h] = self.size.at(time).map(f64::abs);
        let [x, y, _] = self.position.at(time);
        let roundness = self.roundness.at(time).clamp(0.0, w.min(h) / 2.0);
        let contour = rectangle(Point::new(x, y), w / 2.0, h / 2.0, roundness);
        if self.reversed {
            contour.reversed_from_start()
        } else {
            contour
        }
    }

    fn is_animated(&self) -> bool {
        self.size.is_animated() || self.position.is_animated() || self.roundness.is_animated()
    }
}

/// A rectangle around `centre` with half the size and the radius of its corners.
fn rectangle(centre: Point, w: f64, h: f64, r: f64) -> Contour {
    let at = |x: f64, y: f64| centre + Vec2::new(x, y);
    if r == 0.0 {
        let vertices = [at(w, -h), at(w, h), at(-w, h), at(-w, -h)]
            .map(Vertex::corner)
            .to_vec();
        return Contour { vertices, closed: true };
    }
    let k = r * KAPPA;
    let none = Vec2::ZERO;
    let vertices = vec![
        Vertex::new(at(w, -h + r), Vec2::new(0.0, -k), none),
        Vertex::new(at(w, h - r), none, Vec2::new(0.0, k)),
        Vertex::new(at(w - r, h), Vec2::new(k, 0.0), none),
        Vertex::new(at(-w + r, h), none, Vec2::new(-k, 0.0)),
        Vertex::new(at(-w, h - r), Vec2::new(0.0, k), none),
        Vertex::new(at(-w, -h + r), none, Vec2::new(0.0, -k)),
        Vertex::new(at(-w + r, -h), Vec2::new(-k, 0.0), none),
        Vertex::new(at(w - r, -h), none, Vec2::new(k, 0.0)),
    ];
    Contour { vertices, closed: true }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_starts_top_right_and_goes_down() {
        let r = rectangle(Point::new(10.0, 20.0), 5.0, 3.0, 0.0);
        let points: Vec<_> = r.vertices.iter().map(|v| (v.point.x, v.point.y)).collect();
        assert_eq!(points, [(15.0, 17.0), (15.0, 23.0), (5.0, 23.0), (5.0, 17.0)]);
    }

    #[test]
    fn round_corners_end_where_the_sides_begin() {
        let r = rectangle(Point::ZERO, 50.0, 30.0, 10.0);
        assert_eq!(r.vertices[0].point, Point::new(50.0, -20.0));
        assert_eq!(r.vertices[1].point, Point::new(50.0, 20.0));
        let corner = r.segment(1);
        let middle = kurbo::ParamCurve::eval(&corner, 0.5);
        let d = (middle - Point::new(40.0, 20.0)).length();
        assert!((d - 10.0).abs() < 0.01, "{d}");
    }
}
