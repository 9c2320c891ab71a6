//! Twist: paths turn around a centre, most there, not at all at the rim.

use filmpress_composition::Group;
use kurbo::{CubicBez, ParamCurve, ParamCurveDeriv, Point, Vec2};

use super::Modifier;
use super::contour::{Contour, is_line};
use crate::compile::Compile;
use crate::interpolate::{Moving, Number, Track};
use crate::limits;
use crate::support::Topic;

#[derive(Debug)]
struct Twist {
    angle: Track<Number>,
    center: Track<Moving>,
}

pub(super) fn compile(c: &mut Compile, item: &Group) -> Box<dyn Modifier> {
    c.feature(Topic::Shape, "ADBE Vector Filter - Twist");
    Box::new(Twist {
        angle: c.number(item, "ADBE Vector Twist Angle"),
        center: c.point(item, "ADBE Vector Twist Center"),
    })
}

impl Modifier for Twist {
    fn is_idle(&self, time: f64) -> bool {
        self.angle.at(time) == 0.0
    }

    fn apply(&self, time: f64, paths: &mut [Vec<Contour>]) {
        let [x, y, _] = self.center.at(time);
        let center = Point::new(x, y);
        let reach = paths
            .iter()
            .flatten()
            .flat_map(Contour::segments)
            .flat_map(|s| [0.0, 0.25, 0.5, 0.75, 1.0].map(|t| (s.eval(t) - center).hypot2().sqrt()))
            .fold(0.0, f64::max);
        // Written so that what is not a number goes no further either.
        if !(reach > 0.0 && reach.is_finite()) {
            return;
        }
        let whirl = Whirl {
            center,
            angle: self.angle.at(time).to_radians(),
            reach,
        };
        for contour in paths.iter_mut().flatten() {
            *contour = whirl.turned(contour);
        }
    }

    fn is_animated(&self) -> bool {
        self.angle.is_animated() || self.center.is_animated()
    }
}

/// The turn: `angle` (radians, clockwise) at the centre, falling evenly to nothing at `reach`.
struct Whirl {
    center: Point,
    angle: f64,
    reach: f64,
}

/// How much the turn may change along one curve of the result, radians.
const STEP: f64 = 0.2;
/// Most curves one segment becomes.
const MOST_STEPS: f64 = 200.0;

impl Whirl {
    fn turned(&self, contour: &Contour) -> Contour {
        let mut segments = Vec::new();
        for s in contour.segments() {
            // A line as a curve of even speed.
            let s = if is_line(&s) {
                CubicBez::new(s.p0, s.p0.lerp(s.p3, 1.0 / 3.0), s.p0.lerp(s.p3, 2.0 / 3.0), s.p3)
            } else {
                s
            };
            let length = (s.p1 - s.p0).hypot() + (s.p2 - s.p1).hypot() + (s.p3 - s.p2).hypot();
            let turn = self.angle.abs() * (length / self.reach).min(2.0);
            let steps = (turn / STEP).ceil().clamp(1.0, MOST_STEPS);
            if segments.len() as f64 + steps > limits::PATH_VERTICES as f64 {
                return contour.clone();
            }
            let derivative = s.deriv();
            for i in 0..steps as usize {
                let (a, b) = (i as f64 / steps, (i + 1) as f64 / steps);
                let speed = |t: f64| derivative.eval(t).to_vec2() / (3.0 * steps);
                let (p0, v0) = self.point(s.eval(a), speed(a));
                let (p3, v3) = self.point(s.eval(b), speed(b));
                segments.push(CubicBez::new(p0, p0 + v0, p3 - v3, p3));
            }
        }
        if segments.is_empty() {
            return contour.clone();
        }
        Contour::from_segments(&segments, contour.closed)
    }

    /// Where a point goes, and what becomes of a small step from there.
    fn point(&self, p: Point, step: Vec2) -> (Point, Vec2) {
        let arm = p - self.center;
        let far = arm.hypot2().sqrt();
        let share = (1.0 - far / self.reach).max(0.0);
        let (s, c) = libm::sincos(self.angle * share);
        let rotated = |v: Vec2| Vec2::new(v.x * c - v.y * s, v.x * s + v.y * c);
        let outwards = if far > 0.0 { arm.dot(step) / far } else { 0.0 };
        let across = Vec2::new(-arm.y, arm.x) * (-self.angle / self.reach * outwards);
        (self.center + rotated(arm), rotated(step + across))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn twist(angle: f64, paths: &mut [Vec<Contour>]) {
        Twist {
            angle: Track::Fixed(angle),
            center: Track::Fixed([0.0; 3]),
        }
        .apply(0.0, paths);
    }

    fn near(a: Point, b: (f64, f64)) -> bool {
        (a - Point::new(b.0, b.1)).hypot() < 1e-9
    }

    #[test]
    fn it_turns_clockwise_most_at_the_centre_and_not_at_the_rim() {
        // A line from the centre outwards.
        let mut line = Contour::polygon(&[(0.0, 0.0), (50.0, 0.0), (100.0, 0.0)]);
        line.closed = false;
        let mut paths = [vec![line]];
        twist(90.0, &mut paths);
        let contour = &paths[0][0];
        assert!(near(contour.vertices[0].point, (0.0, 0.0)));
        assert!(near(contour.vertices.last().unwrap().point, (100.0, 0.0)));
        // Half way out it is half the turn; y points down.
        let half = 50.0 * std::f64::consts::FRAC_1_SQRT_2;
        assert!(
            contour.vertices.iter().any(|v| near(v.point, (half, half))),
            "{contour:?}"
        );
        // The way it leaves the centre has turned by all of the angle.
        let v = contour.vertices[0];
        let way = v.after - v.point;
        assert!(way.x.abs() < 1e-9 && way.y > 0.0, "{way:?}");
    }

    #[test]
    fn the_curves_follow_the_turn_between_their_ends() {
        let mut paths = [vec![Contour::polygon(&[
            (-100.0, -100.0),
            (100.0, -100.0),
            (100.0, 100.0),
            (-100.0, 100.0),
        ])]];
        twist(200.0, &mut paths);
        let reach = 20000f64.sqrt();
        for s in paths[0][0].segments() {
            let p = s.eval(0.5).to_vec2();
            let far = p.hypot();
            let (sin, cos) = libm::sincos(-200f64.to_radians() * (1.0 - far / reach));
            let back = Vec2::new(p.x * cos - p.y * sin, p.x * sin + p.y * cos);
            let off = (back.x.abs().max(back.y.abs()) - 100.0).abs();
            assert!(off < 0.05, "{back:?}");
        }
    }

    #[test]
    fn a_circle_around_the_centre_and_a_point_stay() {
        let circle = Contour::from_bez_path(&kurbo::Shape::to_path(&kurbo::Circle::new((0.0, 0.0), 50.0), 0.01));
        let mut paths = [circle, vec![Contour::polygon(&[(0.0, 0.0)])]];
        twist(90.0, &mut paths);
        for s in paths[0][0].segments() {
            assert!((s.eval(0.5).to_vec2().hypot() - 50.0).abs() < 0.05);
        }
        assert_eq!(paths[1][0].vertices.len(), 1);
        let mut strange = [vec![Contour::polygon(&[
            (f64::NAN, 0.0),
            (1e300, 1.0),
            (0.0, f64::INFINITY),
        ])]];
        twist(1e9, &mut strange);
    }
}
