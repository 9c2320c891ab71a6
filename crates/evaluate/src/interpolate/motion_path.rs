//! Points that move along a path: one ease over the path's length.
//!
//! Keyframes that rove need nothing special: files hold the times and eases After Effects found for them
//! (lottie-android's Test_KeyframeTypes, .aep and export, draw the same).

use filmpress_composition::{Keyframe, Property};

use super::curve::{Curve, HoldIn};
use super::numbers::components;
use super::{Moment, Segment, Track, sane, usable};

type Point = [f64; 3];

/// From one keyframe to the next.
#[derive(Debug)]
pub(crate) struct Moving(Way);

#[derive(Debug)]
enum Way {
    /// Along a path; the curve gives the fraction of its length.
    Along(Curve, MotionPath),
    /// Each dimension by itself, for properties that are points but not spatial.
    Apart([Curve; 3]),
}

impl Segment for Moving {
    type Value = Point;
    fn at(&self, fraction: f64) -> Point {
        match &self.0 {
            Way::Along(curve, path) => path.at(curve.at(fraction)),
            Way::Apart(curves) => curves.map(|c| c.at(fraction)),
        }
    }
}

/// Where motion goes between two keyframes.
#[derive(Debug)]
enum MotionPath {
    Line(Point, Point),
    Curved(Curved),
}

/// A cubic with a table of the length covered.
#[derive(Debug)]
struct Curved {
    cubic: [Point; 4],
    /// Length up to each sample, from the start to the end.
    lengths: Vec<f64>,
}

/// Parts the cubic is measured in: the error is far below what a pixel shows.
const SAMPLES: usize = 128;

fn add(a: Point, b: Point) -> Point {
    std::array::from_fn(|i| a[i] + b[i])
}

fn lerp(a: Point, b: Point, s: f64) -> Point {
    std::array::from_fn(|i| a[i] + (b[i] - a[i]) * s)
}

fn difference(a: Point, b: Point) -> Point {
    std::array::from_fn(|i| a[i] - b[i])
}

fn length(v: Point) -> f64 {
    (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]).sqrt()
}

fn on_cubic(c: &[Point; 4], u: f64) -> Point {
    let v = 1.0 - u;
    let w = [v * v * v, 3.0 * v * v * u, 3.0 * v * u * u, u * u * u];
    std::array::from_fn(|i| w[0] * c[0][i] + w[1] * c[1][i] + w[2] * c[2][i] + w[3] * c[3][i])
}

/// Direction of travel on a cubic; where its derivative vanishes, the direction to the next control point that differs.
fn cubic_direction(c: &[Point; 4], u: f64) -> Point {
    let v = 1.0 - u;
    let d = [difference(c[1], c[0]), difference(c[2], c[1]), difference(c[3], c[2])];
    let tangent: Point = std::array::from_fn(|i| v * v * d[0][i] + 2.0 * v * u * d[1][i] + u * u * d[2][i]);
    if length(tangent) > 1e-9 {
        return tangent;
    }
    difference(on_cubic(c, (u + 0.001).min(1.0)), on_cubic(c, (u - 0.001).max(0.0)))
}

impl Curved {
    fn new(cubic: [Point; 4]) -> Self {
        let mut lengths = Vec::with_capacity(SAMPLES + 1);
        let mut total = 0.0;
        lengths.push(0.0);
        let mut before = cubic[0];
        for i in 1..=SAMPLES {
            let here = on_cubic(&cubic, i as f64 / SAMPLES as f64);
            total += length(difference(here, before));
            lengths.push(total);
            before = here;
        }
        Self { cubic, lengths }
    }

    fn total(&self) -> f64 {
        self.lengths.last().copied().unwrap_or(0.0)
    }

    /// The parameter at the fraction `s` (0..1) of the length.
    fn locate(&self, s: f64) -> f64 {
        let wanted = s * self.total();
        let last = self.lengths.len() - 2;
        let sample = self
            .lengths
            .partition_point(|&l| l <= wanted)
            .saturating_sub(1)
            .min(last);
        let (from, to) = (self.lengths[sample], self.lengths[sample + 1]);
        let within = if to > from {
            ((wanted - from) / (to - from)).clamp(0.0, 1.0)
        } else {
            0.0
        };
        (sample as f64 + within) / SAMPLES as f64
    }
}

impl MotionPath {
    fn new(from: &Keyframe, to: &Keyframe) -> Self {
        let tangent = |t: Option<[f64; 3]>| t.map_or([0.0; 3], |t| t.map(sane));
        let (a, b) = (components(&from.value, 0.0), components(&to.value, 0.0));
        let (out, into) = (tangent(from.tangent_out), tangent(to.tangent_in));
        if out == [0.0; 3] && into == [0.0; 3] {
            return Self::Line(a, b);
        }
        Self::Curved(Curved::new([a, add(a, out), add(b, into), b]))
    }

    /// The point at a fraction of the length; below 0 and beyond 1 it goes straight on.
    fn at(&self, s: f64) -> Point {
        match self {
            Self::Line(a, b) => lerp(*a, *b, s),
            Self::Curved(curved) => {
                let inside = s.clamp(0.0, 1.0);
                let u = curved.locate(inside);
                let point = on_cubic(&curved.cubic, u);
                if s == inside {
                    return point;
                }
                let direction = cubic_direction(&curved.cubic, u);
                let unit = length(direction);
                if unit == 0.0 {
                    return point;
                }
                let further = (s - inside) * curved.total() / unit;
                std::array::from_fn(|i| point[i] + direction[i] * further)
            }
        }
    }

    fn direction(&self, s: f64) -> Point {
        match self {
            Self::Line(a, b) => difference(*b, *a),
            Self::Curved(curved) => cubic_direction(&curved.cubic, curved.locate(s.clamp(0.0, 1.0))),
        }
    }
}

/// The track of a property that is a point.
pub(crate) fn point(property: &Property) -> Track<Moving> {
    let keys = usable(property);
    let (Some(first), Some(last)) = (keys.first(), keys.last()) else {
        return Track::Fixed(components(&property.value, 0.0));
    };
    let spatial = property.value_type.is_spatial();
    let still = |k: &&Keyframe| {
        let straight = |t: Option<[f64; 3]>| t.is_none_or(|t| t == [0.0; 3]);
        straight(k.tangent_in)
            && straight(k.tangent_out)
            && (spatial || k.ease_in.iter().chain(&k.ease_out).all(|h| h.offset == 0.0))
    };
    if keys.iter().all(|k| k.value == first.value && still(k)) {
        return Track::Fixed(components(&first.value, 0.0));
    }
    let segments = keys
        .windows(2)
        .map(|pair| {
            let (a, b) = (pair[0], pair[1]);
            Moving(if spatial {
                Way::Along(Curve::new(a, b, 0, 0.0, 1.0, HoldIn::Stays), MotionPath::new(a, b))
            } else {
                let (v, w) = (components::<3>(&a.value, 0.0), components::<3>(&b.value, 0.0));
                Way::Apart(std::array::from_fn(|i| Curve::new(a, b, i, v[i], w[i], HoldIn::Jumps)))
            })
        })
        .collect();
    Track::keyed(
        keys.iter().map(|k| k.time).collect(),
        segments,
        components(&first.value, 0.0),
        components(&last.value, 0.0),
    )
}

impl Track<Moving> {
    /// The direction of travel at a time: before the first keyframe that of the start, after the last that of the end.
    /// `None` when it does not move.
    pub fn direction(&self, time: f64) -> Option<Point> {
        let Self::Keyed(keyed) = self else {
            return None;
        };
        let (segment, fraction) = match keyed.moment(time) {
            Moment::Before => (keyed.segments().first()?, 0.0),
            Moment::Within(segment, fraction) => (segment, fraction),
            Moment::After => (keyed.segments().last()?, 1.0),
        };
        let d = match &segment.0 {
            Way::Along(curve, path) => path.direction(curve.at(fraction)),
            Way::Apart(_) => difference(
                segment.at((fraction + 0.001).min(1.0)),
                segment.at((fraction - 0.001).max(0.0)),
            ),
        };
        (d != [0.0; 3]).then_some(d)
    }
}

#[cfg(test)]
mod tests {
    use filmpress_composition::{Value, ValueType};

    use super::*;

    fn position(keys: Vec<Keyframe>) -> Track<Moving> {
        let mut p = Property::new("p", "p", ValueType::ThreeDSpatial, Value::from([0.0; 3]));
        p.keyframes = keys;
        point(&p)
    }

    fn quarter_circle() -> Vec<Keyframe> {
        const K: f64 = 55.228_474_98;
        let mut a = Keyframe::linear(0.0, [100.0, 0.0, 0.0]);
        a.tangent_out = Some([0.0, K, 0.0]);
        let mut b = Keyframe::linear(1.0, [0.0, 100.0, 0.0]);
        b.tangent_in = Some([K, 0.0, 0.0]);
        vec![a, b]
    }

    #[test]
    fn a_circle_is_travelled_at_constant_speed() {
        let track = position(quarter_circle());
        for i in 0..=10 {
            let t = f64::from(i) / 10.0;
            let [x, y, _] = track.at(t);
            let angle = libm::atan2(y, x).to_degrees();
            assert!((angle - 90.0 * t).abs() < 0.1, "{t}: {angle}");
            assert!((x * x + y * y - 1e4).abs() < 10.0);
        }
        let [dx, dy, _] = track.direction(0.5).unwrap();
        assert!((dx + dy).abs() < 1e-3 * dy.abs(), "{dx} {dy}");
        assert!(track.direction(-1.0).unwrap()[0].abs() < 1e-9);
    }

    #[test]
    fn straight_ways_are_travelled_evenly_even_with_handles_on_them() {
        let mut a = Keyframe::linear(0.0, [0.0, 0.0, 0.0]);
        a.tangent_out = Some([10.0, 0.0, 0.0]);
        let mut b = Keyframe::linear(1.0, [100.0, 0.0, 0.0]);
        b.tangent_in = Some([-60.0, 0.0, 0.0]);
        let track = position(vec![a, b]);
        assert!((track.at(0.25)[0] - 25.0).abs() < 0.01);
        assert!((track.at(0.5)[0] - 50.0).abs() < 0.01);
    }

    #[test]
    fn beyond_its_ends_motion_goes_straight_on() {
        let Track::Keyed(keyed) = position(quarter_circle()) else {
            panic!("it moves")
        };
        let Way::Along(_, path) = &keyed.segments()[0].0 else {
            panic!("along a path")
        };
        let [x, y, _] = path.at(1.1);
        assert!((y - 100.0).abs() < 1e-9 && x < -15.0 && x > -16.0, "{x} {y}");
    }

    #[test]
    fn a_path_of_no_length_stays_where_it_is() {
        let mut a = Keyframe::linear(0.0, [5.0, 5.0, 0.0]);
        a.tangent_out = Some([0.0, 0.0, 0.0]);
        let track = position(vec![a, Keyframe::linear(1.0, [5.0, 5.0, 0.0])]);
        assert!(!track.is_animated());
        assert_eq!(track.at(0.5), [5.0, 5.0, 0.0]);
        assert!(track.direction(0.5).is_none());
    }
}
