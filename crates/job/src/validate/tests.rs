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
        "template": {"composition": 7}, "preview": "yes", "fonts": ["A.ttf", 3, ""],
        "assets": [{"type": "text", "layerName": "T", "value": "v"}, {"type": "audio"}, {"type": "hologram"}, {}, 3],
        "settings": {"type": "film", "frames": [5, 5], "codec": "video_h266", "speed": 1},
        "upload": {"params": {"bucket": "b", "colour": 1}},
        "webhook": {"url": "ftp://x", "method": "PATCH", "headers": {"a b": "c"}},
        "outputName": "../up", "poster": 1, "strict": "no", "continueOnMissing": 0, "onMissingFont": "stop",
        "tags": "a,b c", "priority": 1.5
    });
    let mut found = fields(&body);
    found.sort();
    let mut expected = vec![
        "template.composition",
        "template.id",
        "preview",
        "fonts[1]",
        "fonts[2]",
        "assets[1].type",
        "assets[2].type",
        "assets[3].type",
        "assets[4]",
        "settings.type",
        "settings.frames",
        "settings.codec",
        "settings.speed",
        "upload.params.colour",
        "upload.params.region",
        "upload.params.accessKeyId",
        "upload.params.accessKeySecret",
        "webhook.url",
        "webhook.method",
        "webhook.headers.a b",
        "outputName",
        "poster",
        "strict",
        "continueOnMissing",
        "onMissingFont",
        "tags",
        "priority",
    ];
    expected.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn what_is_not_done_is_said_to_be_so() {
    let aep = json!({"template": {"id": ID}, "settings": {"type": "aep"}});
    assert!(messages(&aep).starts_with("settings.type: a changed project (`aep`) is not written by this version"));
    let codec = json!({"template": {"id": ID}, "settings": {"codec": "h266"}});
    assert!(messages(&codec).contains("no codec is called `h266`; there are `video_h264_vbr_1mbps`"));
    let asset = json!({"template": {"id": ID}, "assets": [{"type": "script", "src": "https://h/a.jsx"}]});
    assert!(messages(&asset).contains("assets of type `script` are not supported yet"));
}

#[test]
fn an_upload_is_read_whole() {
    let with = |upload: Value| json!({"template": {"id": ID}, "upload": upload});
    let params = json!({"region": "auto", "bucket": "films", "accessKeyId": "${secrets.ID}", "accessKeySecret": "a/b+c=",
        "endpoint": "https://${secret.ACCOUNT}.r2.example", "acl": "public-read", "forcePathStyle": true});
    let upload = json!({"prefix": "renders/42/", "outputUrl": "https://cdn.example", "params": params});
    let job = JobCreation::from_body(&with(upload)).unwrap();
    let upload = job.upload.unwrap();
    assert_eq!(
        (upload.provider.as_str(), upload.params.force_path_style),
        ("s3", Some(true))
    );
    assert_eq!(upload.params.access_key_id, "${secrets.ID}");
    let bad = json!({"provider": "gs", "prefix": "a/../b", "outputUrl": "cdn", "params": {"endpoint": "host", "region": "a b",
        "bucket": "b/c", "acl": "x\ny", "accessKeyId": "${secret.A B}", "accessKeySecret": "a\nb", "forcePathStyle": 1}});
    let mut found = fields(&with(bad));
    found.sort();
    assert_eq!(
        found,
        [
            "upload.outputUrl",
            "upload.params.accessKeyId",
            "upload.params.accessKeySecret",
            "upload.params.acl",
            "upload.params.bucket",
            "upload.params.endpoint",
            "upload.params.forcePathStyle",
            "upload.params.region",
            "upload.prefix",
            "upload.provider",
        ]
    );
}

#[test]
fn secrets_stand_where_they_are_replaced_and_nowhere_else() {
    let body = json!({"template": {"id": ID, "composition": "${secrets.A}"}, "campaign": "${secrets.FREE}",
        "assets": [{"type": "text", "layerName": "${secret.L}", "value": "${secrets.V}"},
            {"type": "image", "layerName": "L", "src": "https://h/${secrets.KEY}.png"},
            {"type": "image", "layerName": "L", "src": "${secrets.URL}"},
            {"type": "data", "layerName": "L", "property": "P", "value": ["${secrets.}"], "expression": "`${secret.x}`"}],
        "webhook": {"url": "https://h/${secrets.PATH}", "headers": {"X": "${secrets.H"}, "data": {"k": "${secrets.D}"}}});
    assert_eq!(
        fields(&body),
        [
            "template.composition",
            "assets[0].layerName",
            "assets[3].value[0]",
            "webhook.headers.X"
        ][..]
            .iter()
            .map(|field| (*field).to_owned())
            .collect::<Vec<_>>()
    );
}

#[test]
fn options_are_read_and_the_rest_is_kept() {
    let body = json!({"template": {"id": ID}, "outputName": "spring_sale-1.2", "poster": true, "strict": true,
        "continueOnMissing": true, "onMissingFont": "fail", "fonts": ["A.ttf"], "campaign": 7});
    let job = JobCreation::from_body(&body).unwrap();
    assert_eq!(job.output_name.as_deref(), Some("spring_sale-1.2"));
    assert!(job.makes_poster() && job.strict && job.continue_on_missing && job.fail_on_missing_font);
    assert_eq!(
        (job.fonts.as_slice(), job.extra.len()),
        (["A.ttf".to_owned()].as_slice(), 1)
    );
    for name in [".hidden", "-flag", "a/b", "a\\b", "end.", "ü", &"x".repeat(101)] {
        assert_eq!(
            fields(&json!({"template": {"id": ID}, "outputName": name})),
            ["outputName"],
            "{name}"
        );
    }
    let short = json!({"template": {"id": ID}, "settings": {"codec": "h264_vbr_5mbps"}});
    let warnings = JobCreation::from_body(&short).unwrap().warnings();
    assert_eq!(warnings, ["`settings.codec` is called `video_h264_vbr_5mbps` in full"]);
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
