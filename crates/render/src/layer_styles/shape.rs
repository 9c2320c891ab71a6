//! The shape of a styled layer: its alpha grown, shrunk, moved and blurred.

use kurbo::{Affine, Rect};

use super::distance::{Distances, distances};
use crate::blur::{self, BoxBlur};
use crate::draw::Scratch;
use crate::rect::{IRect, scales};
use crate::surface::Plane;

/// Standard deviation of a blur for each pixel of a style's size: it has faded out where the size ends.
const SIGMA: f64 = 0.3;

/// Longest size of a style on the device, pixels: twice After Effects' own limit.
const MOST_LENGTH: f64 = 500.0;

/// A layer's alpha, and where styles are wanted.
pub(super) struct Shape {
    /// The alpha; 0 beyond.
    pub alpha: Plane,
    /// The pixels that styles are drawn on.
    pub wanted: IRect,
    /// From the composition's pixels to the device's.
    pub transform: Affine,
    /// Everything the layer may touch, device pixels: what it is aligned by.
    pub bounds: Rect,
    /// The composition's frame, device pixels.
    pub frame: Rect,
}

impl Shape {
    /// Pixels of the device for each pixel of the composition.
    pub fn scale(&self) -> f64 {
        let [x, y] = scales(&self.transform);
        (0.5 * (x + y)).min(100.0)
    }

    /// A length of the composition on the device.
    pub fn length(&self, length: f64) -> f64 {
        (length * self.scale()).min(MOST_LENGTH)
    }

    /// A displacement in the composition on the device.
    fn moved(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let [a, b, c, d, ..] = self.transform.as_coeffs();
        // What is moved further is not seen.
        [a * x + c * y, b * x + d * y].map(|v| if v.is_nan() { 0.0 } else { v.clamp(-1e6, 1e6) })
    }

    /// How far a pixel lies on a sharp edge of the shape, 255 wholly: between nothing and something opaque.
    pub fn sharpness(&self, x: i32, y: i32) -> u32 {
        let (mut least, mut most) = (255, 0);
        for y in y - 1..=y + 1 {
            for x in x - 1..=x + 1 {
                let value = self.alpha.at(x, y);
                least = least.min(value);
                most = most.max(value);
            }
        }
        (2 * u32::from(most - least)).saturating_sub(255)
    }

    /// The shape moved by `offset`, `by` larger, and blurred to fade out over `soft` (lengths of the composition), wherever
    /// styles are wanted.
    pub fn grown(&self, offset: [f64; 2], by: f64, soft: f64, scratch: &mut Scratch) -> Plane {
        let grow = self.length(by);
        if grow <= 0.0 {
            return self.softened(&self.alpha, offset, soft, scratch);
        }
        let rect = self.alpha.rect.inflate(grow.ceil() as i32 + 1);
        let mut plane = scratch.pool.plane(rect);
        let grow = grow as f32;
        let field = distances(&self.alpha, false, rect, grow + 2.0, &mut scratch.distances);
        cover(&field, &mut plane, |d| grow - d + 0.5);
        let out = self.softened(&plane, offset, soft, scratch);
        scratch.pool.give_plane(plane);
        out
    }

    /// The shape moved by `offset`, `by` smaller, and blurred.
    pub fn shrunk(&self, offset: [f64; 2], by: f64, soft: f64, scratch: &mut Scratch) -> Plane {
        let shrink = self.length(by);
        if shrink <= 0.0 {
            return self.softened(&self.alpha, offset, soft, scratch);
        }
        let rect = self.alpha.rect.inflate(1);
        let mut plane = scratch.pool.plane(rect);
        let shrink = shrink as f32;
        let field = distances(&self.alpha, true, rect, shrink + 2.0, &mut scratch.distances);
        cover(&field, &mut plane, |d| d - shrink + 0.5);
        let out = self.softened(&plane, offset, soft, scratch);
        scratch.pool.give_plane(plane);
        out
    }

    /// A plane whose values are a function of the distance from the shape's edge, up to `most` away (device pixels),
    /// outside or inside of it.
    pub fn by_distance(&self, inside: bool, most: f64, scratch: &mut Scratch, value: impl Fn(f32) -> f32) -> Plane {
        let rect = if inside {
            self.alpha.rect.inflate(1)
        } else {
            self.alpha.rect.inflate(most.ceil() as i32 + 1)
        };
        let mut plane = scratch.pool.plane(rect);
        let field = distances(&self.alpha, inside, rect, most as f32 + 2.0, &mut scratch.distances);
        cover(&field, &mut plane, value);
        plane
    }

    /// A plane moved and blurred, where styles are wanted.
    fn softened(&self, plane: &Plane, offset: [f64; 2], soft: f64, scratch: &mut Scratch) -> Plane {
        let sigma = (self.length(soft) * SIGMA).max(0.0);
        let margin = BoxBlur::gaussian(sigma).reach();
        let [dx, dy] = self.moved(offset);
        let (fx, fy) = (dx.floor(), dy.floor());
        let from = plane.rect;
        let there = IRect::new(
            from.x0.saturating_add(fx as i32),
            from.y0.saturating_add(fy as i32),
            from.x1.saturating_add(fx as i32 + 1),
            from.y1.saturating_add(fy as i32 + 1),
        );
        let rect = there.inflate(margin).intersect(self.wanted.inflate(margin));
        let mut out = scratch.pool.plane(rect);
        let inner = rect.intersect(there);
        let (u, v) = ((dx - fx) as f32, (dy - fy) as f32);
        let (fx, fy) = (fx as i32, fy as i32);
        for y in inner.y0..inner.y1 {
            let row = out.touch(y, inner.x0, inner.x1);
            for (out, x) in row.iter_mut().zip(inner.x0..) {
                let (x, y) = (x - fx, y - fy);
                *out = if u == 0.0 && v == 0.0 {
                    plane.at(x, y)
                } else {
                    let at = |x: i32, y: i32| f32::from(plane.at(x, y));
                    let upper = at(x, y - 1) * (1.0 - u) + at(x - 1, y - 1) * u;
                    let lower = at(x, y) * (1.0 - u) + at(x - 1, y) * u;
                    (lower + (upper - lower) * v + 0.5) as u8
                };
            }
        }
        if sigma > 0.0 && !rect.is_empty() {
            blur::plane(&mut out, [sigma; 2], &mut scratch.blur);
        }
        out
    }
}

/// Fills a plane with a function of distances, 0..1.
fn cover(distances: &Distances, plane: &mut Plane, value: impl Fn(f32) -> f32) {
    let rect = plane.rect;
    for y in rect.y0..rect.y1 {
        let row = plane.touch(y, rect.x0, rect.x1);
        for (out, d) in row.iter_mut().zip(distances.row(y)) {
            *out = (value(*d).clamp(0.0, 1.0) * 255.0 + 0.5) as u8;
        }
    }
}

/// Changes every value of a plane.
pub(super) fn map(plane: &mut Plane, f: impl Fn(u8) -> u8) {
    let table: [u8; 256] = std::array::from_fn(|i| f(i as u8));
    for value in plane.touch_all() {
        *value = table[usize::from(*value)];
    }
}
