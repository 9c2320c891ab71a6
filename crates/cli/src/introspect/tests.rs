use filmpress_fixtures::{everything, lottie};
use filmpress_job::TemplateMetadata;
use filmpress_job::metadata::LayerInfo;
use serde_json::json;

use super::introspect;

fn read(bytes: &[u8], kind: &str) -> Result<TemplateMetadata, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("stored");
    std::fs::write(&file, bytes).unwrap();
    introspect(&file, kind, &[])
}

fn layer<'a>(found: &'a TemplateMetadata, name: &str) -> &'a LayerInfo {
    found.layers.iter().find(|layer| layer.name == name).unwrap()
}

#[test]
fn layers_are_told_with_every_key_and_by_stacking_order() {
    let found = read(&everything::lottie(), "lottie").unwrap();
    let names: Vec<&str> = found.compositions.iter().map(|c| c.name.as_str()).collect();
    assert!(names.contains(&"Inside"), "{names:?}");
    let outer: Vec<_> = found
        .layers
        .iter()
        .filter(|l| l.composition_id == found.layers[0].composition_id)
        .collect();
    let indices: Vec<_> = outer
        .iter()
        .map(|layer| layer.data["index"].as_u64().unwrap())
        .collect();
    assert_eq!(indices, (1..=outer.len() as u64).collect::<Vec<_>>());
    let kinds = ["Shapes", "Text", "Solid", "Null", "Picture", "Precomp", "Camera"].map(|name| {
        (
            layer(&found, name).layer_type.as_str(),
            layer(&found, name).source_type.as_deref(),
        )
    });
    assert_eq!(
        kinds,
        [
            ("shape", None),
            ("text", None),
            ("av", Some("solid")),
            ("null", None),
            ("av", Some("file")),
            ("av", Some("comp")),
            ("camera", None)
        ]
    );
    let inside = found.compositions.iter().find(|c| c.name == "Inside").unwrap();
    assert_eq!(
        layer(&found, "Precomp").source_comp_id.unwrap().to_string(),
        inside.aeid
    );
    assert_eq!(layer(&found, "Shapes").parent_id, Some(layer(&found, "Null").aeid));
    let solid = layer(&found, "Solid");
    assert!(solid.width > 0.0 && solid.height > 0.0, "{solid:?}");
}

#[test]
fn what_a_job_writes_is_told_with_the_layer() {
    let found = read(&everything::lottie(), "lottie").unwrap();
    let text = &layer(&found, "Text").data;
    assert_eq!(text["nameIsSet"], json!(true));
    assert_eq!(text["text"]["font"], "Roboto-Regular");
    assert!(text["text"]["value"].as_str().is_some_and(|value| !value.is_empty()));
    let slot = &text["slots"][0];
    assert_eq!(
        (&slot["kind"], &slot["asset"]["type"], &slot["asset"]["layerName"]),
        (&json!("text"), &json!("text"), &json!("Text"))
    );
    let properties = text["properties"].as_array().unwrap();
    for path in ["Text.Source Text", "Transform.Position", "Transform.Opacity"] {
        assert!(properties.contains(&json!(path)), "{properties:?}");
    }
    let picture = &layer(&found, "Picture").data;
    assert_eq!(
        picture["sourceName"].as_str().map(|name| name.contains("picture")),
        Some(true),
        "{picture:?}"
    );
    assert_eq!(picture["slots"][0]["asset"]["type"], "image");
    let main = &found
        .compositions
        .iter()
        .find(|c| c.data["isMain"] == json!(true))
        .unwrap()
        .data;
    assert_eq!(main["background"].as_array().map(Vec::len), Some(3));
    assert!(main["slots"].as_array().unwrap().contains(slot));
    assert_eq!(main["fonts"][0]["postScriptName"], "Roboto-Regular");
}

#[test]
fn fonts_that_must_come_from_elsewhere_are_needed() {
    let text = |fonts: serde_json::Value| {
        let mut root = lottie::animation(json!([lottie::with(
            lottie::layer(5, 1, "Text"),
            &json!({"t": {"d": {"k": [{"t": 0,
            "s": {"t": "Hi", "f": "Soleil", "s": 20, "fc": [1, 1, 1]}}]}, "p": {}, "m": {"g": 1, "a": {"k": [0, 0]}}, "a": []}})
        )]));
        root["fonts"] = fonts;
        serde_json::to_vec(&root).unwrap()
    };
    let fonts = json!({"list": [{"fName": "Soleil", "fFamily": "Soleil", "fStyle": "Regular", "ascent": 75}]});
    let found = read(&text(fonts), "lottie").unwrap();
    let need = &found.fonts[0];
    assert_eq!(
        (need.post_script_name.as_str(), need.family.as_deref()),
        ("Soleil", Some("Soleil"))
    );
    let about_fonts = found
        .warnings
        .iter()
        .filter(|warning| warning.contains("Soleil"))
        .count();
    assert_eq!(
        about_fonts, 0,
        "whether the font is there is a job's matter: {:?}",
        found.warnings
    );
}

#[test]
fn controls_are_named_as_essential_assets_name_them() {
    let found = read(&everything::mogrt(), "mogrt").unwrap();
    assert!(!found.controls.is_empty());
    let shown: Vec<_> = found
        .compositions
        .iter()
        .flat_map(|c| c.data["controls"].as_array().unwrap())
        .collect();
    for control in &found.controls {
        assert!(
            shown.iter().any(|told| told["layerName"] == json!(control)),
            "{control}: {shown:?}"
        );
    }
}

#[test]
fn projects_in_every_form_are_read() {
    for (bytes, kind) in [
        (everything::aep(), "aep"),
        (everything::aepx(), "aepx"),
        (everything::zip(), "zip"),
        (everything::dot_lottie(), "lottie"),
    ] {
        let found = read(&bytes, kind).unwrap();
        assert!(!found.compositions.is_empty() && !found.layers.is_empty(), "{kind}");
        let json = serde_json::to_value(&found).unwrap();
        assert_eq!(
            serde_json::from_value::<TemplateMetadata>(json).unwrap(),
            found,
            "{kind}"
        );
    }
}

#[test]
fn what_cannot_be_used_says_why() {
    let lottie = everything::lottie();
    assert_eq!(
        read(&lottie, "aep").unwrap_err(),
        "the template was declared as `aep`, but the file is a JSON file"
    );
    assert!(read(b"RIFX", "aep").is_err());
    assert!(read(b"\x89PNG\r\n", "zip").unwrap_err().contains("is not a template"));
}
