//! Offset paths: closed paths grow or shrink, open ones become bands.

use core::f64::consts::{FRAC_PI_2, TAU};

use filmpress_composition::{Group, Kind, LineJoin};
use kurbo::offset::offset_cubic;
use kurbo::{Affine, BezPath, Cap, CubicBez, Join, ParamCurve, Point, Shape, Stroke, StrokeOpts, Vec2, stroke};

use super::Modifier;
use super::contour::{Contour, is_line};
use crate::compile::Compile;
use crate::interpolate::{Number, Track};
use crate::limits;

#[derive(Debug)]
struct Offset {
    amount: Track<Number>,
    copies: Track<Number>,
    /// By how many steps the first copy is ahead.
    first_copy: Track<Number>,
    miter_limit: Track<Number>,
    join: LineJoin,
}

pub(super) fn compile(c: &mut Compile, item: &Group) -> Box<dyn Modifier> {
    let copies = c.number(item, "ADBE Vector Offset Copies");
    if copies.greatest() > limits::OFFSET_COPIES as f64 {
        c.warn(
            Kind::Limit,
            format!("more than {} copies; the rest is not drawn", limits::OFFSET_COPIES),
        );
    }
    Box::new(Offset {
        amount: c.number(item, "ADBE Vector Offset Amount"),
        copies,
        first_copy: c.number(item, "ADBE Vector Offset Copy Offset"),
        miter_limit: c.number(item, "ADBE Vector Offset Miter Limit"),
        join: super::stroke::join(c.menu(item, "ADBE Vector Offset Line Join")),
    })
}

impl Modifier for Offset {
    fn is_idle(&self, time: f64) -> bool {
        matches!(self.amounts(time)[..], [0.0])
    }

    fn apply(&self, time: f64, paths: &mut [Vec<Contour>]) {
        let corner = Corner {
            join: self.join,
            miter_limit: self.miter_limit.at(time).max(1.0),
        };
        let amounts = self.amounts(time);
        for path in paths {
            let contours = std::mem::take(path);
            let segments: usize = contours.iter().map(Contour::segment_count).sum();
            for &amount in &amounts {
                if path.len() > limits::PATH_VERTICES || segments.saturating_mul(amounts.len()) > limits::PATH_VERTICES
                {
                    break;
                }
                for contour in &contours {
                    if amount == 0.0 || contour.segment_count() > limits::PATH_VERTICES / 4 {
                        path.push(contour.clone());
                    } else if contour.closed {
                        path.extend(grown(contour, amount, corner));
                    } else {
                        band(contour, amount.abs(), corner, path);
                    }
                }
            }
        }
    }

    fn is_animated(&self) -> bool {
        [&self.amount, &self.copies, &self.first_copy, &self.miter_limit]
            .iter()
            .any(|track| track.is_animated())
    }
}

impl Offset {
    /// How far each copy is offset: each one further than the one before by the amount.
    fn amounts(&self, time: f64) -> Vec<f64> {
        let copies = self.copies.at(time).round().clamp(0.0, limits::OFFSET_COPIES as f64) as usize;
        let (amount, first) = (self.amount.at(time), 1.0 + self.first_copy.at(time));
        (0..copies).map(|i| amount * (first + i as f64)).collect()
    }
}

/// What corners become.
#[derive(Clone, Copy)]
struct Corner {
    join: LineJoin,
    miter_limit: f64,
}

/// How far from the exact curve, pixels.
const TOLERANCE: f64 = 0.01;

/// An open path as the outline of a line twice `amount` wide (ae-truth/shape-modifiers/offset-path).
fn band(contour: &Contour, amount: f64, corner: Corner, out: &mut Vec<Contour>) {
    let mut path = BezPath::new();
    contour.append_to(&mut path, Affine::IDENTITY);
    let style = Stroke::new(2.0 * amount)
        .with_caps(Cap::Butt)
        .with_miter_limit(corner.miter_limit)
        .with_join(match corner.join {
            LineJoin::Miter => Join::Miter,
            LineJoin::Round => Join::Round,
            LineJoin::Bevel => Join::Bevel,
        });
    out.extend(Contour::from_bez_path(&stroke(
        path.iter(),
        &style,
        &StrokeOpts::default(),
        TOLERANCE,
    )));
}

fn cross(a: Vec2, b: Vec2) -> f64 {
    a.x * b.y - a.y * b.x
}

/// The unit tangents at both ends of a segment.
fn ends(s: &CubicBez) -> (Vec2, Vec2) {
    // Control points on an end say nothing; the next one does.
    let first = |ways: [Vec2; 3]| {
        let way = ways.into_iter().find(|w| w.length() > 1e-9);
        way.map_or(Vec2::ZERO, |w| w / w.length())
    };
    (
        first([s.p1 - s.p0, s.p2 - s.p0, s.p3 - s.p0]),
        first([s.p3 - s.p2, s.p3 - s.p1, s.p3 - s.p0]),
    )
}

fn area(contour: &Contour) -> f64 {
    let mut path = BezPath::new();
    contour.append_to(&mut path, Affine::IDENTITY);
    path.area()
}

/// A closed path whose sides lie `amount` further out; `None` when nothing of it is left.
fn grown(contour: &Contour, amount: f64, corner: Corner) -> Option<Contour> {
    let direction = area(contour).signum();
    let outwards = |tangent: Vec2| Vec2::new(tangent.y, -tangent.x) * direction;
    let segments: Vec<CubicBez> = contour.segments().filter(|s| ends(s).0 != Vec2::ZERO).collect();
    let n = segments.len();
    if n == 0 {
        return None;
    }
    let mut sides: Vec<Vec<CubicBez>> = segments
        .iter()
        .map(|s| parallel(s, outwards(ends(s).0) * amount, -amount * direction))
        .collect();
    let mut corners: Vec<Vec<CubicBez>> = Vec::with_capacity(n);
    for i in 0..n {
        let next = (i + 1) % n;
        let (leaving, arriving) = (ends(&segments[i]).1, ends(&segments[next]).0);
        let (Some(from), Some(to)) = (sides[i].last().map(|s| s.p3), sides[next].first().map(|s| s.p0)) else {
            corners.push(Vec::new());
            continue;
        };
        let gap = to - from;
        let mut between = Vec::new();
        if gap.length() > 1e-6 {
            // Turning away from the side the path moves to opens a gap, turning towards it makes the sides cross.
            let opens = cross(leaving, arriving) * direction * amount > 0.0;
            if opens {
                join(corner, from, leaving, to, arriving, segments[i].p3, &mut between);
            } else if n == 1 || !cut(&mut sides, i, next) {
                between.push(straight(from, to));
            }
        }
        corners.push(between);
    }
    let mut all = Vec::new();
    for (side, corner) in sides.iter().zip(&corners) {
        all.extend_from_slice(side);
        all.extend_from_slice(corner);
    }
    // Cutting a side at its start may leave the corner before it with an old end: close such hairs.
    for i in 0..all.len() {
        let before = all[(i + all.len() - 1) % all.len()].p3;
        let s = &mut all[i];
        if s.p1 == s.p0 {
            s.p1 = before;
        }
        s.p0 = before;
    }
    let result = Contour::from_segments(&all, true);
    (area(&result) * direction > 0.0).then_some(result)
}

fn straight(a: Point, b: Point) -> CubicBez {
    CubicBez::new(a, a, b, b)
}

/// A segment moved sideways: a straight one by `by`, a curve by `distance` to its right.
fn parallel(s: &CubicBez, by: Vec2, distance: f64) -> Vec<CubicBez> {
    let chord = s.p3 - s.p0;
    let bent = |p: Point| cross(chord, p - s.p0).abs() > 1e-9 * chord.length_squared().max(1e-12);
    if is_line(s) || !(bent(s.p1) || bent(s.p2)) {
        return vec![straight(s.p0 + by, s.p3 + by)];
    }
    let mut path = BezPath::new();
    offset_cubic(*s, distance, TOLERANCE, &mut path);
    path.segments().map(|seg| seg.to_cubic()).collect()
}

/// Closes the gap of a corner at `pivot`.
fn join(corner: Corner, from: Point, leaving: Vec2, to: Point, arriving: Vec2, pivot: Point, out: &mut Vec<CubicBez>) {
    match corner.join {
        LineJoin::Bevel => out.push(straight(from, to)),
        LineJoin::Miter => {
            let turn = cross(leaving, arriving);
            // The miter's length over the width is 1 / cos of half the turn.
            let half_cos = ((1.0 + leaving.dot(arriving)).max(0.0) / 2.0).sqrt();
            if turn.abs() < 1e-9 || half_cos * corner.miter_limit < 1.0 {
                out.push(straight(from, to));
                return;
            }
            let tip = from + leaving * (cross(to - from, arriving) / turn);
            out.push(straight(from, tip));
            out.push(straight(tip, to));
        }
        LineJoin::Round => {
            let (a, b) = (from - pivot, to - pivot);
            let angle = libm::atan2(cross(a, b), a.dot(b));
            let angle = if angle == 0.0 { TAU / 2.0 } else { angle };
            let parts = (angle.abs() / FRAC_PI_2).ceil().max(1.0);
            let (s, c) = libm::sincos(angle / parts);
            let reach = 4.0 / 3.0 * libm::tan(angle / parts / 4.0);
            let mut v = a;
            for _ in 0..parts as usize {
                let w = Vec2::new(v.x * c - v.y * s, v.x * s + v.y * c);
                let across = |v: Vec2| Vec2::new(-v.y, v.x) * reach;
                out.push(CubicBez::new(
                    pivot + v,
                    pivot + v + across(v),
                    pivot + w - across(w),
                    pivot + w,
                ));
                v = w;
            }
        }
    }
}

/// Cuts two neighbouring sides where they cross, nearest to their corner; whether they do.
fn cut(sides: &mut [Vec<CubicBez>], i: usize, next: usize) -> bool {
    for a in (0..sides[i].len()).rev() {
        for b in 0..sides[next].len() {
            let (one, other) = (sides[i][a], sides[next][b]);
            if let Some((t, u)) = crossing(&one, &other) {
                sides[i].truncate(a + 1);
                sides[i][a] = sub(&one, 0.0, t);
                sides[next].drain(..b);
                sides[next][0] = sub(&other, u, 1.0);
                return true;
            }
        }
    }
    false
}

fn sub(s: &CubicBez, from: f64, to: f64) -> CubicBez {
    if is_line(s) {
        straight(s.p0.lerp(s.p3, from), s.p0.lerp(s.p3, to))
    } else {
        s.subsegment(from..to)
    }
}

/// Where two segments cross: the parameters on both, of the crossing latest on the first.
fn crossing(one: &CubicBez, other: &CubicBez) -> Option<(f64, f64)> {
    const STEPS: usize = 24;
    let points = |s: &CubicBez| -> Vec<Point> {
        if is_line(s) {
            return vec![s.p0, s.p3];
        }
        (0..=STEPS).map(|i| s.eval(i as f64 / STEPS as f64)).collect()
    };
    let (p, q) = (points(one), points(other));
    for i in (0..p.len() - 1).rev() {
        for j in 0..q.len() - 1 {
            let (d, e) = (p[i + 1] - p[i], q[j + 1] - q[j]);
            let det = cross(d, e);
            if det == 0.0 {
                continue;
            }
            let way = q[j] - p[i];
            let (t, u) = (cross(way, e) / det, cross(way, d) / det);
            if (0.0..=1.0).contains(&t) && (0.0..=1.0).contains(&u) {
                let whole = |i: usize, t: f64, n: usize| (i as f64 + t) / (n - 1) as f64;
                return Some((whole(i, t, p.len()), whole(j, u, q.len())));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::contour::Vertex;

    const MITER: Corner = Corner {
        join: LineJoin::Miter,
        miter_limit: 4.0,
    };

    fn bounds(contour: &Contour) -> (f64, f64, f64, f64) {
        let mut path = BezPath::new();
        contour.append_to(&mut path, Affine::IDENTITY);
        let b = path.bounding_box();
        (b.x0, b.y0, b.x1, b.y1)
    }

    fn square() -> Contour {
        Contour::polygon(&[(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)])
    }

    #[test]
    fn a_square_grows_and_shrinks_whichever_way_it_is_drawn() {
        for contour in [square(), square().reversed()] {
            let out = grown(&contour, 10.0, MITER).unwrap();
            assert_eq!(bounds(&out), (-10.0, -10.0, 110.0, 110.0));
            assert!((area(&out).abs() - 14400.0).abs() < 1e-6);
            let inner = grown(&contour, -10.0, MITER).unwrap();
            assert_eq!(bounds(&inner), (10.0, 10.0, 90.0, 90.0));
            assert!((area(&inner).abs() - 6400.0).abs() < 1e-6, "{}", area(&inner));
            assert!(grown(&contour, -60.0, MITER).is_none_or(|c| area(&c).abs() < 1.0));
        }
    }

    #[test]
    fn corners_are_round_or_cut_off_as_asked() {
        let with = |join, miter_limit| area(&grown(&square(), 10.0, Corner { join, miter_limit }).unwrap()).abs();
        assert!((with(LineJoin::Bevel, 4.0) - 14200.0).abs() < 1e-6);
        assert!((with(LineJoin::Miter, 1.1) - 14200.0).abs() < 1e-6);
        assert!((with(LineJoin::Round, 4.0) - (14000.0 + core::f64::consts::PI * 100.0)).abs() < 0.2);
    }

    #[test]
    fn a_circle_stays_a_circle() {
        const K: f64 = 55.228_474_98;
        let v = |x: f64, y: f64| {
            let t = Vec2::new(-y, x) * (K / 100.0);
            Vertex::new(Point::new(x, y), -t, t)
        };
        let circle = Contour {
            vertices: vec![v(0.0, -100.0), v(100.0, 0.0), v(0.0, 100.0), v(-100.0, 0.0)],
            closed: true,
        };
        for amount in [30.0, -30.0] {
            let (x0, y0, x1, y1) = bounds(&grown(&circle, amount, MITER).unwrap());
            for side in [-x0, -y0, x1, y1] {
                assert!((side - 100.0 - amount).abs() < 0.1, "{side}");
            }
        }
    }

    #[test]
    fn copies_lie_around_each_other() {
        let offset = |copies: f64, first_copy: f64| Offset {
            amount: Track::Fixed(10.0),
            copies: Track::Fixed(copies),
            first_copy: Track::Fixed(first_copy),
            miter_limit: Track::Fixed(4.0),
            join: LineJoin::Miter,
        };
        let mut paths = [vec![square()]];
        offset(3.0, 0.0).apply(0.0, &mut paths);
        let left: Vec<f64> = paths[0].iter().map(|c| bounds(c).0).collect();
        assert_eq!(left, [-10.0, -20.0, -30.0]);
        let mut paths = [vec![square()]];
        offset(3.0, -2.0).apply(0.0, &mut paths);
        let left: Vec<f64> = paths[0].iter().map(|c| bounds(c).0).collect();
        assert_eq!(left, [10.0, 0.0, -10.0]);
        assert!(offset(1.0, -1.0).is_idle(0.0) && !offset(1.0, 0.0).is_idle(0.0));
        let mut paths = [vec![square()]];
        offset(1e9, 0.0).apply(0.0, &mut paths);
        assert_eq!(paths[0].len(), limits::OFFSET_COPIES);
    }

    #[test]
    fn an_open_line_becomes_a_band() {
        let mut line = Contour::polygon(&[(0.0, 0.0), (100.0, 0.0)]);
        line.closed = false;
        let mut out = Vec::new();
        band(&line, 8.0, MITER, &mut out);
        assert!(out.iter().all(|c| c.closed));
        assert_eq!(bounds(&out[0]), (0.0, -8.0, 100.0, 8.0));
    }
}
