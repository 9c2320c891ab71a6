//! Corner Pin: the layer's corners at four points, in perspective.

use kurbo::Rect;

use super::remap::{Beyond, EVERYTHING, Samples, around, numbers, remap};
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Corner Pin"],
    read: |p| Box::new(CornerPin::read(p)),
};

struct CornerPin {
    /// Upper left, upper right, lower left, lower right, in the layer; its own corners where the file has none.
    corners: [Option<[f64; 2]>; 4],
}

/// A map of the plane in perspective: rows of a matrix for (x, y, 1).
#[derive(Clone, Copy, Debug)]
struct Perspective([[f64; 3]; 3]);

impl Perspective {
    /// From the unit square to four points: (0, 0), (1, 0), (0, 1) and (1, 1) go there.
    fn of_square([a, b, c, d]: [[f64; 2]; 4]) -> Option<Self> {
        // Solving for the last row: what the lower right corner lacks to make a parallelogram.
        let away = [a[0] - b[0] - c[0] + d[0], a[1] - b[1] - c[1] + d[1]];
        let (e, f) = ([b[0] - d[0], b[1] - d[1]], [c[0] - d[0], c[1] - d[1]]);
        let area = e[0] * f[1] - e[1] * f[0];
        if area.abs() < 1e-9 {
            return None;
        }
        let g = (away[0] * f[1] - away[1] * f[0]) / area;
        let h = (e[0] * away[1] - e[1] * away[0]) / area;
        Some(Self([
            [b[0] - a[0] + g * b[0], c[0] - a[0] + h * c[0], a[0]],
            [b[1] - a[1] + g * b[1], c[1] - a[1] + h * c[1], a[1]],
            [g, h, 1.0],
        ]))
    }

    /// The way back, as far as it matters (a multiple of the inverse).
    fn inverse(&self) -> Option<Self> {
        let m = &self.0;
        let minor = |r: usize, c: usize| {
            let (r0, r1) = ((r + 1) % 3, (r + 2) % 3);
            let (c0, c1) = ((c + 1) % 3, (c + 2) % 3);
            m[r0][c0] * m[r1][c1] - m[r0][c1] * m[r1][c0]
        };
        let determinant = (0..3).map(|c| m[0][c] * minor(0, c)).sum::<f64>();
        if determinant.abs() < 1e-12 || !determinant.is_finite() {
            return None;
        }
        let mut inverse = [[0.0; 3]; 3];
        for (r, row) in inverse.iter_mut().enumerate() {
            for (c, v) in row.iter_mut().enumerate() {
                *v = minor(c, r) / determinant;
            }
        }
        Some(Self(inverse))
    }

    /// A point, and how near it is; behind when that is not positive.
    fn map(&self, x: f64, y: f64) -> ([f64; 2], f64) {
        let [a, b, c] = self.0.map(|row| row[0] * x + row[1] * y + row[2]);
        ([a / c, b / c], c)
    }
}

impl CornerPin {
    fn read(p: &Parameters) -> Self {
        Self {
            corners: [1, 2, 3, 4].map(|number| p.point(number)),
        }
    }

    /// From the layer's rectangle, as the unit square, to its corners, in pixels.
    fn perspective(&self, space: &Space) -> Option<Perspective> {
        let [w, h] = space.size;
        let own = [[0.0, 0.0], [w, 0.0], [0.0, h], [w, h]];
        let mut corners = own;
        for (corner, set) in corners.iter_mut().zip(self.corners) {
            *corner = space.point(set.unwrap_or(*corner));
        }
        Perspective::of_square(corners)
    }
}

/// The place of a point in a rectangle, as in the unit square.
fn within(frame: Rect, x: f64, y: f64) -> [f64; 2] {
    [(x - frame.x0) / frame.width(), (y - frame.y0) / frame.height()]
}

impl Draws for CornerPin {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        let Some(perspective) = self.perspective(space).filter(|_| !ink.is_empty()) else {
            return IRect::default();
        };
        let mut bounds: Option<Rect> = None;
        let r = numbers(ink);
        for (x, y) in [(r.x0, r.y0), (r.x1, r.y0), (r.x0, r.y1), (r.x1, r.y1)] {
            let [u, v] = within(space.frame(), x, y);
            let (to, near) = perspective.map(u, v);
            if near.is_nan() || near <= 1e-6 {
                return EVERYTHING;
            }
            let point = Rect::new(to[0], to[1], to[0], to[1]);
            bounds = Some(bounds.map_or(point, |b| b.union(point)));
        }
        bounds.map_or(EVERYTHING, |b| around(b).inflate(1).intersect(EVERYTHING))
    }

    fn needs(&self, _: IRect, _: &Space) -> IRect {
        EVERYTHING
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let frame = stage.space.frame();
        let back = self.perspective(&stage.space).and_then(|p| Some((p.inverse()?, p)));
        let Some((back, perspective)) = back else {
            stage.give(input);
            return stage.raster(out);
        };
        let map = |x: f64, y: f64| {
            let ([u, v], _) = back.map(x, y);
            // Behind the eye there is nothing.
            let (_, near) = perspective.map(u, v);
            (near > 0.0).then_some([frame.x0 + u * frame.width(), frame.y0 + v * frame.height()])
        };
        let picture = remap(&input, Beyond::Transparent, Samples::AsNeeded, out, stage, map);
        stage.give(input);
        picture
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_go_to_corners_and_back() {
        let corners = [[50.0, 30.0], [600.0, 0.0], [0.0, 360.0], [560.0, 330.0]];
        let p = Perspective::of_square(corners).unwrap();
        let back = p.inverse().unwrap();
        for ((x, y), corner) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)]
            .into_iter()
            .zip(corners)
        {
            let ([px, py], near) = p.map(x, y);
            assert!((px - corner[0]).abs() < 1e-9 && (py - corner[1]).abs() < 1e-9 && near > 0.0);
            let ([bx, by], _) = back.map(px, py);
            assert!((bx - x).abs() < 1e-9 && (by - y).abs() < 1e-9);
        }
        assert!(Perspective::of_square([[0.0; 2]; 4]).is_none());
    }
}
