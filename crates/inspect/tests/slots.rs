//! The asset a slot shows lands where the slot is: every slot of every seed is filled, and what changed is looked at.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::sync::Arc;

use filmpress_composition::{Item, ItemKind, Layer, Project};
use filmpress_inspect::report::{SlotKind, SlotReport};
use filmpress_inspect::{Surroundings, inspect};
use filmpress_job::assets::{Media, Sources, parse};
use serde_json::{Value, json};

/// The head of a PNG of 3 x 2 pixels: enough to be taken for a picture.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x03\0\0\0\x02\x08\x06\0\0\0";

fn filled(slot: &SlotReport) -> Value {
    let mut asset = serde_json::to_value(&slot.asset).unwrap();
    match (slot.kind, &slot.value) {
        (SlotKind::Text, _) => asset["value"] = json!("put in by the test"),
        (SlotKind::Media, _) => asset["src"] = json!("https://example.org/picture.png"),
        (SlotKind::Color, _) => asset["value"] = json!([0.125, 0.25, 0.5, 1.0]),
        (SlotKind::Control, Value::Array(list)) => asset["value"] = json!(vec![0.625; list.len()]),
        (SlotKind::Control, _) => asset["value"] = json!(0.625),
    }
    asset
}

/// The layers two projects differ in, by composition id and index.
fn changed(before: &Project, after: &Project) -> Vec<(u32, usize)> {
    let layers = |item: &Item| -> Vec<Layer> {
        match &item.kind {
            ItemKind::Composition(c) => c.layers.clone(),
            _ => Vec::new(),
        }
    };
    let mut changed = Vec::new();
    for (a, b) in before.items.iter().zip(&after.items) {
        for (i, (x, y)) in layers(a).iter().zip(&layers(b)).enumerate() {
            // NaN differs from itself; what is printed does not.
            if format!("{x:?}") != format!("{y:?}") {
                changed.push((a.id.0, i + 1));
            }
        }
    }
    changed
}

fn each_slot_of(name: &str, bytes: &[u8]) -> usize {
    let Ok(read) = filmpress_formats::read(bytes, name) else {
        return 0;
    };
    let report = inspect(&read, name, &Surroundings::nothing());
    let mut filled_in = 0;
    for slot in &report.slots {
        let asset = filled(slot);
        // Not asset types of ours yet.
        if matches!(slot.asset.kind, "essential" | "audio") {
            continue;
        }
        let assets = parse(std::slice::from_ref(&asset), Sources::Web).unwrap();
        let mut project = read.value.project.clone();
        let items = project.items.len();
        let outcome = assets[0].apply(&mut project, Some(Media::Bytes(Arc::from(PNG))));
        let warnings = outcome
            .unwrap_or_else(|error| unreachable!("{name}: {asset}: {error}"))
            .warnings;
        let found = changed(&read.value.project, &project);
        let is_solid = slot.asset.property.as_deref() == Some("Color");
        if slot.lands_on == 1 {
            assert!(warnings.is_empty(), "{name}: {asset}: {warnings:?}");
            if is_solid && found.is_empty() {
                // The solid itself got the colour: the layer is the only one that shows it.
                assert_eq!(project.items.len(), items);
                assert!(read.value.project != project, "{name}: {asset}");
            } else {
                assert_eq!(found, [(slot.composition_id, slot.layer_index)], "{name}: {asset}");
            }
        } else {
            assert!(
                found.contains(&(slot.composition_id, slot.layer_index)),
                "{name}: {asset}: {found:?}"
            );
        }
        // What was put in is what the slot shows afterwards.
        if matches!(slot.kind, SlotKind::Text | SlotKind::Color | SlotKind::Control) {
            let again = inspect(
                &filmpress_composition::Warned::new(
                    filmpress_formats::Template {
                        project,
                        ..filmpress_formats::Template::default()
                    },
                    warnings,
                ),
                name,
                &Surroundings::nothing(),
            );
            let after = again
                .slots
                .iter()
                .find(|s| {
                    (s.composition_id, s.layer_index, &s.asset.property)
                        == (slot.composition_id, slot.layer_index, &slot.asset.property)
                        && s.kind == slot.kind
                })
                .unwrap();
            let close = |a: &Value, b: &Value| match (a.as_f64(), b.as_f64()) {
                (Some(a), Some(b)) => (a - b).abs() < 1e-3,
                _ => a == b,
            };
            let same = match (after.value.as_array(), asset["value"].as_array()) {
                (Some(a), Some(b)) => a.iter().zip(b).all(|(a, b)| close(a, b)),
                _ => close(&after.value, &asset["value"]),
            };
            assert!(same, "{name}: {asset}: {}", after.value);
        }
        filled_in += 1;
    }
    filled_in
}

#[test]
fn every_slot_of_every_seed_can_be_filled() {
    let mut all = 0;
    for (name, bytes) in filmpress_fixtures::seeds::all() {
        all += each_slot_of(&name, &bytes);
    }
    assert!(all > 10, "{all}");
}

#[test]
fn layers_of_one_name_and_compositions_of_one_name_are_told_apart() {
    let precomp = |index: u32, id: &str| json!({"ty": 0, "ind": index, "nm": format!("use {id}"), "refId": id, "w": 100, "h": 100, "ip": 0, "op": 50, "st": 0, "ks": {}});
    let text = |index: u32, name: &str| {
        json!({"ty": 5, "ind": index, "nm": name, "ip": 0, "op": 50, "st": 0, "ks": {}, "t": {"d": {"k": [{"t": 0, "s":
            {"t": "Hi", "s": 20, "f": "F", "j": 0, "lh": 24, "fc": [0, 0, 0]}}]}, "p": {}, "m": {}, "a": []}})
    };
    let lottie = json!({"v": "5.9.0", "fr": 25, "ip": 0, "op": 50, "w": 100, "h": 100, "nm": "Main",
        "fonts": {"list": [{"fName": "F", "fFamily": "F", "fStyle": "Regular"}]},
        "assets": [
            {"id": "a", "nm": "Card", "layers": [text(1, "Title"), text(2, "Title"), text(3, "Sub. title")]},
            {"id": "b", "nm": "Card", "layers": [text(1, "Title")]}],
        "layers": [precomp(1, "a"), precomp(2, "b")]});
    let bytes = lottie.to_string();
    assert_eq!(each_slot_of("made-up.json", bytes.as_bytes()), 4);
    let read = filmpress_formats::read(bytes.as_bytes(), "made-up.json").unwrap();
    let report = inspect(&read, "made-up.json", &Surroundings::nothing());
    let assets: Vec<_> = report
        .slots
        .iter()
        .map(|s| serde_json::to_value(&s.asset).unwrap())
        .collect();
    assert_eq!(
        assets,
        [
            json!({"type": "text", "layerIndex": 1, "composition": "Main->use a"}),
            json!({"type": "text", "layerIndex": 2, "composition": "Main->use a"}),
            json!({"type": "text", "layerName": "Sub. title", "composition": "Main->use a"}),
            json!({"type": "text", "layerName": "Title", "composition": "Main->use b"}),
        ]
    );
    assert!(report.slots.iter().all(|slot| slot.lands_on == 1));
}

#[test]
fn what_a_lottie_author_called_a_slot_is_one() {
    let lottie = json!({"v": "5.9.0", "fr": 25, "ip": 0, "op": 50, "w": 100, "h": 100, "nm": "Main",
        "slots": {"dim": {"p": {"a": 0, "k": 40}}, "paint": {"p": {"a": 0, "k": [1, 0, 0]}}},
        "layers": [{"ty": 4, "ind": 1, "nm": "Box", "ip": 0, "op": 50, "st": 0, "ks": {"o": {"sid": "dim"}}, "shapes": [
            {"ty": "fl", "nm": "Fill", "c": {"sid": "paint"}, "o": {"a": 0, "k": 100}}]}]});
    let bytes = lottie.to_string();
    assert_eq!(each_slot_of("made-up.json", bytes.as_bytes()), 2);
    let read = filmpress_formats::read(bytes.as_bytes(), "made-up.json").unwrap();
    let report = inspect(&read, "made-up.json", &Surroundings::nothing());
    let mut found: Vec<_> = report
        .slots
        .iter()
        .map(|slot| (slot.lottie_slot.as_deref(), slot.asset.property.as_deref()))
        .collect();
    found.sort_unstable();
    assert_eq!(
        found,
        [
            (Some("dim"), Some("Transform.Opacity")),
            (Some("paint"), Some("Contents.Fill.Color"))
        ]
    );
}
