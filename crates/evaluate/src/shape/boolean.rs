//! The areas of paths combined: union, difference, intersection, exclusion.
//!
//! Paths are flattened and put on a grid of whole numbers, where the combining is exact, the same everywhere and
//! cannot fail. [`super::trace`] then gives the result its curves and vertices back.

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{IntOverlayOptions, Overlay};
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::core::solver::Solver;
use i_overlay::i_float::int::point::IntPoint;
use kurbo::{CubicBez, ParamCurve, Point, Rect};

use super::contour::{Contour, is_line};
use super::trace::trace;
use crate::limits;

/// How areas are combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    /// What is in any.
    Union,
    /// What is in the first and in no other.
    Difference,
    /// What is in all.
    Intersection,
    /// What is in an odd number of them.
    Exclusion,
}

/// How far flattened curves may stray, pixels.
const TOLERANCE: f64 = 0.01;
/// Most pieces of one curve.
const MOST_STEPS: f64 = 256.0;
/// Coordinates on the grid stay below this; the combining itself needs them below 2^30.
const GRID: f64 = (1 << 28) as f64;
/// The finest grid, steps a pixel.
const FINEST: f64 = (1 << 20) as f64;

/// A point on the grid.
pub(super) type GridPoint = IntPoint<i32>;
type Contours = Vec<Vec<GridPoint>>;

/// A piece of a flattened curve.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub from: GridPoint,
    pub to: GridPoint,
    /// The segment it is a piece of, an index into [`Flat::segments`].
    pub segment: usize,
    /// Where on the segment it starts and ends.
    pub t: [f64; 2],
}

/// Where the grid lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    origin: Point,
    scale: f64,
}

impl Grid {
    /// A grid for what lies in `bounds`; `None` when those are not finite.
    fn new(bounds: Rect) -> Option<Self> {
        let reach = bounds.width().max(bounds.height());
        if !(reach.is_finite() && bounds.center().is_finite()) {
            return None;
        }
        // Powers of two: coordinates that are whole stay whole.
        let mut scale = FINEST;
        while scale * reach > GRID {
            scale /= 2.0;
        }
        Some(Self {
            origin: bounds.center().round(),
            scale,
        })
    }

    fn put(self, p: Point) -> GridPoint {
        let v = (p - self.origin) * self.scale;
        let limit = |x: f64| x.round().clamp(-2.0 * GRID, 2.0 * GRID) as i32;
        GridPoint::new(limit(v.x), limit(v.y))
    }

    /// The point in pixels.
    pub fn take(self, p: GridPoint) -> Point {
        self.origin + kurbo::Vec2::new(f64::from(p.x), f64::from(p.y)) / self.scale
    }
}

/// Flattened paths.
#[derive(Debug)]
pub(super) struct Flat {
    pub grid: Grid,
    pub segments: Vec<CubicBez>,
    pub edges: Vec<Edge>,
}

/// The areas of paths, by the non-zero rule, combined; open contours count as closed. `None` when there is too much
/// to combine.
pub(super) fn combine(paths: &[Vec<Contour>], operation: Operation) -> Option<Vec<Contour>> {
    let mut bounds: Option<Rect> = None;
    for v in paths.iter().flatten().flat_map(|contour| &contour.vertices) {
        for p in [v.before, v.point, v.after] {
            let own = Rect::from_points(p, p);
            bounds = Some(bounds.map_or(own, |b| b.union(own)));
        }
    }
    let Some(bounds) = bounds else {
        return Some(Vec::new());
    };
    let mut flat = Flat {
        grid: Grid::new(bounds)?,
        segments: Vec::new(),
        edges: Vec::new(),
    };
    let mut areas = Vec::with_capacity(paths.len());
    for path in paths {
        let mut contours = Contours::new();
        for contour in path {
            let first = flat.edges.len();
            flatten(contour, &mut flat)?;
            contours.push(flat.edges[first..].iter().map(|edge| edge.from).collect());
        }
        areas.push(contours);
    }
    if !is_affordable(&flat.edges) {
        return None;
    }
    let outlines = fold(areas, operation);
    Some(trace(&flat, &outlines))
}

fn flatten(contour: &Contour, flat: &mut Flat) -> Option<()> {
    let closing = match (&contour.vertices[..], contour.closed) {
        ([first, .., last], false) if first.point != last.point => {
            Some(CubicBez::new(last.point, last.point, first.point, first.point))
        }
        _ => None,
    };
    for s in contour.segments().chain(closing) {
        let steps = steps(&s);
        let segment = flat.segments.len();
        flat.segments.push(s);
        let mut from = flat.grid.put(s.p0);
        for i in 0..steps as usize {
            let t = [i as f64 / steps, (i + 1) as f64 / steps];
            let to = flat.grid.put(if t[1] == 1.0 { s.p3 } else { s.eval(t[1]) });
            if to != from {
                flat.edges.push(Edge { from, to, segment, t });
            }
            from = to;
        }
        if flat.edges.len() > limits::MERGED_PIECES {
            return None;
        }
    }
    Some(())
}

/// How many pieces a segment needs: a piece strays by an eighth of the second difference over the pieces squared.
fn steps(s: &CubicBez) -> f64 {
    if is_line(s) {
        return 1.0;
    }
    let bend = |a: Point, b: Point, c: Point| ((a - b) + (c - b)).hypot2().sqrt();
    let most = 6.0 * bend(s.p0, s.p1, s.p2).max(bend(s.p1, s.p2, s.p3));
    (most / (8.0 * TOLERANCE)).sqrt().ceil().clamp(1.0, MOST_STEPS)
}

/// Whether there are few enough places where pieces may cross.
fn is_affordable(edges: &[Edge]) -> bool {
    let mut spans: Vec<[i32; 4]> = edges
        .iter()
        .map(|e| {
            let (x, y) = ([e.from.x, e.to.x], [e.from.y, e.to.y]);
            [x[0].min(x[1]), x[0].max(x[1]), y[0].min(y[1]), y[0].max(y[1])]
        })
        .collect();
    spans.sort_unstable();
    let mut near = 0;
    let mut looked = 0;
    for (i, a) in spans.iter().enumerate() {
        for b in spans[i + 1..].iter().take_while(|b| b[0] <= a[1]) {
            looked += 1;
            near += usize::from(b[2] <= a[3] && a[2] <= b[3]);
            if near > limits::MERGED_PAIRS || looked > 64 * limits::MERGED_PAIRS {
                return false;
            }
        }
    }
    true
}

fn fold(mut areas: Vec<Contours>, operation: Operation) -> Contours {
    let rule = match operation {
        Operation::Union => OverlayRule::Union,
        Operation::Intersection => OverlayRule::Intersect,
        Operation::Exclusion => OverlayRule::Xor,
        Operation::Difference => {
            let Some((first, rest)) = areas.split_first_mut() else {
                return Contours::new();
            };
            let first = std::mem::take(first);
            let rest = fold(rest.to_vec(), Operation::Union);
            return overlay(&first, &rest, OverlayRule::Difference);
        }
    };
    // Neighbours first, so that no area is gone through more often than the number of rounds.
    while areas.len() > 1 {
        let mut next = Vec::with_capacity(areas.len().div_ceil(2));
        for pair in areas.chunks(2) {
            next.push(match pair {
                [a, b] => overlay(a, b, rule),
                _ => pair[0].clone(),
            });
        }
        areas = next;
    }
    let all = areas.pop().unwrap_or_default();
    overlay(&all, &Contours::new(), OverlayRule::Subject)
}

fn overlay(subject: &Contours, clip: &Contours, rule: OverlayRule) -> Contours {
    let shapes = Overlay::from_subj_and_clip_custom(
        subject,
        clip,
        // Curves are found again by their points.
        IntOverlayOptions::keep_all_points(),
        Solver::default(),
    )
    .overlay(rule, FillRule::NonZero);
    shapes.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use kurbo::{Affine, BezPath, Shape};

    use super::*;

    fn square(x: f64, y: f64, side: f64) -> Vec<Contour> {
        vec![Contour::polygon(&[
            (x + side, y),
            (x + side, y + side),
            (x, y + side),
            (x, y),
        ])]
    }

    fn circle(x: f64, y: f64, r: f64) -> Vec<Contour> {
        Contour::from_bez_path(&kurbo::Circle::new((x, y), r).to_path(1e-3))
    }

    fn area(contours: &[Contour]) -> f64 {
        let mut path = BezPath::new();
        for contour in contours {
            contour.append_to(&mut path, Affine::IDENTITY);
        }
        path.area()
    }

    fn combined(paths: &[Vec<Contour>], operation: Operation) -> Vec<Contour> {
        combine(paths, operation).unwrap()
    }

    const ALL: [Operation; 4] = [
        Operation::Union,
        Operation::Difference,
        Operation::Intersection,
        Operation::Exclusion,
    ];

    #[test]
    fn two_squares_in_every_way() {
        for reversed in [false, true] {
            let mut second = square(5.0, 5.0, 10.0);
            if reversed {
                second = second.into_iter().map(Contour::reversed).collect();
            }
            let areas = ALL.map(|operation| area(&combined(&[square(0.0, 0.0, 10.0), second.clone()], operation)));
            assert_eq!(areas, [175.0, 75.0, 25.0, 150.0]);
        }
        let union = combined(&[square(0.0, 0.0, 10.0), square(5.0, 5.0, 10.0)], Operation::Union);
        assert_eq!(union.len(), 1);
        assert_eq!(union[0].vertices.len(), 8, "{union:?}");
        assert!(union[0].closed);
    }

    #[test]
    fn the_topmost_is_what_is_subtracted_from() {
        let paths = [square(0.0, 0.0, 30.0), square(5.0, 5.0, 5.0), square(20.0, 20.0, 20.0)];
        let rest = combined(&paths, Operation::Difference);
        assert_eq!(area(&rest), 900.0 - 25.0 - 100.0);
        assert_eq!(rest.len(), 2, "a hole and a bite");
        assert!(
            area(&rest[..1]) > 0.0 && area(&rest[1..]) < 0.0,
            "holes run the other way round"
        );
    }

    #[test]
    fn curves_stay_curves_and_vertices_stay() {
        let union = combined(&[circle(0.0, 0.0, 50.0), circle(60.0, 0.0, 50.0)], Operation::Union);
        let [outline] = &union[..] else { panic!("{union:?}") };
        // What is left of the pieces of both circles, and the two crossings.
        let most = 2 * circle(0.0, 0.0, 50.0)[0].vertices.len() + 2;
        assert!(
            (4..most).contains(&outline.vertices.len()),
            "{}",
            outline.vertices.len()
        );
        for s in outline.segments() {
            for t in [0.0, 0.3, 0.6] {
                let p = s.eval(t);
                let far = [0.0, 60.0].map(|x| (p - Point::new(x, 0.0)).hypot());
                let off = far.map(|d| (d - 50.0).abs());
                assert!(off[0].min(off[1]) < 0.03, "{p:?} {far:?}");
            }
        }
        // Two circle segments are missing from the whole.
        let half = libm::acos(0.6);
        let lens = 2.0 * 2500.0 * (half - 0.6 * 0.8);
        assert!((area(&union) - (5000.0 * std::f64::consts::PI - lens)).abs() < 2.0);
        let both = combined(
            &[circle(0.0, 0.0, 50.0), circle(60.0, 0.0, 50.0)],
            Operation::Intersection,
        );
        assert!((area(&both) - lens).abs() < 1.0);
    }

    #[test]
    fn paths_apart_come_out_as_they_went_in() {
        let paths = [square(0.0, 0.0, 10.0), circle(50.0, 0.0, 5.0)];
        let union = combined(&paths, Operation::Union);
        assert_eq!(union.len(), 2);
        assert_eq!(union[0], paths[0][0]);
        assert_eq!(union[1].vertices.len(), paths[1][0].vertices.len());
        assert!(combined(&paths, Operation::Intersection).is_empty());
    }

    #[test]
    fn open_paths_are_closed_and_self_crossings_filled() {
        let mut open = square(0.0, 0.0, 10.0);
        open[0].closed = false;
        assert_eq!(
            area(&combined(&[open, square(5.0, 5.0, 10.0)], Operation::Intersection)),
            25.0
        );
        // A five-pointed star drawn with one line: its middle counts as inside.
        let star: Vec<(f64, f64)> = (0..5)
            .map(|i| {
                let (s, c) = libm::sincos(f64::from(i) * 4.0 * std::f64::consts::PI / 5.0);
                (100.0 * c, 100.0 * s)
            })
            .collect();
        let outline = combined(&[vec![Contour::polygon(&star)], Vec::new()], Operation::Union);
        assert_eq!(outline.len(), 1);
        assert_eq!(outline[0].vertices.len(), 10);
    }

    #[test]
    fn nothing_strange_breaks_it() {
        let strange = [0.0, 1e-300, 1e9, -1e9, 1e300, f64::NAN, f64::INFINITY];
        for a in strange {
            for b in strange {
                let path = vec![Contour::polygon(&[(a, b), (b, a), (a, a), (1.0, b)])];
                for operation in ALL {
                    let result = combine(&[path.clone(), square(0.0, 0.0, 10.0), circle(a, b, 3.0)], operation);
                    for v in result.iter().flatten().flat_map(|c| &c.vertices) {
                        assert!(v.point.is_finite() && v.before.is_finite() && v.after.is_finite());
                    }
                }
            }
        }
        assert_eq!(combine(&[], Operation::Union), Some(Vec::new()));
        assert_eq!(
            combine(&[Vec::new(), Vec::new()], Operation::Difference),
            Some(Vec::new())
        );
        // The same twice: all edges lie on each other.
        let twice = [circle(0.0, 0.0, 20.0), circle(0.0, 0.0, 20.0)];
        assert!(combined(&twice, Operation::Exclusion).is_empty());
        assert!((area(&combined(&twice, Operation::Union)) - area(&twice[0])).abs() < 1e-3);
    }

    #[test]
    fn too_many_crossings_are_refused() {
        let comb = |turned: bool| {
            let points: Vec<(f64, f64)> = (0..8000)
                .map(|i| {
                    let (x, y) = (f64::from(i / 2), if (i / 2 + i) % 2 == 0 { 0.0 } else { 4000.0 });
                    if turned { (y, x) } else { (x, y) }
                })
                .collect();
            vec![Contour::polygon(&points)]
        };
        assert!(combine(&[comb(false), comb(true)], Operation::Union).is_none());
    }
}
