//! Wiggle paths: segments get more vertices, and all of them move about.

use filmpress_composition::Group;
use kurbo::{ParamCurve, Point, Vec2};

use super::Modifier;
use super::contour::{Contour, Vertex, is_line};
use crate::compile::Compile;
use crate::interpolate::{Number, Track};
use crate::limits;
use crate::support::Topic;
use crate::wiggle::{Names, Wiggle, Wiggles};

#[derive(Debug)]
struct WigglePaths {
    size: Track<Number>,
    detail: Track<Number>,
    smooth: bool,
    wiggle: Wiggle,
}

pub(super) fn compile(c: &mut Compile, item: &Group) -> Box<dyn Modifier> {
    c.feature(Topic::Shape, "ADBE Vector Filter - Roughen");
    Box::new(WigglePaths {
        size: c.number(item, "ADBE Vector Roughen Size"),
        detail: c.number(item, "ADBE Vector Roughen Detail"),
        smooth: c.menu(item, "ADBE Vector Roughen Points") == 2,
        wiggle: Wiggle::compile(
            c,
            item,
            &Names {
                frequency: "ADBE Vector Temporal Freq",
                correlation: "ADBE Vector Correlation",
                temporal_phase: "ADBE Vector Temporal Phase",
                spatial_phase: "ADBE Vector Spatial Phase",
                random_seed: "ADBE Vector Random Seed",
            },
        ),
    })
}

impl Modifier for WigglePaths {
    fn is_idle(&self, time: f64) -> bool {
        self.size.at(time) == 0.0
    }

    fn apply(&self, time: f64, paths: &mut [Vec<Contour>]) {
        let size = self.size.at(time);
        let detail = self.detail.at(time).round().clamp(0.0, limits::PATH_VERTICES as f64) as usize;
        let wiggles = self.wiggle.at(time);
        let mut first = 0;
        for contour in paths.iter_mut().flatten() {
            let vertices = contour.vertices.len().saturating_mul(detail + 1);
            if contour.segment_count() > 0 && vertices <= limits::PATH_VERTICES {
                *contour = wiggled(contour, size, detail, self.smooth, &wiggles, first);
                first += contour.vertices.len();
            }
        }
    }

    fn is_animated(&self) -> bool {
        self.size.is_animated() || self.detail.is_animated() || self.wiggle.is_animated()
    }
}

/// `detail` more vertices on every segment, and all of them up to `size` away from where they belong, in x and in y.
/// `first` is the first vertex's number among its neighbours.
fn wiggled(contour: &Contour, size: f64, detail: usize, smooth: bool, wiggles: &Wiggles, first: usize) -> Contour {
    let mut points: Vec<Point> = Vec::with_capacity(contour.vertices.len() * (detail + 1));
    for (i, vertex) in contour.vertices.iter().enumerate() {
        points.push(vertex.point);
        if i < contour.segment_count() {
            let s = contour.segment(i);
            for step in 1..=detail {
                let t = step as f64 / (detail + 1) as f64;
                points.push(if is_line(&s) { s.p0.lerp(s.p3, t) } else { s.eval(t) });
            }
        }
    }
    for (i, p) in points.iter_mut().enumerate() {
        let [x, y] = wiggles.pair(first + i, 0);
        *p += Vec2::new(x, y) * size;
    }
    let n = points.len();
    let neighbour = |i: usize, ahead: bool| match (i, ahead) {
        (0, false) if !contour.closed => points[0],
        (i, true) if i + 1 == n && !contour.closed => points[i],
        (i, true) => points[(i + 1) % n],
        (i, false) => points[(i + n - 1) % n],
    };
    let vertices = (0..n)
        .map(|i| {
            // Along the line between the neighbours: the curve has no corners.
            let along = if smooth {
                (neighbour(i, true) - neighbour(i, false)) / 6.0
            } else {
                Vec2::ZERO
            };
            Vertex::new(points[i], -along, along)
        })
        .collect();
    Contour {
        vertices,
        closed: contour.closed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modifier(size: f64, detail: f64, smooth: bool) -> WigglePaths {
        WigglePaths {
            size: Track::Fixed(size),
            detail: Track::Fixed(detail),
            smooth,
            wiggle: Wiggle::fixed(2.0, 0.0, 1.0),
        }
    }

    fn square() -> Contour {
        Contour::polygon(&[(100.0, 0.0), (100.0, 100.0), (0.0, 100.0), (0.0, 0.0)])
    }

    #[test]
    fn every_segment_gets_its_detail_and_no_vertex_goes_further_than_the_size() {
        let wiggle = modifier(10.0, 3.0, false);
        let mut at = [0.0, 0.0, 0.7].map(|time| {
            let mut paths = [vec![square()], vec![square()]];
            wiggle.apply(time, &mut paths);
            paths
        });
        assert_eq!(at[0], at[1], "the same time, the same path");
        assert_ne!(at[0], at[2]);
        assert_ne!(at[0][0], at[0][1], "paths wiggle by themselves");
        let contour = at[2][0].remove(0);
        assert_eq!(contour.vertices.len(), 16);
        let mut even = [vec![square()]];
        modifier(1e-9, 3.0, false).apply(0.0, &mut even);
        let moved = contour.vertices.iter().zip(&even[0][0].vertices);
        let far: Vec<f64> = moved
            .map(|(a, b)| (a.point.x - b.point.x).abs().max((a.point.y - b.point.y).abs()))
            .collect();
        assert!(
            far.iter().all(|d| *d <= 10.0) && far.iter().any(|d| *d > 2.0),
            "{far:?}"
        );
    }

    #[test]
    fn smooth_points_have_no_corners() {
        let mut paths = [vec![square()]];
        modifier(10.0, 1.0, true).apply(0.3, &mut paths);
        for v in &paths[0][0].vertices {
            assert!(v.after != v.point && ((v.after - v.point) + (v.before - v.point)).hypot() < 1e-9);
        }
    }

    #[test]
    fn absurd_detail_is_left_alone() {
        let mut paths = [vec![square(), Contour::default()]];
        modifier(10.0, 1e9, false).apply(0.0, &mut paths);
        assert_eq!(paths[0][0], square());
    }
}
