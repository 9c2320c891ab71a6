//! The controls of the description (`clientControls`) and those of the project's panel, which are the same by id.

use std::collections::{BTreeMap, BTreeSet};

use filmpress_composition::{
    Control, ControlKind, ControlValue, Diagnostics, ItemId, ItemKind, Kind, MediaSettings, Place, Project, Vector,
};
use serde_json::Value as Json;

use crate::aep::convert::essential_graphics::{self, PLACE};
use crate::limits::MAX_CONTROLS;

/// Gives the controls of the main composition's panel what only the description says (names in every language, ranges,
/// choices, values), and says where the two disagree. What drives what is the project's word.
pub(super) fn describe(project: &mut Project, main: Option<ItemId>, definition: &Json, warnings: &mut Diagnostics) {
    let Some(list) = definition.get("clientControls").and_then(Json::as_array) else {
        return;
    };
    let place = Place(vec![PLACE.to_owned()]);
    let panel = main
        .and_then(|id| project.item_mut(id))
        .and_then(|item| match &mut item.kind {
            ItemKind::Composition(composition) => composition.essential_graphics.as_mut(),
            _ => None,
        });
    let Some(panel) = panel else {
        if !list.is_empty() {
            warnings.push(
                &place,
                Kind::Missing,
                format!("the description has {} controls, the project has none", list.len()),
            );
        }
        return;
    };
    let mut described: BTreeMap<String, &Json> = BTreeMap::new();
    for json in list.iter().take(MAX_CONTROLS) {
        let id = json.get("id").and_then(Json::as_str).unwrap_or_default();
        described.entry(id.to_ascii_lowercase()).or_insert(json);
    }
    let mut known = BTreeSet::new();
    for control in &mut panel.controls {
        visit(control, &mut |control| {
            known.insert(control.id.clone());
            let place = place.join(&control.name);
            match described.get(&control.id) {
                Some(json) => merge(control, json, &place, warnings),
                None => warnings.push(
                    &place,
                    Kind::Malformed,
                    "the control is not in the template's description",
                ),
            }
        });
    }
    for (id, json) in described.iter().filter(|(id, _)| !known.contains(*id)) {
        let (name, _) = localized(json.get("uiName"));
        warnings.push(
            &place.join(name),
            Kind::Missing,
            format!("the description has this control, the project has none with its id `{id}`: it drives nothing"),
        );
    }
}

fn visit(control: &mut Control, f: &mut impl FnMut(&mut Control)) {
    f(control);
    if let ControlKind::Group { controls, .. } = &mut control.kind {
        for control in controls {
            visit(control, f);
        }
    }
}

/// The first text of a `strDB`, and all by locale.
fn localized(json: Option<&Json>) -> (String, BTreeMap<String, String>) {
    let list = json.and_then(|json| json.get("strDB")).and_then(Json::as_array);
    let mut first = None;
    let mut all = BTreeMap::new();
    for entry in list.into_iter().flatten() {
        let text = |key: &str| entry.get(key).and_then(Json::as_str).map(str::to_owned);
        let Some(words) = text("str") else { continue };
        first.get_or_insert_with(|| words.clone());
        if let Some(locale) = text("localeString") {
            all.insert(locale, words);
        }
    }
    (first.unwrap_or_default(), all)
}

fn merge(control: &mut Control, json: &Json, place: &Place, warnings: &mut Diagnostics) {
    let kind = json.get("type").and_then(Json::as_u64).unwrap_or(0);
    if number_of(&control.kind).is_some_and(|own| own != kind) {
        warnings.push(
            place,
            Kind::Malformed,
            format!(
                "the control is a {} in the project and of type {kind} in the description",
                control.kind.as_str()
            ),
        );
        return;
    }
    let (name, names) = localized(json.get("uiName"));
    if !name.is_empty() && name != control.name && !control.names.values().any(|own| *own == name) {
        warnings.push(
            place,
            Kind::Malformed,
            format!("the control is called `{name}` in the description"),
        );
    }
    for (locale, name) in names {
        control.names.entry(locale).or_insert(name);
    }
    let number = |key: &str| json.get(key).and_then(Json::as_f64);
    let whole = |key: &str| number(key).map_or(0, |n| n.clamp(0.0, f64::from(u32::MAX)) as u32);
    match &mut control.kind {
        ControlKind::Slider { min, max } => {
            *min = min.or(number("min"));
            *max = max.or(number("max"));
        }
        ControlKind::Dropdown { choices } => {
            let menu = json.get("menucontent").and_then(Json::as_array);
            let described: Vec<String> = menu
                .into_iter()
                .flatten()
                .map(|entry| localized(Some(entry)).0)
                .collect();
            if choices.is_empty() {
                *choices = described;
            } else if !described.is_empty() && described != *choices {
                warnings.push(
                    place,
                    Kind::Malformed,
                    format!("the description has other choices: `{}`", described.join("`, `")),
                );
            }
        }
        ControlKind::Text(settings) => {
            if let Some(font) = json.get("fonteditinfo").filter(|_| settings.font.is_none()) {
                *settings = essential_graphics::font_settings(font);
            }
        }
        ControlKind::Media(settings) if settings.width == 0 && settings.height == 0 => {
            let ticks = number("timescale").filter(|n| *n > 0.0).unwrap_or(1.0);
            let seconds = |key: &str| number(key).unwrap_or(0.0) / ticks;
            *settings = MediaSettings {
                width: whole("width"),
                height: whole("height"),
                start: seconds("starttime"),
                end: seconds("endtime"),
            };
        }
        _ => {}
    }
    let described = value(&control.kind, json.get("value"));
    match (&control.value, described) {
        (None, described) => control.value = described,
        (Some(own), Some(described)) if !is_like(own, &described) => warnings.push(
            place,
            Kind::Malformed,
            "the control has another value in the description; the project's is used",
        ),
        _ => {}
    }
}

/// The number the description has for a kind.
fn number_of(kind: &ControlKind) -> Option<u64> {
    Some(match kind {
        ControlKind::Checkbox => 1,
        ControlKind::Slider { .. } => 2,
        ControlKind::Angle => 3,
        ControlKind::Color => 4,
        ControlKind::Point => 5,
        ControlKind::Text(_) => 6,
        ControlKind::Comment => 8,
        ControlKind::Scale { .. } => 9,
        ControlKind::Group { .. } => 10,
        ControlKind::Dropdown { .. } => 13,
        ControlKind::Media(_) => 14,
        ControlKind::Unknown(_) => return None,
    })
}

/// A value as the description writes it.
fn value(kind: &ControlKind, json: Option<&Json>) -> Option<ControlValue> {
    let json = json?;
    let numbers = || -> Vec<f64> {
        match json {
            Json::Array(list) => list.iter().filter_map(Json::as_f64).collect(),
            other => ["x", "y", "z"]
                .iter()
                .filter_map(|axis| other.get(axis)?.as_f64())
                .collect(),
        }
    };
    Some(match kind {
        ControlKind::Checkbox => ControlValue::Checkbox(json.as_bool()?),
        ControlKind::Slider { .. } | ControlKind::Angle => ControlValue::Number(json.as_f64()?),
        ControlKind::Color => match numbers().as_slice() {
            [r, g, b] => ControlValue::Color([*r, *g, *b, 1.0]),
            [r, g, b, a, ..] => ControlValue::Color([*r, *g, *b, *a]),
            _ => return None,
        },
        ControlKind::Point => ControlValue::Numbers(Vector::new(&numbers())),
        ControlKind::Scale { dimensions, .. } => {
            let mut numbers = numbers();
            numbers.truncate(*dimensions as usize);
            ControlValue::Numbers(Vector::new(&numbers))
        }
        ControlKind::Text(_) | ControlKind::Comment => {
            let (text, _) = localized(Some(json));
            ControlValue::Text(text.replace("\r\n", "\n").replace('\r', "\n"))
        }
        ControlKind::Dropdown { .. } => ControlValue::Choice(u32::try_from(json.as_u64()?).ok()?),
        ControlKind::Group { .. } | ControlKind::Media(_) | ControlKind::Unknown(_) => return None,
    })
}

/// Whether two values are the same but for how many digits were written.
fn is_like(a: &ControlValue, b: &ControlValue) -> bool {
    let close = |a: &[f64], b: &[f64]| {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 1e-3 * (1.0 + a.abs()))
    };
    match (a, b) {
        (ControlValue::Number(a), ControlValue::Number(b)) => close(&[*a], &[*b]),
        (ControlValue::Numbers(a), ControlValue::Numbers(b)) => close(a, b),
        (ControlValue::Color(a), ControlValue::Color(b)) => close(a, b),
        (a, b) => a == b,
    }
}

#[cfg(test)]
mod tests {
    use filmpress_composition::{Composition, EssentialGraphics, Item};
    use serde_json::json;

    use super::*;

    fn control(id: &str, kind: ControlKind) -> Control {
        Control {
            id: id.to_owned(),
            name: id.to_uppercase(),
            names: BTreeMap::new(),
            kind,
            value: None,
            drives: Vec::new(),
        }
    }

    fn described(controls: Vec<Control>, list: &Json) -> (EssentialGraphics, Vec<String>) {
        let composition = Composition {
            essential_graphics: Some(EssentialGraphics {
                name: "T".to_owned(),
                controls,
            }),
            ..Composition::default()
        };
        let mut project = Project {
            items: vec![Item::new(ItemId(1), "Main", ItemKind::Composition(composition))],
            ..Project::default()
        };
        let mut warnings = Diagnostics::new();
        let definition = json!({ "clientControls": list });
        describe(&mut project, Some(ItemId(1)), &definition, &mut warnings);
        let panel = project.composition(ItemId(1)).unwrap().essential_graphics.clone();
        (panel.unwrap(), warnings.iter().map(ToString::to_string).collect())
    }

    fn named(name: &str) -> Json {
        json!({"strDB": [{"localeString": "en_US", "str": name}, {"localeString": "de_DE", "str": "Farbe"}]})
    }

    #[test]
    fn the_description_adds_what_the_project_does_not_say() {
        let slider = ControlKind::Slider {
            min: None,
            max: Some(5.0),
        };
        let group = ControlKind::Group {
            expanded: true,
            controls: vec![control("b", ControlKind::Dropdown { choices: Vec::new() })],
        };
        let (panel, warnings) = described(
            vec![
                control("a", slider),
                control("g", group),
                control("m", ControlKind::Media(MediaSettings::default())),
            ],
            &json!([
                {"id": "A", "type": 2, "uiName": named("A"), "min": 1, "max": 9, "value": 3},
                {"id": "g", "type": 10, "uiName": named("G"), "value": ["b"]},
                {"id": "b", "type": 13, "uiName": named("B"), "value": 2, "menucontent": [named("left"), named("right")]},
                {"id": "m", "type": 14, "uiName": named("M"), "width": 360, "height": 200, "starttime": 0,
                 "endtime": 512_000, "timescale": 25_600}
            ]),
        );
        assert_eq!(warnings, Vec::<String>::new());
        let a = panel.control("a").unwrap();
        assert_eq!(a.names["de_DE"], "Farbe");
        assert_eq!(
            a.kind,
            ControlKind::Slider {
                min: Some(1.0),
                max: Some(5.0)
            }
        );
        assert_eq!(a.value, Some(ControlValue::Number(3.0)));
        let b = panel.control("b").unwrap();
        assert_eq!(
            b.kind,
            ControlKind::Dropdown {
                choices: vec!["left".to_owned(), "right".to_owned()]
            }
        );
        let ControlKind::Media(media) = panel.control("m").unwrap().kind else {
            panic!("no media")
        };
        assert_eq!((media.width, media.end), (360, 20.0));
    }

    #[test]
    fn disagreement_is_said() {
        let (_, warnings) = described(
            vec![
                control("a", ControlKind::Checkbox),
                control("b", ControlKind::Angle),
                control("c", ControlKind::Comment),
            ],
            &json!([
                {"id": "a", "type": 2, "uiName": named("A")},
                {"id": "b", "type": 3, "uiName": named("Turn")},
                {"id": "z", "type": 3, "uiName": named("Lost")}
            ]),
        );
        let expected = [
            "Essential Graphics > A: malformed: the control is a checkbox in the project and of type 2 in the description",
            "Essential Graphics > B: malformed: the control is called `Turn` in the description",
            "Essential Graphics > C: malformed: the control is not in the template's description",
            "Essential Graphics > Lost: missing: the description has this control, the project has none with its id `z`: \
             it drives nothing",
        ];
        assert_eq!(warnings, expected);
    }
}
