//! The form paths have while modifiers work on them: vertices with the control points before and after them.

use filmpress_composition::BezierPath;
use kurbo::{Affine, BezPath, CubicBez, ParamCurve, ParamCurveArclen, PathEl, Point, Vec2};

/// A vertex and its two control points, all absolute.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Vertex {
    /// Control point arriving.
    pub before: Point,
    /// The vertex.
    pub point: Point,
    /// Control point leaving.
    pub after: Point,
}

impl Vertex {
    /// A vertex between straight segments.
    pub fn corner(point: Point) -> Self {
        Self {
            before: point,
            point,
            after: point,
        }
    }

    /// A vertex with tangents relative to it.
    pub fn new(point: Point, before: Vec2, after: Vec2) -> Self {
        Self {
            before: point + before,
            point,
            after: point + after,
        }
    }

    fn moved(self, by: Affine) -> Self {
        Self {
            before: by * self.before,
            point: by * self.point,
            after: by * self.after,
        }
    }
}

/// One open or closed run of segments.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Contour {
    pub vertices: Vec<Vertex>,
    pub closed: bool,
}

/// How exactly lengths are measured, pixels.
const LENGTH_ACCURACY: f64 = 1e-3;

impl Contour {
    /// The contour of a path value.
    pub fn from_path(path: &BezierPath) -> Self {
        let vertices = path
            .vertices
            .iter()
            .zip(path.in_tangents.iter().zip(&path.out_tangents))
            .map(|(v, (i, o))| Vertex::new(Point::new(v[0], v[1]), Vec2::new(i[0], i[1]), Vec2::new(o[0], o[1])))
            .collect();
        Self {
            vertices,
            closed: path.closed,
        }
    }

    /// The contours of a path.
    pub fn from_bez_path(path: &BezPath) -> Vec<Self> {
        let mut contours: Vec<Self> = Vec::new();
        for element in path.elements() {
            if let PathEl::MoveTo(p) = *element {
                contours.push(Self {
                    vertices: vec![Vertex::corner(p)],
                    closed: false,
                });
                continue;
            }
            let Some(contour) = contours.last_mut() else { continue };
            let Some(last) = contour.vertices.last_mut() else {
                continue;
            };
            let from = last.point;
            match *element {
                PathEl::MoveTo(_) => {}
                PathEl::LineTo(p) => contour.vertices.push(Vertex::corner(p)),
                PathEl::QuadTo(q, p) => {
                    last.after = from.lerp(q, 2.0 / 3.0);
                    contour.vertices.push(Vertex {
                        before: p.lerp(q, 2.0 / 3.0),
                        point: p,
                        after: p,
                    });
                }
                PathEl::CurveTo(a, b, p) => {
                    last.after = a;
                    contour.vertices.push(Vertex {
                        before: b,
                        point: p,
                        after: p,
                    });
                }
                PathEl::ClosePath => {
                    contour.closed = true;
                    // The way back that was drawn ends in the first vertex: one vertex for both.
                    if contour.vertices.len() > 1 && from == contour.vertices[0].point {
                        let before = contour.vertices.pop().map_or(from, |v| v.before);
                        contour.vertices[0].before = before;
                    }
                }
            }
        }
        contours
    }

    /// A closed polygon.
    #[cfg(test)]
    pub fn polygon(points: &[(f64, f64)]) -> Self {
        Self {
            vertices: points.iter().map(|&(x, y)| Vertex::corner(Point::new(x, y))).collect(),
            closed: true,
        }
    }

    /// How many segments it has.
    pub fn segment_count(&self) -> usize {
        match self.vertices.len() {
            0 | 1 => 0,
            n if self.closed => n,
            n => n - 1,
        }
    }

    /// Segment `i`, from vertex `i` to the next.
    pub fn segment(&self, i: usize) -> CubicBez {
        let (a, b) = (self.vertices[i], self.vertices[(i + 1) % self.vertices.len()]);
        CubicBez::new(a.point, a.after, b.before, b.point)
    }

    /// All segments in order.
    pub fn segments(&self) -> impl Iterator<Item = CubicBez> + '_ {
        (0..self.segment_count()).map(|i| self.segment(i))
    }

    /// A contour through `segments`, each starting where the one before ends.
    pub fn from_segments(segments: &[CubicBez], closed: bool) -> Self {
        let Some((first, last)) = segments.first().zip(segments.last()) else {
            return Self::default();
        };
        let mut vertices = Vec::with_capacity(segments.len() + 1);
        let mut before = if closed { last.p2 } else { first.p0 };
        for s in segments {
            vertices.push(Vertex {
                before,
                point: s.p0,
                after: s.p1,
            });
            before = s.p2;
        }
        if !closed {
            vertices.push(Vertex {
                before,
                point: last.p3,
                after: last.p3,
            });
        }
        Self { vertices, closed }
    }

    /// The same drawn the other way round.
    #[must_use]
    pub fn reversed(mut self) -> Self {
        self.vertices.reverse();
        for v in &mut self.vertices {
            std::mem::swap(&mut v.before, &mut v.after);
        }
        self
    }

    /// The same with the first vertex kept first, drawn the other way round.
    #[must_use]
    pub fn reversed_from_start(self) -> Self {
        let mut contour = self.reversed();
        if contour.closed {
            contour.vertices.rotate_right(1);
        }
        contour
    }

    /// The same moved.
    #[must_use]
    pub fn moved(&self, by: Affine) -> Self {
        Self {
            vertices: self.vertices.iter().map(|v| v.moved(by)).collect(),
            closed: self.closed,
        }
    }

    /// Adds it to a path, moved.
    pub fn append_to(&self, path: &mut BezPath, by: Affine) {
        let Some(first) = self.vertices.first() else {
            return;
        };
        let first = first.moved(by);
        path.move_to(first.point);
        let mut from = first;
        for to in &self.vertices[1..] {
            let to = to.moved(by);
            if from.after == from.point && to.before == to.point {
                path.line_to(to.point);
            } else {
                path.curve_to(from.after, to.before, to.point);
            }
            from = to;
        }
        if self.closed {
            // A straight way back is drawn by the close itself.
            if from.after != from.point || first.before != first.point {
                path.curve_to(from.after, first.before, first.point);
            }
            path.close_path();
        }
    }
}

/// Whether a segment is straight with even speed or without any handles.
pub(crate) fn is_line(s: &CubicBez) -> bool {
    s.p1 == s.p0 && s.p2 == s.p3
}

/// The length of a segment, pixels.
pub(crate) fn length(s: &CubicBez) -> f64 {
    if is_line(s) {
        (s.p3 - s.p0).length()
    } else {
        s.arclen(LENGTH_ACCURACY)
    }
}

/// The part of a segment between two lengths along it.
pub(crate) fn part(s: &CubicBez, from: f64, to: f64, whole: f64) -> CubicBez {
    if is_line(s) {
        let at = |l: f64| s.p0.lerp(s.p3, if whole > 0.0 { l / whole } else { 0.0 });
        let (a, b) = (at(from), at(to));
        return CubicBez::new(a, a, b, b);
    }
    let u = |l: f64| {
        if l <= 0.0 {
            0.0
        } else if l >= whole {
            1.0
        } else {
            s.inv_arclen(l, LENGTH_ACCURACY)
        }
    };
    s.subsegment(u(from)..u(to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_lines_and_curves_curves() {
        let mut contour = Contour::polygon(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)]);
        contour.vertices[2].after = Point::new(5.0, 15.0);
        let mut path = BezPath::new();
        contour.append_to(&mut path, Affine::translate((1.0, 0.0)));
        assert!(matches!(
            path.elements(),
            [PathEl::MoveTo(_), PathEl::LineTo(_), PathEl::LineTo(_), PathEl::CurveTo(a, b, c), PathEl::ClosePath]
                if *a == Point::new(6.0, 15.0) && *b == *c && *c == Point::new(1.0, 0.0)
        ));
    }

    #[test]
    fn reversing_keeps_the_shape_and_the_start() {
        let contour = Contour {
            vertices: vec![
                Vertex::new(Point::new(0.0, 0.0), Vec2::new(0.0, 1.0), Vec2::new(1.0, 0.0)),
                Vertex::corner(Point::new(10.0, 0.0)),
                Vertex::corner(Point::new(10.0, 10.0)),
            ],
            closed: true,
        };
        let back = contour.clone().reversed_from_start();
        assert_eq!(back.vertices[0].point, Point::new(0.0, 0.0));
        assert_eq!(back.vertices[0].after, Point::new(0.0, 1.0));
        assert_eq!(back.vertices[1].point, Point::new(10.0, 10.0));
        assert_eq!(back.reversed_from_start(), contour);
    }

    #[test]
    fn paths_and_contours_are_the_same_thing() {
        let mut contour = Contour::polygon(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)]);
        contour.vertices[2].after = Point::new(5.0, 15.0);
        contour.vertices[0].before = Point::new(-5.0, 5.0);
        let mut path = BezPath::new();
        contour.append_to(&mut path, Affine::IDENTITY);
        assert_eq!(Contour::from_bez_path(&path), [contour]);
    }

    #[test]
    fn segments_make_the_same_contour_again() {
        let contour = Contour::polygon(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)]);
        let segments: Vec<_> = contour.segments().collect();
        assert_eq!(segments.len(), 3);
        assert_eq!(Contour::from_segments(&segments, true), contour);
        assert_eq!(Contour::from_segments(&segments[..2], false).vertices.len(), 3);
    }

    #[test]
    fn parts_are_measured_along_the_curve() {
        let s = CubicBez::new((0.0, 0.0), (0.0, 55.2285), (44.7715, 100.0), (100.0, 100.0));
        let whole = length(&s);
        assert!((whole - 157.1).abs() < 0.1);
        let half = part(&s, 0.0, whole / 2.0, whole);
        assert!((length(&half) - whole / 2.0).abs() < 0.01);
    }
}
