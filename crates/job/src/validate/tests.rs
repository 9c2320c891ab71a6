//! Bodies of `POST /jobs`: what is accepted, what is refused, in which words.

use serde_json::{Value, json};

use super::JobCreation;
use crate::settings::{Codec, Frames};

const ID: &str = "01J9ZK3V5YQ2W8N4R6T0B1C2D3";

fn fields(body: &Value) -> Vec<String> {
    match JobCreation::from_body(body) {
        Ok(job) => panic!("accepted {job:?}"),
        Err(problems) => problems.into_iter().map(|problem| problem.field).collect(),
    }
}

fn messages(body: &Value) -> String {
    let problems = JobCreation::from_body(body).unwrap_err();
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_printed_form_is_a_film_without_upload_and_webhook() {
    let body = json!({
        "template": {"id": ID, "src": "https://example.org/card.aep", "composition": "Main"},
        "preview": false, "fonts": [], "assets": [],
        "settings": {"type": "video", "frames": 1, "quality": "draft", "codec": "video_h264_vbr_5mbps"},
        "upload": {"prefix": "", "outputUrl": "", "provider": "s3", "params": {
            "endpoint": "https://s3.amazonaws.com", "region": "", "bucket": "", "acl": "",
            "accessKeyId": "", "accessKeySecret": ""}},
        "webhook": {"url": "", "method": "POST", "headers": {}, "data": {}, "custom": false}
    });
    let job = JobCreation::from_body(&body).unwrap();
    assert_eq!(job.webhook, None);
    assert!(job.extra.is_empty());
    assert_eq!(job.template.composition.as_deref(), Some("Main"));
    assert_eq!((job.output().codec, job.output().frames), (Codec::H264Vbr5, None));
}

#[test]
fn every_problem_is_told_at_once() {
    let body = json!({
        "template": {"composition": 7}, "preview": "yes", "fonts": ["A.ttf"],
        "assets": [{"type": "text", "layerName": "T", "value": "v"}, {"type": "video"}, {"type": "hologram"}, {}, 3],
        "settings": {"type": "film", "frames": [5, 5], "codec": "video_h264_cbr_5mbps", "speed": 1},
        "upload": {"params": {"bucket": "b", "colour": 1}},
        "webhook": {"url": "ftp://x", "method": "PATCH", "headers": {"a b": "c"}},
        "tags": "a,b c", "priority": 1.5
    });
    let mut found = fields(&body);
    found.sort();
    let mut expected = vec![
        "template.composition",
        "template.id",
        "preview",
        "fonts",
        "assets[1].type",
        "assets[2].type",
        "assets[3].type",
        "assets[4]",
        "settings.type",
        "settings.frames",
        "settings.codec",
        "settings.speed",
        "upload",
        "upload.params.colour",
        "webhook.url",
        "webhook.method",
        "webhook.headers.a b",
        "tags",
        "priority",
    ];
    expected.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn what_is_not_built_is_said_to_be_so() {
    let upload = json!({"template": {"id": ID}, "upload": {"params": {"bucket": "films"}}});
    assert!(messages(&upload).starts_with("upload: upload to a store of your own is not built yet"));
    let codec = json!({"template": {"id": ID}, "settings": {"codec": "prores_422"}});
    assert!(messages(&codec).contains("codec `prores_422` is not built yet; built are `video_h264_vbr_1mbps`"));
    let asset = json!({"template": {"id": ID}, "assets": [{"type": "function", "name": "nx:genai"}]});
    assert!(messages(&asset).contains("assets of type `function` are not supported yet"));
    let secret =
        json!({"template": {"id": ID}, "assets": [{"type": "text", "layerName": "T", "value": "${secret.KEY}"}]});
    assert!(messages(&secret).starts_with("assets[0].value: secrets are not built yet"));
}

#[test]
fn the_template_label_is_free_with_src_only() {
    let src = json!({"template": {"id": "PLACEHOLDER", "src": "https://example.org/a.aep"}});
    assert_eq!(JobCreation::from_body(&src).unwrap().template.id, "PLACEHOLDER");
    assert_eq!(fields(&json!({"template": {"id": "PLACEHOLDER"}})), ["template.id"]);
    assert_eq!(fields(&json!({})), ["template"]);
    assert_eq!(fields(&json!({"template": 1})), ["template"]);
    assert_eq!(fields(&json!([])), [""]);
}

#[test]
fn stills_need_their_frames_and_their_codec() {
    let still = |settings: Value| json!({"template": {"id": ID}, "settings": settings});
    assert_eq!(fields(&still(json!({"type": "image"}))), ["settings.frames"]);
    assert_eq!(fields(&still(json!({"codec": "image_png"}))), ["settings.frames"]);
    assert_eq!(
        fields(&still(json!({"type": "video", "codec": "image_png", "frames": 3})))[0],
        "settings.codec"
    );
    let range = JobCreation::from_body(&still(json!({"type": "image", "frames": [3, 9]}))).unwrap();
    assert_eq!(range.output().frames, Some(Frames::Range([3, 9])));
    assert_eq!(range.output().extension(), "zip");
}

#[test]
fn tags_come_as_list_or_text() {
    for tags in [json!("a,b-c"), json!(["a", "b-c"])] {
        let job = JobCreation::from_body(&json!({"template": {"id": ID}, "tags": tags, "priority": 5})).unwrap();
        assert_eq!((job.tags, job.priority), (vec!["a".to_owned(), "b-c".to_owned()], 5));
    }
}

#[test]
fn a_webhook_without_address_is_refused_unless_nothing_is_filled_in() {
    let with = |webhook: Value| json!({"template": {"id": ID}, "webhook": webhook});
    assert_eq!(fields(&with(json!({"data": {"a": 1}}))), ["webhook.url"]);
    assert_eq!(fields(&with(json!({"url": "", "custom": true}))), ["webhook.url"]);
    let job = JobCreation::from_body(&with(json!({"url": "http://h/x", "headers": {"X-N": 1}}))).unwrap();
    assert_eq!(job.webhook.unwrap().method, "POST");
}
