//! Projects made to hurt: the report stays small and comes soon.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::time::{Duration, Instant};

use filmpress_composition::{
    CharacterStyle, Composition, Diagnostics, Expression, Group, Item, ItemId, ItemKind, Keyframe, Layer, LayerId,
    LayerKind, Project, Property, StyleRun, TextDocument, Value, ValueType, Warned, schema,
};
use filmpress_formats::Template;
use filmpress_inspect::{Report, Surroundings, inspect};

fn layer(id: u32, name: &str, kind: LayerKind) -> Layer {
    let mut layer = Layer::new(LayerId(id), name, kind, 10.0);
    schema::complete_layer(&mut layer, (100, 100), None);
    layer
}

fn composition(id: u32, name: &str, layers: Vec<Layer>) -> Item {
    let composition = Composition {
        duration: 10.0,
        layers,
        ..Composition::default()
    };
    Item::new(ItemId(id), name, ItemKind::Composition(composition))
}

/// The report, within a time that is generous for a debug build.
fn report(items: Vec<Item>) -> Report {
    let template = Template {
        project: Project {
            items,
            ..Project::default()
        },
        ..Template::default()
    };
    let start = Instant::now();
    let report = inspect(
        &Warned::new(template, Diagnostics::default()),
        "hostile",
        &Surroundings::nothing(),
    );
    let json = serde_json::to_string(&report).unwrap();
    assert!(json.len() < 64 << 20, "{} bytes", json.len());
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    report
}

fn is_limited(report: &Report, words: &str) {
    let found = report
        .warnings
        .iter()
        .any(|w| w.kind == "limit" && w.message.contains(words));
    assert!(
        found,
        "no limit with `{words}` in {:#?}",
        report.warnings.iter().take(20).collect::<Vec<_>>()
    );
}

#[test]
fn compositions_in_circles_and_doubling_ones() {
    let mut items = Vec::new();
    for id in 0..60 {
        let next = ItemId((id + 1) % 60);
        let twice = (1..=2).map(|n| {
            let mut l = layer(n, "Next", LayerKind::Av(next));
            l.switches.collapse = n == 1;
            l
        });
        items.push(composition(id, "Level", twice.collect()));
    }
    let report = report(items);
    assert_eq!(report.compositions.len(), 60);
    assert!(report.main_composition.is_none());
}

#[test]
fn a_repeater_of_a_thousand_million_copies_in_another() {
    let mut shape = layer(1, "Shape", LayerKind::Shape);
    let contents = shape.properties.group_mut(schema::CONTENTS).unwrap();
    contents
        .children
        .push(schema::new_group("ADBE Vector Shape - Rect").into());
    contents
        .children
        .push(schema::new_group("ADBE Vector Graphic - Fill").into());
    for _ in 0..6 {
        let mut repeater = schema::new_group("ADBE Vector Filter - Repeater");
        repeater.property_mut("ADBE Vector Repeater Copies").unwrap().value = 1e9.into();
        contents.children.push(repeater.into());
    }
    let layers = (1..60).map(|id| {
        let mut copy = shape.clone();
        copy.id = LayerId(id);
        copy
    });
    let report = report(vec![composition(1, "Main", layers.collect())]);
    is_limited(&report, "copies");
    is_limited(&report, "repeaters make more than");
}

#[test]
fn many_layers_parents_names_and_warnings() {
    let layers = (1..=60_000).map(|id| {
        let mut l = layer(id, "Layer", LayerKind::Null);
        l.parent = (id > 1).then_some(LayerId(id - 1));
        l.switches.three_d = true;
        l
    });
    let report = report(vec![composition(1, "Main", layers.collect())]);
    is_limited(&report, "layers are listed");
}

#[test]
fn long_texts_expressions_and_keyframes() {
    let mut text = layer(1, &"long name ".repeat(10_000), LayerKind::Text);
    let mut document = TextDocument::default();
    document.set_text(&"x".repeat(1_000_000));
    document.runs = (0..100_000)
        .map(|_| StyleRun {
            length: 1,
            style: CharacterStyle::default(),
        })
        .collect();
    let group = text.properties.group_mut(schema::TEXT).unwrap();
    let source = group.property_mut(schema::SOURCE_TEXT).unwrap();
    source.value = Value::Text(document.into());
    source.expression = Some(Expression {
        text: "wiggle(1, (2 + ".repeat(200_000),
        enabled: true,
    });
    let mut mover = layer(2, "Mover", LayerKind::Null);
    let place = mover.properties.group_mut(schema::TRANSFORM).unwrap();
    let position = place.property_mut("ADBE Position").unwrap();
    position.keyframes = (0..300_000)
        .map(|i| Keyframe::linear(f64::from(i), [f64::MAX, f64::NAN, -1e300]))
        .collect();
    let report = report(vec![composition(1, "Main", vec![text, mover])]);
    assert!(report.texts[0].text.len() < 3000);
    assert!(report.expressions[0].text.len() < 5000);
    assert_eq!(report.expressions[0].functions, ["wiggle"]);
}

#[test]
fn more_slots_than_anybody_reads() {
    let mut effects = layer(1, "Controls", LayerKind::Null);
    let parade = effects.properties.group_mut(schema::EFFECTS).unwrap();
    for i in 0..20_000 {
        let mut control = Group::new("ADBE Slider Control", format!("Slider {i}"));
        let slider = Property::new("ADBE Slider Control-0001", "Slider", ValueType::OneD, 1.0.into());
        control.children.push(slider.into());
        parade.children.push(control.into());
    }
    let report = report(vec![composition(1, "Main", vec![effects])]);
    assert_eq!(report.slots.len(), filmpress_inspect::limits::ENTRIES);
    is_limited(&report, "slots are listed");
}

#[test]
fn absurd_sizes_and_times() {
    let mut items = vec![Item::new(
        ItemId(2),
        "Solid",
        ItemKind::Solid(filmpress_composition::Solid {
            width: u32::MAX,
            height: u32::MAX,
            color: [f64::NAN, f64::INFINITY, -1.0],
        }),
    )];
    let mut l = layer(1, "Solid", LayerKind::Av(ItemId(2)));
    l.start_time = f64::NAN;
    l.in_point = f64::NEG_INFINITY;
    l.out_point = f64::INFINITY;
    l.stretch = 0.0;
    let scale = l
        .properties
        .group_mut(schema::TRANSFORM)
        .unwrap()
        .property_mut("ADBE Scale")
        .unwrap();
    scale.value = [1e308, f64::INFINITY, f64::NAN].into();
    items.push(Item::new(
        ItemId(1),
        "Main",
        ItemKind::Composition(Composition {
            width: u32::MAX,
            height: 0,
            duration: f64::INFINITY,
            frame_rate: f64::NAN,
            background: [f64::NAN; 3],
            layers: vec![l],
            ..Composition::default()
        }),
    ));
    let report = report(items);
    assert_eq!(report.compositions.len(), 1);
}

#[test]
fn every_seed_and_its_damaged_kin_give_a_report_or_an_error() {
    for (name, bytes) in filmpress_fixtures::seeds::all() {
        let original = filmpress_fixtures::mutation::Subject::new(bytes);
        for seed in 0..20 {
            let damaged = original.mutated(seed);
            let _ = filmpress_inspect::inspect_bytes(&damaged, &name, &Surroundings::nothing());
        }
    }
}
