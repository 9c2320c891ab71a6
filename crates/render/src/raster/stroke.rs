//! Strokes to lines.
//!
//! A stroke is swept in the path's own space, so that a stretched path gets a stretched stroke: between two points of
//! the centre line it is the quadrilateral between their offsets along the exact normals; corners, caps and places
//! where the inner side folds over get pieces of their own. All pieces run the same way round and neighbours share
//! their edges exactly, so their sum under the non-zero rule is the stroke, without seams or holes.

use filmpress_composition::{LineCap, LineJoin};
use filmpress_evaluate::frame::{StrokeStyle, WidthProfile};
use kurbo::{Affine, BezPath, PathEl, Point, Vec2};

use super::flatten::{TOLERANCE, count, cubic_steps};
use super::lines::Lines;

/// Most dashes in one stroke; a denser pattern is drawn solid.
const MAX_DASHES: f64 = 50_000.0;

/// Most points of a centre line whose width changes; more even pieces are drawn less exactly.
const MAX_WIDTHS: f64 = 50_000.0;

/// A point of the centre line with the unit normals before and after it.
#[derive(Clone, Copy, Debug)]
struct Vertex {
    p: Point,
    before: Vec2,
    after: Vec2,
    /// Half the width of the stroke there.
    half: f64,
}

/// Scratch of strokes; reused.
#[derive(Debug, Default)]
pub(crate) struct Stroker {
    vertices: Vec<Vertex>,
    /// The same with a width that changes.
    shaped: Vec<Vertex>,
    /// Half the width of the style.
    half: f64,
    dash: Vec<Vertex>,
    first_dash: Vec<Vertex>,
}

/// What stays the same along one stroke.
struct Pen<'a> {
    lines: &'a mut Lines,
    transform: Affine,
    cap: LineCap,
    join: LineJoin,
    miter_limit: f64,
    /// Angle whose chord stays within the tolerance on the outer side.
    arc_step: f64,
    tolerance: f64,
}

fn normal(direction: Vec2) -> Option<Vec2> {
    let length = direction.hypot2().sqrt();
    (length > 1e-12 && length.is_finite()).then(|| Vec2::new(-direction.y / length, direction.x / length))
}

fn length(vertices: &[Vertex]) -> f64 {
    vertices.windows(2).map(|w| (w[1].p - w[0].p).hypot2().sqrt()).sum()
}

/// The largest stretch of a transform.
fn stretch(transform: Affine) -> f64 {
    let [a, b, c, d, ..] = transform.as_coeffs();
    let sum = a * a + b * b + c * c + d * d;
    let det = a * d - b * c;
    f64::midpoint(sum, (sum * sum - 4.0 * det * det).max(0.0).sqrt()).sqrt()
}

impl Stroker {
    /// Adds the stroke of `path` to `lines`, to be filled non-zero.
    pub fn stroke(&mut self, path: &BezPath, transform: Affine, style: &StrokeStyle, lines: &mut Lines) {
        let scale = stretch(transform);
        if !(style.width > 0.0 && style.width.is_finite() && scale > 0.0 && scale.is_finite()) {
            return;
        }
        let half = style.width / 2.0;
        let tolerance = TOLERANCE / scale;
        let arc_step = 2.0 * libm::acos((1.0 - tolerance / half).clamp(-1.0, 1.0));
        let mut pen = Pen {
            lines,
            transform,
            cap: style.cap,
            join: style.join,
            miter_limit: style.miter_limit,
            arc_step: arc_step.clamp(0.02, 1.5),
            tolerance,
        };
        self.half = half;
        self.vertices.clear();
        let mut start = Point::ZERO;
        let mut at = Point::ZERO;
        for el in path.elements() {
            match *el {
                PathEl::MoveTo(p) => {
                    self.part(&mut pen, style, false);
                    start = p;
                    at = p;
                }
                PathEl::LineTo(p) => {
                    self.line(at, p);
                    at = p;
                }
                PathEl::QuadTo(p1, p2) => {
                    let c1 = at + (p1 - at) * (2.0 / 3.0);
                    let c2 = p2 + (p1 - p2) * (2.0 / 3.0);
                    self.cubic([at, c1, c2, p2], &pen);
                    at = p2;
                }
                PathEl::CurveTo(p1, p2, p3) => {
                    self.cubic([at, p1, p2, p3], &pen);
                    at = p3;
                }
                PathEl::ClosePath => {
                    self.line(at, start);
                    self.part(&mut pen, style, true);
                    at = start;
                }
            }
        }
        self.part(&mut pen, style, false);
    }

    fn line(&mut self, from: Point, to: Point) {
        match normal(to - from) {
            Some(n) => {
                self.begin(from, n);
                self.vertices.push(Vertex {
                    p: to,
                    before: n,
                    after: n,
                    half: self.half,
                });
            }
            // A line of no length is a dot, but not a corner.
            None if self.vertices.is_empty() && from.is_finite() => {
                self.vertices.push(Vertex {
                    p: from,
                    before: Vec2::ZERO,
                    after: Vec2::ZERO,
                    half: self.half,
                });
            }
            None => {}
        }
    }

    /// Starts a segment at `from` with normal `n`.
    fn begin(&mut self, from: Point, n: Vec2) {
        match self.vertices.last_mut() {
            Some(last) => {
                if last.before == Vec2::ZERO {
                    last.before = n;
                }
                last.after = n;
            }
            None => self.vertices.push(Vertex {
                p: from,
                before: n,
                after: n,
                half: self.half,
            }),
        }
    }

    fn cubic(&mut self, p: [Point; 4], pen: &Pen) {
        let [p0, p1, p2, p3] = p;
        if !(p0.to_vec2() + p1.to_vec2() + p2.to_vec2() + p3.to_vec2()).is_finite() {
            return;
        }
        if p1 == p0 && p2 == p3 {
            self.line(p0, p3);
            return;
        }
        let Some(n0) = normal(p1 - p0).or_else(|| normal(p2 - p0)).or_else(|| normal(p3 - p0)) else {
            self.line(p0, p3);
            return;
        };
        let n3 = normal(p3 - p2)
            .or_else(|| normal(p3 - p1))
            .or_else(|| normal(p3 - p0))
            .unwrap_or(n0);
        let middle = normal(p2 - p1).unwrap_or(n0);
        // The offset curve strays from its lines by half the width times the turn of a step squared over 8.
        let turn = angle(n0, middle).abs() + angle(middle, n3).abs();
        let steps = cubic_steps(p, pen.tolerance);
        let turning = 1.5 * turn / pen.arc_step;
        let n = count((steps * steps + turning * turning).sqrt());

        self.begin(p0, n0);
        let c = (p1 - p0) * 3.0;
        let b = (p2 - p1) * 3.0 - c;
        let a = p3 - p0 - c - b;
        let step = 1.0 / f64::from(n);
        let mut before = n0;
        for i in 1..n {
            let t = f64::from(i) * step;
            let at = p0 + ((a * t + b) * t + c) * t;
            let now = normal((a * (3.0 * t) + b * 2.0) * t + c).unwrap_or(before);
            self.vertices.push(Vertex {
                p: at,
                before: now,
                after: now,
                half: self.half,
            });
            before = now;
        }
        self.vertices.push(Vertex {
            p: p3,
            before: n3,
            after: n3,
            half: self.half,
        });
    }

    /// Ends a part of the path and strokes it.
    fn part(&mut self, pen: &mut Pen, style: &StrokeStyle, closed: bool) {
        let mut vertices = std::mem::take(&mut self.vertices);
        let mut closed = closed;
        if closed && vertices.len() > 1 {
            let first = vertices[0].after;
            let last = vertices.len() - 1;
            vertices[last].after = first;
            vertices[0].before = vertices[last].before;
        }
        if let Some(profile) = &style.profile {
            self.shape(&mut vertices, profile);
            // A taper has a start and an end, on closed paths too.
            closed &= !profile.is_tapered();
        }
        let pattern: f64 = style.dashes.iter().map(|d| d.max(0.0)).sum();
        let length = length(&vertices);
        let dashes = length / pattern * style.dashes.len() as f64;
        if pattern > 0.0 && style.dash_offset.is_finite() && dashes < MAX_DASHES {
            self.dashes(&vertices, pen, style, pattern, closed);
        } else {
            pen.centre_line(&vertices, closed);
        }
        vertices.clear();
        self.vertices = vertices;
    }

    /// Gives every vertex the width of the profile, with more vertices where the width does not change evenly.
    fn shape(&mut self, vertices: &mut Vec<Vertex>, profile: &WidthProfile) {
        let whole = length(vertices);
        let step = profile.step(whole).max(whole / MAX_WIDTHS);
        let half = |at: f64| self.half * profile.share(at, whole);
        self.shaped.clear();
        let mut at = 0.0;
        for (i, vertex) in vertices.iter().enumerate() {
            if let Some(a) = i.checked_sub(1).and_then(|i| vertices.get(i)) {
                let length = (vertex.p - a.p).hypot2().sqrt();
                let pieces = (length / step).ceil();
                let pieces = if pieces.is_finite() {
                    pieces.min(MAX_WIDTHS)
                } else {
                    1.0
                };
                for piece in 1..pieces as usize {
                    let t = piece as f64 / pieces;
                    let n = a.after + (vertex.before - a.after) * t;
                    let n = normal(Vec2::new(n.y, -n.x)).unwrap_or(a.after);
                    self.shaped.push(Vertex {
                        p: a.p.lerp(vertex.p, t),
                        before: n,
                        after: n,
                        half: half(at + length * t),
                    });
                }
                at += length;
            }
            self.shaped.push(Vertex {
                half: half(at),
                ..*vertex
            });
        }
        std::mem::swap(vertices, &mut self.shaped);
    }

    fn dashes(&mut self, vertices: &[Vertex], pen: &mut Pen, style: &StrokeStyle, pattern: f64, closed: bool) {
        let lengths = &style.dashes;
        let mut index = 0;
        let mut left = style.dash_offset - pattern * (style.dash_offset / pattern).floor();
        // Where in the pattern the path starts; the loop ends because the rest is below the pattern's length.
        while index < lengths.len() && left >= lengths[index].max(0.0) {
            left -= lengths[index].max(0.0);
            index += 1;
        }
        index %= lengths.len();
        let mut rest = (lengths[index].max(0.0) - left).max(0.0);
        let mut on = index % 2 == 0;
        let starts_on = on;
        let mut is_first = true;
        self.dash.clear();
        self.first_dash.clear();
        let Some(first) = vertices.first() else { return };
        if on {
            self.dash.push(*first);
        }
        for pair in vertices.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            let length = (b.p - a.p).hypot2().sqrt();
            let mut done = 0.0;
            while length - done > rest {
                done += rest;
                let t = done / length;
                let n = a.after + (b.before - a.after) * t;
                let n = normal(Vec2::new(n.y, -n.x)).unwrap_or(a.after);
                let cut = Vertex {
                    p: a.p.lerp(b.p, t),
                    before: n,
                    after: n,
                    half: a.half + (b.half - a.half) * t,
                };
                if on {
                    self.dash.push(cut);
                    if is_first && closed && starts_on {
                        // It may go on from the end of the path.
                        std::mem::swap(&mut self.first_dash, &mut self.dash);
                    } else {
                        pen.centre_line(&self.dash, false);
                    }
                    is_first = false;
                    self.dash.clear();
                } else {
                    is_first = false;
                    self.dash.clear();
                    self.dash.push(cut);
                }
                on = !on;
                index = (index + 1) % lengths.len();
                rest = lengths[index].max(0.0);
            }
            rest -= length - done;
            if on {
                self.dash.push(b);
            }
        }
        if on && !self.first_dash.is_empty() {
            self.dash.extend_from_slice(&self.first_dash[1..]);
            self.first_dash.clear();
        }
        if on {
            let whole = is_first && closed;
            pen.centre_line(&self.dash, whole);
        }
        if !self.first_dash.is_empty() {
            pen.centre_line(&self.first_dash, false);
        }
    }
}

/// Signed angle from `a` to `b`, unit vectors.
fn angle(a: Vec2, b: Vec2) -> f64 {
    libm::atan2(a.cross(b), a.dot(b))
}

impl Pen<'_> {
    fn edge(&mut self, a: Point, b: Point) {
        self.lines.line(self.transform * a, self.transform * b);
    }

    /// Adds a convex polygon, turned the way of all pieces.
    fn polygon(&mut self, points: &[Point]) {
        let mut twice = 0.0;
        for w in points.windows(2) {
            twice += (w[0] - points[0]).cross(w[1] - points[0]);
        }
        let n = points.len();
        for i in 0..n {
            let (a, b) = (points[i], points[(i + 1) % n]);
            if twice > 0.0 {
                self.edge(b, a);
            } else {
                self.edge(a, b);
            }
        }
    }

    fn centre_line(&mut self, vertices: &[Vertex], closed: bool) {
        let [first, .., last] = vertices else {
            if let [only] = vertices {
                self.dot(only);
            }
            return;
        };
        if !closed {
            self.end(first.p, first.after * first.half, -1.0);
            self.end(last.p, last.before * last.half, 1.0);
        }
        // `open` is true while the pieces so far share their far edge with the next one.
        let mut open = false;
        for (i, pair) in vertices.windows(2).enumerate() {
            let (a, b) = (pair[0], pair[1]);
            let (na, nb) = (a.after * a.half, b.before * b.half);
            let along = b.p - a.p;
            let (a1, b1, a2, b2) = (a.p + na, b.p + nb, a.p - na, b.p - nb);
            let bend = a.after.dot(b.before);
            if bend < 0.2 {
                // A cusp within a curve: two straight pieces and a round corner.
                if open {
                    self.edge(a1, a2);
                }
                let n = normal(along).unwrap_or(a.after);
                let (m, l) = (n * a.half, n * b.half);
                self.polygon(&[a.p + m, b.p + l, b.p - l, a.p - m]);
                self.corner(a.p, a.half, a.after, n, true);
                self.corner(b.p, b.half, n, b.before, true);
                open = false;
                continue;
            }
            let (up, down) = ((b1 - a1).dot(along), (b2 - a2).dot(along));
            if up < 0.0 || down < 0.0 {
                // The inner side runs backwards: the normals cross at a point between.
                if open {
                    self.edge(a1, a2);
                }
                self.folded(a, b);
                open = false;
            } else {
                if !open {
                    self.edge(a2, a1);
                }
                self.edge(a1, b1);
                self.edge(b2, a2);
                open = true;
            }
            if b.before == b.after || (!closed && i + 2 == vertices.len()) {
                continue;
            }
            if open && b.before.dot(b.after) > 0.999 {
                // Too slight for a corner.
                let n = b.after * b.half;
                self.edge(b1, b.p + n);
                self.edge(b.p - n, b2);
                continue;
            }
            if open {
                self.edge(b1, b2);
                open = false;
            }
            self.corner(b.p, b.half, b.before, b.after, false);
        }
        if open {
            let n = if closed { last.after } else { last.before } * last.half;
            self.edge(last.p + n, last.p - n);
        }
    }

    /// A piece whose normals cross within the stroke: two triangles that meet there.
    fn folded(&mut self, a: Vertex, b: Vertex) {
        let h = a.half.max(b.half);
        let cross = a.after.cross(b.before);
        if cross == 0.0 {
            return;
        }
        // a.p + n_a * s = b.p + n_b * s'
        let s = (b.p - a.p).cross(b.before) / cross;
        let s = s.clamp(-h, h);
        let meet = a.p + a.after * s;
        for (a_half, b_half) in [(a.half, b.half), (-a.half, -b.half)] {
            self.polygon(&[meet, a.p + a.after * a_half, b.p + b.before * b_half]);
        }
    }

    /// Fills the gap on the outer side of a corner.
    fn corner(&mut self, p: Point, half: f64, before: Vec2, after: Vec2, round: bool) {
        let cross = before.cross(after);
        let cos = before.dot(after);
        if cross == 0.0 && cos > 0.0 {
            return;
        }
        // The outer side is the one turned away from.
        let side = if cross > 0.0 { -half } else { half };
        let (a, b) = (p + before * side, p + after * side);
        if round || self.join == LineJoin::Round {
            self.pie(p, before * side, angle(before, after));
            return;
        }
        if self.join == LineJoin::Miter {
            // Miter length over width is 1 / sin(half the angle between the edges) = sqrt(2 / (1 + cos)).
            let limit = self.miter_limit;
            if 2.0 <= limit * limit * (1.0 + cos) && cos > -0.999_999 {
                let tip = p + (before + after) * (side / (1.0 + cos));
                self.polygon(&[p, a, tip, b]);
                return;
            }
        }
        self.polygon(&[p, a, b]);
    }

    /// A slice of a disc around `p` from `p + from` on, over `angle`.
    fn pie(&mut self, p: Point, from: Vec2, angle: f64) {
        let n = (angle.abs() / self.arc_step).ceil().clamp(1.0, 512.0);
        let (sin, cos) = (libm::sin(angle / n), libm::cos(angle / n));
        let mut v = from;
        // Drawn downwards in the sense of `polygon`: with the turn when that is negative.
        let forward = angle < 0.0;
        let mut add = |a: Point, b: Point| {
            if forward {
                self.edge(a, b);
            } else {
                self.edge(b, a);
            }
        };
        add(p, p + v);
        for _ in 0..n as u32 {
            let w = Vec2::new(v.x * cos - v.y * sin, v.x * sin + v.y * cos);
            add(p + v, p + w);
            v = w;
        }
        add(p + v, p);
    }

    /// The cap at an end, `n` away from which the sides are; `way` is 1 at the end of the line and -1 at its start.
    fn end(&mut self, p: Point, n: Vec2, way: f64) {
        match self.cap {
            LineCap::Butt => {}
            LineCap::Round => {
                let angle = -std::f64::consts::PI;
                self.pie(p, n * way, angle);
            }
            LineCap::Square => {
                let out = Vec2::new(n.y, -n.x) * way;
                self.polygon(&[p + n, p + n + out, p - n + out, p - n]);
            }
        }
    }

    /// A stroke of no length.
    fn dot(&mut self, v: &Vertex) {
        let n = if v.before == Vec2::ZERO {
            Vec2::new(0.0, 1.0)
        } else {
            v.before
        };
        self.end(v.p, n * v.half, 1.0);
        self.end(v.p, n * v.half, -1.0);
    }
}
