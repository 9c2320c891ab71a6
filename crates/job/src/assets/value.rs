//! JSON to property values.

use std::sync::Arc;

use filmpress_composition::{BezierPath, Diagnostics, Kind, Place, Property, Value, ValueType, Vector};
use serde_json::Value as Json;

use super::AssetError;
use super::property::At;

/// Most vertices of a path a job may set.
const MAX_VERTICES: usize = 100_000;

/// Sets a property to a value of its type; keyframes go.
pub(crate) fn set(
    property: &mut Property,
    new: &Json,
    at: &At<'_>,
    place: &Place,
    warnings: &mut Diagnostics,
) -> Result<(), AssetError> {
    let value = match property.value_type {
        ValueType::OneD => Value::number(one_number(new).ok_or_else(|| at.wrong("a number", new))?),
        ValueType::Color => {
            let rgba = color(new).ok_or_else(|| at.wrong("a colour: [r, g, b] from 0 to 1, or \"#rrggbb\"", new))?;
            if rgba.iter().any(|c| !(0.0..=1.0).contains(c)) {
                let message = format!("`{}`: colours go from 0 to 1; {new} reaches beyond", at.path);
                warnings.push(place, Kind::Approximated, message);
            }
            rgba.into()
        }
        ValueType::TwoD | ValueType::ThreeD | ValueType::TwoDSpatial | ValueType::ThreeDSpatial => {
            let dimensions = property.value_type.dimensions();
            let expected = || format!("an array of {dimensions} numbers");
            let numbers = numbers(new).ok_or_else(|| at.wrong(expected(), new))?;
            // A flat position or scale is enough for a property that also has a depth.
            if numbers.len() > dimensions.max(3) || numbers.len() < 2 {
                return Err(at.wrong(expected(), new));
            }
            let mut vector = first_value(property);
            for (component, number) in vector.iter_mut().zip(&numbers) {
                *component = *number;
            }
            Value::Vector(vector)
        }
        ValueType::Path => Value::Path(Arc::new(path(new).ok_or_else(|| {
            at.wrong(
                "a path: {\"vertices\": [[x, y], ...], \"inTangents\", \"outTangents\", \"closed\"}",
                new,
            )
        })?)),
        ValueType::TextDocument
        | ValueType::NoValue
        | ValueType::Gradient
        | ValueType::Layer
        | ValueType::Mask
        | ValueType::Marker
        | ValueType::Custom => {
            return Err(AssetError::Unsupported(format!(
                "property `{}` of layer `{}` cannot be set by a job: its values are of type {:?}",
                at.path, at.layer, property.value_type
            )));
        }
    };
    property.set_value(value);
    Ok(())
}

/// Sets one component (`0`, `1`, `2`, `3`) at every keyframe; false when there is no such component.
pub(crate) fn set_component(
    property: &mut Property,
    member: &str,
    new: &Json,
    at: &At<'_>,
) -> Result<bool, AssetError> {
    let dimensions = property.value_type.dimensions();
    let Some(index) = member.parse::<usize>().ok().filter(|i| *i < dimensions) else {
        return Ok(false);
    };
    let number = one_number(new).ok_or_else(|| at.wrong("a number", new))?;
    let values = property.keyframes.iter_mut().map(|key| &mut key.value);
    for value in values.chain([&mut property.value]) {
        if let Value::Vector(vector) = value
            && let Some(component) = vector.get_mut(index)
        {
            *component = number;
        }
    }
    Ok(true)
}

/// The value in force before the change: the first keyframe's, else the static one.
fn first_value(property: &Property) -> Vector {
    let value = property.keyframes.first().map_or(&property.value, |key| &key.value);
    value.as_vector().unwrap_or_else(|| {
        let zeros = [0.0; 4];
        Vector::new(zeros.get(..property.value_type.dimensions()).unwrap_or(&zeros))
    })
}

/// A number; check boxes take `true` and `false`.
pub(crate) fn one_number(json: &Json) -> Option<f64> {
    match json {
        Json::Number(n) => n.as_f64(),
        Json::Bool(on) => Some(f64::from(u8::from(*on))),
        Json::String(text) => text.trim().parse().ok().filter(|n: &f64| n.is_finite()),
        Json::Array(list) if list.len() == 1 => one_number(list.first()?),
        _ => None,
    }
}

fn numbers(json: &Json) -> Option<Vec<f64>> {
    json.as_array()?.iter().map(Json::as_f64).collect()
}

/// `[r, g, b]` or `[r, g, b, a]` from 0 to 1, or `#rrggbb`, as straight RGBA.
pub(crate) fn color(json: &Json) -> Option<[f64; 4]> {
    if let Json::String(text) = json {
        let hex = text.strip_prefix('#')?;
        let digits = u32::from_str_radix(hex, 16).ok().filter(|_| hex.len() == 6)?;
        let part = |shift: u32| f64::from((digits >> shift) & 0xFF) / 255.0;
        return Some([part(16), part(8), part(0), 1.0]);
    }
    match *numbers(json)? {
        [r, g, b] => Some([r, g, b, 1.0]),
        [r, g, b, a] => Some([r, g, b, a]),
        _ => None,
    }
}

fn path(json: &Json) -> Option<BezierPath> {
    let points = |field: &str| -> Option<Vec<[f64; 2]>> {
        let list = json.get(field)?.as_array().filter(|list| list.len() <= MAX_VERTICES)?;
        list.iter().map(|point| numbers(point)?.try_into().ok()).collect()
    };
    let vertices = points("vertices")?;
    let closed = json.get("closed").is_none_or(|c| c.as_bool() == Some(true));
    let tangents = |field: &str| match json.get(field) {
        None => Some(vec![[0.0; 2]; vertices.len()]),
        Some(_) => points(field).filter(|list| list.len() == vertices.len()),
    };
    Some(BezierPath {
        in_tangents: tangents("inTangents")?,
        out_tangents: tangents("outTangents")?,
        vertices,
        closed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use filmpress_composition::Keyframe;
    use serde_json::json;

    const AT: At<'static> = At { path: "P", layer: "L" };

    fn set_in(value_type: ValueType, old: Value, new: &Json) -> Result<Value, String> {
        let mut property = Property::new("X", "X", value_type, old);
        let mut warnings = Diagnostics::new();
        set(&mut property, new, &AT, &Place::default(), &mut warnings).map_err(|e| e.to_string())?;
        Ok(property.value)
    }

    #[test]
    fn numbers_flags_points_and_colours() {
        let zero = || Value::number(0.0);
        assert_eq!(set_in(ValueType::OneD, zero(), &json!(12.5)), Ok(12.5.into()));
        assert_eq!(set_in(ValueType::OneD, zero(), &json!(true)), Ok(1.0.into()));
        assert!(set_in(ValueType::OneD, zero(), &json!([1, 2])).is_err());
        let scale = || [100.0, 100.0, 80.0].into();
        assert_eq!(
            set_in(ValueType::ThreeD, scale(), &json!([50, 60])),
            Ok([50.0, 60.0, 80.0].into()),
            "the depth stays"
        );
        assert_eq!(
            set_in(ValueType::TwoD, [1.0, 1.0].into(), &json!([5, 6, 7])),
            Ok([5.0, 6.0].into()),
            "a depth too many is dropped"
        );
        assert!(set_in(ValueType::ThreeD, scale(), &json!(["a", 1])).is_err());
        assert!(set_in(ValueType::ThreeD, scale(), &json!(50)).is_err());
        let black = || [0.0, 0.0, 0.0, 1.0].into();
        assert_eq!(
            set_in(ValueType::Color, black(), &json!([0.5, 0, 1])),
            Ok([0.5, 0.0, 1.0, 1.0].into())
        );
        assert_eq!(
            set_in(ValueType::Color, black(), &json!("#ff0033")),
            Ok([1.0, 0.0, 0.2, 1.0].into())
        );
        let error = set_in(ValueType::Color, black(), &json!("red")).unwrap_err();
        assert!(
            error.contains("`P` of layer `L`") && error.contains("\"red\""),
            "{error}"
        );
    }

    #[test]
    fn setting_a_value_ends_the_animation() {
        let mut property = Property::new("X", "X", ValueType::OneD, Value::number(1.0));
        property.keyframes.push(Keyframe::linear(0.0, 1.0));
        property.keyframes.push(Keyframe::linear(1.0, 2.0));
        set(
            &mut property,
            &json!(7),
            &AT,
            &Place::default(),
            &mut Diagnostics::new(),
        )
        .unwrap();
        assert!(!property.is_animated());
        assert_eq!(property.value, Value::number(7.0));
    }

    #[test]
    fn one_component_changes_at_every_keyframe() {
        let mut property = Property::new("X", "X", ValueType::TwoD, [0.0, 1.0].into());
        property.keyframes.push(Keyframe::linear(0.0, [2.0, 3.0]));
        assert_eq!(set_component(&mut property, "1", &json!(9), &AT), Ok(true));
        assert_eq!(property.keyframes[0].value, [2.0, 9.0].into());
        assert_eq!(set_component(&mut property, "2", &json!(9), &AT), Ok(false));
        assert_eq!(set_component(&mut property, "x", &json!(9), &AT), Ok(false));
    }

    #[test]
    fn paths_need_matching_tangents() {
        let empty = || Value::Path(Arc::default());
        let set = |json| set_in(ValueType::Path, empty(), &json);
        let Ok(Value::Path(path)) = set(json!({"vertices": [[0, 0], [1, 0], [1, 1]]})) else {
            panic!("a path")
        };
        assert!(path.closed && path.in_tangents == [[0.0; 2]; 3]);
        assert!(set(json!({"vertices": [[0, 0]], "inTangents": []})).is_err());
        assert!(set(json!([[0, 0]])).is_err());
    }
}
