//! Data of effects' own: curves, hues and levels go from one keyframe to the next number by number.

use std::sync::Arc;

use filmpress_composition::{Curves, CustomValue, HueSaturation, HueShift, Levels, Property, Value};

use super::blend::{Blend, blended, mix};
use super::{Blended, Track};
use crate::compile::Compile;

fn mix32(a: f32, b: f32, s: f64) -> f32 {
    mix(f64::from(a), f64::from(b), s) as f32
}

fn curves(a: &Curves, b: &Curves, s: f64) -> Curves {
    let mut out = a.clone();
    for (to, table) in out.tables.iter_mut().flatten().zip(b.tables.iter().flatten()) {
        *to = mix(f64::from(*to), f64::from(*table), s).round().clamp(0.0, 255.0) as u8;
    }
    out
}

fn shift(a: &HueShift, b: &HueShift, s: f64) -> HueShift {
    HueShift {
        hue: mix32(a.hue, b.hue, s),
        saturation: mix32(a.saturation, b.saturation, s),
        lightness: mix32(a.lightness, b.lightness, s),
    }
}

fn hues(a: &HueSaturation, b: &HueSaturation, s: f64) -> HueSaturation {
    HueSaturation {
        master: shift(&a.master, &b.master, s),
        ranges: std::array::from_fn(|i| {
            let ((from, a), (to, b)) = (&a.ranges[i], &b.ranges[i]);
            (std::array::from_fn(|k| mix32(from[k], to[k], s)), shift(a, b, s))
        }),
    }
}

impl Blend for Arc<CustomValue> {
    fn blend(&self, to: &Self, s: f64) -> Self {
        Arc::new(match (&**self, &**to) {
            (CustomValue::Curves(a), CustomValue::Curves(b)) => CustomValue::Curves(Box::new(curves(a, b, s))),
            (CustomValue::HueSaturation(a), CustomValue::HueSaturation(b)) => CustomValue::HueSaturation(hues(a, b, s)),
            (CustomValue::Levels(a), CustomValue::Levels(b)) => CustomValue::Levels(Levels {
                channels: std::array::from_fn(|c| {
                    std::array::from_fn(|i| mix32(a.channels[c][i], b.channels[c][i], s))
                }),
            }),
            _ => return self.clone(),
        })
    }
}

/// The track of data of an effect's own; `first` stands for keyframes without.
pub(crate) fn custom(
    c: &mut Compile,
    property: &Property,
    first: &Arc<CustomValue>,
) -> Track<Blended<Arc<CustomValue>>> {
    blended(c, property, |value| match value {
        Value::Custom(value) => Arc::clone(value),
        _ => Arc::clone(first),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hues_move_between_keyframes() {
        let turned = |hue: f32| {
            let mut hues = HueSaturation::default();
            hues.master.hue = hue;
            hues.ranges[2].1.saturation = hue / 2.0;
            Arc::new(CustomValue::HueSaturation(hues))
        };
        let CustomValue::HueSaturation(half) = *turned(0.0).blend(&turned(90.0), 0.5) else {
            panic!("another kind")
        };
        assert_eq!((half.master.hue, half.ranges[2].1.saturation), (45.0, 22.5));
    }

    #[test]
    fn curves_move_between_keyframes_and_stay_among_bytes() {
        let flat = |v: u8| Arc::new(CustomValue::Curves(Box::new(Curves { tables: [[v; 256]; 5] })));
        let value = |s: f64| match &*flat(100).blend(&flat(200), s) {
            CustomValue::Curves(curves) => curves.tables[4][9],
            _ => panic!("another kind"),
        };
        assert_eq!((value(0.25), value(3.0), value(-9.0)), (125, 255, 0));
    }
}
