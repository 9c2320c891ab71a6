//! Properties: static values, keyframes with their easing, expressions.

use std::borrow::Cow;

use crate::json::Value as Json;
use filmpress_composition::{Expression, Handle, Interpolation, Keyframe, Kind, Property, ValueType, Vector};

use super::json::{self, Object};
use super::reader::Reader;

/// Makes a value of what stands in the file; `None` when it is not a value of the kind wanted.
pub(super) type Decode<'d> = dyn Fn(&Json) -> Option<filmpress_composition::Value> + 'd;

impl Reader<'_> {
    /// A property made of numbers; `None` when `json` is missing or holds nothing usable. Numbers the file leaves
    /// out (the third of a 2D scale) are taken from `fill`. The display name is left to the schema.
    pub fn numeric(
        &mut self,
        json: Option<&Json>,
        match_name: impl Into<Cow<'static, str>>,
        value_type: ValueType,
        fill: &[f64],
    ) -> Option<Property> {
        let count = value_type.dimensions();
        let decode = |value: &Json| {
            let mut numbers = json::numbers(value).filter(|n| !n.is_empty())?;
            numbers.truncate(count);
            while numbers.len() < count {
                numbers.push(fill.get(numbers.len()).copied().unwrap_or(0.0));
            }
            Some(filmpress_composition::Value::Vector(Vector::new(&numbers)))
        };
        self.property(json, match_name, value_type, &decode)
    }

    /// A colour property; colours that count to 255 are brought to 1.
    pub fn color(&mut self, json: Option<&Json>, match_name: impl Into<Cow<'static, str>>) -> Option<Property> {
        let mut property = self.numeric(json, match_name, ValueType::Color, &[0.0, 0.0, 0.0, 1.0])?;
        let mut vectors: Vec<&mut Vector> = std::iter::once(&mut property.value)
            .chain(property.keyframes.iter_mut().map(|k| &mut k.value))
            .filter_map(|value| match value {
                filmpress_composition::Value::Vector(v) => Some(v),
                _ => None,
            })
            .collect();
        // A colour a little over 1 is an over-bright colour, one far over 1 counts to 255.
        if self.colors_to_255 || vectors.iter().any(|v| v.iter().any(|c| *c > 2.0)) {
            for vector in &mut vectors {
                let alpha = vector.get_or_zero(3);
                vector.iter_mut().for_each(|c| *c /= 255.0);
                if let Some(a) = vector.last_mut().filter(|_| alpha <= 1.0) {
                    *a = alpha;
                }
            }
        }
        Some(property)
    }

    /// A property of any type.
    pub fn property(
        &mut self,
        json: Option<&Json>,
        match_name: impl Into<Cow<'static, str>>,
        value_type: ValueType,
        decode: &Decode<'_>,
    ) -> Option<Property> {
        let (json, slot) = self.in_slot(json.filter(|v| !v.is_null())?);
        let match_name = match_name.into();
        let content = json.as_object().and_then(|o| o.get("k")).unwrap_or(json);
        let mut property = Property::new(match_name, "", value_type, filmpress_composition::Value::None);
        if let Some(keys) = keyframe_objects(content) {
            property.keyframes = self.keyframes(&keys, value_type, decode);
            property.value = property.keyframes.first().map(|k| k.value.clone())?;
            if property.keyframes.len() == 1 && json.get("a").and_then(json::number) != Some(1.0) {
                property.keyframes.clear();
            }
        } else if let Some(value) = decode(content) {
            property.value = value;
        } else {
            self.malformed(&property.match_name, content, "a value of its type");
            return None;
        }
        property.slot = slot;
        property.expression = json
            .get("x")
            .and_then(Json::as_str)
            .filter(|text| !text.trim().is_empty())
            .map(|text| Expression {
                text: text.replace("\r\n", "\n").replace('\r', "\n"),
                enabled: true,
            });
        Some(property)
    }

    fn keyframes(&mut self, keys: &[&Object], value_type: ValueType, decode: &Decode<'_>) -> Vec<Keyframe> {
        let mut raw: Vec<(f64, &Object)> = Vec::with_capacity(keys.len());
        for key in keys {
            match self.number(key, "t") {
                Some(frame) => raw.push((frame, key)),
                None => self.warn(Kind::Malformed, "a keyframe without time is left out"),
            }
        }
        raw.sort_by(|a, b| a.0.total_cmp(&b.0));

        let mut list: Vec<Keyframe> = Vec::with_capacity(raw.len());
        let mut eases: Vec<&Object> = Vec::with_capacity(raw.len());
        for (frame, key) in raw {
            // Files before 5.5 say at each key where it ends, and nothing at the last.
            let value = key.get("s").and_then(|s| decode_value(s, decode)).or_else(|| {
                let end = eases.last()?.get("e")?;
                decode_value(end, decode)
            });
            let Some(value) = value.or_else(|| list.last().map(|k| k.value.clone())) else {
                self.warn(
                    Kind::Malformed,
                    format!("the keyframe at frame {frame} has no value and is left out"),
                );
                continue;
            };
            list.push(Keyframe::linear(self.clock.layer_time(frame), value));
            eases.push(key);
        }
        for i in 0..list.len().saturating_sub(1) {
            let (head, tail) = list.split_at_mut(i + 1);
            if let (Some(from), Some(to), Some(ease)) = (head.last_mut(), tail.first_mut(), eases.get(i)) {
                connect(from, to, ease, value_type);
            }
        }
        if let (Some(last), Some(ease)) = (list.last_mut(), eases.last())
            && json::flag(ease, "h")
        {
            last.interpolation_out = Interpolation::Hold;
        }
        if self.clock.stretch < 0.0 {
            list.reverse();
            for key in &mut list {
                turn_round(key, value_type);
            }
        }
        list
    }
}

/// The keyframes of an animated property, `None` when the content is a static value.
fn keyframe_objects(content: &Json) -> Option<Vec<&Object>> {
    let is_key = |o: &Object| o.contains_key("t") || o.contains_key("s");
    match content {
        Json::Array(list) if list.iter().any(|v| v.as_object().is_some_and(is_key)) => {
            Some(list.iter().filter_map(Json::as_object).collect())
        }
        Json::Object(o) if is_key(o) => Some(vec![o]),
        _ => None,
    }
}

/// Paths and documents may stand in a list of one.
fn decode_value(json: &Json, decode: &Decode<'_>) -> Option<filmpress_composition::Value> {
    match json {
        Json::Array(list) if list.len() == 1 && list.first().is_some_and(Json::is_object) => {
            list.first().and_then(decode)
        }
        _ => decode(json),
    }
}

/// Sets the easing between two neighbours from the handles `o` and `i` of the first.
fn connect(from: &mut Keyframe, to: &mut Keyframe, ease: &Object, value_type: ValueType) {
    if json::flag(ease, "h") {
        from.interpolation_out = Interpolation::Hold;
        return;
    }
    if value_type.is_spatial() {
        let tangent = |key: &str| {
            let numbers = json::numbers(ease.get(key)?)?;
            let at = |i: usize| numbers.get(i).copied().unwrap_or(0.0);
            let tangent = [at(0), at(1), at(2)];
            (tangent != [0.0; 3]).then_some(tangent)
        };
        from.tangent_out = tangent("to");
        to.tangent_in = tangent("ti");
    }
    let (Some(out), Some(into)) = (handle_numbers(ease.get("o")), handle_numbers(ease.get("i"))) else {
        return;
    };
    let per_dimension = !value_type.is_spatial() && value_type != ValueType::Color;
    let deltas: Vec<f64> = match (&from.value, &to.value) {
        (filmpress_composition::Value::Vector(a), filmpress_composition::Value::Vector(b)) if per_dimension => {
            a.iter().zip(b.iter()).map(|(a, b)| b - a).collect()
        }
        _ => vec![1.0],
    };
    let pick = |list: &[f64], i: usize| list.get(i).or(list.last()).copied().unwrap_or(0.0);
    from.ease_out = deltas
        .iter()
        .enumerate()
        .map(|(i, delta)| Handle {
            influence: pick(&out.0, i).clamp(0.0, 1.0),
            offset: pick(&out.1, i) * delta,
        })
        .collect();
    to.ease_in = deltas
        .iter()
        .enumerate()
        .map(|(i, delta)| Handle {
            influence: (1.0 - pick(&into.0, i)).clamp(0.0, 1.0),
            offset: (1.0 - pick(&into.1, i)) * delta,
        })
        .collect();
    from.interpolation_out = Interpolation::Bezier;
    to.interpolation_in = Interpolation::Bezier;
}

/// Times and values of a handle, a number or a list each.
fn handle_numbers(handle: Option<&Json>) -> Option<(Vec<f64>, Vec<f64>)> {
    let handle = handle?.as_object()?;
    let x = json::numbers(handle.get("x")?)?;
    let y = json::numbers(handle.get("y")?)?;
    (!x.is_empty() && !y.is_empty()).then_some((x, y))
}

/// A key of a layer that plays backwards: what arrived now leaves.
fn turn_round(key: &mut Keyframe, value_type: ValueType) {
    std::mem::swap(&mut key.interpolation_in, &mut key.interpolation_out);
    std::mem::swap(&mut key.ease_in, &mut key.ease_out);
    std::mem::swap(&mut key.tangent_in, &mut key.tangent_out);
    if matches!(value_type, ValueType::OneD | ValueType::TwoD | ValueType::ThreeD) {
        for handle in key.ease_in.iter_mut().chain(&mut key.ease_out) {
            handle.offset = -handle.offset;
        }
    }
}
