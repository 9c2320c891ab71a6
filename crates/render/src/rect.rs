//! Rectangles of whole pixels.

use kurbo::{Affine, Rect};

/// Half-open rectangle of pixels: `x0 <= x < x1`, `y0 <= y < y1`. Empty when a side is not positive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct IRect {
    pub x0: i32,
    pub y0: i32,
    pub x1: i32,
    pub y1: i32,
}

impl IRect {
    pub fn new(x0: i32, y0: i32, x1: i32, y1: i32) -> Self {
        Self { x0, y0, x1, y1 }
    }

    pub fn is_empty(self) -> bool {
        self.x0 >= self.x1 || self.y0 >= self.y1
    }

    /// Width in pixels, 0 when empty.
    pub fn width(self) -> usize {
        (self.x1 - self.x0).max(0) as usize
    }

    /// Height in pixels, 0 when empty.
    pub fn height(self) -> usize {
        (self.y1 - self.y0).max(0) as usize
    }

    #[must_use]
    pub fn intersect(self, other: Self) -> Self {
        Self {
            x0: self.x0.max(other.x0),
            y0: self.y0.max(other.y0),
            x1: self.x1.min(other.x1),
            y1: self.y1.min(other.y1),
        }
    }

    /// The smallest rectangle that holds both; an empty one adds nothing.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        if self.is_empty() {
            return other;
        }
        if other.is_empty() {
            return self;
        }
        Self {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    pub fn contains(self, other: Self) -> bool {
        other.is_empty() || (self.x0 <= other.x0 && self.y0 <= other.y0 && self.x1 >= other.x1 && self.y1 >= other.y1)
    }

    /// Grown by `by` pixels on every side, without overflow.
    #[must_use]
    pub fn inflate(self, by: i32) -> Self {
        Self {
            x0: self.x0.saturating_sub(by),
            y0: self.y0.saturating_sub(by),
            x1: self.x1.saturating_add(by),
            y1: self.y1.saturating_add(by),
        }
    }

    /// Every pixel that `rect` touches; empty for numbers that are not finite.
    pub fn around(rect: Rect) -> Self {
        if !rect.is_finite() {
            return Self::default();
        }
        // Casts saturate; coordinates are far below the limit once intersected with a target.
        Self {
            x0: rect.x0.floor() as i32,
            y0: rect.y0.floor() as i32,
            x1: rect.x1.ceil() as i32,
            y1: rect.y1.ceil() as i32,
        }
    }

    /// The pixels whose nearest edges are those of `rect`; empty for numbers that are not finite.
    pub fn nearest(rect: Rect) -> Self {
        if !rect.is_finite() {
            return Self::default();
        }
        Self {
            x0: rect.x0.round() as i32,
            y0: rect.y0.round() as i32,
            x1: rect.x1.round() as i32,
            y1: rect.y1.round() as i32,
        }
    }
}

/// True when every number is finite.
pub(crate) fn finite(affine: &Affine) -> bool {
    affine.as_coeffs().iter().all(|c| c.is_finite())
}

/// True when rectangles stay upright rectangles.
pub(crate) fn upright(affine: &Affine) -> bool {
    let [a, b, c, d, ..] = affine.as_coeffs();
    (b == 0.0 && c == 0.0) || (a == 0.0 && d == 0.0)
}

/// True when a picture is only scaled and moved, neither turned nor mirrored.
pub(crate) fn only_scaled(affine: &Affine) -> bool {
    let [a, b, c, d, ..] = affine.as_coeffs();
    b == 0.0 && c == 0.0 && a > 0.0 && d > 0.0
}

/// Lengths of the images of the unit vectors: the scale in x and in y.
pub(crate) fn scales(affine: &Affine) -> [f64; 2] {
    let [a, b, c, d, ..] = affine.as_coeffs();
    [(a * a + b * b).sqrt(), (c * c + d * d).sqrt()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn set_operations() {
        let a = IRect::new(0, 0, 10, 10);
        let b = IRect::new(5, -5, 20, 5);
        assert_eq!(a.intersect(b), IRect::new(5, 0, 10, 5));
        assert_eq!(a.union(b), IRect::new(0, -5, 20, 10));
        assert!(a.intersect(IRect::new(30, 0, 40, 9)).is_empty());
        assert_eq!(a.union(IRect::default()), a);
    }

    #[test]
    fn survives_any_number() {
        assert!(IRect::around(Rect::new(f64::NAN, 0.0, 1.0, 1.0)).is_empty());
        let huge = IRect::around(Rect::new(-1e300, -1e300, 1e300, 1e300));
        assert_eq!(huge.intersect(IRect::new(0, 0, 4, 4)), IRect::new(0, 0, 4, 4));
    }
}
