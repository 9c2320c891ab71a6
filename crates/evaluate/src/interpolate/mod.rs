//! Keyframes to values: typed tracks, compiled once, asked for a value at a layer time.
//!
//! A [`Track`] is a fixed value or keyframes with one [`Segment`] from each to the next. The kinds of segment:
//!
//! | file | values | ease |
//! |---|---|---|
//! | `numbers` | one to three numbers | one for each dimension |
//! | `motion_path` | points that move along a path | one, over the path's length |
//! | `blend`, `custom` | colours, paths, gradients, data of effects | one, over the way from one value to the next |
//! | `hold` | text documents | none |
//!
//! To add one: a file with a type that implements [`Segment`] and a constructor from a [`Property`].

mod blend;
mod curve;
mod custom;
mod hold;
mod motion_path;
mod numbers;

use filmpress_composition::{Keyframe, Property};

pub(crate) use blend::{Blended, color, gradient, path};
pub(crate) use custom::custom;
pub(crate) use hold::{Held, held};
pub(crate) use motion_path::{Moving, point};
pub(crate) use numbers::{Number, Numbers, menu, number, numbers};

use crate::limits;

/// How a value gets from one keyframe to the next.
pub(crate) trait Segment {
    /// What the values are.
    type Value: Clone;
    /// The value at a fraction (0..1) of the time between the two keyframes.
    fn at(&self, fraction: f64) -> Self::Value;
}

/// A property over time.
#[derive(Debug)]
pub(crate) enum Track<S: Segment> {
    /// The same at all times.
    Fixed(S::Value),
    /// Keyframes.
    Keyed(Keyed<S>),
}

/// At least two keyframes at rising times.
#[derive(Debug)]
pub(crate) struct Keyed<S: Segment> {
    times: Vec<f64>,
    segments: Vec<S>,
    first: S::Value,
    last: S::Value,
}

/// Frame times and keyframe times come from different divisions: a keyframe this near counts as reached, seconds.
const REACHED: f64 = 1e-6;

/// Where a time falls among keyframes.
pub(crate) enum Moment<'a, S> {
    Before,
    Within(&'a S, f64),
    After,
}

impl<S: Segment> Keyed<S> {
    /// Where layer time `time` falls.
    pub fn moment(&self, time: f64) -> Moment<'_, S> {
        let passed = self.times.partition_point(|&key| key <= time + REACHED);
        if passed == 0 {
            return Moment::Before;
        }
        let Some(segment) = self.segments.get(passed - 1) else {
            return Moment::After;
        };
        let (from, to) = (self.times[passed - 1], self.times[passed]);
        Moment::Within(segment, ((time - from) / (to - from)).clamp(0.0, 1.0))
    }

    /// The segments in order.
    pub fn segments(&self) -> &[S] {
        &self.segments
    }
}

impl<S: Segment> Track<S> {
    /// The value at layer time `time`, seconds.
    pub fn at(&self, time: f64) -> S::Value {
        match self {
            Self::Fixed(value) => value.clone(),
            Self::Keyed(keyed) => match keyed.moment(time) {
                Moment::Before => keyed.first.clone(),
                Moment::Within(segment, fraction) => segment.at(fraction),
                Moment::After => keyed.last.clone(),
            },
        }
    }

    /// Whether the value can differ between times.
    pub fn is_animated(&self) -> bool {
        matches!(self, Self::Keyed(_))
    }

    /// A track of `keys`, whose times rise; `segments` has one for each pair of neighbours.
    fn keyed(times: Vec<f64>, segments: Vec<S>, first: S::Value, last: S::Value) -> Self {
        if segments.is_empty() {
            return Self::Fixed(first);
        }
        Self::Keyed(Keyed {
            times,
            segments,
            first,
            last,
        })
    }
}

/// The usable keyframes of a property: finite rising times (of two at one time the later one counts).
fn usable(property: &Property) -> Vec<&Keyframe> {
    let mut keys: Vec<&Keyframe> = property.keyframes.iter().filter(|key| key.time.is_finite()).collect();
    if !keys.is_sorted_by(|a, b| a.time < b.time) {
        keys.sort_by(|a, b| a.time.total_cmp(&b.time));
        keys.reverse();
        keys.dedup_by(|a, b| a.time == b.time);
        keys.reverse();
    }
    keys
}

/// A number made harmless: finite and not too large.
pub(crate) fn sane(x: f64) -> f64 {
    if x.is_nan() {
        0.0
    } else {
        x.clamp(-limits::MAGNITUDE, limits::MAGNITUDE)
    }
}

#[cfg(test)]
mod tests {
    use filmpress_composition::{Value, ValueType};

    use super::*;

    #[test]
    fn unsorted_and_doubled_keyframes_are_put_in_order() {
        let mut property = Property::new("x", "x", ValueType::OneD, Value::number(0.0));
        for (time, value) in [(2.0, 20.0), (0.0, 1.0), (f64::NAN, 3.0), (0.0, 0.0)] {
            property.keyframes.push(Keyframe::linear(time, value));
        }
        let track = number(&property);
        assert_eq!(track.at(-1.0), 0.0);
        assert_eq!(track.at(1.0), 10.0);
        assert_eq!(track.at(9.0), 20.0);
    }

    #[test]
    fn a_keyframe_counts_as_reached_a_hair_early() {
        let mut property = Property::new("x", "x", ValueType::OneD, Value::number(0.0));
        for (time, value) in [(0.0, 1.0), (1.0, 2.0), (2.0, 3.0)] {
            let mut key = Keyframe::linear(time, value);
            key.interpolation_out = filmpress_composition::Interpolation::Hold;
            property.keyframes.push(key);
        }
        let track = number(&property);
        assert_eq!(track.at(1.0 - 1e-9), 2.0);
        assert_eq!(track.at(1.0 - 1e-3), 1.0);
    }
}
