//! Zig zag: every segment becomes a row of ridges.

use filmpress_composition::Group;
use kurbo::{ParamCurve, ParamCurveDeriv, Point, Vec2};

use super::Modifier;
use super::contour::{Contour, Vertex};
use crate::compile::Compile;
use crate::interpolate::{Number, Track};
use crate::limits;

#[derive(Debug)]
struct ZigZag {
    size: Track<Number>,
    ridges: Track<Number>,
    smooth: bool,
}

pub(super) fn compile(c: &mut Compile, item: &Group) -> Box<dyn Modifier> {
    Box::new(ZigZag {
        size: c.number(item, "ADBE Vector Zigzag Size"),
        ridges: c.number(item, "ADBE Vector Zigzag Detail"),
        smooth: c.menu(item, "ADBE Vector Zigzag Points") == 2,
    })
}

impl Modifier for ZigZag {
    fn is_idle(&self, time: f64) -> bool {
        self.size.at(time) == 0.0
    }

    fn apply(&self, time: f64, paths: &mut [Vec<Contour>]) {
        let size = self.size.at(time);
        let ridges = self.ridges.at(time).round().clamp(0.0, limits::PATH_VERTICES as f64) as usize;
        for contour in paths.iter_mut().flatten() {
            let vertices = contour.vertices.len().saturating_mul(ridges + 1);
            if contour.segment_count() > 0 && vertices <= limits::PATH_VERTICES {
                *contour = zig_zag(contour, size, ridges, self.smooth);
            }
        }
    }

    fn is_animated(&self) -> bool {
        self.size.is_animated() || self.ridges.is_animated()
    }
}

/// Ridges lie at even steps of each segment, to the left and right of it in turn; the first vertex of the path is on
/// the right. Corners move across the line between their neighbours. Smooth ridges have tangents along the path, half
/// a step long (ae-truth/shape-modifiers/zig-zag-smooth).
fn zig_zag(contour: &Contour, size: f64, ridges: usize, smooth: bool) -> Contour {
    let old = &contour.vertices;
    let n = old.len();
    let steps = (ridges + 1) as f64;
    let mut side = -1.0;
    let mut vertices = Vec::with_capacity(n * (ridges + 1));
    let mut push = |point: Point, along: Vec2, side: f64, arriving: f64, leaving: f64| {
        let length = along.hypot();
        let along = if length > 0.0 { along / length } else { Vec2::ZERO };
        let across = Vec2::new(along.y, -along.x);
        let reach = if smooth { 0.5 / steps } else { 0.0 };
        vertices.push(Vertex::new(
            point + across * (size * side),
            along * (-arriving * reach),
            along * (leaving * reach),
        ));
    };
    for (i, vertex) in old.iter().enumerate() {
        // The ends of an open path have one neighbour.
        let neighbour = |there: bool, j: usize| {
            if contour.closed || there {
                old[j % n].point
            } else {
                vertex.point
            }
        };
        let (before, after) = (neighbour(i > 0, i + n - 1), neighbour(i + 1 < n, i + 1));
        let chord = |to: Point| (to - vertex.point).hypot();
        push(vertex.point, after - before, side, chord(before), chord(after));
        side = -side;
        if i < contour.segment_count() {
            // Missing control points stand on the chord, so that straight segments have even speed.
            let mut segment = contour.segment(i);
            if segment.p1 == segment.p0 {
                segment.p1 = segment.p0.lerp(segment.p3, 1.0 / 3.0);
            }
            if segment.p2 == segment.p3 {
                segment.p2 = segment.p0.lerp(segment.p3, 2.0 / 3.0);
            }
            for step in 1..=ridges {
                let t = step as f64 / steps;
                let along = segment.deriv().eval(t).to_vec2();
                let chord = (segment.p3 - segment.p0).hypot();
                push(segment.eval(t), along, side, chord, chord);
                side = -side;
            }
        }
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
    fn a_line_becomes_ridges_on_both_sides() {
        let mut line = Contour::polygon(&[(0.0, 0.0), (30.0, 0.0)]);
        line.closed = false;
        let ridges = zig_zag(&line, 5.0, 2, false);
        let points: Vec<(f64, f64)> = ridges.vertices.iter().map(|v| (v.point.x, v.point.y)).collect();
        let near = |a: (f64, f64), b: (f64, f64)| (a.0 - b.0).abs() < 1e-9 && (a.1 - b.1).abs() < 1e-9;
        assert!(
            near(points[1], (10.0, -5.0)) && near(points[2], (20.0, 5.0)),
            "{points:?}"
        );
        assert_eq!(points.len(), 4);
        let smooth = zig_zag(&line, 5.0, 2, true);
        let after = smooth.vertices[1].after;
        assert!(near((after.x, after.y), (15.0, -5.0)), "{after:?}");
    }
}
