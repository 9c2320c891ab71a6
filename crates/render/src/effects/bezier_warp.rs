//! Bezier Warp: the layer between four curves.

use kurbo::Rect;

use super::remap::{Beyond, EVERYTHING, Samples, around, remap};
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE BEZMESH"],
    read: |p| Box::new(BezierWarp::read(p)),
};

/// Cells of the mesh in each direction; straight between its points.
const CELLS: usize = 48;

type Point = [f64; 2];

struct BezierWarp {
    /// Clockwise from the upper left corner: a corner, then the two tangents of the side that follows; points of the layer.
    points: [Option<Point>; 12],
}

/// A curve between its first and last point, and a little beyond.
fn curve(p: [Point; 4], t: f64) -> Point {
    let s = 1.0 - t;
    let w = [s * s * s, 3.0 * s * s * t, 3.0 * s * t * t, t * t * t];
    [0, 1].map(|i| (0..4).map(|k| w[k] * p[k][i]).sum())
}

impl BezierWarp {
    fn read(p: &Parameters) -> Self {
        Self {
            points: std::array::from_fn(|i| p.point(i as u32 + 1)),
        }
    }

    /// The points, in pixels; where the file has none, those that change nothing.
    fn points(&self, space: &Space) -> [Point; 12] {
        let [w, h] = space.size;
        let corners = [[0.0, 0.0], [w, 0.0], [w, h], [0.0, h]];
        std::array::from_fn(|i| {
            let (from, to) = (corners[i / 3], corners[(i / 3 + 1) % 4]);
            let share = (i % 3) as f64 / 3.0;
            let own = [0, 1].map(|c| from[c] + (to[c] - from[c]) * share);
            space.point(self.points[i].unwrap_or(own))
        })
    }

    /// Where the mesh's points go, row by row; one cell more than the layer on each side, so that its edges are soft.
    fn mesh(&self, space: &Space) -> Vec<Point> {
        let p = self.points(space);
        let across = |u: f64| (curve([p[0], p[1], p[2], p[3]], u), curve([p[9], p[8], p[7], p[6]], u));
        let down = |v: f64| (curve([p[0], p[11], p[10], p[9]], v), curve([p[3], p[4], p[5], p[6]], v));
        let sides: Vec<_> = (0..COUNT).map(|i| down(share(i))).collect();
        let mut mesh = Vec::with_capacity(COUNT * COUNT);
        let ends: Vec<_> = (0..COUNT).map(|i| across(share(i))).collect();
        for (j, (left, right)) in sides.iter().enumerate() {
            let v = share(j);
            for (i, (top, bottom)) in ends.iter().enumerate() {
                let u = share(i);
                // What lies between both pairs of curves, less what lies between the corners.
                mesh.push([0, 1].map(|c| {
                    let corners =
                        (1.0 - v) * ((1.0 - u) * p[0][c] + u * p[3][c]) + v * ((1.0 - u) * p[9][c] + u * p[6][c]);
                    (1.0 - v) * top[c] + v * bottom[c] + (1.0 - u) * left[c] + u * right[c] - corners
                }));
            }
        }
        mesh
    }
}

/// Points of the mesh in each direction.
const COUNT: usize = CELLS + 3;

/// Where a row or column of the mesh lies, share of the layer.
fn share(i: usize) -> f64 {
    (i as f64 - 1.0) / CELLS as f64
}

/// For every pixel of `out` the place in the layer that is drawn there, share of its size; NaN where none is.
fn places(mesh: &[Point], out: IRect) -> Vec<Point> {
    let mut places = vec![[f64::NAN; 2]; out.width() * out.height()];
    for j in 0..COUNT - 1 {
        for i in 0..COUNT - 1 {
            let corner = |x: usize, y: usize| (mesh[(j + y) * COUNT + i + x], [share(i + x), share(j + y)]);
            let (a, b, c, d) = (corner(0, 0), corner(1, 0), corner(0, 1), corner(1, 1));
            triangle([a, b, c], out, &mut places);
            triangle([b, d, c], out, &mut places);
        }
    }
    places
}

fn triangle(corners: [(Point, Point); 3], out: IRect, places: &mut [Point]) {
    let [(a, ua), (b, ub), (c, uc)] = corners;
    let area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
    if area.is_nan() || area.abs() < 1e-12 {
        return;
    }
    let range = |i: usize, low: i32, high: i32| {
        let (from, to) = (a[i].min(b[i]).min(c[i]), a[i].max(b[i]).max(c[i]));
        (
            ((from - 0.5).ceil() as i32).max(low),
            ((to - 0.5).floor() as i32).min(high - 1),
        )
    };
    let (x0, x1) = range(0, out.x0, out.x1);
    let (y0, y1) = range(1, out.y0, out.y1);
    for y in y0..=y1 {
        for x in x0..=x1 {
            let (dx, dy) = (f64::from(x) + 0.5 - a[0], f64::from(y) + 0.5 - a[1]);
            let s = (dx * (c[1] - a[1]) - dy * (c[0] - a[0])) / area;
            let t = (dy * (b[0] - a[0]) - dx * (b[1] - a[1])) / area;
            if s >= -1e-9 && t >= -1e-9 && s + t <= 1.0 + 1e-9 {
                let at = (y - out.y0) as usize * out.width() + (x - out.x0) as usize;
                places[at] = [0, 1].map(|i| ua[i] + (ub[i] - ua[i]) * s + (uc[i] - ua[i]) * t);
            }
        }
    }
}

impl Draws for BezierWarp {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        if ink.is_empty() {
            return ink;
        }
        let mut bounds: Option<Rect> = None;
        for [x, y] in self.mesh(space) {
            let point = Rect::new(x, y, x, y);
            bounds = Some(bounds.map_or(point, |b| b.union(point)));
        }
        bounds.map_or(ink, |b| around(b).inflate(1).intersect(EVERYTHING))
    }

    fn needs(&self, _: IRect, space: &Space) -> IRect {
        around(space.frame())
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let space = stage.space;
        let places = places(&self.mesh(&space), out);
        let frame = space.frame();
        let map = |x: f64, y: f64| {
            let at = (y.floor() as i32 - out.y0) as usize * out.width() + (x.floor() as i32 - out.x0) as usize;
            let [u, v] = places.get(at).copied().filter(|p| !p[0].is_nan())?;
            Some([frame.x0 + u * frame.width(), frame.y0 + v * frame.height()])
        };
        let picture = remap(&input, Beyond::Transparent, Samples::Fixed(1, 1), out, stage, map);
        stage.give(input);
        picture
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_at_their_default_change_nothing() {
        let space = Space {
            size: [30.0, 20.0],
            scale: [2.0, 2.0],
            origin: [5.0, 0.0],
        };
        let warp = BezierWarp { points: [None; 12] };
        let out = IRect::new(0, 0, 70, 40);
        let places = places(&warp.mesh(&space), out);
        for (x, y) in [(5, 0), (40, 20), (64, 39)] {
            let [u, v] = places[y * 70 + x];
            assert!((u - (x as f64 + 0.5 - 5.0) / 60.0).abs() < 1e-9);
            assert!((v - (y as f64 + 0.5) / 40.0).abs() < 1e-9);
        }
    }
}
