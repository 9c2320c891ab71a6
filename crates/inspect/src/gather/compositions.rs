//! The compositions.

use std::collections::BTreeMap;

use filmpress_composition::{ItemId, Layer, Marker};

use super::{Gather, cut, layers, number};
use crate::limits;
use crate::report::{CompositionReport, MarkerReport, MotionBlurReport, SpanReport, UseReport, Verdict};

pub(super) fn list(gather: &Gather<'_>, mut verdicts: BTreeMap<ItemId, Verdict>) -> Vec<CompositionReport> {
    let mut users: BTreeMap<ItemId, Vec<UseReport>> = BTreeMap::new();
    for seen in &gather.compositions {
        for source in seen.composition.layers.iter().filter_map(Layer::source) {
            let list = users.entry(source).or_default();
            if list.len() < limits::INNER && list.last().is_none_or(|last| last.id != seen.item.id.0) {
                list.push(UseReport {
                    id: seen.item.id.0,
                    name: cut(&seen.item.name, limits::NAME),
                });
            }
        }
    }
    gather
        .compositions
        .iter()
        .map(|seen| {
            let c = seen.composition;
            CompositionReport {
                id: seen.item.id.0,
                name: cut(&seen.item.name, limits::NAME),
                folders: gather.folders(seen.item),
                width: c.width,
                height: c.height,
                pixel_aspect: number(c.pixel_aspect),
                frame_rate: number(c.frame_rate),
                duration: number(c.duration),
                frames: c.frame_count(),
                work_area: c.work_area.map(|area| SpanReport {
                    start: number(area.start),
                    duration: number(area.duration),
                }),
                background: c.background.map(number),
                motion_blur: c.motion_blur.then(|| MotionBlurReport {
                    shutter_angle: number(c.shutter_angle),
                    shutter_phase: number(c.shutter_phase),
                    samples: c.motion_blur_samples,
                }),
                markers: markers(&c.markers),
                used_by: users.remove(&seen.item.id).unwrap_or_default(),
                verdict: verdicts.remove(&seen.item.id).unwrap_or_default(),
                layers: layers::list(gather, seen),
            }
        })
        .collect()
}

pub(super) fn markers(markers: &[Marker]) -> Vec<MarkerReport> {
    let told = markers.iter().take(limits::INNER);
    told.map(|marker| MarkerReport {
        time: number(marker.time),
        duration: number(marker.duration),
        comment: cut(&marker.comment, limits::NAME),
    })
    .collect()
}
