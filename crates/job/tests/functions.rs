//! Named changes and controls of the Essential Graphics panel, applied to a project.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::collections::BTreeMap;
use std::sync::Arc;

use filmpress_composition::{
    Composition, Control, ControlKind, DrivenProperty, EssentialGraphics, Item, ItemId, ItemKind, Layer, LayerId,
    LayerKind, MatteKind, PathStep, Project, Solid, TextDocument, TrackMatte, Value, WorkArea, schema,
};
use filmpress_job::ErrorCode;
use filmpress_job::assets::{self, AssetError, Sources};
use serde_json::json;

fn layer(id: u32, name: &str, kind: LayerKind) -> Layer {
    let mut layer = Layer::new(LayerId(id), name, kind, 5.0);
    schema::complete_layer(&mut layer, (1920, 1080), Some((100, 100)));
    layer
}

fn step(match_name: &str) -> PathStep {
    PathStep {
        match_name: match_name.to_owned(),
        index: None,
    }
}

fn control(name: &str, kind: ControlKind, drives: Vec<DrivenProperty>) -> Control {
    Control {
        id: name.to_owned(),
        name: name.to_owned(),
        names: BTreeMap::from([("de_DE".to_owned(), format!("{name} (de)"))]),
        kind,
        value: None,
        drives,
    }
}

/// Main (1, 5 s): text `Title`, precomp `Card`, solid `Backdrop`, whose parent is `Card` and matte `Title`. Card (2, 5 s).
fn project() -> Project {
    let mut title = layer(1, "Title", LayerKind::Text);
    let document = TextDocument {
        text: "Hello".into(),
        ..TextDocument::default()
    };
    let text = title.properties.group_mut(schema::TEXT).unwrap();
    text.property_mut(schema::SOURCE_TEXT).unwrap().value = Value::Text(Arc::new(document));
    let mut backdrop = layer(3, "Backdrop", LayerKind::Av(ItemId(9)));
    backdrop.parent = Some(LayerId(2));
    backdrop.track_matte = Some(TrackMatte {
        layer: LayerId(1),
        kind: MatteKind::Alpha,
        inverted: false,
    });
    let on = |layer, path: &[&str]| DrivenProperty {
        composition: ItemId(1),
        layer: LayerId(layer),
        path: path.iter().map(|name| step(name)).collect(),
    };
    let group = ControlKind::Group {
        expanded: true,
        controls: vec![control(
            "Fade",
            ControlKind::Slider { min: None, max: None },
            vec![on(3, &["ADBE Transform Group", "ADBE Opacity"])],
        )],
    };
    let headline = ControlKind::Text(filmpress_composition::TextSettings::default());
    let panel = EssentialGraphics {
        name: "Card".into(),
        controls: vec![
            control(
                "Headline",
                headline,
                vec![on(1, &["ADBE Text Properties", "ADBE Text Document"])],
            ),
            control("Look", group, vec![]),
        ],
    };
    let main = Composition {
        duration: 5.0,
        layers: vec![title, layer(2, "Card", LayerKind::Av(ItemId(2))), backdrop],
        essential_graphics: Some(panel),
        ..Composition::default()
    };
    let card = Composition {
        duration: 5.0,
        ..Composition::default()
    };
    let solid = Solid {
        width: 100,
        height: 100,
        color: [1.0; 3],
    };
    let item = |id, name: &str, kind| Item::new(ItemId(id), name, kind);
    Project {
        items: vec![
            item(1, "Main", ItemKind::Composition(main)),
            item(2, "Card", ItemKind::Composition(card)),
            item(9, "White Solid 1", ItemKind::Solid(solid)),
        ],
        ..Project::default()
    }
}

fn apply(project: &mut Project, asset: serde_json::Value) -> Result<Vec<String>, AssetError> {
    let parsed = assets::parse(&[asset], Sources::Web).unwrap();
    let done = parsed[0].apply(project, None)?;
    Ok(done.warnings.iter().map(ToString::to_string).collect())
}

#[allow(clippy::needless_pass_by_value, reason = "made where it is used")]
fn function(name: &str, params: serde_json::Value) -> serde_json::Value {
    json!({"type": "function", "name": name, "params": params})
}

fn problems(asset: &serde_json::Value) -> Vec<String> {
    let problems = assets::parse(std::slice::from_ref(asset), Sources::Web).unwrap_err();
    problems.iter().map(ToString::to_string).collect()
}

fn main(project: &mut Project) -> &mut Composition {
    match &mut project.items[0].kind {
        ItemKind::Composition(main) => main,
        _ => panic!("no composition"),
    }
}

fn find(project: &mut Project, name: &str) -> Layer {
    main(project)
        .layers
        .iter()
        .find(|layer| layer.name == name)
        .unwrap()
        .clone()
}

fn document(layer: &Layer) -> TextDocument {
    let text = layer.properties.group(schema::TEXT).unwrap();
    match &text.property(schema::SOURCE_TEXT).unwrap().value {
        Value::Text(document) => (**document).clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn layers_are_hidden_and_shown_in_every_spelling() {
    let mut p = project();
    for (name, params, enabled) in [
        (
            "nx:layer-state-set",
            json!({"layerName": "Title", "visible": false}),
            false,
        ),
        (
            "nx-layer-state-set",
            json!({"layerName": ["Title", "Card"], "state": "visible"}),
            true,
        ),
        (
            "nx:layer-state-set",
            json!({"layerName": "Title", "enabled": false, "composition": "Main"}),
            false,
        ),
    ] {
        apply(&mut p, function(name, params)).unwrap();
        assert_eq!(find(&mut p, "Title").switches.enabled, enabled);
    }
    assert!(find(&mut p, "Card").switches.enabled);
    let mut beside = function("nx:layer-state-set", json!({"visible": false}));
    beside["layerName"] = json!("Card");
    apply(&mut p, beside).unwrap();
    assert!(!find(&mut p, "Card").switches.enabled);
    let missing = apply(
        &mut p,
        function("nx:layer-state-set", json!({"layerName": "X", "visible": true})),
    );
    assert_eq!(missing.unwrap_err().code(), ErrorCode::LayerNotFound);
}

#[test]
fn texts_change_what_is_given_and_no_more() {
    let mut p = project();
    let params = json!({"layerName": "Title", "textValue": "Ada", "fontSize": 80, "fillColor": [1, 0, 0]});
    apply(&mut p, function("nx:text-params-set", params)).unwrap();
    let text = document(&find(&mut p, "Title"));
    assert_eq!((text.text.as_str(), text.runs[0].style.size), ("Ada", 80.0));
    assert_eq!(text.runs[0].style.fill, Some([1.0, 0.0, 0.0, 1.0]));
    apply(
        &mut p,
        function("nx:text-params-set", json!({"layerName": "Title", "tracking": 50})),
    )
    .unwrap();
    let text = document(&find(&mut p, "Title"));
    assert_eq!((text.text.as_str(), text.runs[0].style.tracking), ("Ada", 50.0));
    let wrong = apply(
        &mut p,
        function("nx:text-params-set", json!({"layerName": "Card", "textValue": "x"})),
    );
    assert_eq!(wrong.unwrap_err().code(), ErrorCode::PropertyNotFound);
}

#[test]
fn times_are_moved_and_compositions_grow_with_their_layers() {
    let mut p = project();
    apply(
        &mut p,
        function("nx:layer-start-set", json!({"layerName": "Card", "value": 2})),
    )
    .unwrap();
    let card = find(&mut p, "Card");
    assert_eq!((card.start_time, card.in_point, card.out_point), (2.0, 2.0, 7.0));
    apply(
        &mut p,
        function("nx:layer-duration-set", json!({"layerName": "Card", "value": 9.5})),
    )
    .unwrap();
    let card = find(&mut p, "Card");
    assert_eq!((card.in_point, card.out_point), (2.0, 11.5));
    assert_eq!(p.composition(ItemId(2)).unwrap().duration, 9.5);

    let set = |p: &mut Project, seconds: f64| {
        apply(
            p,
            function("nx:comp-duration-set", json!({"composition": "Main", "value": seconds})),
        )
        .unwrap();
        (
            p.composition(ItemId(1)).unwrap().duration,
            p.composition(ItemId(1)).unwrap().work_area,
        )
    };
    assert_eq!(set(&mut p, 12.0), (12.0, None));
    main(&mut p).work_area = Some(WorkArea {
        start: 1.0,
        duration: 8.0,
    });
    let cut = WorkArea {
        start: 1.0,
        duration: 2.0,
    };
    assert_eq!(set(&mut p, 3.0), (3.0, Some(cut)));
    assert_eq!(set(&mut p, 0.5), (0.5, None), "the work area is beyond the end");
    let missing = apply(
        &mut p,
        function("nx:comp-duration-set", json!({"composition": "X", "value": 1})),
    );
    assert_eq!(missing.unwrap_err().code(), ErrorCode::CompositionNotFound);
}

#[test]
fn solids_get_colours_and_nothing_else_does() {
    let mut p = project();
    apply(
        &mut p,
        function(
            "nx:solid-color-set",
            json!({"layerName": "Backdrop", "color": "#ff0000"}),
        ),
    )
    .unwrap();
    match &p.item(ItemId(9)).unwrap().kind {
        ItemKind::Solid(solid) => assert_eq!(solid.color, [1.0, 0.0, 0.0]),
        other => panic!("{other:?}"),
    }
    let wrong = apply(
        &mut p,
        function("nx:solid-color-set", json!({"layerName": "Title", "color": [0, 0, 1]})),
    );
    assert!(wrong.unwrap_err().to_string().contains("`Title`"));
}

#[test]
fn a_layer_goes_and_nothing_refers_to_it() {
    let mut p = project();
    let warnings = apply(
        &mut p,
        function("nx:layer-remove", json!({"layerName": ["Title", "Card"]})),
    )
    .unwrap();
    assert_eq!(main(&mut p).layers.len(), 1);
    let backdrop = find(&mut p, "Backdrop");
    assert_eq!((backdrop.parent, backdrop.track_matte), (None, None));
    assert!(warnings.len() == 1 && warnings[0].contains("parent"), "{warnings:?}");
}

#[test]
fn bad_functions_are_told_with_their_fields() {
    assert!(problems(&function("nx:layer-spin", json!({})))[0].starts_with("assets[0].name: there is no function"));
    assert!(
        problems(&function("nx:genai", json!({})))[0]
            .contains("is not supported yet; supported are `nx:comp-duration-set`")
    );
    assert_eq!(
        problems(&json!({"type": "function", "name": "nx:layer-remove", "params": 3})),
        ["assets[0].params: must be an object"]
    );
    let fields = |asset| {
        problems(&asset)
            .iter()
            .map(|p| p.split(": ").next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        fields(json!({"type": "function", "name": "nx:layer-state-set"})),
        ["assets[0].params", "assets[0].layerName"]
    );
    assert_eq!(
        fields(function(
            "nx:layer-start-set",
            json!({"layerName": [], "value": "soon"})
        )),
        ["assets[0].params.value", "assets[0].params.layerName"]
    );
    assert_eq!(
        fields(function("nx:comp-duration-set", json!({"value": 0}))),
        ["assets[0].params.value", "assets[0].params.composition"]
    );
    assert_eq!(
        fields(function("nx:text-params-set", json!({"layerName": "T"}))),
        ["assets[0].params.textValue"]
    );
    assert_eq!(
        fields(function(
            "nx:solid-color-set",
            json!({"layerName": "T", "color": [2, 0, 0]})
        )),
        ["assets[0].params.color"]
    );
}

#[test]
fn controls_drive_their_properties_by_name_and_by_path() {
    let essential =
        |name: &str, value: serde_json::Value| json!({"type": "essential", "layerName": name, "value": value});
    let mut p = project();
    apply(&mut p, essential("Headline", json!("Ada"))).unwrap();
    assert_eq!(document(&find(&mut p, "Title")).text.as_str(), "Ada");
    apply(&mut p, essential("Headline (de)", json!(7))).unwrap();
    assert_eq!(document(&find(&mut p, "Title")).text.as_str(), "7");
    for (name, percent) in [("Look.Fade", 40.0), ("Look->Fade", 30.0), ("Fade", 20.0)] {
        apply(&mut p, essential(name, json!(percent))).unwrap();
        let backdrop = find(&mut p, "Backdrop");
        let transform = backdrop.properties.group("ADBE Transform Group").unwrap();
        assert_eq!(
            transform.property("ADBE Opacity").unwrap().value,
            Value::number(percent),
            "{name}"
        );
    }
    let missing = apply(&mut p, essential("Hedline", json!("x"))).unwrap_err();
    assert!(missing.to_string().ends_with("did you mean `Headline`?"), "{missing}");
    let mut patient = essential("Hedline", json!("x"));
    patient["continueOnMissing"] = json!(true);
    assert_eq!(apply(&mut p, patient).unwrap().len(), 1);
    assert!(apply(&mut p, essential("Fade", json!("much"))).is_err());
    assert_eq!(problems(&json!({"type": "essential"})).len(), 2);
}
