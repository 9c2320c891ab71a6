//! Assets applied to a project, as the API's contract words it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::path::Path;
use std::sync::Arc;

use filmpress_composition::{
    CharacterStyle, Composition, FootageSource, Group, Item, ItemId, ItemKind, Keyframe, Layer, LayerId, LayerKind,
    Project, Property, Solid, StyleRun, TextDocument, Value, ValueType, schema,
};
use filmpress_job::ErrorCode;
use filmpress_job::assets::{self, AssetError, FilmFile, Media, Sources, parse};
use serde_json::json;

fn item(id: u32, name: &str, kind: ItemKind) -> Item {
    Item::new(ItemId(id), name, kind)
}

fn layer(id: u32, name: &str, kind: LayerKind) -> Layer {
    let mut layer = Layer::new(LayerId(id), name, kind, 5.0);
    schema::complete_layer(&mut layer, (1920, 1080), Some((100, 100)));
    layer
}

fn text_layer(id: u32, name: &str, text: &str) -> Layer {
    let mut layer = layer(id, name, LayerKind::Text);
    let run = |length, font: &str, size| StyleRun {
        length,
        style: CharacterStyle {
            font: font.into(),
            size,
            ..CharacterStyle::default()
        },
    };
    let document = TextDocument {
        text: text.into(),
        runs: vec![run(2, "Noto-Bold", 60.0), run(text.len() - 2, "Noto-Light", 30.0)],
        ..TextDocument::default()
    };
    source_text_mut(&mut layer).value = Value::Text(Arc::new(document));
    layer
}

fn source_text_mut(layer: &mut Layer) -> &mut Property {
    let text = layer.properties.group_mut(schema::TEXT).unwrap();
    text.property_mut(schema::SOURCE_TEXT).unwrap()
}

/// Main (1): precomp `Card`, footage-like solid layer `Logo`, two layers on one solid. Card (2): text `Title` (twice).
fn project() -> Project {
    let mut backdrop = layer(3, "Backdrop", LayerKind::Av(ItemId(9)));
    let mut control = Group::new("ADBE Color Control", "Skin_Color");
    let color = Property::new("ADBE Color Control-0001", "Color", ValueType::Color, [1.0; 4].into());
    control.children.push(color.into());
    backdrop
        .properties
        .group_mut(schema::EFFECTS)
        .unwrap()
        .children
        .push(control.into());
    let main = Composition {
        duration: 5.0,
        layers: vec![
            layer(1, "Card", LayerKind::Av(ItemId(2))),
            layer(2, "Logo", LayerKind::Av(ItemId(9))),
            backdrop,
            layer(4, "Helper", LayerKind::Null),
        ],
        ..Composition::default()
    };
    let card = Composition {
        layers: vec![text_layer(1, "Title", "Hello"), text_layer(2, "Title", "World")],
        ..Composition::default()
    };
    let solid = Solid {
        width: 100,
        height: 100,
        color: [1.0; 3],
    };
    Project {
        items: vec![
            item(1, "Main", ItemKind::Composition(main)),
            item(2, "Card", ItemKind::Composition(card)),
            item(9, "White Solid 1", ItemKind::Solid(solid)),
        ],
        ..Project::default()
    }
}

fn apply_with(
    project: &mut Project,
    asset: serde_json::Value,
    downloaded: Option<&[u8]>,
) -> Result<Vec<String>, AssetError> {
    let parsed = assets::parse(&[asset], Sources::Web).unwrap();
    let media = downloaded.map(|bytes| Arc::<[u8]>::from(bytes).into());
    let done = parsed[0].apply(project, media)?;
    Ok(done.warnings.iter().map(ToString::to_string).collect())
}

fn apply(project: &mut Project, asset: serde_json::Value) -> Result<Vec<String>, AssetError> {
    apply_with(project, asset, None)
}

fn find<'a>(project: &'a Project, composition: &str, layer: u32) -> &'a Layer {
    let (_, composition) = project
        .compositions()
        .find(|(item, _)| item.name == composition)
        .unwrap();
    composition.layer(LayerId(layer)).unwrap()
}

fn document(layer: &Layer) -> TextDocument {
    let property = layer
        .properties
        .group(schema::TEXT)
        .unwrap()
        .property(schema::SOURCE_TEXT)
        .unwrap();
    match property.keyframes.first().map_or(&property.value, |key| &key.value) {
        Value::Text(document) => (**document).clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn text_reaches_every_layer_of_the_name_in_every_composition() {
    let mut p = project();
    let warnings = apply(
        &mut p,
        json!({"type": "text", "layerName": "Title", "value": "Line 1\nLine 2"}),
    )
    .unwrap();
    assert!(warnings.is_empty());
    for id in [1, 2] {
        let document = document(find(&p, "Card", id));
        assert_eq!(document.text, "Line 1\rLine 2");
        assert_eq!(document.runs.len(), 1);
        assert_eq!(document.runs[0].style.font, "Noto-Bold", "the first look stays");
    }
}

#[test]
fn text_replaces_keyframed_texts_and_takes_an_index() {
    let mut p = project();
    let ItemKind::Composition(card) = &mut p.items[1].kind else {
        panic!()
    };
    let property = source_text_mut(&mut card.layers[1]);
    property.keyframes = vec![
        Keyframe::linear(0.0, property.value.clone()),
        Keyframe::linear(1.0, property.value.clone()),
    ];
    apply(
        &mut p,
        json!({"type": "text", "layerIndex": 2, "composition": "Main->Card", "value": "New"}),
    )
    .unwrap();
    assert_eq!(document(find(&p, "Card", 1)).text, "Hello");
    assert_eq!(document(find(&p, "Card", 2)).text, "New");
}

#[test]
fn a_missing_layer_says_so_in_nexrenders_words_and_lists_what_is_there() {
    let error = apply(
        &mut project(),
        json!({"type": "text", "layerName": "Titel", "value": ""}),
    )
    .unwrap_err();
    assert_eq!(error.code(), ErrorCode::LayerNotFound);
    assert_eq!(
        error.to_string(),
        "nexrender: Couldn't find any layers by provided name (Titel) inside a composition: *; \
         layers there: `Card`, `Logo`, `Backdrop`, `Helper`, `Title`; did you mean `Title`?"
    );
    let error = apply(
        &mut project(),
        json!({"type": "text", "layerName": "Title", "composition": "main", "value": ""}),
    )
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "nexrender: Couldn't find any compositions by provided name (main); \
         compositions there: `Main`, `Card`; did you mean `Main`?"
    );
    let error = apply(
        &mut project(),
        json!({"type": "text", "layerName": "Helper", "value": ""}),
    )
    .unwrap_err();
    assert!(
        error.to_string().starts_with(
            "nexrender: Can't find a property sequence Source Text for key: Source Textwithin layer: Helper; "
        ),
        "{error}"
    );
}

#[test]
fn continue_on_missing_makes_it_a_warning() {
    let mut p = project();
    let before = p.clone();
    let warnings = apply(
        &mut p,
        json!({"type": "text", "layerName": "Nope", "value": "", "continueOnMissing": true}),
    )
    .unwrap();
    assert_eq!(p, before);
    assert!(warnings[0].contains("by provided name (Nope)"), "{warnings:?}");
    // A value that does not fit is a mistake, not something missing.
    let wrong =
        json!({"type": "data", "layerName": "Title", "property": "Opacity", "value": "a", "continueOnMissing": true});
    assert_eq!(apply(&mut p, wrong).unwrap_err().code(), ErrorCode::PropertyNotFound);
}

#[test]
fn data_sets_properties_by_any_of_their_names() {
    let mut p = project();
    for (property, value) in [
        ("Transform.Position", json!([10, 20])),
        ("Opacity", json!(40)),
        ("Effects.Skin_Color.Color", json!([0.2, 0.4, 0.6])),
        ("ADBE Transform Group->ADBE Rotate Z", json!(90)),
    ] {
        apply(
            &mut p,
            json!({"type": "data", "layerName": "Backdrop", "property": property, "value": value}),
        )
        .unwrap();
    }
    let layer = find(&p, "Main", 3);
    let transform = layer.properties.group(schema::TRANSFORM).unwrap();
    let number = |name: &str| transform.property(name).unwrap().value.as_vector().unwrap().to_vec();
    assert_eq!(number("ADBE Position"), [10.0, 20.0, 0.0]);
    assert_eq!(number("ADBE Opacity"), [40.0]);
    assert_eq!(number("ADBE Rotate Z"), [90.0]);
    let effect = layer
        .properties
        .group(schema::EFFECTS)
        .unwrap()
        .groups()
        .next()
        .unwrap();
    assert_eq!(effect.properties().next().unwrap().value, [0.2, 0.4, 0.6, 1.0].into());
}

#[test]
fn data_reaches_members_of_the_text_and_keeps_the_rest() {
    let mut p = project();
    for (property, value) in [
        ("Source Text.fontSize", json!(80)),
        ("Source Text.font", json!("Liberation-Sans")),
        ("Text.Source Text.fillColor", json!([1, 0, 0])),
        (
            "Source Text.justification",
            json!("ParagraphJustification.CENTER_JUSTIFY"),
        ),
    ] {
        apply(
            &mut p,
            json!({"type": "data", "layerName": "Title", "property": property, "value": value}),
        )
        .unwrap();
    }
    let document = document(find(&p, "Card", 1));
    assert_eq!(document.text, "Hello");
    assert_eq!(document.runs.len(), 2, "runs stay apart");
    for run in &document.runs {
        assert_eq!((run.style.size, run.style.font.as_str()), (80.0, "Liberation-Sans"));
        assert_eq!(run.style.fill, Some([1.0, 0.0, 0.0, 1.0]));
    }
    assert_eq!(
        document.paragraphs[0].style.justification,
        filmpress_composition::Justification::Center
    );
    let wrong = json!({"type": "data", "layerName": "Title", "property": "Source Text.fontsize", "value": 1});
    let error = apply(&mut p, wrong).unwrap_err().to_string();
    assert!(error.contains("did you mean `fontSize`?"), "{error}");
}

#[test]
fn data_sets_attributes_of_layer_composition_and_source() {
    let mut p = project();
    for (property, value) in [
        ("enabled", json!(false)),
        ("startTime", json!(1.5)),
        ("containingComp.workAreaDuration", json!(2)),
        ("source.duration", json!(3)),
    ] {
        apply(
            &mut p,
            json!({"type": "data", "layerName": "Card", "property": property, "value": value}),
        )
        .unwrap();
    }
    let card = find(&p, "Main", 1);
    assert!(!card.switches.enabled);
    assert_eq!((card.start_time, card.in_point, card.out_point), (1.5, 1.5, 6.5));
    let main = p.composition(ItemId(1)).unwrap();
    assert_eq!(main.work_area.unwrap().duration, 2.0);
    assert_eq!((main.duration, p.composition(ItemId(2)).unwrap().duration), (5.0, 3.0));
}

#[test]
fn a_solids_color_is_data_and_does_not_leak_to_its_neighbours() {
    let mut p = project();
    let asset = json!({"type": "data", "layerName": "Backdrop", "property": "Color", "value": "#3366ff"});
    apply(&mut p, asset).unwrap();
    let color = |id: u32| match &p.item(find(&p, "Main", id).source().unwrap()).unwrap().kind {
        ItemKind::Solid(solid) => solid.color,
        other => panic!("{other:?}"),
    };
    assert_eq!(color(3), [0.2, 0.4, 1.0]);
    assert_eq!(color(2), [1.0; 3], "`Logo` shows the same solid and keeps its colour");
}

#[test]
fn expressions_stay_with_their_property() {
    let mut p = project();
    let asset =
        json!({"type": "data", "layerName": "Card", "property": "Opacity", "value": 10, "expression": "time*10"});
    apply(&mut p, asset).unwrap();
    let opacity = find(&p, "Main", 1)
        .properties
        .group(schema::TRANSFORM)
        .unwrap()
        .property("ADBE Opacity")
        .unwrap();
    assert_eq!(opacity.expression.as_ref().unwrap().text, "time*10");
    assert_eq!(opacity.value, Value::number(10.0));
    let asset = json!({"type": "data", "layerName": "Card", "property": "containingComp.duration", "expression": "1"});
    assert_eq!(apply(&mut p, asset).unwrap_err().code(), ErrorCode::Unsupported);
}

#[test]
fn an_image_replaces_the_source_and_nothing_else() {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    png.extend([0, 0, 2, 0, 0, 0, 1, 0]);
    let asset = json!({"type": "image", "layerName": "Logo", "src": "https://example.org/a/new%20logo.png?x=1"});
    let mut p = project();
    let before = find(&p, "Main", 2).clone();
    apply_with(&mut p, asset.clone(), Some(&png)).unwrap();
    let after = find(&p, "Main", 2);
    let new = p.item(after.source().unwrap()).unwrap();
    let ItemKind::Footage(footage) = &new.kind else {
        panic!("{new:?}")
    };
    assert_eq!(
        (footage.width, footage.height, new.name.as_str()),
        (512, 256, "new%20logo.png")
    );
    assert_eq!(
        after,
        &Layer {
            kind: after.kind,
            ..before
        }
    );

    let text = apply_with(&mut project(), asset.clone(), Some(b"<html>")).unwrap_err();
    assert_eq!(text.code(), ErrorCode::AssetInvalid);
    let mut on_text = asset.clone();
    on_text["layerName"] = json!("Title");
    assert_eq!(
        apply_with(&mut project(), on_text, Some(&png)).unwrap_err().code(),
        ErrorCode::PropertyNotFound
    );
    assert!(apply(&mut project(), asset).is_err(), "nothing was downloaded");
}

#[test]
fn films_and_outputs_of_nested_jobs_are_footage_too() {
    let film = Media::Film(FilmFile {
        path: Path::new("/scratch/clip.mov").into(),
        width: 320,
        height: 180,
        duration: 2.5,
        frame_rate: 25.0,
        has_audio: true,
    });
    for asset in [
        json!({"type": "video", "layerName": "Logo", "src": "https://example.org/clip.mov"}),
        json!({"type": "job", "layerName": "Logo", "template": {"id": "T"}}),
    ] {
        let parsed = parse(&[asset], Sources::Web).unwrap();
        assert_eq!(parsed[0].is_child(), parsed[0].src().is_none());
        let mut p = project();
        parsed[0].apply(&mut p, Some(film.clone())).unwrap();
        let item = p.item(find(&p, "Main", 2).source().unwrap()).unwrap();
        let ItemKind::Footage(footage) = &item.kind else {
            panic!("{item:?}")
        };
        assert_eq!(
            footage.source,
            FootageSource::Placed(Path::new("/scratch/clip.mov").into())
        );
        assert_eq!((footage.width, footage.height, footage.duration), (320, 180, 2.5));
        assert_eq!((footage.frame_rate, footage.native_frame_rate), (25.0, 25.0));
        assert!(footage.has_audio);
        let nothing = parsed[0].apply(&mut project(), None).unwrap_err();
        assert_eq!(nothing.code(), ErrorCode::AssetInvalid);
    }
}
