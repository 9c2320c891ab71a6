//! Tracks of one to three numbers, each dimension with its own ease.

use filmpress_composition::{Property, Value};

use super::curve::{Curve, HoldIn};
use super::{Segment, Track, sane, usable};

/// From one keyframe to the next, one curve for each dimension.
#[derive(Debug)]
pub(crate) struct Numbers<const N: usize>([Curve; N]);

impl<const N: usize> Segment for Numbers<N> {
    type Value = [f64; N];
    fn at(&self, fraction: f64) -> [f64; N] {
        self.0.map(|curve| curve.at(fraction))
    }
}

/// From one keyframe to the next in one dimension.
#[derive(Debug)]
pub(crate) struct Number(Curve);

impl Segment for Number {
    type Value = f64;
    fn at(&self, fraction: f64) -> f64 {
        self.0.at(fraction)
    }
}

/// The first `N` numbers of a value; `missing` where it has fewer.
pub(super) fn components<const N: usize>(value: &Value, missing: f64) -> [f64; N] {
    let vector = value.as_vector();
    std::array::from_fn(|i| vector.and_then(|v| v.get(i).copied()).map_or(missing, sane))
}

/// The track of a property of `N` numbers; `missing` stands for components its values do not have.
pub(crate) fn numbers<const N: usize>(property: &Property, missing: f64) -> Track<Numbers<N>> {
    let keys = usable(property);
    let (Some(first), Some(last)) = (keys.first(), keys.last()) else {
        return Track::Fixed(components(&property.value, missing));
    };
    let still = |k: &&filmpress_composition::Keyframe| k.ease_in.iter().chain(&k.ease_out).all(|h| h.offset == 0.0);
    if keys.iter().all(|k| k.value == first.value && still(k)) {
        return Track::Fixed(components(&first.value, missing));
    }
    let segments = keys
        .windows(2)
        .map(|pair| {
            let (a, b) = (
                components::<N>(&pair[0].value, missing),
                components::<N>(&pair[1].value, missing),
            );
            Numbers(std::array::from_fn(|i| {
                Curve::new(pair[0], pair[1], i, a[i], b[i], HoldIn::Jumps)
            }))
        })
        .collect();
    Track::keyed(
        keys.iter().map(|k| k.time).collect(),
        segments,
        components(&first.value, missing),
        components(&last.value, missing),
    )
}

/// The track of a property of one number.
pub(crate) fn number(property: &Property) -> Track<Number> {
    match numbers::<1>(property, 0.0) {
        Track::Fixed([x]) => Track::Fixed(x),
        Track::Keyed(k) => Track::Keyed(super::Keyed {
            times: k.times,
            segments: k.segments.into_iter().map(|Numbers([curve])| Number(curve)).collect(),
            first: k.first[0],
            last: k.last[0],
        }),
    }
}

/// The value of a menu: After Effects' 1-based entry, as it is at the start.
pub(crate) fn menu(property: &Property) -> u32 {
    let value = usable(property).first().map_or(&property.value, |k| &k.value);
    components::<1>(value, 1.0)[0].round().clamp(0.0, 1000.0) as u32
}

impl Track<Number> {
    /// The largest value at any keyframe.
    pub fn greatest(&self) -> f64 {
        match self {
            Self::Fixed(x) => *x,
            Self::Keyed(k) => k.segments().iter().map(|s| s.at(0.0)).fold(k.last, f64::max),
        }
    }
}

#[cfg(test)]
mod tests {
    use filmpress_composition::{Handle, Interpolation, Keyframe, ValueType};

    use super::*;

    #[test]
    fn each_dimension_has_its_own_ease() {
        let mut scale = Property::new("s", "s", ValueType::TwoD, [0.0, 0.0].into());
        let mut a = Keyframe::linear(0.0, [0.0, 0.0]);
        a.interpolation_out = Interpolation::Bezier;
        a.ease_out = vec![
            Handle {
                influence: 0.9,
                offset: 0.0,
            },
            Handle {
                influence: 0.1,
                offset: 30.0,
            },
        ];
        scale.keyframes = vec![a, Keyframe::linear(2.0, [100.0, 100.0])];
        let [x, y] = numbers::<2>(&scale, 0.0).at(1.0);
        assert!(x < 40.0 && y > 50.0, "{x} {y}");
    }

    #[test]
    fn keyframes_that_change_nothing_are_a_fixed_value() {
        let mut p = Property::new("s", "s", ValueType::TwoD, [0.0, 0.0].into());
        p.keyframes = vec![Keyframe::linear(0.0, [3.0, 4.0]), Keyframe::linear(1.0, [3.0, 4.0])];
        assert!(!numbers::<2>(&p, 0.0).is_animated());
        assert_eq!(numbers::<3>(&p, 100.0).at(0.5), [3.0, 4.0, 100.0]);
    }

    #[test]
    fn numbers_that_are_none_do_not_spread() {
        let p = Property::new("s", "s", ValueType::OneD, Value::number(f64::NAN));
        assert_eq!(number(&p).at(0.0), 0.0);
    }
}
