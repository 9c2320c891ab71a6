//! The projects built for tests are read whole, in every format: what is built is what is read.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use filmpress_composition::{Kind, Project, Value};
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
    assert_eq!(effects.children.len(), 6, "{name}");
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
