//! JSON of any format, with limits that hold before memory is taken.

mod value;

use serde::de::DeserializeOwned;

pub(crate) use value::{Map, Value};

use crate::ReadError;
use crate::limits::{MAX_DEPTH, MAX_JSON_OBJECTS, MAX_NODES};

/// Parses a whole file, to a [`Value`] or a type of the caller's. A byte order mark is skipped; nesting is limited to [`MAX_DEPTH`] by the parser itself.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ReadError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    check_size(bytes)?;
    serde_json::from_slice(bytes).map_err(|error| {
        if error.to_string().starts_with("recursion limit") {
            return ReadError::Limit(format!(
                "JSON values are nested deeper than {MAX_DEPTH} at line {}",
                error.line()
            ));
        }
        ReadError::Malformed(format!("the JSON is broken: {error}"))
    })
}

/// Refuses JSON that would become too many values, before any is made: a value takes far more memory than the few
/// bytes that can stand for it.
fn check_size(bytes: &[u8]) -> Result<(), ReadError> {
    let (mut values, mut objects) = (0_usize, 0_usize);
    let mut rest = bytes.iter();
    while let Some(byte) = rest.next() {
        match byte {
            // Nothing counts inside a text.
            b'"' => {
                while let Some(byte) = rest.next() {
                    match byte {
                        b'"' => break,
                        b'\\' => drop(rest.next()),
                        _ => {}
                    }
                }
            }
            b',' | b'[' => values += 1,
            b'{' => {
                values += 1;
                objects += 1;
            }
            _ => {}
        }
    }
    if objects > MAX_JSON_OBJECTS {
        return Err(ReadError::Limit(format!(
            "the JSON has {objects} objects, more than {MAX_JSON_OBJECTS}"
        )));
    }
    if values > MAX_NODES {
        return Err(ReadError::Limit(format!("the JSON has more than {MAX_NODES} values")));
    }
    Ok(())
}

/// A value written as JSON.
#[cfg(test)]
macro_rules! json {
    ($($json:tt)+) => {
        $crate::json::Value::from(serde_json::json!($($json)+))
    };
}
#[cfg(test)]
pub(crate) use json;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_before_they_are_made() {
        let text = |part: &str, count: usize| format!("[{}0]", part.repeat(count));
        let refused = |text: &str| check_size(text.as_bytes()).err().map(|e| e.to_string());
        let many = refused(&text("{},", MAX_JSON_OBJECTS + 1)).unwrap();
        assert_eq!(many, "the JSON has 400001 objects, more than 400000");
        assert!(
            refused(&text("0,", MAX_NODES))
                .unwrap()
                .contains("more than 4000000 values")
        );
        assert_eq!(refused(&text("{},", MAX_JSON_OBJECTS)), None);
        // Braces in texts, and quotes in them, are neither.
        assert_eq!(refused(&format!("\"\\\"{}\"", "{".repeat(MAX_NODES * 2))), None);
    }

    #[test]
    fn deep_nesting_is_a_limit_and_marks_are_skipped() {
        assert_eq!(
            parse::<Value>(b"\xEF\xBB\xBF[1]").unwrap(),
            Value::Array(vec![Value::Number(1.0)])
        );
        let deep = "[".repeat(10_000);
        assert!(matches!(parse::<Value>(deep.as_bytes()), Err(ReadError::Limit(m)) if m.contains("deeper than 128")));
        assert!(matches!(parse::<Value>(b"{"), Err(ReadError::Malformed(_))));
    }
}
