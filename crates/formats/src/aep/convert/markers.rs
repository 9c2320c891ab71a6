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
        .map(|(key, record)| marker(key.time, record))
        .collect()
}

/// Most parameters of a cue point.
const MOST_PARAMETERS: usize = 1000;

/// Comment, chapter, address, frame target, name of the cue point; then its parameters, name and value in turn.
fn marker(time: f64, record: &Chunk<'_>) -> Marker {
    let header = record.fields(*b"NmHd");
    let mut texts = record.leaves(*b"Utf8").map(Chunk::text);
    let mut next = || texts.next().unwrap_or_default();
    let mut marker = Marker {
        time,
        duration: duration(header),
        comment: lines(&next()),
        chapter: next(),
        url: next(),
        frame_target: next(),
        cue_point: next(),
        parameters: Vec::new(),
        label: header.u8(0x10),
        protected_region: header.bit(3, 1),
    };
    let count = (header.u32(4) as usize).min(MOST_PARAMETERS);
    while marker.parameters.len() < count {
        let (Some(name), Some(value)) = (texts.next(), texts.next()) else {
            break;
        };
        marker.parameters.push((name, value));
    }
    marker
}

fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// Stored over a divisor that is 600 where it is left out.
fn duration(header: Fields<'_>) -> f64 {
    match header.u32(12) {
        0 => f64::from(header.u32(8)) / 600.0,
        divisor => f64::from(header.u32(8)) / f64::from(divisor),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aep::raw::Chunk;

    #[test]
    fn a_marker_has_all_its_texts_and_parameters() {
        let mut header = vec![0; 20];
        header[3] = 2;
        header[7] = 2;
        header[8..16].copy_from_slice(&[0, 0, 2, 0x58, 0, 0, 2, 0x58]);
        header[16] = 9;
        let mut inside = vec![Chunk::leaf(*b"NmHd", header.clone())];
        for text in [
            "two\rlines",
            "Chapter 1",
            "http://a.b",
            "_top",
            "cue",
            "key",
            "value",
            "k2",
        ] {
            inside.push(Chunk::leaf(*b"Utf8", text.as_bytes().to_vec()));
        }
        let found = marker(1.5, &Chunk::list(*b"Nmrd", inside));
        assert_eq!((found.time, found.duration, found.label), (1.5, 1.0, 9));
        assert_eq!(
            (found.comment.as_str(), found.chapter.as_str()),
            ("two\nlines", "Chapter 1")
        );
        assert_eq!(
            (found.url.as_str(), found.frame_target.as_str()),
            ("http://a.b", "_top")
        );
        assert_eq!(found.cue_point, "cue");
        assert_eq!(
            found.parameters,
            [("key".to_owned(), "value".to_owned())],
            "the second lacks its value"
        );
        assert!(found.protected_region);
        header[12..16].fill(0);
        assert_eq!(duration(Fields(&header)), 1.0, "600 without a divisor");
    }
}
