//! Offset paths: closed paths grow or shrink, open ones become a band around their line.

use filmpress_composition::{Group, Kind};
use kurbo::{Affine, BezPath, Cap, CubicBez, Join, PathEl, Point, Shape, Stroke, StrokeOpts, Vec2};

use super::Modifier;
use super::contour::{Contour, is_line};
use crate::angle;
use crate::compile::Compile;
use crate::interpolate::{Number, Track};
use crate::limits;

/// How far the result may be from the exact one, pixels.
const ACCURACY: f64 = 0.02;

#[derive(Debug)]
struct Offset {
    amount: Track<Number>,
    miter_limit: Track<Number>,
    join: Join,
}

pub(super) fn compile(c: &mut Compile, item: &Group) -> Box<dyn Modifier> {
    let copies = c.property(item, "ADBE Vector Offset Copies");
    if copies.is_animated() || copies.value.as_number().is_some_and(|n| n != 1.0) {
        c.warn(Kind::Unsupported, "one copy is drawn instead of several");
    }
    Box::new(Offset {
        amount: c.number(item, "ADBE Vector Offset Amount"),
        miter_limit: c.number(item, "ADBE Vector Offset Miter Limit"),
        join: match c.menu(item, "ADBE Vector Offset Line Join") {
            2 => Join::Round,
            3 => Join::Bevel,
            _ => Join::Miter,
        },
    })
}

impl Modifier for Offset {
    fn is_idle(&self, time: f64) -> bool {
        self.amount.at(time) == 0.0
    }

    fn apply(&self, time: f64, paths: &mut [Vec<Contour>]) {
        let amount = self.amount.at(time);
        let style = Stroke::new(2.0 * amount.abs())
            .with_join(self.join)
            .with_miter_limit(self.miter_limit.at(time).max(1.0))
            .with_caps(Cap::Butt);
        for path in paths {
            let mut offset = Vec::with_capacity(path.len());
            for contour in path.iter() {
                if contour.vertices.len() > limits::PATH_VERTICES {
                    offset.push(contour.clone());
                } else {
                    offset_contour(contour, amount, &style, &mut offset);
                }
            }
            *path = offset;
        }
    }

    fn is_animated(&self) -> bool {
        self.amount.is_animated() || self.miter_limit.is_animated()
    }
}

/// Open paths become the outline of a stroke twice as wide as the offset; closed ones move outwards or, with a
/// negative offset, inwards, whichever way they run (ae-truth/shape-modifiers/offset-path).
fn offset_contour(contour: &Contour, amount: f64, style: &Stroke, into: &mut Vec<Contour>) {
    let mut path = BezPath::new();
    contour.append_to(&mut path, Affine::IDENTITY);
    if !contour.closed {
        let stroked = kurbo::stroke(path, style, &StrokeOpts::default(), ACCURACY);
        into.extend(subpaths(&stroked).map(from_elements));
        return;
    }
    let area = path.area();
    // Nothing is left of a path shrunk by more than half of its height or width.
    let bounds = path.bounding_box();
    if -amount >= bounds.width().min(bounds.height()) / 2.0 {
        return;
    }
    let distance = if area > 0.0 { -amount } else { amount };
    into.push(beside(contour, distance, style));
}

/// The closed contour that runs `distance` beside another: to its right on screen when positive.
fn beside(contour: &Contour, distance: f64, style: &Stroke) -> Contour {
    let mut runs: Vec<Vec<CubicBez>> = Vec::new();
    let mut corners = Vec::new();
    for segment in contour.segments() {
        let run = beside_segment(&segment, distance);
        if !run.is_empty() {
            runs.push(run);
            corners.push(segment.p0);
        }
    }
    let mut segments = Vec::new();
    for i in 0..runs.len() {
        let next = (i + 1) % runs.len();
        let join = match (runs[i].last(), runs[next].first()) {
            (Some(a), Some(b)) => join(a, b, corners[next], distance, style),
            _ => Corner::Through(Vec::new()),
        };
        let through = match join {
            Corner::Meet(meet) => {
                if let Some(a) = runs[i].last_mut() {
                    (a.p2, a.p3) = (meet, meet);
                }
                if let Some(b) = runs[next].first_mut() {
                    (b.p0, b.p1) = (meet, meet);
                }
                continue;
            }
            Corner::Through(points) => points,
        };
        let mut at = runs[i].last().map_or(corners[next], |s| s.p3);
        let end = runs[next].first().map_or(at, |s| s.p0);
        for to in through.into_iter().chain([end]) {
            if (to - at).hypot2() > 1e-18 {
                runs[i].push(CubicBez::new(at, at, to, to));
            }
            at = to;
        }
    }
    for run in runs {
        segments.extend(run);
    }
    Contour::from_segments(&segments, true)
}

/// One segment moved sideways; nothing for a segment without length.
fn beside_segment(s: &CubicBez, distance: f64) -> Vec<CubicBez> {
    let chord = s.p3 - s.p0;
    let flat = |p: Point| (p - s.p0).cross(chord).abs() <= 1e-9 * chord.hypot2();
    if flat(s.p1) && flat(s.p2) {
        let length = chord.hypot();
        if length == 0.0 {
            return Vec::new();
        }
        let by = Vec2::new(-chord.y, chord.x) * (distance / length);
        return vec![CubicBez::new(s.p0 + by, s.p0 + by, s.p3 + by, s.p3 + by)];
    }
    let mut path = BezPath::new();
    kurbo::offset::offset_cubic(*s, distance, ACCURACY, &mut path);
    path.segments().map(|s| s.to_cubic()).collect()
}

/// How one moved segment goes over into the next.
enum Corner {
    /// Both are straight and end where they meet.
    Meet(Point),
    /// Over these points.
    Through(Vec<Point>),
}

fn join(a: &CubicBez, b: &CubicBez, corner: Point, distance: f64, style: &Stroke) -> Corner {
    if (a.p3 - b.p0).hypot2() < 1e-18 {
        return Corner::Through(Vec::new());
    }
    let tangent = |from: Point, others: [Point; 3]| {
        let found = others.into_iter().map(|p| p - from).find(|v| v.hypot2() > 1e-18);
        found.map_or(Vec2::ZERO, Vec2::normalize)
    };
    let (u, v) = (-tangent(a.p3, [a.p2, a.p1, a.p0]), tangent(b.p0, [b.p1, b.p2, b.p3]));
    let outside = u.cross(v) * distance < 0.0;
    let both_straight = is_line(a) && is_line(b);
    // Where the two tangents meet, seen from the corner: half-way between the two ends, stretched.
    let (n, m) = (a.p3 - corner, b.p0 - corner);
    let along = 1.0 + u.dot(v);
    let meet = corner + (n + m) / along.max(1e-9);
    let miter = match (outside, style.join) {
        (false, _) => both_straight && along > 1e-6,
        // The miter is as long as 1 / sin(half the angle of the corner).
        (true, Join::Miter) => 2.0 <= along * style.miter_limit * style.miter_limit,
        (true, _) => false,
    };
    if miter {
        return if both_straight {
            Corner::Meet(meet)
        } else {
            Corner::Through(vec![meet])
        };
    }
    if !outside || style.join != Join::Round {
        return Corner::Through(Vec::new());
    }
    let sweep = libm::atan2(n.cross(m), n.dot(m));
    let steps = (sweep.abs() * distance.abs().sqrt() * 4.0).ceil().clamp(1.0, 200.0);
    let points = (1..steps as usize).map(|i| {
        let turn = angle::rotation(sweep.to_degrees() * i as f64 / steps);
        corner + (turn * n.to_point()).to_vec2()
    });
    Corner::Through(points.collect())
}

/// The runs of elements that start with a move.
fn subpaths(path: &BezPath) -> impl Iterator<Item = &[PathEl]> {
    path.elements()
        .chunk_by(|_, next| !matches!(next, PathEl::MoveTo(_)))
        .filter(|run| run.len() > 1)
}

/// The closed contour of one run of elements.
fn from_elements(elements: &[PathEl]) -> Contour {
    let mut segments = Vec::with_capacity(elements.len());
    let (mut start, mut at) = (Point::ZERO, Point::ZERO);
    for element in elements {
        let segment = match *element {
            PathEl::MoveTo(p) => {
                (start, at) = (p, p);
                continue;
            }
            PathEl::LineTo(p) => CubicBez::new(at, at, p, p),
            PathEl::QuadTo(p, q) => kurbo::QuadBez::new(at, p, q).raise(),
            PathEl::CurveTo(p, q, r) => CubicBez::new(at, p, q, r),
            PathEl::ClosePath => CubicBez::new(at, at, start, start),
        };
        if segment.p3 != at {
            segments.push(segment);
        }
        at = segment.p3;
    }
    if at != start {
        segments.push(CubicBez::new(at, at, start, start));
    }
    Contour::from_segments(&segments, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offset(contour: &Contour, amount: f64) -> Vec<Contour> {
        let mut out = Vec::new();
        let style = Stroke::new(2.0 * amount.abs())
            .with_join(Join::Miter)
            .with_miter_limit(4.0)
            .with_caps(Cap::Butt);
        offset_contour(contour, amount, &style, &mut out);
        out
    }

    fn bounds(contours: &[Contour]) -> kurbo::Rect {
        let mut path = BezPath::new();
        for contour in contours {
            contour.append_to(&mut path, Affine::IDENTITY);
        }
        path.bounding_box()
    }

    #[test]
    fn a_square_grows_and_shrinks_whichever_way_it_runs() {
        let square = Contour::polygon(&[(0.0, 0.0), (20.0, 0.0), (20.0, 20.0), (0.0, 20.0)]);
        for square in [square.clone(), square.reversed()] {
            assert_eq!(bounds(&offset(&square, 5.0)), kurbo::Rect::new(-5.0, -5.0, 25.0, 25.0));
            assert_eq!(bounds(&offset(&square, -5.0)), kurbo::Rect::new(5.0, 5.0, 15.0, 15.0));
            assert!(offset(&square, -30.0).is_empty());
        }
    }

    #[test]
    fn an_open_line_becomes_a_band() {
        let mut line = Contour::polygon(&[(0.0, 0.0), (30.0, 0.0)]);
        line.closed = false;
        assert_eq!(bounds(&offset(&line, 4.0)), kurbo::Rect::new(0.0, -4.0, 30.0, 4.0));
    }
}
