//! From the body of `POST /jobs` as sent to a [`JobCreation`], or to everything that is wrong with it at once.
//!
//! What the contract tolerates is tolerated: unknown keys of the job, its template, its webhook and its assets, `null` for
//! absent, and the empty strings of a form that was filled in only partly. What the contract knows and this version does not
//! do is refused with a text that says so: a job is never accepted and then half ignored.

mod delivery;
mod fields;
mod settings;

use serde_json::{Map, Value};
use url::Url;

use crate::assets::{Sources, parse};
use crate::creation::{JobCreation, TemplateReference};
use crate::problem::Problem;
use fields::Reader;

impl JobCreation {
    /// Reads the body of `POST /jobs`.
    pub fn from_body(body: &Value) -> Result<Self, Vec<Problem>> {
        let Value::Object(body) = body else {
            return Err(vec![Problem::new("", "the body must be a JSON object")]);
        };
        let mut reader = Reader { problems: Vec::new() };
        let job = reader.job(body);
        if reader.problems.is_empty() {
            Ok(job)
        } else {
            Err(reader.problems)
        }
    }
}

impl Reader {
    fn job(&mut self, body: &Map<String, Value>) -> JobCreation {
        self.secrets("", body);
        let template = self.template(body);
        let assets = self.assets(body);
        let fonts = self.fonts(body);
        let settings = self.settings(body);
        self.upload(body);
        let webhook = self.webhook(body);
        let known = [
            "template", "preview", "fonts", "assets", "settings", "upload", "webhook", "tags", "priority",
        ];
        JobCreation {
            template,
            preview: self.boolean("", body, "preview"),
            fonts,
            assets,
            settings,
            upload: None,
            webhook,
            output_name: None,
            poster: false,
            strict: false,
            continue_on_missing: false,
            fail_on_missing_font: false,
            tags: self.tags(body),
            priority: self.priority(body),
            extra: body
                .iter()
                .filter(|(key, _)| !known.contains(&key.as_str()))
                .map(own)
                .collect(),
        }
    }

    fn template(&mut self, body: &Map<String, Value>) -> TemplateReference {
        let mut template = TemplateReference {
            id: String::new(),
            src: None,
            composition: None,
        };
        let Some(object) = self.object(body, "template") else {
            if !self.problems.iter().any(|p| p.field == "template") {
                self.problem("template", "is required");
            }
            return template;
        };
        template.src = self.text("template.", object, "src");
        template.composition = self.text("template.", object, "composition");
        if let Some(src) = &template.src {
            self.web_url("template.src", src);
        }
        match self.text("template.", object, "id") {
            Some(id) => {
                let is_ulid = id.len() == 26 && id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
                if template.src.is_none() && !is_ulid {
                    self.problem("template.id", "must be a template id: 26 upper-case letters and digits");
                }
                template.id = id;
            }
            None if template.src.is_none() && !self.problems.iter().any(|p| p.field == "template.id") => {
                self.problem("template.id", "is required");
            }
            None => {}
        }
        template
    }

    fn assets(&mut self, body: &Map<String, Value>) -> Vec<Value> {
        let assets = self.array(body, "assets");
        if let Err(problems) = parse(assets, Sources::Web) {
            self.problems.extend(problems);
        }
        assets.to_vec()
    }

    fn fonts(&mut self, body: &Map<String, Value>) -> Vec<String> {
        let fonts = self.array(body, "fonts");
        if fonts.iter().any(|font| !font.is_string()) {
            self.problem("fonts", "must be an array of font file names");
        } else if !fonts.is_empty() {
            self.problem("fonts", "uploaded fonts are not built yet: leave `fonts` empty");
        }
        Vec::new()
    }

    fn tags(&mut self, body: &Map<String, Value>) -> Vec<String> {
        let tags: Option<Vec<String>> = match body.get("tags") {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::String(list)) => Some(
                list.split(',')
                    .map(str::to_owned)
                    .filter(|tag| !tag.is_empty())
                    .collect(),
            ),
            Some(Value::Array(list)) => list.iter().map(|tag| tag.as_str().map(str::to_owned)).collect(),
            Some(_) => None,
        };
        match tags {
            Some(tags) if tags.iter().all(|tag| is_tag(tag)) => tags,
            _ => {
                self.problem(
                    "tags",
                    "must be tags of letters, digits, `-` and `_`: an array, or a text with commas between",
                );
                Vec::new()
            }
        }
    }

    fn priority(&mut self, body: &Map<String, Value>) -> i64 {
        match body.get("priority") {
            None | Some(Value::Null) => 0,
            Some(value) => value.as_i64().unwrap_or_else(|| {
                self.problem("priority", "must be a whole number");
                0
            }),
        }
    }

    /// Secrets would reach the picture as written: better to refuse them.
    fn secrets(&mut self, path: &str, object: &Map<String, Value>) {
        for (key, value) in object {
            self.secrets_in(
                &if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                },
                value,
            );
        }
    }

    fn secrets_in(&mut self, path: &str, value: &Value) {
        match value {
            Value::String(text) if text.contains("${secrets.") || text.contains("${secret.") => {
                self.problem(path, "secrets are not built yet: `${secrets.…}` would not be replaced");
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.secrets_in(&format!("{path}[{index}]"), item);
                }
            }
            Value::Object(object) => self.secrets(path, object),
            _ => {}
        }
    }
}

fn own((key, value): (&String, &Value)) -> (String, Value) {
    (key.clone(), value.clone())
}

/// Whether a word may be a job's tag.
pub fn is_tag(word: &str) -> bool {
    !word.is_empty()
        && word.len() <= 100
        && word
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// Whether a text is a complete http or https URL.
pub fn is_web_url(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some())
}

#[cfg(test)]
mod tests {
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
}
