//! Values that are not plain numbers: paths and gradients.

use std::sync::Arc;

use filmpress_composition::{AlphaStop, BezierPath, ColorStop, Gradient, Value};
use serde_json::Value as Json;

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

/// Gradient colours: `stops` times offset, red, green, blue, then offset and opacity of each opacity stop. The
/// exporter has turned midpoints into stops of their own, so every midpoint is even.
pub(super) fn gradient(value: &Json, stops: usize) -> Option<Value> {
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
