//! Wiggle transform: everything above it moves, turns and scales at random; after a repeater each copy by itself.

use filmpress_composition::Group;
use kurbo::Affine;

use crate::angle;
use crate::compile::Compile;
use crate::interpolate::{Moving, Number, Numbers, Track};
use crate::support::Topic;
use crate::transform::place;
use crate::wiggle::{Names, Wiggle};

/// How far each property goes at most, to both sides.
#[derive(Debug)]
pub(super) struct WiggleTransform {
    anchor: Track<Moving>,
    position: Track<Moving>,
    /// Percent added to 100.
    scale: Track<Numbers<2>>,
    rotation: Track<Number>,
    wiggle: Wiggle,
}

impl WiggleTransform {
    pub fn compile(c: &mut Compile, item: &Group) -> Self {
        c.feature(Topic::Shape, "ADBE Vector Filter - Wiggler");
        let default = Group::new("ADBE Vector Wiggler Transform", "Transform");
        let group = item.group("ADBE Vector Wiggler Transform").unwrap_or(&default);
        Self {
            anchor: c.point(group, "ADBE Vector Wiggler Anchor"),
            position: c.point(group, "ADBE Vector Wiggler Position"),
            scale: c.numbers(group, "ADBE Vector Wiggler Scale", 0.0),
            rotation: c.number(group, "ADBE Vector Wiggler Rotation"),
            wiggle: Wiggle::compile(
                c,
                item,
                &Names {
                    frequency: "ADBE Vector Xform Temporal Freq",
                    correlation: "ADBE Vector Correlation",
                    temporal_phase: "ADBE Vector Temporal Phase",
                    spatial_phase: "ADBE Vector Spatial Phase",
                    random_seed: "ADBE Vector Random Seed",
                },
            ),
        }
    }

    pub fn is_animated(&self) -> bool {
        self.anchor.is_animated()
            || self.position.is_animated()
            || self.scale.is_animated()
            || self.rotation.is_animated()
            || self.wiggle.is_animated()
    }

    /// Where each of `count` neighbours is at a layer time.
    pub fn transforms(&self, time: f64, count: usize) -> impl Iterator<Item = Affine> {
        let [ax, ay, _] = self.anchor.at(time);
        let [px, py, _] = self.position.at(time);
        let scale = self.scale.at(time);
        let rotation = self.rotation.at(time);
        let wiggles = self.wiggle.at(time);
        (0..count).map(move |i| {
            let ([a, b], [x, y]) = (wiggles.pair(i, 0), wiggles.pair(i, 1));
            // One number for both directions: what wiggles keeps its proportions.
            let [size, turn] = wiggles.pair(i, 2);
            place(
                [ax * a, ay * b],
                [px * x, py * y],
                scale.map(|s| 100.0 + s * size),
                angle::rotation(rotation * turn),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use kurbo::Point;

    use super::*;

    fn wiggle(correlation: f64) -> WiggleTransform {
        WiggleTransform {
            anchor: Track::Fixed([0.0; 3]),
            position: Track::Fixed([10.0, 20.0, 0.0]),
            scale: Track::Fixed([50.0, 50.0]),
            rotation: Track::Fixed(90.0),
            wiggle: Wiggle::fixed(2.0, correlation, 0.0),
        }
    }

    #[test]
    fn copies_stay_within_the_amounts_and_go_their_own_ways() {
        let all: Vec<Affine> = wiggle(0.0).transforms(0.4, 50).collect();
        for t in &all {
            let p = *t * Point::ZERO;
            assert!(p.x.abs() <= 10.0 && p.y.abs() <= 20.0, "{p:?}");
            let size = t.determinant().sqrt();
            assert!((0.5..=1.5).contains(&size), "{size}");
        }
        assert_ne!(all[0], all[1]);
        let same: Vec<Affine> = wiggle(100.0).transforms(0.4, 3).collect();
        assert!(same[0] == same[1] && same[1] == same[2]);
        assert!(wiggle(0.0).is_animated());
    }
}
