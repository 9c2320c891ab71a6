//! Where layers lie and what is said of every composition.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod support;

use filmpress_composition::{
    CharacterStyle, Diagnostics, Item, ItemId, ItemKind, Kind, Layer, LayerId, LayerKind, Project, StyleRun,
    TextDocument, Value, schema,
};
use filmpress_evaluate::{Bounds, Survey};
use support::{Shelf, composition, item, layer, set, shape, shape_layer, solid};

fn survey(items: Vec<Item>) -> Survey {
    let project = Project {
        items,
        ..Project::default()
    };
    Survey::new(&project, &Shelf::default())
}

fn main_of(layers: Vec<Layer>) -> Survey {
    survey(vec![
        item(1, "Main", ItemKind::Composition(composition(layers))),
        solid(2),
        item(3, "Inner", ItemKind::Composition(composition(vec![red(1)]))),
    ])
}

fn warnings(survey: &Survey, id: u32) -> &Diagnostics {
    survey.warnings(ItemId(id)).unwrap()
}

fn rect(survey: &Survey, layer: usize) -> [f64; 4] {
    match survey.bounds(ItemId(1), layer, 0.0) {
        Bounds::Rect(r) => [r.x0, r.y0, r.x1, r.y1],
        other => panic!("{other:?}"),
    }
}

fn near(found: [f64; 4], wanted: [f64; 4]) {
    for (f, w) in found.iter().zip(wanted) {
        assert!((f - w).abs() < 1e-6, "{found:?}, not {wanted:?}");
    }
}

/// A solid of 40 x 20 in the middle of the composition of 200 x 100.
fn red(id: u32) -> Layer {
    layer(id, "Red", LayerKind::Av(ItemId(2)), Some((40, 20)))
}

#[test]
fn frames_of_solids_and_nested_compositions_are_exact() {
    let mut turned = red(2);
    set(&mut turned, schema::TRANSFORM, "ADBE Rotate Z", 90.0);
    let mut small = layer(3, "Inner", LayerKind::Av(ItemId(3)), Some((200, 100)));
    set(&mut small, schema::TRANSFORM, "ADBE Scale", [50.0, 50.0, 100.0]);
    let mut collapsed = small.clone();
    collapsed.id = LayerId(4);
    collapsed.switches.collapse = true;
    let survey = main_of(vec![red(1), turned, small, collapsed]);
    assert_eq!(rect(&survey, 0), [80.0, 40.0, 120.0, 60.0]);
    near(rect(&survey, 1), [90.0, 30.0, 110.0, 70.0]);
    assert_eq!(rect(&survey, 2), [50.0, 25.0, 150.0, 75.0]);
    // Of a collapsed one, what is inside.
    assert_eq!(rect(&survey, 3), [90.0, 45.0, 110.0, 55.0]);
}

#[test]
fn shapes_are_their_outlines_and_strokes() {
    let items = || {
        vec![
            shape(
                "ADBE Vector Shape - Ellipse",
                &[("ADBE Vector Ellipse Size", &[40.0, 20.0])],
            ),
            shape("ADBE Vector Graphic - Stroke", &[("ADBE Vector Stroke Width", &[6.0])]),
        ]
    };
    let plain = shape_layer(1, items());
    let mut wide = shape_layer(2, items());
    set(&mut wide, schema::TRANSFORM, "ADBE Scale", [200.0, 100.0, 100.0]);
    let survey = main_of(vec![plain, wide]);
    near(rect(&survey, 0), [-23.0, -13.0, 23.0, 13.0]);
    near(rect(&survey, 1), [-46.0, -13.0, 46.0, 13.0]);
}

#[test]
fn hidden_layers_and_faded_ones_lie_somewhere_too_and_are_not_warned_of() {
    let mut hidden = red(1);
    hidden.switches.enabled = false;
    hidden.switches.three_d = true;
    let mut faded = red(2);
    set(&mut faded, schema::TRANSFORM, "ADBE Opacity", 0.0);
    let mut shown = red(3);
    shown.switches.per_character_3d = true;
    let survey = main_of(vec![hidden, faded, shown]);
    for layer in 0..3 {
        assert_eq!(rect(&survey, layer), [80.0, 40.0, 120.0, 60.0]);
    }
    let said: Vec<_> = warnings(&survey, 1).iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        ["Main > Red: unsupported: the characters are drawn flat, not in space"]
    );
    assert!(warnings(&survey, 3).is_empty());
}

#[test]
fn nulls_and_empty_texts_lie_nowhere() {
    let null = layer(1, "Null", LayerKind::Null, None);
    let text = layer(2, "Text", LayerKind::Text, None);
    let survey = main_of(vec![null, text]);
    assert_eq!(survey.bounds(ItemId(1), 0, 0.0), Bounds::Nothing);
    assert_eq!(survey.bounds(ItemId(1), 1, 0.0), Bounds::Nothing);
    assert_eq!(survey.bounds(ItemId(1), 9, 0.0), Bounds::Unknown);
    assert_eq!(survey.bounds(ItemId(2), 0, 0.0), Bounds::Unknown);
}

#[test]
fn a_font_is_said_once_with_its_layers() {
    let text = |id: u32, name: &str| {
        let mut layer = layer(id, name, LayerKind::Text, None);
        let style = CharacterStyle {
            font: "Futura-Bold".to_owned(),
            ..CharacterStyle::default()
        };
        let mut document = TextDocument::default();
        document.runs.push(StyleRun { length: 2, style });
        document.set_text("Hi");
        set(
            &mut layer,
            schema::TEXT,
            schema::SOURCE_TEXT,
            Value::Text(document.into()),
        );
        layer
    };
    let layers = vec![text(1, "Title"), text(2, "Subtitle")];
    let survey = main_of(layers.clone());
    let fonts: Vec<_> = survey.fonts(ItemId(1)).collect();
    assert_eq!(fonts.len(), 1);
    assert_eq!(fonts[0].1, ["Title", "Subtitle"]);
    let wanted = "Main: missing: font `Futura-Bold` is not there, nor any other font; its text is not drawn \
                  (layers `Title`, `Subtitle`)";
    let (_, said) = support::scene(layers);
    assert_eq!(said, [wanted]);
}

#[test]
fn doubling_and_circular_compositions_end() {
    let mut items = vec![solid(2)];
    // Each holds the next one twice, collapsed: 2^40 solids.
    for id in 10..50 {
        let twice = (1..=2).map(|n| {
            let mut l = layer(n, "Next", LayerKind::Av(ItemId(id + 1)), Some((200, 100)));
            l.switches.collapse = true;
            l
        });
        items.push(item(id, "Level", ItemKind::Composition(composition(twice.collect()))));
    }
    items.push(item(50, "Last", ItemKind::Composition(composition(vec![red(1)]))));
    items.push(item(
        60,
        "Ring",
        ItemKind::Composition(composition(vec![layer(1, "Ring", LayerKind::Av(ItemId(60)), None)])),
    ));
    let survey = survey(items);
    assert!(matches!(survey.bounds(ItemId(46), 0, 0.0), Bounds::Rect(_)));
    // All of them together are more than the budget allows.
    let unknown = |id: u32| (0..2).any(|i| survey.bounds(ItemId(id), i, 0.0) == Bounds::Unknown);
    assert!((10..46).any(unknown));
    assert_eq!(survey.bounds(ItemId(60), 0, 0.0), Bounds::Nothing);
    let said = warnings(&survey, 60);
    assert!(said.iter().any(|w| w.message.contains("contains itself")), "{said:?}");
    // Said where the limit is reached, far inside.
    let limit = |id: u32| warnings(&survey, id).iter().any(|w| w.kind == Kind::Limit);
    assert!((10..50).any(limit));
}
