//! A composition's settings (`cdta`), layers and markers.

use filmpress_composition::{Composition, Kind, WorkArea};

use super::items::{Shared, Source};
use super::notes::Notes;
use super::{essential_graphics, layer, markers};
use crate::aep::raw::{Chunk, Fields};

/// What layers that show it need to know.
pub(super) fn source(item: &Chunk<'_>, name: String) -> Source {
    let settings = item.fields(*b"cdta");
    Source {
        name,
        width: settings.u16(0x8C).into(),
        height: settings.u16(0x8E).into(),
        duration: Some(settings.fraction(0x2C).max(0.0)),
        is_audio: false,
    }
}

pub(super) fn convert(item: &Chunk<'_>, shared: &Shared<'_>, notes: &mut Notes) -> Composition {
    let settings = item.fields(*b"cdta");
    if settings.len() < 0xA0 {
        notes.warn(Kind::Malformed, "the composition's settings are missing or cut short");
    }
    let mut composition = Composition {
        width: settings.u16(0x8C).into(),
        height: settings.u16(0x8E).into(),
        pixel_aspect: match settings.fraction(0x90) {
            aspect if aspect > 0.0 => aspect,
            _ => 1.0,
        },
        frame_rate: frame_rate(settings),
        duration: settings.fraction(0x2C).max(0.0),
        display_start: settings.fraction(0xA4),
        work_area: None,
        background: [0x34, 0x35, 0x36].map(|at| f64::from(settings.u8(at)) / 255.0),
        motion_blur: settings.bit(0x8B, 3),
        shutter_angle: settings.u16(0xAE).into(),
        shutter_phase: settings.i32(0xB4).into(),
        preserve_frame_rate: settings.bit(0x8B, 5),
        preserve_resolution: settings.bit(0x8B, 7),
        layers: Vec::new(),
        markers: item
            .child_list(*b"SecL")
            .and_then(|layer| layer.child_list(*b"tdgp"))
            .map(markers::of_layer)
            .unwrap_or_default(),
        essential_graphics: essential_graphics::convert(item, notes),
        motion_blur_samples: samples(settings, 0xC8, 16),
        motion_blur_limit: samples(settings, 0xC4, 128),
        frame_blending: settings.bit(0x8B, 4),
        hide_shy: settings.bit(0x8B, 0),
        draft_3d: settings.bit(0x8A, 7),
        renderer: renderer(item),
        resolution_factor: [0, 2].map(|at| settings.u16(at).max(1)),
        drop_frame: item.fields(*b"cdrp").u8(0) != 0,
    };
    composition.work_area = work_area(settings, composition.duration);
    composition.layers = layer::convert_all(item, &composition, shared, notes);
    composition
}

/// Samples of a frame with motion blur; older files end before them.
fn samples(settings: Fields<'_>, at: usize, default: u32) -> u32 {
    match settings.u32(at) {
        0 => default,
        samples => samples.min(1024),
    }
}

/// The match name of the 3D renderer; files from before there was a choice have the classic one.
fn renderer(item: &Chunk<'_>) -> String {
    let name = item
        .child_list(*b"PRin")
        .map(|list| list.fields(*b"prin").c_string(4, 48))
        .filter(|name| !name.is_empty());
    name.unwrap_or_else(|| "ADBE Escher".to_owned())
}

/// Stored in 1/65536; the designer typed at most thousandths (29.97 is kept as 29.97000122).
pub(super) fn typed_frame_rate(stored: f64) -> f64 {
    let typed = (stored * 1000.0).round() / 1000.0;
    if (stored - typed).abs() <= 1.0 / 65536.0 {
        typed
    } else {
        stored
    }
}

fn frame_rate(settings: Fields<'_>) -> f64 {
    match f64::from(settings.u32(0x9C)) / 65536.0 {
        stored if stored > 0.0 => typed_frame_rate(stored),
        _ => 30.0,
    }
}

/// `None` when it is the whole composition.
fn work_area(settings: Fields<'_>, duration: f64) -> Option<WorkArea> {
    let start = settings.fraction(0x1C).clamp(0.0, duration);
    let end = match settings.u32(0x24) {
        u32::MAX => duration,
        _ => settings.fraction(0x24).clamp(0.0, duration),
    };
    let whole = start <= 0.0 && end >= duration;
    (!whole && end > start).then_some(WorkArea {
        start,
        duration: end - start,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frame_rates_are_what_was_typed() {
        let rate = |stored: f64| {
            let mut bytes = vec![0; 0xA0];
            bytes[0x9C..].copy_from_slice(&((stored * 65536.0).ceil() as u32).to_be_bytes());
            frame_rate(Fields(&bytes))
        };
        assert_eq!(rate(29.97), 29.97);
        assert_eq!(rate(23.976), 23.976);
        assert_eq!(rate(60.0), 60.0);
        assert!((rate(100.0 / 3.0) - 100.0 / 3.0).abs() < 2e-5);
        assert_eq!(frame_rate(Fields(&[])), 30.0);
    }

    #[test]
    fn a_work_area_to_the_end_is_the_whole_composition() {
        let mut bytes = vec![0; 0x34];
        bytes[0x20..0x24].copy_from_slice(&1u32.to_be_bytes());
        bytes[0x24..0x28].copy_from_slice(&u32::MAX.to_be_bytes());
        bytes[0x28..0x2C].copy_from_slice(&1u32.to_be_bytes());
        assert_eq!(work_area(Fields(&bytes), 5.0), None);
        bytes[0x1C..0x20].copy_from_slice(&2u32.to_be_bytes());
        assert_eq!(
            work_area(Fields(&bytes), 5.0),
            Some(WorkArea {
                start: 2.0,
                duration: 3.0
            })
        );
    }
}
