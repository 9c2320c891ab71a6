//! Repeater: copies of everything above it, each transformed once more than the one before.

use filmpress_composition::{Group, Kind};
use kurbo::Affine;

use crate::angle;
use crate::compile::Compile;
use crate::interpolate::{Moving, Number, Numbers, Track};
use crate::limits;
use crate::transform::place;

#[derive(Debug)]
pub(super) struct Repeater {
    copies: Track<Number>,
    offset: Track<Number>,
    /// Each copy above the one before instead of below it.
    pub above: bool,
    anchor: Track<Moving>,
    position: Track<Moving>,
    scale: Track<Numbers<2>>,
    rotation: Track<Number>,
    start_opacity: Track<Number>,
    end_opacity: Track<Number>,
}

/// One copy.
pub(super) struct Copy {
    pub transform: Affine,
    /// 0..1.
    pub opacity: f64,
}

impl Repeater {
    pub fn compile(c: &mut Compile, item: &Group) -> Self {
        let default = Group::new("ADBE Vector Repeater Transform", "Transform");
        let group = item.group("ADBE Vector Repeater Transform").unwrap_or(&default);
        let copies = c.number(item, "ADBE Vector Repeater Copies");
        if copies.greatest() > limits::REPEATER_COPIES as f64 {
            c.warn(
                Kind::Limit,
                format!("more than {} copies; the rest is not drawn", limits::REPEATER_COPIES),
            );
        }
        Self {
            copies,
            offset: c.number(item, "ADBE Vector Repeater Offset"),
            above: c.menu(item, "ADBE Vector Repeater Order") == 2,
            anchor: c.point(group, "ADBE Vector Repeater Anchor"),
            position: c.point(group, "ADBE Vector Repeater Position"),
            scale: c.numbers(group, "ADBE Vector Repeater Scale", 100.0),
            rotation: c.number(group, "ADBE Vector Repeater Rotation"),
            start_opacity: c.number(group, "ADBE Vector Repeater Opacity 1"),
            end_opacity: c.number(group, "ADBE Vector Repeater Opacity 2"),
        }
    }

    pub fn is_animated(&self) -> bool {
        self.anchor.is_animated()
            || self.position.is_animated()
            || self.scale.is_animated()
            || [
                &self.copies,
                &self.offset,
                &self.rotation,
                &self.start_opacity,
                &self.end_opacity,
            ]
            .iter()
            .any(|track| track.is_animated())
    }

    /// Most copies at any time.
    pub fn most_copies(&self) -> f64 {
        self.copies.greatest().clamp(0.0, limits::REPEATER_COPIES as f64).ceil()
    }

    /// The copies at a layer time, the original first.
    pub fn copies(&self, time: f64) -> Vec<Copy> {
        let count = self.copies.at(time).clamp(0.0, limits::REPEATER_COPIES as f64).ceil() as usize;
        let offset = self.offset.at(time);
        let [ax, ay, _] = self.anchor.at(time);
        let [px, py, _] = self.position.at(time);
        let scale = self.scale.at(time);
        let rotation = self.rotation.at(time);
        let (from, to) = (self.start_opacity.at(time) / 100.0, self.end_opacity.at(time) / 100.0);
        (0..count)
            .map(|i| {
                let times = offset + i as f64;
                let scale = scale.map(|s| 100.0 * power(s / 100.0, times));
                let part = if count > 1 { i as f64 / (count - 1) as f64 } else { 0.0 };
                Copy {
                    transform: place(
                        [ax, ay],
                        [ax + px * times, ay + py * times],
                        scale,
                        angle::rotation(rotation * times),
                    ),
                    opacity: (from + (to - from) * part).clamp(0.0, 1.0),
                }
            })
            .collect()
    }
}

/// `base` to a power that is mostly a whole number; negative bases mirror at odd ones.
fn power(base: f64, exponent: f64) -> f64 {
    if base == 1.0 {
        return 1.0;
    }
    let magnitude = libm::pow(base.abs(), exponent);
    let magnitude = if magnitude.is_finite() {
        magnitude.min(limits::MAGNITUDE)
    } else {
        0.0
    };
    if base < 0.0 && exponent.round() % 2.0 != 0.0 {
        -magnitude
    } else {
        magnitude
    }
}

#[cfg(test)]
mod tests {
    use kurbo::Point;

    use super::*;

    fn repeater(copies: f64, offset: f64) -> Repeater {
        Repeater {
            copies: Track::Fixed(copies),
            offset: Track::Fixed(offset),
            above: false,
            anchor: Track::Fixed([0.0; 3]),
            position: Track::Fixed([10.0, 0.0, 0.0]),
            scale: Track::Fixed([50.0, 50.0]),
            rotation: Track::Fixed(90.0),
            start_opacity: Track::Fixed(100.0),
            end_opacity: Track::Fixed(50.0),
        }
    }

    #[test]
    fn copies_step_in_place_size_turn_and_opacity() {
        let copies = repeater(3.0, 0.0).copies(0.0);
        assert_eq!(copies.len(), 3);
        assert_eq!(copies[0].transform, Affine::IDENTITY);
        assert_eq!(copies[2].transform * Point::new(4.0, 0.0), Point::new(19.0, 0.0));
        assert_eq!(copies.iter().map(|c| c.opacity).collect::<Vec<_>>(), [1.0, 0.75, 0.5]);
    }

    #[test]
    fn the_offset_moves_the_first_copy() {
        let copies = repeater(1.0, -1.0).copies(0.0);
        assert_eq!(copies[0].transform * Point::new(0.0, 1.0), Point::new(-8.0, 0.0));
        assert_eq!(copies[0].opacity, 1.0);
    }

    #[test]
    fn absurd_counts_are_cut() {
        assert_eq!(repeater(1e9, 0.0).copies(0.0).len(), limits::REPEATER_COPIES);
        assert!(repeater(-3.0, 0.0).copies(0.0).is_empty());
    }
}
