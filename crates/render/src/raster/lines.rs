//! Lines in 1/256 pixels, clipped to what can show.

use kurbo::Point;

use crate::rect::IRect;

/// Sub-pixel positions in a pixel, as a power of two.
pub(super) const SUB_BITS: i32 = 8;
/// Sub-pixel positions in a pixel.
pub(super) const SUB: i32 = 1 << SUB_BITS;
/// Farthest coordinate kept, in pixels; beyond every possible target, and small enough for 64-bit products.
const FAR: f64 = 40_000.0;
/// Fraction bits of the x coordinate while walking down a line.
pub(super) const WALK_BITS: u32 = 32;

/// A line from its upper to its lower end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Upper end, sub-pixels.
    pub x0: i32,
    pub y0: i32,
    /// Lower end, sub-pixels; `y1 > y0`.
    pub x1: i32,
    pub y1: i32,
    /// Change of x for one sub-pixel in y, with [`WALK_BITS`] of fraction.
    pub slope: i64,
    /// 1 when the path runs down along it, -1 when up.
    pub winding: i32,
}

/// Lines of one shape, inside a clip rectangle. Reused from shape to shape.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    pub(super) all: Vec<Line>,
    clip: IRect,
    min_x: i32,
    max_x: i32,
    min_y: i32,
    max_y: i32,
}

/// Clamped sub-pixel position of a coordinate.
#[inline]
pub(super) fn sub(v: f64) -> i32 {
    // `floor(v + 0.5)` rounds the same way on both sides of zero, so that shapes move without changing.
    (v.clamp(-FAR, FAR) * f64::from(SUB) + 0.5).floor() as i32
}

impl Lines {
    /// Forgets everything and starts a shape that shows inside `clip` only.
    pub fn start(&mut self, clip: IRect) {
        self.all.clear();
        self.clip = clip;
        (self.min_x, self.min_y) = (i32::MAX, i32::MAX);
        (self.max_x, self.max_y) = (i32::MIN, i32::MIN);
    }

    /// The clip of [`Lines::start`].
    pub(super) fn clip(&self) -> IRect {
        self.clip
    }

    /// Adds the line from `a` to `b`, pixels. A line that is not finite is left out.
    #[inline]
    pub fn line(&mut self, a: Point, b: Point) {
        if !(a.x + a.y + b.x + b.y).is_finite() {
            return;
        }
        let (ax, ay, bx, by) = (sub(a.x), sub(a.y), sub(b.x), sub(b.y));
        if ay == by {
            return;
        }
        let (x0, y0, x1, y1, winding) = if ay < by {
            (ax, ay, bx, by, 1)
        } else {
            (bx, by, ax, ay, -1)
        };
        let (left, right) = if x0 < x1 { (x0, x1) } else { (x1, x0) };
        if y1 <= self.clip.y0 * SUB || y0 >= self.clip.y1 * SUB {
            return;
        }
        self.min_y = self.min_y.min(y0);
        self.max_y = self.max_y.max(y1);
        self.max_x = self.max_x.max(right);
        self.min_x = self.min_x.min(left);
        if left >= self.clip.x1 * SUB {
            return;
        }
        let slope = if x0 == x1 {
            0
        } else {
            (i64::from(x1 - x0) << WALK_BITS) / i64::from(y1 - y0)
        };
        self.all.push(Line {
            x0,
            y0,
            x1,
            y1,
            slope,
            winding,
        });
    }

    /// The pixels the shape may touch inside the clip.
    pub fn bounds(&self) -> IRect {
        if self.all.is_empty() {
            return IRect::default();
        }
        let up = |v: i32| (v + SUB - 1) >> SUB_BITS;
        IRect::new(
            self.min_x >> SUB_BITS,
            self.min_y >> SUB_BITS,
            up(self.max_x),
            up(self.max_y),
        )
        .intersect(self.clip)
    }
}
