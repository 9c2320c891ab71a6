//! Wiggles: smooth random numbers over time, the same for the same seed on every machine.
//!
//! Numbers stand at whole places of a plane of time (one wiggle a step) and neighbours (vertices, copies,
//! characters); between them the course is smooth. After Effects' own numbers are not published: these have the
//! documented range, speed and correlation, and other values.

use filmpress_composition::Group;

use crate::compile::Compile;
use crate::interpolate::{Number, Track};

/// The properties all wiggling things have.
#[derive(Debug)]
pub(crate) struct Wiggle {
    frequency: Track<Number>,
    correlation: Track<Number>,
    temporal_phase: Track<Number>,
    spatial_phase: Track<Number>,
    random_seed: Track<Number>,
    /// What a random seed stands on, so that two wiggling things with the same one differ.
    place: u64,
}

/// Match names of the properties.
pub(crate) struct Names {
    pub frequency: &'static str,
    pub correlation: &'static str,
    pub temporal_phase: &'static str,
    pub spatial_phase: &'static str,
    pub random_seed: &'static str,
}

/// Wiggles at one time: a random number for each neighbour and property.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wiggles {
    /// What the numbers are made from.
    pub seed: u64,
    /// In wiggles.
    pub time: f64,
    /// Where the first neighbour stands.
    pub space: f64,
    /// From one neighbour to the next: 0 when all are the same, 1 when they have nothing in common.
    pub step: f64,
}

impl Wiggle {
    /// The properties of a group, of one that stands where `c` is.
    pub fn compile(c: &mut Compile, group: &Group, names: &Names) -> Self {
        let place = c.place.0.iter().fold(0, |hash, step| {
            let step = step.bytes().fold(hash, |hash, byte| mixed(hash ^ u64::from(byte)));
            mixed(!step)
        });
        Self {
            frequency: c.number(group, names.frequency),
            correlation: c.number(group, names.correlation),
            temporal_phase: c.number(group, names.temporal_phase),
            spatial_phase: c.number(group, names.spatial_phase),
            random_seed: c.number(group, names.random_seed),
            place,
        }
    }

    /// Whether the numbers can differ between times.
    pub fn is_animated(&self) -> bool {
        !matches!(self.frequency, Track::Fixed(0.0))
            || self.correlation.is_animated()
            || self.temporal_phase.is_animated()
            || self.spatial_phase.is_animated()
            || self.random_seed.is_animated()
    }

    /// The wiggles at a layer time.
    pub fn at(&self, time: f64) -> Wiggles {
        let seed = self.random_seed.at(time).round() as i64;
        Wiggles {
            seed: mixed(self.place ^ mixed(seed as u64)),
            time: passed(&self.frequency, time) + self.temporal_phase.at(time) / 360.0,
            space: self.spatial_phase.at(time) / 360.0,
            step: 1.0 - (self.correlation.at(time) / 100.0).clamp(0.0, 1.0),
        }
    }

    #[cfg(test)]
    pub fn fixed(frequency: f64, correlation: f64, seed: f64) -> Self {
        Self {
            frequency: Track::Fixed(frequency),
            correlation: Track::Fixed(correlation),
            temporal_phase: Track::Fixed(0.0),
            spatial_phase: Track::Fixed(0.0),
            random_seed: Track::Fixed(seed),
            place: 0,
        }
    }
}

/// How many wiggles there were since the layer's start: the frequency summed up, so that one that changes makes no
/// jumps.
fn passed(frequency: &Track<Number>, time: f64) -> f64 {
    const STEP: f64 = 1.0 / 60.0;
    const MOST_STEPS: f64 = 3600.0;
    if let Track::Fixed(frequency) = frequency {
        return frequency * time;
    }
    let step = STEP.max(time.abs() / MOST_STEPS).copysign(time);
    let whole = (time / step).floor();
    let sum: f64 = (0..whole as usize).map(|i| frequency.at((i as f64 + 0.5) * step)).sum();
    let rest = time - whole * step;
    sum * step + frequency.at(whole * step + rest / 2.0) * rest
}

impl Wiggles {
    /// The number of the `index`th neighbour, -1..1; different properties have different channels.
    pub(crate) fn value(&self, index: usize, channel: u64) -> f64 {
        let (t, x) = (self.time, self.space + self.step * index as f64);
        let (t0, x0) = (t.floor(), x.floor());
        let smooth = |u: f64| u * u * (3.0 - 2.0 * u);
        let (u, v) = (smooth(t - t0), smooth(x - x0));
        let seed = mixed(self.seed ^ mixed(channel));
        let (ti, xi) = (t0 as i64, x0 as i64);
        let corner = |dt: i64, dx: i64| {
            let place = mixed(ti.wrapping_add(dt) as u64 ^ mixed(xi.wrapping_add(dx) as u64));
            // 53 bits as a number from -1 to 1.
            (mixed(seed ^ place) >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
        };
        let mix = |a: f64, b: f64, w: f64| a + (b - a) * w;
        mix(
            mix(corner(0, 0), corner(1, 0), u),
            mix(corner(0, 1), corner(1, 1), u),
            v,
        )
    }

    /// Two numbers at once.
    pub(crate) fn pair(&self, index: usize, channel: u64) -> [f64; 2] {
        [self.value(index, 2 * channel), self.value(index, 2 * channel + 1)]
    }
}

/// A number whose every bit depends on every bit of `x`.
fn mixed(x: u64) -> u64 {
    let x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use filmpress_composition::{Keyframe, Property, Value, ValueType};

    use super::*;
    use crate::interpolate;

    #[test]
    fn correlation_is_how_alike_neighbours_are() {
        let difference = |correlation: f64| {
            let wiggles = Wiggle::fixed(2.0, correlation, 3.0).at(1.234);
            let steps = (0..200).map(|i| (wiggles.value(i, 0) - wiggles.value(i + 1, 0)).abs());
            steps.sum::<f64>() / 200.0
        };
        assert_eq!(difference(100.0), 0.0);
        let (half, none) = (difference(50.0), difference(0.0));
        assert!(0.05 < half && half < none, "{half} {none}");
    }

    #[test]
    fn numbers_fill_their_range_and_change_smoothly() {
        let wiggle = Wiggle::fixed(4.0, 0.0, 0.0);
        let values: Vec<f64> = (0..2000).map(|i| wiggle.at(f64::from(i) * 0.01).value(7, 1)).collect();
        assert!(values.iter().all(|v| (-1.0..=1.0).contains(v)));
        assert!(values.iter().any(|v| *v > 0.8) && values.iter().any(|v| *v < -0.8));
        let turns = values
            .windows(3)
            .filter(|w| (w[1] - w[0]) * (w[2] - w[1]) < 0.0)
            .count();
        // Eighty numbers in twenty seconds; about two in three are turning points.
        assert!((35..=70).contains(&turns), "{turns}");
        assert!(values.windows(2).all(|w| (w[1] - w[0]).abs() < 0.13));
    }

    #[test]
    fn a_turn_of_the_phase_is_one_wiggle() {
        let mut wiggle = Wiggle::fixed(2.0, 0.0, 1.0);
        let later = wiggle.at(1.0).value(2, 0);
        let neighbour = wiggle.at(0.5).value(3, 0);
        wiggle.temporal_phase = Track::Fixed(360.0);
        assert!((wiggle.at(0.5).value(2, 0) - later).abs() < 1e-12);
        wiggle.temporal_phase = Track::Fixed(0.0);
        wiggle.spatial_phase = Track::Fixed(360.0);
        assert!((wiggle.at(0.5).value(2, 0) - neighbour).abs() < 1e-12);
        assert!(!Wiggle::fixed(0.0, 50.0, 1.0).is_animated());
    }

    #[test]
    fn a_frequency_that_changes_makes_no_jumps() {
        let mut property = Property::new("f", "f", ValueType::OneD, Value::number(0.0));
        property.keyframes = vec![Keyframe::linear(0.0, 0.0), Keyframe::linear(10.0, 10.0)];
        let track = interpolate::number(&property);
        assert!((passed(&track, 10.0) - 50.0).abs() < 0.01);
        assert!((passed(&track, 12.0) - 70.0).abs() < 0.01);
        assert!((passed(&track, 4.0) - 8.0).abs() < 0.01);
        assert!(passed(&track, -3.0).abs() < 1e-9);
        assert!(passed(&track, 1e12).is_finite());
    }
}
