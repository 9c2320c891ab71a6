//! Whole numbers as JSON Schema has them: `3.0` is one.

use serde_json::Value;

/// From here on, numbers with a point no longer tell one whole number from the next.
const EXACT: f64 = 9_007_199_254_740_991.0;

/// A whole number from 0 on.
pub fn whole(value: &Value) -> Option<u64> {
    let by_point = || value.as_f64().filter(|n| n.fract() == 0.0 && (0.0..=EXACT).contains(n));
    value.as_u64().or_else(|| by_point().map(|number| number as u64))
}

/// A whole number, also below 0.
pub fn whole_signed(value: &Value) -> Option<i64> {
    let by_point = || value.as_f64().filter(|n| n.fract() == 0.0 && n.abs() <= EXACT);
    value.as_i64().or_else(|| by_point().map(|number| number as i64))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{whole, whole_signed};

    #[test]
    fn a_point_and_nothing_behind_it_is_whole() {
        for (value, number) in [
            (json!(3), Some(3)),
            (json!(3.0), Some(3)),
            (json!(3.5), None),
            (json!("3"), None),
        ] {
            assert_eq!(whole(&value), number, "{value}");
            assert_eq!(whole_signed(&value), number.map(|number| number as i64), "{value}");
        }
        assert_eq!((whole(&json!(-1)), whole_signed(&json!(-2.0))), (None, Some(-2)));
        assert_eq!((whole(&json!(u64::MAX)), whole(&json!(1e300))), (Some(u64::MAX), None));
    }
}
