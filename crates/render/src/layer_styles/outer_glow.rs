//! Outer Glow: softer, the shape blurred as a drop shadow's, the part of the fall-off that the range names stretched to
//! full; precise, falling off evenly with the distance.

use filmpress_evaluate::frame::Glow;

use super::Source;
use super::shape::{Shape, map};
use crate::draw::Scratch;

pub(super) fn source(glow: &Glow, shape: &Shape, scratch: &mut Scratch) -> Source {
    let solid = glow.size * glow.spread;
    let plane = if glow.precise {
        let (size, solid) = (shape.length(glow.size), shape.length(solid));
        shape.by_distance(false, size, scratch, falling(size, solid, glow.range))
    } else {
        let mut plane = shape.grown([0.0; 2], solid, glow.size - solid, scratch);
        map(&mut plane, stretched(glow.range));
        plane
    };
    Source::flat(glow.color, plane)
}

/// The fall-off of a blur: at a range of 50 % it is full at the edge, where the blur has come down to half.
pub(super) fn stretched(range: f64) -> impl Fn(u8) -> u8 {
    move |value| (f64::from(value) / range).round().min(255.0) as u8
}

/// The fall-off by distance: full up to `solid`, nothing from `size` on; a range other than 50 % moves it.
pub(super) fn falling(size: f64, solid: f64, range: f64) -> impl Fn(f32) -> f32 {
    let (size, width) = (size as f32, (size - solid).max(0.5) as f32);
    let gain = (0.5 / range) as f32;
    move |distance| ((size - distance) / width).clamp(0.0, 1.0) * gain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_the_range_is_full_at_the_edge() {
        assert_eq!(stretched(0.5)(128), 255);
        assert_eq!(stretched(0.5)(64), 128);
        assert_eq!(stretched(1.0)(64), 64);
        let even = falling(20.0, 10.0, 0.5);
        assert_eq!(
            [even(0.0), even(10.0), even(15.0), even(20.0), even(30.0)],
            [1.0, 1.0, 0.5, 0.0, 0.0]
        );
    }
}
