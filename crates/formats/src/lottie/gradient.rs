//! Gradient colours as values.

use std::sync::Arc;

use crate::json::Value as Json;
use filmpress_composition::{AlphaStop, ColorStop, Gradient, Property, Value, ValueType};

use super::json::{self, Object};
use super::reader::Reader;

/// How far a written half-way colour may be from the mean of its neighbours: the exporter rounds to three places.
const ROUNDING: f64 = 0.0021;

impl Reader<'_> {
    /// A property of gradient colours: `p` colour stops in `k`.
    pub fn gradient(&mut self, json: Option<&Json>, match_name: String) -> Option<Property> {
        let (json, slot) = self.in_slot(json?);
        let object = json.as_object()?;
        let stops = self.stop_count(object);
        let decode = |value: &Json| gradient(value, stops);
        let mut property = self.property(object.get("k"), match_name, ValueType::Gradient, &decode)?;
        property.slot = slot.or(property.slot);
        restore_midpoints(&mut property);
        Some(property)
    }

    fn stop_count(&mut self, gradient: &Object) -> usize {
        self.number(gradient, "p").map_or(usize::MAX, |n| n.max(0.0) as usize)
    }
}

/// `stops` times offset, red, green, blue, then offset and opacity of each opacity stop.
fn gradient(value: &Json, stops: usize) -> Option<Value> {
    let numbers = json::numbers(value)?;
    let colors = numbers.len().min(stops.saturating_mul(4));
    let (colors, alphas) = numbers.split_at_checked(colors)?;
    let mut gradient = Gradient::default();
    for stop in colors.chunks_exact(4) {
        if let [offset, r, g, b] = *stop {
            gradient.colors.push(ColorStop {
                offset,
                midpoint: 0.5,
                rgb: [r, g, b],
            });
        }
    }
    for stop in alphas.chunks_exact(2) {
        if let [offset, alpha] = *stop {
            gradient.alphas.push(AlphaStop {
                offset,
                midpoint: 0.5,
                alpha,
            });
        }
    }
    gradient.colors.sort_by(|a, b| a.offset.total_cmp(&b.offset));
    gradient.alphas.sort_by(|a, b| a.offset.total_cmp(&b.offset));
    Some(Value::Gradient(Arc::new(gradient)))
}

/// The exporter writes the midpoint between two stops as a stop of its own with their mean colour. After Effects
/// draws a curve through the midpoint, not two straight pieces (ae-truth/shape-style/gradient-linear-midpoint), so
/// where every other stop is such a mean, in every keyframe, the midpoints are put back.
fn restore_midpoints(property: &mut Property) {
    let values = || std::iter::once(&property.value).chain(property.keyframes.iter().map(|k| &k.value));
    let gradients = || {
        values().filter_map(|value| match value {
            Value::Gradient(gradient) => Some(gradient),
            _ => None,
        })
    };
    let colors = gradients().all(|g| {
        let stops: Vec<_> = g.colors.iter().map(|s| (s.offset, s.rgb)).collect();
        has_means(&stops)
    });
    let alphas = gradients().all(|g| {
        let stops: Vec<_> = g.alphas.iter().map(|s| (s.offset, [s.alpha])).collect();
        has_means(&stops)
    });
    let all = std::iter::once(&mut property.value).chain(property.keyframes.iter_mut().map(|k| &mut k.value));
    for value in all {
        let Value::Gradient(gradient) = value else { continue };
        let gradient = Arc::make_mut(gradient);
        if colors {
            fold(&mut gradient.colors, |s| s.offset, |s, midpoint| s.midpoint = midpoint);
        }
        if alphas {
            fold(&mut gradient.alphas, |s| s.offset, |s, midpoint| s.midpoint = midpoint);
        }
    }
}

/// Whether every other stop is the mean of its neighbours and lies between them.
fn has_means<const N: usize>(stops: &[(f64, [f64; N])]) -> bool {
    let between = |three: &[(f64, [f64; N])]| match three {
        [a, b, c] => {
            let mean = (0..N).all(|i| match (a.1.get(i), b.1.get(i), c.1.get(i)) {
                (Some(a), Some(b), Some(c)) => ((a + c) / 2.0 - b).abs() <= ROUNDING,
                _ => false,
            });
            mean && a.0 < b.0 && b.0 < c.0
        }
        _ => false,
    };
    stops.len() >= 3 && stops.len() % 2 == 1 && stops.windows(3).step_by(2).all(between)
}

/// Replaces every other stop by the midpoint of the stop before it.
fn fold<S: Copy>(stops: &mut Vec<S>, offset: impl Fn(&S) -> f64, set_midpoint: impl Fn(&mut S, f64)) {
    let mut folded: Vec<S> = stops.iter().step_by(2).copied().collect();
    for (stop, three) in folded.iter_mut().zip(stops.windows(3).step_by(2)) {
        if let [a, b, c] = three {
            set_midpoint(stop, (offset(b) - offset(a)) / (offset(c) - offset(a)));
        }
    }
    *stops = folded;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::json;

    fn restored(keys: &[Json], stops: usize) -> Vec<Arc<Gradient>> {
        let values: Vec<Value> = keys.iter().map(|k| gradient(k, stops).unwrap()).collect();
        let mut property = Property::new("ADBE Vector Grad Colors", "", ValueType::Gradient, values[0].clone());
        property.keyframes = values
            .into_iter()
            .map(|value| filmpress_composition::Keyframe::linear(0.0, value))
            .collect();
        restore_midpoints(&mut property);
        let gradient = |value: &Value| match value {
            Value::Gradient(g) => Arc::clone(g),
            other => panic!("{other:?}"),
        };
        property.keyframes.iter().map(|k| gradient(&k.value)).collect()
    }

    #[test]
    fn means_become_midpoints() {
        let g = &restored(
            &[json!([0, 1, 0, 0, 0.2, 0.5, 0, 0.5, 1, 0, 0, 1, 0, 1, 0.5, 0.5, 1, 0])],
            3,
        )[0];
        assert_eq!(
            (g.colors.len(), g.colors[0].midpoint, g.colors[1].rgb),
            (2, 0.2, [0.0, 0.0, 1.0])
        );
        assert_eq!((g.alphas.len(), g.alphas[0].midpoint), (2, 0.5));
    }

    #[test]
    fn one_keyframe_without_means_keeps_the_stops_of_all() {
        let keys = [
            json!([0, 1, 0, 0, 0.2, 0.5, 0, 0.5, 1, 0, 0, 1]),
            json!([0, 1, 0, 0, 0.2, 0.9, 0, 0.5, 1, 0, 0, 1]),
        ];
        for g in restored(&keys, 3) {
            assert_eq!(g.colors.len(), 3);
        }
    }
}
