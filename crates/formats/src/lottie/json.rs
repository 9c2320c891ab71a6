//! Reading JSON values that exporters disagree about: numbers as strings, one-number arrays for numbers, 0/1 for
//! booleans. Nothing here fails; what cannot be read is `None`.

use crate::json::Value;
use crate::limits::cut_name;

/// A JSON object.
pub(super) type Object = crate::json::Map;

/// Larger than any coordinate, time or size that means something; keeps later arithmetic finite.
const HUGE: f64 = 1e9;

/// A number: also from a string, a boolean, the first element of an array or the value of a property that is not
/// animated.
pub(super) fn number(value: &Value) -> Option<f64> {
    let n = match value {
        Value::Number(n) => *n,
        Value::String(s) => s.trim().parse().ok()?,
        Value::Bool(b) => f64::from(u8::from(*b)),
        Value::Array(list) => match list.first()? {
            first @ (Value::Number(_) | Value::String(_)) => number(first)?,
            _ => return None,
        },
        Value::Object(o) => match o.get("k")? {
            inner @ (Value::Number(_) | Value::String(_) | Value::Array(_)) => number(inner)?,
            _ => return None,
        },
        Value::Null => return None,
    };
    n.is_finite().then(|| n.clamp(-HUGE, HUGE))
}

/// A list of numbers: also from a single number, or an object with `x`, `y`, `z`.
pub(super) fn numbers(value: &Value) -> Option<Vec<f64>> {
    match value {
        Value::Array(list) => list.iter().map(number).collect(),
        Value::Object(o) => ["x", "y", "z"]
            .iter()
            .map_while(|axis| o.get(axis))
            .map(number)
            .collect::<Option<Vec<_>>>()
            .filter(|list| !list.is_empty()),
        _ => number(value).map(|n| vec![n]),
    }
}

/// A point: the first two of [`numbers`].
pub(super) fn point(value: &Value) -> Option<[f64; 2]> {
    match numbers(value)?.as_slice() {
        [x, y, ..] => Some([*x, *y]),
        _ => None,
    }
}

/// Yes or no, where the key is there and true in any spelling.
pub(super) fn flag(object: &Object, key: &str) -> bool {
    match object.get(key) {
        Some(Value::Bool(b)) => *b,
        Some(Value::String(s)) => s == "true" || s == "1",
        Some(other) => number(other).is_some_and(|n| n != 0.0),
        None => false,
    }
}

/// A text; numbers are written out.
pub(super) fn text(object: &Object, key: &str) -> Option<String> {
    match object.get(key)? {
        Value::String(s) => Some(s.to_string()),
        Value::Number(n) => Some(n.to_string()),
        _ => None,
    }
}

/// A name: a text that is not longer than names may be.
pub(super) fn name(object: &Object, key: &str) -> Option<String> {
    text(object, key).map(|name| cut_name(&name).to_owned())
}

/// The objects of a list, in order; a single object counts as a list of one.
pub(super) fn objects<'v>(object: &'v Object, key: &str) -> impl Iterator<Item = &'v Object> + use<'v> {
    let list = match object.get(key) {
        Some(Value::Array(list)) => list.as_slice(),
        Some(single @ Value::Object(_)) => std::slice::from_ref(single),
        _ => &[],
    };
    list.iter().filter_map(Value::as_object)
}

/// What sort of value it is, for warnings.
pub(super) fn sort(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::json;

    #[test]
    fn numbers_come_in_many_spellings() {
        for spelling in [
            json!(2.5),
            json!("2.5"),
            json!([2.5, 9]),
            json!({"a": 0, "k": 2.5}),
            json!({"k": [2.5]}),
        ] {
            assert_eq!(number(&spelling), Some(2.5), "{spelling:?}");
        }
        for not in [
            json!(null),
            json!("x"),
            json!([]),
            json!([[1]]),
            json!({"k": [{"t": 0}]}),
        ] {
            assert_eq!(number(&not), None, "{not:?}");
        }
        assert_eq!(number(&json!(1e300)), Some(1e9));
        assert_eq!(numbers(&json!({"x": 1, "y": 2})), Some(vec![1.0, 2.0]));
        assert_eq!(numbers(&json!([1, {}])), None);
    }
}
