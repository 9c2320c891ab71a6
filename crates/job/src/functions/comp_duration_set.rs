//! `nx:comp-duration-set`: sets how long compositions are.

use filmpress_composition::{Diagnostics, Kind, Place, Project, Warned, WorkArea, lookup};
use serde_json::json;

use super::{Function, MAX_SECONDS};
use crate::assets::fields::Fields;
use crate::assets::target::composition_mut;
use crate::assets::{Asset, AssetError, Media};

pub(super) const FUNCTION: Function = Function {
    name: "comp-duration-set",
    parse,
    params: || {
        vec![
            json!({"type": "object", "required": ["value"], "properties": {"value": {"type": "number", "minimum": 0.001, "maximum": MAX_SECONDS}}}),
        ]
    },
    is_for_layers: false,
};

#[derive(Debug)]
struct Duration {
    composition: String,
    seconds: f64,
    continue_on_missing: bool,
}

fn parse(fields: &mut Fields<'_>) -> Option<Box<dyn Asset>> {
    let continue_on_missing = fields.flag("continueOnMissing");
    let beside = fields.string("composition");
    let Some((composition, seconds)) = fields.within("params", |params| {
        if params.get("value").is_none() {
            params.problem("value", "is required: seconds");
        }
        (
            params.string("composition"),
            params.number("value", 0.001..=MAX_SECONDS),
        )
    }) else {
        if fields.get("params").is_none() {
            fields.problem("params", "is required");
        }
        return None;
    };
    let composition = composition.or(beside).filter(|name| !name.is_empty());
    if composition.is_none() {
        fields.problem("params.composition", "is required");
    }
    Some(Box::new(Duration {
        composition: composition?,
        seconds: seconds?,
        continue_on_missing,
    }))
}

impl Asset for Duration {
    fn type_name(&self) -> &'static str {
        "function"
    }

    fn apply(&self, project: &mut Project, _: Option<Media>) -> Result<Warned<()>, AssetError> {
        let mut warnings = Diagnostics::new();
        let found = lookup::compositions(project, &self.composition);
        if found.is_empty() {
            let error = AssetError::CompositionNotFound {
                name: self.composition.clone(),
                there: project.compositions().map(|(item, _)| item.name.clone()).collect(),
            };
            if !self.continue_on_missing {
                return Err(error);
            }
            warnings.push(&Place::default(), Kind::Missing, error.to_string());
        }
        for id in found {
            if let Some(composition) = composition_mut(project, id) {
                composition.work_area = composition
                    .work_area
                    .and_then(|area| fitted(area, composition.duration, self.seconds));
                composition.duration = self.seconds;
            }
        }
        Ok(Warned::new((), warnings))
    }
}

/// A work area of the whole stays one of the whole; others are cut where the composition now ends.
fn fitted(area: WorkArea, old: f64, new: f64) -> Option<WorkArea> {
    let is_whole = area.start <= 0.0 && area.start + area.duration >= old - 1e-6;
    if is_whole || area.start >= new {
        return None;
    }
    Some(WorkArea {
        start: area.start,
        duration: area.duration.min(new - area.start),
    })
}
