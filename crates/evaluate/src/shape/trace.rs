//! Combined outlines traced back to the curves they were made of.
//!
//! Every line of a combined outline lies on a piece of a flattened curve. Lines on neighbouring pieces of one curve
//! become one part of that curve, so that later modifiers find the vertices and tangents a designer would.

use kurbo::{CubicBez, ParamCurve, Point};

use super::boolean::{Edge, Flat, GridPoint};
use super::contour::{Contour, is_line};

/// How far from its piece a line may lie, steps of the grid: crossings are rounded to the grid, some more than once.
const NEAR: f64 = 3.0;
/// How many pieces are looked at for lines that lie between two crossings; what is not found stays a line.
const MOST_LOOKED_AT: usize = 20_000_000;

/// A part of a segment.
#[derive(Clone, Copy, Debug)]
struct Part {
    segment: Option<usize>,
    t: [f64; 2],
    from: GridPoint,
    to: GridPoint,
}

/// Finds the pieces that lines lie on.
struct Search<'a> {
    edges: &'a [Edge],
    /// Ends of pieces in order, each with its piece.
    ends: Vec<(GridPoint, usize)>,
    looked_at: usize,
}

pub(super) fn trace(flat: &Flat, outlines: &[Vec<GridPoint>]) -> Vec<Contour> {
    let mut ends: Vec<(GridPoint, usize)> = Vec::with_capacity(2 * flat.edges.len());
    for (i, edge) in flat.edges.iter().enumerate() {
        ends.extend([(edge.from, i), (edge.to, i)]);
    }
    ends.sort_unstable_by_key(|(p, i)| (p.x, p.y, *i));
    let mut search = Search {
        edges: &flat.edges,
        ends,
        looked_at: 0,
    };
    let mut contours: Vec<(usize, f64, Contour)> = outlines
        .iter()
        .filter(|outline| outline.len() > 2)
        .map(|outline| contour(flat, &parts(&mut search, outline)))
        .collect();
    // In the order of the paths they came from; the topmost path leads.
    contours.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    contours.into_iter().map(|(.., contour)| contour).collect()
}

/// The parts an outline is made of, in order, from where its first segment begins.
fn parts(search: &mut Search, outline: &[GridPoint]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for (i, &from) in outline.iter().enumerate() {
        let to = outline[(i + 1) % outline.len()];
        let part = search.part(from, to);
        match parts.last_mut() {
            Some(last) if goes_on(last, &part) => {
                last.t[1] = part.t[1];
                last.to = part.to;
            }
            _ => parts.push(part),
        }
    }
    // The outline may begin within a part.
    if let [first, .., last] = &parts[..]
        && goes_on(last, first)
    {
        let last = *last;
        parts[0].t[0] = last.t[0];
        parts[0].from = last.from;
        parts.pop();
    }
    let key = |part: &Part| (part.segment.unwrap_or(usize::MAX), part.t[0].min(part.t[1]));
    let first = (0..parts.len()).min_by(|&a, &b| {
        let (a, b) = (key(&parts[a]), key(&parts[b]));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
    parts.rotate_left(first.unwrap_or(0));
    parts
}

/// Whether a part continues another on the same segment the same way.
fn goes_on(a: &Part, b: &Part) -> bool {
    const HAIR: f64 = 1e-9;
    let way = |part: &Part| part.t[1] - part.t[0];
    a.segment.is_some() && a.segment == b.segment && (a.t[1] - b.t[0]).abs() < HAIR && way(a) * way(b) > 0.0
}

/// The contour of these parts, with its place in the order of paths.
fn contour(flat: &Flat, parts: &[Part]) -> (usize, f64, Contour) {
    let ends: Vec<Point> = parts.iter().map(|part| start(flat, part)).collect();
    let segments: Vec<CubicBez> = parts
        .iter()
        .enumerate()
        .map(|(i, part)| {
            let (p0, p3) = (ends[i], ends[(i + 1) % ends.len()]);
            let source = part.segment.map(|s| flat.segments[s]);
            match source {
                Some(s) if !is_line(&s) => {
                    let [a, b] = part.t;
                    let piece = if a <= b {
                        s.subsegment(a..b)
                    } else {
                        let back = s.subsegment(b..a);
                        CubicBez::new(back.p3, back.p2, back.p1, back.p0)
                    };
                    CubicBez::new(p0, piece.p1, piece.p2, p3)
                }
                _ => CubicBez::new(p0, p0, p3, p3),
            }
        })
        .collect();
    let place = parts.first().map_or((usize::MAX, 0.0), |part| {
        (part.segment.unwrap_or(usize::MAX), part.t[0].min(part.t[1]))
    });
    (place.0, place.1, Contour::from_segments(&segments, true))
}

/// Where a part starts: vertices exactly where they were.
fn start(flat: &Flat, part: &Part) -> Point {
    match (part.segment, part.t[0]) {
        (Some(s), 0.0) => flat.segments[s].p0,
        (Some(s), 1.0) => flat.segments[s].p3,
        _ => flat.grid.take(part.from),
    }
}

impl Search<'_> {
    /// The part of a segment between two neighbouring points of an outline.
    fn part(&mut self, from: GridPoint, to: GridPoint) -> Part {
        let found = self
            .ending_in(from)
            .chain(self.ending_in(to))
            .find_map(|i| on(&self.edges[i], from, to).map(|t| (i, t)));
        let found = found.or_else(|| {
            // Both are crossings.
            if self.looked_at > MOST_LOOKED_AT {
                return None;
            }
            self.looked_at += self.edges.len();
            (0..self.edges.len()).find_map(|i| on(&self.edges[i], from, to).map(|t| (i, t)))
        });
        Part {
            segment: found.map(|(i, _)| self.edges[i].segment),
            t: found.map_or([0.0; 2], |(_, t)| t),
            from,
            to,
        }
    }

    /// The pieces with an end in a point.
    fn ending_in(&self, p: GridPoint) -> impl Iterator<Item = usize> + '_ {
        let first = self.ends.partition_point(|(q, _)| (q.x, q.y) < (p.x, p.y));
        self.ends[first..]
            .iter()
            .take_while(move |(q, _)| *q == p)
            .map(|(_, i)| *i)
    }
}

/// The parameters of two points on a piece's segment; `None` when the piece does not reach over both.
fn on(edge: &Edge, from: GridPoint, to: GridPoint) -> Option<[f64; 2]> {
    let a = at(edge, from)?;
    let b = at(edge, to)?;
    (a != b).then_some([a, b])
}

fn at(edge: &Edge, p: GridPoint) -> Option<f64> {
    if p == edge.from {
        return Some(edge.t[0]);
    }
    if p == edge.to {
        return Some(edge.t[1]);
    }
    let vector = |p: GridPoint, q: GridPoint| (f64::from(q.x) - f64::from(p.x), f64::from(q.y) - f64::from(p.y));
    let (dx, dy) = vector(edge.from, edge.to);
    let (x, y) = vector(edge.from, p);
    let squared = dx * dx + dy * dy;
    let along = (x * dx + y * dy) / squared;
    let across = x * dy - y * dx;
    // A crossing near an end may have been rounded past it.
    let over = NEAR / squared.sqrt();
    let near = across * across <= NEAR * NEAR * squared && (-over..=1.0 + over).contains(&along);
    near.then(|| edge.t[0] + (edge.t[1] - edge.t[0]) * along.clamp(0.0, 1.0))
}
