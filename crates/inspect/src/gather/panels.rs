//! Essential Graphics panels.

use filmpress_composition::{
    Control, ControlKind, ControlValue, Diagnostics, DrivenProperty, EssentialGraphics, Kind, Place, lookup,
};
use serde_json::{Value as Json, json};

use super::{Gather, Seen, cut, number};
use crate::limits;
use crate::report::{ControlReport, DrivenReport, PanelReport};

pub(super) fn list(gather: &Gather<'_>, warnings: &mut Diagnostics) -> Vec<PanelReport> {
    let mut left = limits::ENTRIES;
    let mut panels = Vec::new();
    for seen in &gather.compositions {
        let Some(panel) = &seen.composition.essential_graphics else {
            continue;
        };
        let controls: Vec<ControlReport> = controls(panel)
            .take(left)
            .map(|(depth, path, control)| one(gather, depth, &path, control))
            .collect();
        left -= controls.len();
        let all = panel.iter().count();
        if controls.len() < all {
            let message = format!("only the first {} of {all} controls are listed", controls.len());
            warnings.push(&Place(vec![seen.item.name.clone()]), Kind::Limit, message);
        }
        panels.push(PanelReport {
            composition: cut(&seen.item.name, limits::NAME),
            composition_id: seen.item.id.0,
            name: cut(&panel.name, limits::NAME),
            controls,
        });
    }
    panels
}

/// Controls with how many groups they are in and the path an `essential` asset names them by.
pub(super) fn controls(panel: &EssentialGraphics) -> impl Iterator<Item = (usize, String, &Control)> {
    let mut names: Vec<&str> = Vec::new();
    panel.iter().map(move |(depth, control)| {
        names.truncate(depth);
        names.push(&control.name);
        let dotted = names.iter().any(|name| name.contains('.'));
        let path = cut(&names.join(if dotted { "->" } else { "." }), 4 * limits::NAME);
        (depth, path, control)
    })
}

fn one(gather: &Gather<'_>, depth: usize, path: &str, control: &Control) -> ControlReport {
    let (min, max) = match control.kind {
        ControlKind::Slider { min, max } => (min, max),
        _ => (None, None),
    };
    let choices = match &control.kind {
        ControlKind::Dropdown { choices } => choices
            .iter()
            .take(limits::INNER)
            .map(|c| cut(c, limits::NAME))
            .collect(),
        _ => Vec::new(),
    };
    ControlReport {
        id: cut(&control.id, limits::NAME),
        name: cut(&control.name, limits::NAME),
        path: path.to_owned(),
        depth,
        kind: control.kind.as_str(),
        value: value(control.value.as_ref()),
        min: min.map(number),
        max: max.map(number),
        choices,
        drives: control
            .drives
            .iter()
            .take(limits::INNER)
            .map(|d| driven(gather, d))
            .collect(),
    }
}

/// A control's value as JSON.
pub(super) fn value(value: Option<&ControlValue>) -> Json {
    match value {
        None => Json::Null,
        Some(ControlValue::Checkbox(on)) => json!(on),
        Some(ControlValue::Number(x)) => json!(number(*x)),
        Some(ControlValue::Numbers(v)) => json!(v.iter().copied().map(number).collect::<Vec<_>>()),
        Some(ControlValue::Color(rgba)) => json!(rgba.map(number)),
        Some(ControlValue::Choice(n)) => json!(n),
        Some(ControlValue::Text(text)) => json!(cut(text, limits::TEXT)),
    }
}

fn driven(gather: &Gather<'_>, driven: &DrivenProperty) -> DrivenReport {
    let seen: Option<&Seen<'_>> = gather.seen(driven.composition);
    let index = seen.and_then(|seen| seen.by_id.get(&driven.layer).copied());
    let layer = seen.zip(index).and_then(|(seen, i)| seen.composition.layers.get(i));
    let found = lookup::driven_property(gather.project, driven);
    let steps = driven.path.iter().take(limits::INNER);
    DrivenReport {
        composition: seen.map(|seen| cut(&seen.item.name, limits::NAME)).unwrap_or_default(),
        composition_id: driven.composition.0,
        layer: layer.map(|layer| cut(&layer.name, limits::NAME)).unwrap_or_default(),
        layer_index: index.map_or(0, |i| i + 1),
        match_names: steps.map(|step| cut(&step.match_name, limits::NAME)).collect(),
        problem: found.as_ref().err().map(ToString::to_string),
        property: found.ok().map(|found| cut(&found.path, 4 * limits::NAME)),
    }
}
