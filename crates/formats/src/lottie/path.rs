//! Paths as values.

use crate::json::Value as Json;
use filmpress_composition::BezierPath;

use super::json;

/// A path: vertices `v`, tangents `i` and `o` relative to them, `c` closed. Older files keep the closed flag outside;
/// `closed` is used where the path has none.
pub(super) fn path(value: &Json, closed: bool) -> Option<BezierPath> {
    let object = match value {
        Json::Array(list) => list.first()?.as_object()?,
        other => other.as_object()?,
    };
    let points =
        |key: &str| -> Option<Vec<[f64; 2]>> { object.get(key)?.as_array()?.iter().map(json::point).collect() };
    let vertices = points("v")?;
    let tangents = |key: &str| {
        let mut list = points(key).unwrap_or_default();
        list.resize(vertices.len(), [0.0; 2]);
        list
    };
    Some(BezierPath {
        in_tangents: tangents("i"),
        out_tangents: tangents("o"),
        closed: if object.contains_key("c") {
            json::flag(object, "c")
        } else {
            closed
        },
        vertices,
    })
}
