//! What a project has and is not drawn, or drawn in a simpler way, is said.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use filmpress_composition::{
    BlendingMode, CharacterStyle, ColorManagement, FieldOrder, Footage, FootageLayer, FootageSource, ItemId, ItemKind,
    LayerKind, LightKind, ParagraphRun, ParagraphStyle, Project, StyleRun, TextBox, TextDocument, Value, schema,
};
use filmpress_evaluate::digest::Digester;
use filmpress_evaluate::{FootageInfo, Scene};
use support::{Shelf, composition, item, layer, scene, set};

fn said(project: &Project, world: &Shelf) -> Vec<String> {
    let made = Scene::new(project, ItemId(1), world).unwrap();
    made.warnings.iter().map(ToString::to_string).collect()
}

#[test]
fn settings_of_projects_and_compositions() {
    let mut main = composition(Vec::new());
    main.pixel_aspect = 1.0940;
    let project = Project {
        items: vec![item(1, "Main", ItemKind::Composition(main))],
        bits_per_channel: 16,
        color: ColorManagement {
            working_space: Some("P3".to_owned()),
            linear_blending: true,
            ..ColorManagement::default()
        },
        ..Project::default()
    };
    let words = [
        "pixels are drawn square",
        "taken as sRGB",
        "not in linear light",
        "8 bits per channel",
    ];
    let found = said(&project, &Shelf::default());
    assert_eq!(found.len(), words.len(), "{found:#?}");
    for (found, words) in found.iter().zip(words) {
        assert!(
            found.starts_with("Main: approximated: ") && found.contains(words),
            "{found}"
        );
    }
}

#[test]
fn interpretation_of_footage_and_its_sound() {
    let mut world = Shelf::default();
    let info = FootageInfo {
        width: 40,
        height: 20,
        frame_rate: 25.0,
        duration: 2.0,
        content: Digester::new(0).finish(),
    };
    world.footage.insert(ItemId(2), info);
    let footage = Footage {
        source: FootageSource::File("clip.mov".to_owned()),
        width: 40,
        height: 20,
        duration: 2.0,
        frame_rate: 25.0,
        native_frame_rate: 30.0,
        invert_alpha: true,
        fields: Some(FieldOrder::UpperFirst),
        remove_pulldown: true,
        has_audio: true,
        pixel_aspect: 10.0 / 11.0,
        layer: Some(FootageLayer::default()),
        ..Footage::default()
    };
    let clip = |audio: bool| {
        let mut layer = layer(1, "Clip", LayerKind::Av(ItemId(2)), Some((40, 20)));
        layer.switches.audio = audio;
        let items = vec![
            item(1, "Main", ItemKind::Composition(composition(vec![layer]))),
            item(2, "clip.mov", ItemKind::Footage(footage.clone())),
        ];
        let project = Project {
            items,
            ..Project::default()
        };
        said(&project, &world)
    };
    let found = clip(true);
    for words in [
        "not inverted",
        "not separated",
        "pulldown",
        "own frame rate",
        "drawn square",
        "layered file",
        "sound is not in the film",
    ] {
        assert!(
            found
                .iter()
                .any(|w| w.starts_with("Main > Clip: ") && w.contains(words)),
            "{words}: {found:#?}"
        );
    }
    assert_eq!(found.len() - 1, clip(false).len());
}

#[test]
fn kinds_of_layers_that_are_not_drawn_and_modes_drawn_as_others() {
    let mut camera = layer(1, "Camera", LayerKind::Camera, None);
    let (options, depth) = ("ADBE Camera Options Group", "ADBE Camera Depth of Field");
    set(&mut camera, options, depth, 1.0);
    let light = layer(2, "Light", LayerKind::Light(LightKind::Spot), None);
    let mut flat = layer(3, "Red", LayerKind::Av(ItemId(2)), Some((40, 20)));
    let (_, found) = scene(vec![camera.clone(), light.clone(), flat.clone()]);
    assert!(found.is_empty(), "without 3D layers they change nothing: {found:?}");
    flat.switches.three_d = true;
    flat.blending_mode = BlendingMode::ClassicColorBurn;
    let (_, found) = scene(vec![camera, light, flat]);
    for words in [
        "Camera: approximated: depth of field",
        "Light: approximated: lights",
        "Classic Color Burn is drawn as",
    ] {
        assert!(found.iter().any(|w| w.contains(words)), "{words}: {found:#?}");
    }
}

#[test]
fn settings_of_texts() {
    let mut text = layer(1, "Text", LayerKind::Text, None);
    let document = TextDocument {
        text: "Hi".to_owned(),
        runs: vec![StyleRun {
            length: 2,
            style: CharacterStyle {
                tsume: 0.5,
                ..CharacterStyle::default()
            },
        }],
        paragraphs: vec![ParagraphRun {
            length: 2,
            style: ParagraphStyle {
                hyphenate: true,
                ..ParagraphStyle::default()
            },
        }],
        frame: Some(TextBox {
            width: 100.0,
            height: 50.0,
            ..TextBox::default()
        }),
        is_vertical: true,
    };
    set(
        &mut text,
        schema::TEXT,
        schema::SOURCE_TEXT,
        Value::Text(document.into()),
    );
    let (_, found) = scene(vec![text]);
    for words in ["vertical text", "tsume", "hyphenated"] {
        assert!(found.iter().any(|w| w.contains(words)), "{words}: {found:#?}");
    }
}
