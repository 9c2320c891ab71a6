//! The Essential Graphics panel of compositions. Newer versions write it several times, each list with the sorts of
//! controls its generation knew: `CIF3` has all, `CIF2` and `CIFO` leave some out.
//!
//! The list holds `CpS2` (the template's name by locale) and a `CCtl` list for every control, groups before what is in
//! them, in panel order. A `CCtl` holds `CpS2` (names), a `Utf8` with its UUID, `CTyp`, what its kind adds, and `CPrp`
//! lists with the properties it drives. A group names its controls by UUID in `StVc`, in the order they were added.

use std::collections::BTreeMap;

use filmpress_composition::{
    Control, ControlKind, ControlValue, DrivenProperty, EssentialGraphics, ItemId, Kind, LayerId, MediaSettings,
    PathStep, Project, TextSettings, Vector, lookup,
};
use serde_json::Value as Json;

use super::notes::Notes;
use crate::aep::raw::{Chunk, Fields};
use crate::limits::{MAX_CONTROLS, MAX_DEPTH};

/// The panel's place in warnings.
pub(crate) const PLACE: &str = "Essential Graphics";

/// A composition's panel; `None` when it has no controls.
pub(super) fn convert(item: &Chunk<'_>, notes: &mut Notes) -> Option<EssentialGraphics> {
    let kinds = [*b"CIF3", *b"CIF2", *b"CIFO"];
    let panel = kinds.iter().find_map(|kind| item.child_list(*kind))?;
    let controls = notes.within(PLACE, |notes| {
        let mut found = Vec::new();
        for chunk in panel.lists(*b"CCtl") {
            if found.len() >= MAX_CONTROLS {
                notes.warn(
                    Kind::Limit,
                    format!("controls after the first {MAX_CONTROLS} are not read"),
                );
                break;
            }
            found.push(control(chunk, notes));
        }
        nested(found, notes)
    });
    (!controls.is_empty()).then(|| EssentialGraphics {
        name: names(panel).0,
        controls,
    })
}

/// A control as the file has it, groups with the ids of what is in them.
struct Flat {
    control: Control,
    inside: Vec<String>,
}

/// Puts controls into their groups. Groups come before what is in them: a control that a later group names, or that
/// several name, is in the first group before it; without one it stays where the file has it.
fn nested(found: Vec<Flat>, notes: &mut Notes) -> Vec<Control> {
    let mut parents = vec![None; found.len()];
    let mut depths = vec![0_usize; found.len()];
    let mut place_of: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, flat) in found.iter().enumerate() {
        place_of.entry(&flat.control.id).or_insert(at);
    }
    let mut too_deep = false;
    for (group, flat) in found.iter().enumerate() {
        let depth = depths.get(group).map_or(0, |d| d + 1);
        too_deep |= depth > MAX_DEPTH && !flat.inside.is_empty();
        for id in flat.inside.iter().filter(|_| depth <= MAX_DEPTH) {
            if let Some(at) = place_of.get(id.as_str()).copied().filter(|at| *at > group)
                && let (Some(parent @ None), Some(own)) = (parents.get_mut(at), depths.get_mut(at))
            {
                *parent = Some(group);
                *own = depth;
            }
        }
    }
    if too_deep {
        notes.warn(
            Kind::Limit,
            format!("groups of controls deeper than {MAX_DEPTH} are not nested"),
        );
    }
    // From the last to the first: what is in a group is complete before the group is moved.
    let mut left: Vec<Control> = found.into_iter().map(|flat| flat.control).collect();
    let mut top = Vec::new();
    while let Some(mut control) = left.pop() {
        if let ControlKind::Group { controls, .. } = &mut control.kind {
            controls.reverse();
        }
        let parent = parents.get(left.len()).copied().flatten();
        match parent.and_then(|p| left.get_mut(p)).map(|c| &mut c.kind) {
            Some(ControlKind::Group { controls, .. }) => controls.push(control),
            _ => top.push(control),
        }
    }
    top.reverse();
    top
}

fn control(chunk: &Chunk<'_>, notes: &mut Notes) -> Flat {
    let (name, names) = names(chunk);
    notes.within(&name.clone(), |notes| {
        let texts: Vec<String> = chunk.leaves(*b"Utf8").map(Chunk::text).collect();
        let id = texts.first().map(|id| id.to_ascii_lowercase()).unwrap_or_default();
        let (kind, value) = kind(chunk, texts.get(1..).unwrap_or_default(), notes);
        let inside = match kind {
            ControlKind::Group { .. } => choices(chunk).iter().map(|id| id.to_ascii_lowercase()).collect(),
            _ => Vec::new(),
        };
        let control = Control {
            id,
            name,
            names,
            kind,
            value,
            drives: chunk.lists(*b"CPrp").filter_map(|c| driven(c, notes)).collect(),
        };
        Flat { control, inside }
    })
}

/// Kind and value. `texts` are those after the UUID.
fn kind(chunk: &Chunk<'_>, texts: &[String], notes: &mut Notes) -> (ControlKind, Option<ControlValue>) {
    let value = chunk.fields(*b"CVal");
    let number = || (value.len() >= 8).then(|| ControlValue::Number(value.f64(0)));
    let numbers = |most: usize| {
        let count = (value.len() / 8).min(most);
        let numbers: Vec<f64> = (0..count).map(|i| value.f64(i * 8)).collect();
        (count > 0).then(|| ControlValue::Numbers(Vector::new(&numbers)))
    };
    let text = || texts.first().map(|text| ControlValue::Text(lines(text)));
    match chunk.fields(*b"CTyp").u32(0) {
        1 => (
            ControlKind::Checkbox,
            (value.len() > 0).then(|| ControlValue::Checkbox(value.u8(0) != 0)),
        ),
        2 => (
            ControlKind::Slider {
                min: limit(chunk, *b"Smin"),
                max: limit(chunk, *b"Smax"),
            },
            number(),
        ),
        3 => (ControlKind::Angle, number()),
        4 => {
            let color = || ControlValue::Color([0, 4, 8, 12].map(|at| value.f32(at)));
            (ControlKind::Color, (value.len() >= 16).then(color))
        }
        5 => (ControlKind::Point, numbers(3)),
        6 => (ControlKind::Text(text_settings(texts)), text()),
        8 => (ControlKind::Comment, text()),
        9 => {
            let dimensions = chunk.fields(*b"CDim").u32(0).clamp(1, 3);
            let linked = chunk.fields(*b"CSLk").u8(0) != 0;
            (ControlKind::Scale { dimensions, linked }, numbers(dimensions as usize))
        }
        10 => {
            let expanded = chunk.fields(*b"CSGe").u8(0) != 0;
            let controls = Vec::new();
            (ControlKind::Group { expanded, controls }, None)
        }
        13 => (
            ControlKind::Dropdown {
                choices: choices(chunk),
            },
            (value.len() >= 4).then(|| ControlValue::Choice(value.u32(0))),
        ),
        14 => (ControlKind::Media(media(chunk)), None),
        other => {
            notes.warn(Kind::Unsupported, format!("controls of type {other} are not known"));
            (ControlKind::Unknown(other), None)
        }
    }
}

fn limit(chunk: &Chunk<'_>, id: [u8; 4]) -> Option<f64> {
    chunk.child(id).map(|c| Fields(&c.data).f64(0))
}

/// The texts of a list's first name list: the first, and all by locale. Texts and locales take turns.
fn names(list: &Chunk<'_>) -> (String, BTreeMap<String, String>) {
    let Some(texts) = list.child_list(*b"CpS2") else {
        return Default::default();
    };
    let texts: Vec<String> = texts.leaves(*b"Utf8").map(Chunk::text).collect();
    let by_locale = texts.chunks_exact(2).filter_map(|pair| match pair {
        [text, locale] => Some((locale.clone(), text.clone())),
        _ => None,
    });
    (texts.first().cloned().unwrap_or_default(), by_locale.collect())
}

/// The texts of `StVc`: a dropdown's choices, a group's ids.
fn choices(chunk: &Chunk<'_>) -> Vec<String> {
    let list = chunk.child_list(*b"StVc");
    list.into_iter()
        .flat_map(|list| list.leaves(*b"Utf8"))
        .map(Chunk::text)
        .collect()
}

/// What is said of the font is JSON among the texts.
fn text_settings(texts: &[String]) -> TextSettings {
    // The last of them: what a person can write comes before.
    let mut found = texts.iter().skip(1).rev().filter_map(|text| {
        let json: Json = serde_json::from_str(text).ok()?;
        json.get("capPropFontEdit").is_some().then_some(json)
    });
    let json = found.next().unwrap_or_default();
    font_settings(&json)
}

/// The font's part of a text control, written alike in projects and in descriptions of motion graphics templates.
pub(crate) fn font_settings(json: &Json) -> TextSettings {
    // A list where a text has several runs: the first speaks for it.
    let first = |key: &str| match json.get(key) {
        Some(Json::Array(all)) => all.first(),
        other => other,
    };
    let flag = |key: &str| first(key).and_then(Json::as_bool).unwrap_or(false);
    TextSettings {
        font: first("fontEditValue")
            .and_then(Json::as_str)
            .filter(|name| !name.is_empty())
            .map(str::to_owned),
        size: first("fontSizeEditValue").and_then(Json::as_f64),
        font_is_editable: flag("capPropFontEdit"),
        size_is_editable: flag("capPropFontSizeEdit"),
        style_is_editable: flag("capPropFontFauxStyleEdit"),
    }
}

fn media(chunk: &Chunk<'_>) -> MediaSettings {
    let number = |id| chunk.fields(id).u32(0);
    let ticks = f64::from(number(*b"CSMt").max(1));
    let seconds = |id| f64::from(chunk.fields(id).i32(0)) / ticks;
    MediaSettings {
        width: number(*b"CSMw"),
        height: number(*b"CSMh"),
        start: seconds(*b"CSMs"),
        end: seconds(*b"CSMe"),
    }
}

/// Line ends as texts have them in the tree.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

fn driven(chunk: &Chunk<'_>, notes: &mut Notes) -> Option<DrivenProperty> {
    let path = chunk.child(*b"Utf8").map(Chunk::text).unwrap_or_default();
    let Some(path) = steps(&path) else {
        notes.warn(
            Kind::Malformed,
            "the path of the property it drives cannot be read: it drives nothing",
        );
        return None;
    };
    Some(DrivenProperty {
        composition: ItemId(chunk.fields(*b"CCId").u32(0)),
        layer: LayerId(chunk.fields(*b"CLId").u32(0)),
        path,
    })
}

/// `{"0":{"index":4294967295,"matchName":"ADBE Effect Parade"},"1":...}`: all ones for steps that go by name.
fn steps(json: &str) -> Option<Vec<PathStep>> {
    let json: serde_json::Map<String, Json> = serde_json::from_str(json).ok()?;
    let step = |step: &Json| {
        let index = step.get("index").and_then(Json::as_i64);
        let index = index.and_then(|i| u32::try_from(i).ok()).filter(|i| *i != u32::MAX);
        Some(PathStep {
            match_name: step.get("matchName")?.as_str()?.to_owned(),
            index,
        })
    };
    let steps: Vec<PathStep> = (0..json.len())
        .map(|i| step(json.get(&i.to_string())?))
        .collect::<Option<_>>()?;
    (!steps.is_empty()).then_some(steps)
}

/// Says which controls drive properties that are not there.
pub(super) fn check(project: &Project, notes: &mut Notes) {
    for (item, composition) in project.compositions() {
        let Some(panel) = &composition.essential_graphics else {
            continue;
        };
        for (_, control) in panel.iter() {
            for driven in &control.drives {
                if let Err(fault) = lookup::driven_property(project, driven) {
                    notes.within(&item.name, |notes| {
                        notes.within(PLACE, |notes| {
                            notes.within(&control.name, |notes| {
                                notes.warn(Kind::Missing, format!("what it drives is not there: {fault}"));
                            });
                        });
                    });
                }
            }
        }
    }
}

/// The composition a motion graphics template of this name was exported from: the one whose panel bears the name, else
/// the only one whose panel has controls.
pub(crate) fn composition(project: &Project, name: &str) -> Option<ItemId> {
    let panels: Vec<_> = project
        .compositions()
        .filter_map(|(item, c)| Some((item.id, c.essential_graphics.as_ref()?)))
        .collect();
    match panels.as_slice() {
        [(only, _)] => Some(*only),
        several => several.iter().find(|(_, panel)| panel.name == name).map(|(id, _)| *id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aep::testing::{LayerSettings, composition as comp, constant, group, leaf, list, project};

    fn text(text: &str) -> Vec<u8> {
        leaf(*b"Utf8", text.as_bytes())
    }

    fn named(name: &str) -> Vec<u8> {
        list(*b"CpS2", &[leaf(*b"CsCt", &[1, 0, 0, 0]), text(name), text("en_US")])
    }

    fn control_chunk(id: &str, kind: u32, more: &[Vec<u8>]) -> Vec<u8> {
        let head = [
            named(&format!("Name of {id}")),
            text(id),
            leaf(*b"CTyp", &kind.to_be_bytes()),
        ];
        list(*b"CCtl", &[&head, more].concat())
    }

    fn texts(texts: &[&str]) -> Vec<u8> {
        let texts: Vec<Vec<u8>> = texts.iter().map(|t| text(t)).collect();
        list(*b"StVc", &texts)
    }

    fn drives(layer: u32, path: &str) -> Vec<u8> {
        list(
            *b"CPrp",
            &[
                leaf(*b"CCId", &1u32.to_be_bytes()),
                leaf(*b"CLId", &layer.to_be_bytes()),
                text(path),
            ],
        )
    }

    const OPACITY: &str = r#"{"0":{"index":4294967295,"matchName":"ADBE Transform Group"},"1":{"index":4294967295,"matchName":"ADBE Opacity"}}"#;

    fn read(kind: [u8; 4], controls: &[Vec<u8>]) -> (Project, Vec<String>) {
        let opacity = group(&[("ADBE Opacity", constant(false, &[0.5]))]);
        let layer = LayerSettings::new(7, 0)
            .byte(0x83, 4)
            .layer("Box", &[("ADBE Transform Group", opacity)]);
        let panel = list(kind, &[&[named("Lower Third")], controls].concat());
        let read = crate::aep::read(&project(&[comp(1, "Main", &[layer, panel])])).unwrap();
        let warnings = read.warnings.iter().map(ToString::to_string).collect();
        (read.value, warnings)
    }

    fn panel(project: &Project) -> &EssentialGraphics {
        project
            .composition(ItemId(1))
            .unwrap()
            .essential_graphics
            .as_ref()
            .unwrap()
    }

    #[test]
    fn controls_have_kinds_values_and_what_they_drive() {
        let number = |x: f64| x.to_be_bytes();
        let (project, warnings) = read(
            *b"CIF3",
            &[
                control_chunk(
                    "AA",
                    2,
                    &[
                        leaf(*b"CVal", &number(50.0)),
                        leaf(*b"Smin", &number(0.0)),
                        leaf(*b"Smax", &number(100.0)),
                        drives(7, OPACITY),
                    ],
                ),
                control_chunk("bb", 1, &[leaf(*b"CVal", &[1])]),
                control_chunk("cc", 13, &[leaf(*b"CVal", &[0, 0, 0, 2]), texts(&["left", "right"])]),
                control_chunk(
                    "dd",
                    6,
                    &[
                        text("two\rlines"),
                        text("default"),
                        text(r#"{"capPropFontEdit":true,"fontEditValue":"A-Bold","fontSizeEditValue":40}"#),
                    ],
                ),
                control_chunk("ee", 99, &[]),
            ],
        );
        let panel = panel(&project);
        assert_eq!(panel.name, "Lower Third");
        let slider = panel.control("aa").unwrap();
        assert_eq!(slider.names["en_US"], "Name of AA");
        assert_eq!(
            slider.kind,
            ControlKind::Slider {
                min: Some(0.0),
                max: Some(100.0)
            }
        );
        assert_eq!(slider.value, Some(ControlValue::Number(50.0)));
        let found = lookup::driven_property(&project, &slider.drives[0]).unwrap();
        assert_eq!((found.layer, found.path.as_str()), (LayerId(7), "Transform.Opacity"));
        assert_eq!(panel.control("bb").unwrap().value, Some(ControlValue::Checkbox(true)));
        assert_eq!(panel.control("cc").unwrap().value, Some(ControlValue::Choice(2)));
        let text = panel.control("dd").unwrap();
        assert_eq!(text.value, Some(ControlValue::Text("two\nlines".to_owned())));
        let ControlKind::Text(settings) = &text.kind else {
            panic!("{text:?}")
        };
        assert_eq!(settings.font.as_deref(), Some("A-Bold"));
        assert!(settings.font_is_editable && !settings.size_is_editable);
        assert_eq!(
            warnings,
            ["Main > Essential Graphics > Name of ee: unsupported: controls of type 99 are not known"]
        );
        assert_eq!(composition(&project, "other name"), Some(ItemId(1)), "the only one");
    }

    #[test]
    fn groups_hold_their_controls_and_cycles_end() {
        let (project, _) = read(
            *b"CIF2",
            &[
                control_chunk("a", 10, &[texts(&["d", "b", "a", "x"])]),
                control_chunk("b", 10, &[texts(&["c", "a"])]),
                control_chunk("c", 1, &[]),
                control_chunk("d", 1, &[]),
                control_chunk("e", 1, &[]),
            ],
        );
        let found: Vec<_> = panel(&project)
            .iter()
            .map(|(depth, c)| (depth, c.id.as_str()))
            .collect();
        assert_eq!(found, [(0, "a"), (1, "b"), (2, "c"), (1, "d"), (0, "e")]);
    }

    #[test]
    fn groups_are_nested_only_so_deep() {
        let controls: Vec<Vec<u8>> = (0..1000)
            .map(|i| control_chunk(&i.to_string(), 10, &[texts(&[&(i + 1).to_string()])]))
            .collect();
        let (project, warnings) = read(*b"CIF3", &controls);
        let depths: Vec<usize> = panel(&project).iter().map(|(depth, _)| depth).collect();
        assert_eq!(depths.len(), 1000);
        assert_eq!(depths.iter().max(), Some(&MAX_DEPTH));
        assert!(warnings[0].contains("are not nested"), "{warnings:?}");
    }

    #[test]
    fn properties_that_are_gone_are_said() {
        let (project, warnings) = read(
            *b"CIFO",
            &[
                control_chunk("a", 3, &[drives(8, OPACITY)]),
                control_chunk("b", 3, &[drives(7, "{}")]),
            ],
        );
        assert!(panel(&project).control("b").unwrap().drives.is_empty());
        assert_eq!(warnings.len(), 2, "{warnings:?}");
        assert!(warnings[0].contains("Name of b: malformed"));
        assert!(warnings[1].contains("Name of a: missing") && warnings[1].contains("layer, number 8"));
    }
}
