//! The projects built for tests are read whole, in every format: what is built is what is read.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use filmpress_composition::{CustomValue, FieldOrder, ItemId, ItemKind, Kind, Project, Value};
use filmpress_fixtures::everything;
use filmpress_formats::{Template, read};

fn template(bytes: &[u8], name: &str) -> Template {
    let read = read(bytes, name).unwrap();
    let faults: Vec<String> = read
        .warnings
        .iter()
        .filter(|w| matches!(w.kind, Kind::Malformed | Kind::Limit))
        .map(ToString::to_string)
        .collect();
    assert!(faults.is_empty(), "{name}: {faults:#?}");
    read.value
}

fn check(project: &Project, name: &str) {
    assert_eq!(project.items.len(), everything::ITEMS, "{name}");
    let (item, main) = project.compositions().next().unwrap();
    assert_eq!(
        (item.name.as_str(), main.layers.len()),
        ("Main", everything::LAYERS),
        "{name}"
    );
    assert_eq!(main.markers.len(), 2, "{name}");
    let layer = |name: &str| main.layers.iter().find(|l| l.name == name).unwrap();
    let headline = layer("Headline").properties.group("ADBE Text Properties").unwrap();
    let text = headline.property("ADBE Text Document").unwrap();
    assert_eq!(text.keyframes.len(), 2, "{name}");
    let document = match &text.value {
        Value::Text(document) => document,
        other => panic!("{other:?}"),
    };
    assert_eq!(document.text, "Hello (w\u{f6}rld)\rsecond \u{1f600} line", "{name}");
    assert_eq!((document.runs.len(), document.paragraphs.len()), (2, 2), "{name}");
    let effects = layer("Effects").properties.group("ADBE Effect Parade").unwrap();
    assert_eq!(effects.children.len(), 7, "{name}");
    let curves = effects.group("ADBE CurvesCustom").unwrap();
    let Value::Custom(curves) = &curves.property("ADBE CurvesCustom-0001").unwrap().value else {
        panic!("{name}: {curves:?}")
    };
    assert!(
        matches!(&**curves, CustomValue::Curves(c) if c.tables[4][0] == 255),
        "{name}"
    );
    let masks = layer("Solid").properties.group("ADBE Mask Parade").unwrap();
    assert_eq!(masks.children.len(), 4, "{name}");
    let whole = masks.groups().nth(2).unwrap().property("ADBE Mask Shape").unwrap();
    assert!(
        matches!(&whole.value, Value::Path(p) if p.vertices == [[0.0, 0.0], [0.0, 50.0], [100.0, 50.0], [100.0, 0.0]]),
        "{name}: a mask without a path covers its layer, {whole:?}"
    );
    let item = |id: u32| match &project.item(ItemId(id)).unwrap().kind {
        ItemKind::Footage(footage) => (project.item(ItemId(id)).unwrap().name.as_str(), footage),
        other => panic!("{name}: {other:?}"),
    };
    let (_, film) = item(30);
    assert_eq!((film.duration, film.frame_rate), (20.0, 12.5), "{name}");
    assert_eq!(film.fields, Some(FieldOrder::LowerFirst), "{name}");
    let (pictures, sequence) = item(31);
    assert_eq!(pictures, "take_[0008-0011].exr", "{name}");
    assert_eq!(sequence.sequence.as_ref().unwrap().len(), 4, "{name}");
    let (badge, layered) = item(32);
    assert_eq!(badge, "Badge/card.psd", "{name}");
    assert_eq!(layered.layer.as_ref().unwrap().bounds, Some([20, 10, 84, 74]), "{name}");
    assert_eq!(layer("Solid").markers.len(), 1, "{name}");
    assert!(layer("Headline").track_matte.is_some(), "{name}");
}

#[test]
fn a_project_of_everything_is_the_same_in_every_format() {
    let formats = [
        ("everything.aep", everything::aep()),
        ("everything.aepx", everything::aepx()),
        ("everything.zip", everything::zip()),
        ("everything.mogrt", everything::mogrt()),
    ];
    for (name, bytes) in &formats {
        check(&template(bytes, name).project, name);
    }
    let aep = template(&formats[0].1, "aep").project;
    assert_eq!(aep, template(&formats[1].1, "aepx").project);
}

#[test]
fn an_animation_of_everything_is_the_same_in_both_formats() {
    let json = template(&everything::lottie(), "everything.json").project;
    let packed = template(&everything::dot_lottie(), "everything.lottie").project;
    for project in [&json, &packed] {
        let (_, main) = project.compositions().next().unwrap();
        assert_eq!((main.layers.len(), main.markers.len(), project.glyphs.len()), (7, 1, 1));
    }
}
