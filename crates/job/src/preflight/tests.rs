use serde_json::{Value, json};

use super::{Finding, KnownFont, Severity, missing_fonts, named_secrets, preflight, unknown_secrets};
use crate::creation::JobCreation;
use crate::metadata::TemplateMetadata;

const ID: &str = "01J9ZK3V5YQ2W8N4R6T0B1C2D3";

fn layer(composition: i64, index: u64, name: &str, kind: &str, shows: Option<i64>, source: Option<&str>) -> Value {
    json!({"composition_id": composition, "aeid": index, "name": name, "top": 0.0, "left": 0.0, "width": 1.0,
        "height": 1.0, "start_time": 0.0, "in_point": 0.0, "out_point": 1.0, "layer_type": kind,
        "source_type": null, "source_comp_id": shows, "parent_id": null,
        "data": {"index": index, "sourceName": source}})
}

/// `Main` shows `Card`, which has a text and a picture; `Main` has a shape.
fn template() -> TemplateMetadata {
    let composition = |aeid: &str, name: &str| json!({"aeid": aeid, "name": name, "width": 1, "height": 1, "duration": 1.0, "frame_rate": 25.0, "data": {}});
    serde_json::from_value(json!({
        "compositions": [composition("1", "Main"), composition("2", "Card")],
        "layers": [layer(1, 1, "card", "av", Some(2), Some("Card")), layer(1, 2, "Shape", "shape", None, None),
            layer(2, 1, "Title", "text", None, None), layer(2, 2, "Photo", "av", None, Some("photo.png"))],
        "fonts": [{"postScriptName": "Soleil-Regular", "family": "Soleil", "style": "Regular"},
            {"postScriptName": "OpenSans-Bold", "family": "Open Sans", "style": "Bold"}],
        "controls": ["Headline", "Look->Tint"]
    }))
    .unwrap()
}

fn job(extra: &Value) -> JobCreation {
    let mut body = json!({"template": {"id": ID}});
    body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    serde_json::from_value(body).unwrap()
}

fn fonts() -> Vec<KnownFont> {
    let font = |file: &str, family: &str, style: &str| KnownFont {
        file_name: file.into(),
        family: family.into(),
        style: Some(style.into()),
        post_script_name: None,
    };
    vec![
        font("soleil.ttf", "Soleil", "Regular"),
        font("os-b.ttf", "OpenSans", "Bold"),
    ]
}

fn found(extra: &Value) -> Vec<Finding> {
    preflight(&job(extra), &template(), &fonts())
}

fn fields(extra: &Value) -> Vec<String> {
    found(extra).into_iter().map(|finding| finding.problem.field).collect()
}

#[test]
fn what_fits_is_not_found_fault_with() {
    let assets = json!([
        {"type": "text", "layerName": "Title", "value": "v"},
        {"type": "text", "layerName": "Title", "composition": "Main->Card", "value": "v"},
        {"type": "text", "layerName": "Title", "composition": "Main->card", "value": "v"},
        {"type": "image", "layerName": "photo.png", "src": "https://h/a.png"},
        {"type": "image", "layerIndex": 1, "composition": "Main", "src": "https://h/a.png"},
        {"type": "data", "layerName": "Shape", "property": "Position", "value": [1, 2]},
        {"type": "essential", "layerName": "Look.Tint", "value": 1},
        {"type": "essential", "layerName": "Tint", "value": 1},
        {"type": "function", "name": "nx:layer-state-set", "params": {"layerName": ["Title", "Shape"]}},
        {"type": "static", "src": "https://h/a.json", "name": "a.json"}
    ]);
    assert_eq!(
        found(&json!({"template": {"id": ID, "composition": "Main"}, "assets": assets})),
        []
    );
    assert_eq!(found(&json!({})), [], "`Main` is the one no other uses");
}

#[test]
fn everything_is_told_at_once_with_what_is_there() {
    let assets = json!([
        {"type": "text", "layerName": "Titel", "value": "v"},
        {"type": "text", "layerName": "Title", "composition": "Crad", "value": "v"},
        {"type": "text", "layerName": "Title", "composition": "Card->Main", "value": "v"},
        {"type": "image", "layerName": "Shape", "src": "https://h/a.png"},
        {"type": "data", "layerName": "Photo", "property": "Source Text.fontSize", "value": 3},
        {"type": "image", "layerIndex": 9, "src": "https://h/a.png"},
        {"type": "essential", "layerName": "Hedline", "value": 1},
        {"type": "function", "name": "nx:layer-remove", "params": {"layerName": ["Title", "Nobody"]}}
    ]);
    let all = found(&json!({"template": {"id": ID, "composition": "Mian"}, "assets": assets, "fonts": ["x.ttf"]}));
    let told: Vec<_> = all.iter().map(|finding| finding.problem.field.as_str()).collect();
    assert_eq!(
        told,
        [
            "template.composition",
            "assets[0].layerName",
            "assets[1].composition",
            "assets[2].composition",
            "assets[3].layerName",
            "assets[4].layerName",
            "assets[5].layerIndex",
            "assets[6].layerName",
            "assets[7].params.layerName[1]",
            "fonts[0]",
        ]
    );
    let text = |index: usize| all[index].problem.message.as_str();
    assert!(
        text(0).starts_with("nexrender: Couldn't find any compositions by provided name (Mian)"),
        "{}",
        text(0)
    );
    assert!(
        text(1).starts_with("nexrender: Couldn't find any layers by provided name (Titel) inside a composition: *"),
        "{}",
        text(1)
    );
    assert!(text(1).ends_with("did you mean `Title`?") && text(2).ends_with("did you mean `Card`?"));
    assert!(text(4).contains("`shape`") && text(7).contains("did you mean `Headline`?"));
    assert!(all.iter().take(9).all(|finding| finding.severity == Severity::Error));
    assert_eq!(all[9].severity, Severity::Warning);
}

#[test]
fn patience_makes_warnings_of_errors() {
    let asset = |more: bool| json!({"type": "text", "layerName": "No", "value": "v", "continueOnMissing": more});
    let severity = |extra: Value| found(&extra)[0].severity;
    assert_eq!(severity(json!({"assets": [asset(false)]})), Severity::Error);
    assert_eq!(severity(json!({"assets": [asset(true)]})), Severity::Warning);
    assert_eq!(
        severity(json!({"assets": [asset(false)], "continueOnMissing": true})),
        Severity::Warning
    );
}

#[test]
fn a_template_that_was_not_read_says_nothing() {
    let job = job(&json!({"assets": [{"type": "text", "layerName": "No", "value": "v"}]}));
    assert_eq!(preflight(&job, &TemplateMetadata::default(), &[]), []);
}

#[test]
fn which_composition_must_be_clear() {
    let mut two = template();
    two.layers.clear();
    let told = preflight(&job(&json!({})), &two, &fonts());
    assert_eq!(
        told[0].problem.to_string(),
        "template.composition: which composition? There are `Main`, `Card`"
    );
    two.compositions[1].data.insert("isMain".into(), json!(true));
    assert_eq!(preflight(&job(&json!({})), &two, &fonts()), []);
}

#[test]
fn fonts_are_found_by_any_of_their_names() {
    assert!(missing_fonts(&template(), &fonts()).is_empty());
    assert_eq!(missing_fonts(&template(), &fonts()[..1]), ["Open Sans (Bold)"]);
    let by_file = KnownFont {
        file_name: "OpenSans-Bold.otf".into(),
        ..KnownFont::default()
    };
    assert_eq!(missing_fonts(&template(), &[by_file]), ["Soleil (Regular)"]);
    assert_eq!(fields(&json!({"fonts": ["SOLEIL.TTF"]})), [] as [&str; 0]);
    let strict = preflight(&job(&json!({"failOnMissingFont": true})), &template(), &[]);
    assert!(strict.len() == 2 && strict.iter().all(|finding| finding.severity == Severity::Error));
}

#[test]
fn unknown_secrets_are_told_with_their_places() {
    let body = json!({"campaign": "${secrets.FREE}", "webhook": {"url": "https://h/${secret.A}"},
        "assets": [{"type": "text", "value": "${secrets.B}", "expression": "`${secret.C}`"},
            {"type": "job", "assets": [{"value": "${secrets.D}"}]}]});
    assert_eq!(named_secrets(&body).into_iter().collect::<Vec<_>>(), ["A", "B", "D"]);
    let known = ["B".to_owned()].into();
    let told: Vec<_> = unknown_secrets(&body, &known).iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "assets[1].assets[0].value: there is no secret `D` in your team",
            "webhook.url: there is no secret `A` in your team"
        ]
    );
}
