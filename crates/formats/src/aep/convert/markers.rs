//! Markers of layers and, on a layer of their own, of compositions (`mrst` > `mrky` > `Nmrd`).

use filmpress_composition::Marker;

use super::keyframes::{self, Axis};
use crate::aep::raw::{Chunk, Fields};

/// The markers in a layer's property tree, sorted by time.
pub(super) fn of_layer(tree: &Chunk<'_>) -> Vec<Marker> {
    let Some(list) = tree.child_list(*b"mrst") else {
        return Vec::new();
    };
    let (Some(tdbs), Some(records)) = (list.child_list(*b"tdbs"), list.child_list(*b"mrky")) else {
        return Vec::new();
    };
    keyframes::read(tdbs, 0, Axis::Steps)
        .iter()
        .zip(records.lists(*b"Nmrd"))
        .map(|(key, record)| Marker {
            time: key.time,
            duration: duration(record.fields(*b"NmHd")),
            comment: record.child(*b"Utf8").map(Chunk::text).unwrap_or_default(),
            ..Marker::default()
        })
        .collect()
}

fn duration(header: Fields<'_>) -> f64 {
    header.fraction(8).max(0.0)
}
