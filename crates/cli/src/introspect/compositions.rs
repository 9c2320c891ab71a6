//! Compositions in the words of the API.

use std::collections::{BTreeMap, BTreeSet};

use filmpress_inspect::Report;
use filmpress_inspect::report::{CompositionReport, FontReport, FontState, Outcome};
use filmpress_job::metadata::CompositionInfo;
use serde_json::{Map, Value, json};

use super::layers::{data, slot};

/// The compositions in the project's order.
pub fn list(report: &Report) -> Vec<CompositionInfo> {
    let fonts = Fonts::of(report);
    report
        .compositions
        .iter()
        .map(|composition| CompositionInfo {
            aeid: composition.id.to_string(),
            name: composition.name.clone(),
            width: composition.width,
            height: composition.height,
            duration: composition.duration,
            frame_rate: composition.frame_rate,
            data: about(report, composition, &fonts),
        })
        .collect()
}

/// The member `data`: what the contract leaves empty.
fn about(report: &Report, composition: &CompositionReport, fonts: &Fonts<'_>) -> Map<String, Value> {
    let slots = report.slots.iter().filter(|slot| slot.composition_id == composition.id);
    let controls = report
        .panels
        .iter()
        .filter(|panel| panel.composition_id == composition.id)
        .flat_map(|panel| &panel.controls)
        .map(|control| {
            json!({"name": control.name, "layerName": control.path, "type": control.kind, "value": control.value,
                "min": control.min, "max": control.max, "choices": control.choices})
        });
    data(json!({
        "background": composition.background,
        "pixelAspect": composition.pixel_aspect,
        "frames": composition.frames,
        "workArea": composition.work_area,
        "folders": composition.folders,
        "isMain": report.main_composition_id == Some(composition.id),
        "usedBy": composition.used_by.iter().map(|user| &user.name).collect::<Vec<_>>(),
        "layerCount": composition.layers.len(),
        "fonts": fonts.needed_by(composition.id),
        "slots": slots.map(slot).collect::<Vec<_>>(),
        "controls": controls.collect::<Vec<_>>(),
        "support": match composition.verdict.outcome {
            Outcome::Full => "full",
            Outcome::Approximate => "approximate",
            Outcome::Incomplete => "incomplete",
        },
    }))
}

/// Which fonts each composition needs, with those nested in it.
struct Fonts<'a> {
    by_name: BTreeMap<&'a str, Vec<&'a FontReport>>,
    /// Names of the fonts of a composition's own texts.
    own: BTreeMap<u32, BTreeSet<&'a str>>,
    /// The compositions that a composition shows.
    nested: BTreeMap<u32, BTreeSet<u32>>,
}

/// Steps through nested compositions for all lists together.
const STEPS: usize = 1_000_000;

impl<'a> Fonts<'a> {
    fn of(report: &'a Report) -> Self {
        let mut this = Self {
            by_name: BTreeMap::new(),
            own: BTreeMap::new(),
            nested: BTreeMap::new(),
        };
        for font in &report.fonts {
            this.by_name.entry(&font.name).or_default().push(font);
        }
        for text in &report.texts {
            let own = this.own.entry(text.composition_id).or_default();
            own.insert(&text.font);
            own.extend(text.runs.iter().map(|run| run.font.as_str()));
        }
        for composition in &report.compositions {
            let layers = composition.layers.iter();
            let shown = layers.filter(|layer| layer.source_kind == Some("composition"));
            this.nested
                .insert(composition.id, shown.filter_map(|layer| layer.source_id).collect());
        }
        this
    }

    fn needed_by(&self, composition: u32) -> Vec<Value> {
        let (mut met, mut open) = (BTreeSet::from([composition]), vec![composition]);
        let mut names: BTreeSet<&str> = BTreeSet::new();
        let mut left = STEPS / self.nested.len().max(1);
        while let Some(id) = open.pop() {
            names.extend(self.own.get(&id).into_iter().flatten());
            for next in self.nested.get(&id).into_iter().flatten() {
                if left > 0 && met.insert(*next) {
                    open.push(*next);
                }
                left = left.saturating_sub(1);
            }
        }
        let fonts = names.into_iter().filter_map(|name| self.by_name.get(name)).flatten();
        fonts.map(|font| one(font)).collect()
    }
}

fn one(font: &FontReport) -> Value {
    json!({
        "postScriptName": font.name,
        "family": font.family,
        "style": font.style,
        // Whether a job must find it elsewhere.
        "inTemplate": font.in_template || font.state == FontState::Carried,
        "onServer": font.state == FontState::Present && !font.in_template,
    })
}
