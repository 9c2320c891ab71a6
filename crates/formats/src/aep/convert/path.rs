//! Mask and shape paths (`om-s` > `omks` > `shap`).

use std::sync::Arc;

use filmpress_composition::{BezierPath, Kind, Property, Value, ValueType};

use super::keyframes::Axis;
use super::layer::Scope;
use super::notes::Notes;
use super::{property, roto_bezier};
use crate::aep::raw::{Chunk, Fields};

/// A path property; one `shap`, or one a keyframe.
pub(super) fn convert(list: &Chunk<'_>, match_name: &str, scope: &Scope<'_>, notes: &mut Notes) -> Property {
    let size = match match_name {
        "ADBE Mask Shape" => scope.source.unwrap_or([1.0; 2]),
        _ => [1.0; 2],
    };
    let tdbs = list.child_list(*b"tdbs");
    let is_roto = tdbs.is_some_and(is_roto_bezier);
    let shapes: Vec<&Chunk<'_>> = list
        .child_list(*b"omks")
        .into_iter()
        .flat_map(|shapes| shapes.lists(*b"shap"))
        .collect();
    if shapes.iter().any(|s| s.fields(*b"fth5").len() > 0) {
        notes.warn(Kind::Unsupported, "its feather of variable width is not drawn");
    }
    let values = shapes
        .iter()
        .map(|shape| {
            let mut path = path(shape, size);
            if is_roto {
                roto_bezier::derive(&mut path, shape.fields(*b"omtn"));
            }
            Value::Path(Arc::new(path))
        })
        .collect();
    let property = property::listed(tdbs, match_name, ValueType::Path, values, Axis::Relative);
    if is_roto && property.keyframes.len() > 1 {
        notes.warn(
            Kind::Approximated,
            "between keyframes its RotoBezier curves are blended instead of drawn anew",
        );
    }
    property
}

/// Whether the tangents follow from tensions; the flag sits on the path.
pub(super) fn is_roto_bezier(tdbs: &Chunk<'_>) -> bool {
    tdbs.fields(*b"tdsb").bit(0, 0)
}

/// The path of a mask that stores none: all of the layer's source, a square of one pixel where there is none.
pub(super) fn whole(scope: &Scope<'_>) -> Property {
    let [width, height] = scope.source.unwrap_or([1.0; 2]);
    let corners = vec![[0.0, 0.0], [0.0, height], [width, height], [width, 0.0]];
    let path = Value::Path(Arc::new(BezierPath::polygon(corners, true)));
    Property::new("ADBE Mask Shape", "", ValueType::Path, path)
}

/// One path, its coordinates times `size`.
fn path(shape: &Chunk<'_>, [width, height]: [f64; 2]) -> BezierPath {
    let header = shape.fields(*b"shph");
    let normalised = header.bit(3, 0);
    let [left, top, right, bottom] = [4, 8, 12, 16].map(|at| header.f32(at));
    let points = points(shape, |x, y| {
        if normalised {
            [left + x * (right - left), top + y * (bottom - top)]
        } else {
            [x, y]
        }
    });
    let mut path = BezierPath {
        closed: !header.bit(3, 3),
        ..BezierPath::default()
    };
    // Triples: the vertex, its outgoing control point, the incoming one of the next vertex (for the last: the first).
    let count = points.len().div_ceil(3);
    let point = |i: usize| points.get(i).copied();
    for i in 0..count {
        let Some(vertex) = point(3 * i) else { break };
        let from = |control: Option<[f64; 2]>| {
            let [x, y] = control.unwrap_or(vertex);
            [x - vertex[0], y - vertex[1]]
        };
        let arriving = if i == 0 { 3 * count - 1 } else { 3 * i - 1 };
        path.vertices.push(vertex);
        path.out_tangents.push(from(point(3 * i + 1)));
        path.in_tangents.push(from(point(arriving)));
    }
    path.scale(width, height);
    path
}

fn points(shape: &Chunk<'_>, place: impl Fn(f64, f64) -> [f64; 2]) -> Vec<[f64; 2]> {
    let Some(list) = shape.child_list(*b"list") else {
        return Vec::new();
    };
    let header = list.fields(*b"lhd3");
    let (count, size) = (header.u32(8) as usize, header.u32(0x10) as usize);
    match list.child(*b"ldat") {
        Some(data) if size >= 8 => data
            .data
            .chunks_exact(size)
            .take(count)
            .map(|record| place(Fields(record).f32(0), Fields(record).f32(4)))
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(flags: u8, points: &[[f32; 2]]) -> Chunk<'static> {
        let mut header = vec![0, 0, 0, flags];
        for x in [100.0f32, 200.0, 300.0, 600.0] {
            header.extend(x.to_be_bytes());
        }
        let mut lhd3 = vec![0; 52];
        lhd3[8..12].copy_from_slice(&(points.len() as u32).to_be_bytes());
        lhd3[16..20].copy_from_slice(&8u32.to_be_bytes());
        let data: Vec<u8> = points.iter().flatten().flat_map(|x| x.to_be_bytes()).collect();
        Chunk::list(
            *b"shap",
            vec![
                Chunk::leaf(*b"shph", header),
                Chunk::list(*b"list", vec![Chunk::leaf(*b"lhd3", lhd3), Chunk::leaf(*b"ldat", data)]),
            ],
        )
    }

    #[test]
    fn control_points_belong_to_their_vertices() {
        let chunk = shape(
            1 | 8,
            &[
                [0.0, 0.0], // vertex 0 at (100, 200)
                [0.5, 0.0], // leaves to the right by 100
                [1.0, 0.5], // arrives at vertex 1 from above by 200
                [1.0, 1.0], // vertex 1 at (300, 600)
                [1.0, 1.0],
                [0.0, 0.25], // arrives at vertex 0 from below by 100
            ],
        );
        let path = path(&chunk, [1.0; 2]);
        assert!(!path.closed);
        assert_eq!(path.vertices, [[100.0, 200.0], [300.0, 600.0]]);
        assert_eq!(path.out_tangents, [[100.0, 0.0], [0.0, 0.0]]);
        assert_eq!(path.in_tangents, [[0.0, 100.0], [0.0, -200.0]]);
    }

    #[test]
    fn fractions_of_the_source_become_pixels() {
        let path = path(&shape(0, &[[0.25, 0.5], [0.25, 0.5], [0.25, 0.5]]), [400.0, 200.0]);
        assert!(path.closed);
        assert_eq!(path.vertices, [[100.0, 100.0]]);
    }

    #[test]
    fn an_empty_path_is_empty() {
        assert!(path(&Chunk::list(*b"shap", Vec::new()), [1.0; 2]).vertices.is_empty());
    }
}
