//! Projective maps of the plane: a layer in space as a camera sees it.

use std::ops::Mul;

use kurbo::{Affine, Point, Rect};

/// A projective map from one plane to another: rows of the matrix that takes `(x, y, 1)` to `(x, y, w) * w`.
///
/// `w` is the distance from the camera in units of the distance at which a pixel is a pixel: what has `w = 2` is drawn
/// at half its size. What is nearer than [`NEAR`](Self::NEAR), or behind the camera, does not show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Projection(pub [[f64; 3]; 3]);

impl Projection {
    /// Nothing moves.
    pub const IDENTITY: Self = Self([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]);

    /// Nothing shows.
    pub const NOTHING: Self = Self([[0.0; 3]; 3]);

    /// The smallest `w` that shows: a thousand times its size.
    pub const NEAR: f64 = 1e-3;

    /// The affine map it is; `None` where lines that were parallel do not stay so, or when it shows nothing.
    pub fn affine(&self) -> Option<Affine> {
        let [[a, c, e], [b, d, f], [g, h, w]] = self.0;
        let is_parallel = g == 0.0 && h == 0.0 && w >= Self::NEAR;
        let affine = Affine::new([a / w, b / w, c / w, d / w, e / w, f / w]);
        (is_parallel && affine.is_finite()).then_some(affine)
    }

    /// The affine map that is nearest to it around a point; `None` when that point does not show.
    pub fn affine_at(&self, point: Point) -> Option<Affine> {
        let seen = self.point(point)?;
        let w = self.apply(point)[2];
        let [[a, c, _], [b, d, _], [g, h, _]] = self.0;
        let linear = [
            (a - g * seen.x) / w,
            (b - g * seen.y) / w,
            (c - h * seen.x) / w,
            (d - h * seen.y) / w,
        ];
        let [a, b, c, d] = linear;
        let shift = seen - Affine::new([a, b, c, d, 0.0, 0.0]) * point;
        let affine = Affine::new([a, b, c, d, shift.x, shift.y]);
        affine.is_finite().then_some(affine)
    }

    /// Where a point goes before it is divided by the last number, `w`.
    pub fn apply(&self, point: Point) -> [f64; 3] {
        self.0.map(|[x, y, one]| x * point.x + y * point.y + one)
    }

    /// Where a point goes; `None` when it does not show.
    pub fn point(&self, point: Point) -> Option<Point> {
        let [x, y, w] = self.apply(point);
        let seen = Point::new(x / w, y / w);
        (w >= Self::NEAR && seen.is_finite()).then_some(seen)
    }

    /// Positive or negative by the side seen; zero when nothing is: the layer is seen edge-on.
    pub fn determinant(&self) -> f64 {
        let [[a, b, c], [d, e, f], [g, h, i]] = self.0;
        a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    }

    /// The way back, for which `w` is one over the `w` of the way there; `None` for maps that make a plane a line.
    pub fn inverse(&self) -> Option<Self> {
        let [[a, b, c], [d, e, f], [g, h, i]] = self.0;
        let determinant = self.determinant();
        let cofactors = [
            [e * i - f * h, c * h - b * i, b * f - c * e],
            [f * g - d * i, a * i - c * g, c * d - a * f],
            [d * h - e * g, b * g - a * h, a * e - b * d],
        ];
        let inverse = Self(cofactors.map(|row| row.map(|x| x / determinant)));
        (determinant != 0.0 && inverse.is_finite()).then_some(inverse)
    }

    /// Whether all of its numbers are.
    pub fn is_finite(&self) -> bool {
        self.0.iter().flatten().all(|x| x.is_finite())
    }

    /// The corners, in order, of what shows of a rectangle: three to five of them, none when nothing shows.
    pub fn outline(&self, rect: Rect) -> Corners {
        let corners = [
            Point::new(rect.x0, rect.y0),
            Point::new(rect.x1, rect.y0),
            Point::new(rect.x1, rect.y1),
            Point::new(rect.x0, rect.y1),
        ]
        .map(|corner| self.apply(corner));
        let mut found = Corners::default();
        for (i, &here) in corners.iter().enumerate() {
            let next = corners[(i + 1) % 4];
            let is_seen = |p: [f64; 3]| p[2] >= Self::NEAR;
            if is_seen(here) {
                found.push(here);
            }
            if is_seen(here) != is_seen(next) {
                let s = (Self::NEAR - here[2]) / (next[2] - here[2]);
                let cut: [f64; 3] = std::array::from_fn(|k| here[k] + (next[k] - here[k]) * s);
                found.push([cut[0], cut[1], Self::NEAR]);
            }
        }
        found
    }

    /// The smallest upright rectangle around what shows of a rectangle; `None` when nothing does.
    pub fn bounds(&self, rect: Rect) -> Option<Rect> {
        let corners = self.outline(rect);
        let mut corners = corners.points().iter();
        let first = *corners.next()?;
        let start = Rect::from_points(first, first);
        Some(corners.fold(start, |all, &corner| all.union_pt(corner)))
    }
}

/// Corners of a rectangle seen in perspective and cut by the plane just before the camera.
#[derive(Clone, Copy, Debug, Default)]
pub struct Corners {
    points: [Point; 8],
    count: usize,
}

impl Corners {
    fn push(&mut self, [x, y, w]: [f64; 3]) {
        let point = Point::new(x / w, y / w);
        if point.is_finite() && self.count < self.points.len() {
            self.points[self.count] = point;
            self.count += 1;
        }
    }

    /// The corners, in order.
    pub fn points(&self) -> &[Point] {
        &self.points[..self.count]
    }
}

impl From<Affine> for Projection {
    fn from(affine: Affine) -> Self {
        let [a, b, c, d, e, f] = affine.as_coeffs();
        Self([[a, c, e], [b, d, f], [0.0, 0.0, 1.0]])
    }
}

/// The map that does the right one first.
impl Mul for Projection {
    type Output = Self;
    fn mul(self, inner: Self) -> Self {
        Self(self.0.map(|row| {
            std::array::from_fn(|j| row[0] * inner.0[0][j] + row[1] * inner.0[1][j] + row[2] * inner.0[2][j])
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A layer 200 wide that stands upright before the viewer and is turned by 60 degrees around its left edge, which
    /// is at a distance of 1: its right edge is 173.2 further away, at a zoom of 173.2.
    const TURNED: Projection = Projection([[0.5, 0.0, 0.0], [0.0, 1.0, 0.0], [0.005, 0.0, 1.0]]);

    #[test]
    fn what_is_further_away_is_smaller() {
        assert_eq!(TURNED.point(Point::new(0.0, 10.0)), Some(Point::new(0.0, 10.0)));
        assert_eq!(TURNED.point(Point::new(200.0, 10.0)), Some(Point::new(50.0, 5.0)));
        assert_eq!(TURNED.affine(), None);
        let bounds = TURNED.bounds(Rect::new(0.0, 0.0, 200.0, 10.0)).unwrap();
        assert_eq!(bounds, Rect::new(0.0, 0.0, 50.0, 10.0));
    }

    #[test]
    fn there_and_back() {
        let back = TURNED.inverse().unwrap();
        let point = back.point(Point::new(50.0, 5.0)).unwrap();
        assert!((point - Point::new(200.0, 10.0)).hypot() < 1e-9, "{point:?}");
        let both = back * TURNED;
        assert!(both.0[0][0] - 1.0 < 1e-12 && both.0[2] == [0.0, 0.0, 1.0], "{both:?}");
        assert!(Projection::NOTHING.inverse().is_none() && Projection::NOTHING.affine().is_none());
    }

    #[test]
    fn affine_maps_stay_what_they_are() {
        let affine = Affine::new([2.0, 1.0, -1.0, 3.0, 5.0, 7.0]);
        assert_eq!(Projection::from(affine).affine(), Some(affine));
        let twice_as_far = Projection([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 2.0]]);
        assert_eq!(twice_as_far.affine(), Some(Affine::scale(0.5)));
        assert_eq!(Projection::from(affine).determinant(), affine.determinant());
    }

    #[test]
    fn around_a_point_it_is_nearly_affine() {
        let affine = TURNED.affine_at(Point::new(0.0, 10.0)).unwrap();
        assert_eq!(affine.as_coeffs(), [0.5, -0.05, 0.0, 1.0, 0.0, 0.0]);
        let near = Point::new(0.01, 10.01);
        assert!((affine * near - TURNED.point(near).unwrap()).hypot() < 1e-5);
        assert!(Projection::NOTHING.affine_at(Point::ZERO).is_none());
    }

    #[test]
    fn what_is_behind_the_camera_is_cut_off() {
        // It comes towards the viewer and passes the camera at x = 100.
        let past = Projection([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [-0.01, 0.0, 1.0]]);
        assert!(past.point(Point::new(150.0, 0.0)).is_none());
        let corners = past.outline(Rect::new(0.0, 0.0, 200.0, 1.0));
        assert_eq!(corners.points().len(), 4);
        let bounds = past.bounds(Rect::new(0.0, 0.0, 200.0, 1.0)).unwrap();
        assert!(bounds.x0 == 0.0 && (bounds.x1 - 99_900.0).abs() < 1e-6, "{bounds:?}");
        assert!(past.bounds(Rect::new(150.0, 0.0, 200.0, 1.0)).is_none());
    }

    #[test]
    fn survives_any_number() {
        for x in [f64::NAN, f64::INFINITY, 1e300, -1e300, 0.0] {
            let map = Projection([[x, 1.0, x], [1.0, x, 0.0], [x, 1.0, x]]);
            for rect in [Rect::new(0.0, 0.0, 1.0, 1.0), Rect::new(x, x, 1.0, 1.0)] {
                for corner in map.outline(rect).points() {
                    assert!(corner.is_finite());
                }
            }
            let _ = (map.inverse(), map.affine(), map.bounds(Rect::new(-1.0, -1.0, 1.0, 1.0)));
        }
    }
}
