//! From the body of `POST /jobs` as sent to a [`JobCreation`], or to everything that is wrong with it at once.
//!
//! What the contract tolerates is tolerated: unknown keys of the job, its template, its webhook and its assets, `null` for
//! absent, and the empty strings of a form that was filled in only partly. What the contract knows and this version does not
//! do is refused with a text that says so: a job is never accepted and then half ignored.

use serde_json::{Map, Value};
use url::Url;

use crate::assets::{Sources, parse};
use crate::creation::{JobCreation, TemplateReference, Webhook};
use crate::problem::Problem;
use crate::settings::{Codec, Frames, OutputType, Quality, Settings};

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

struct Reader {
    problems: Vec<Problem>,
}

impl Reader {
    fn problem(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.problems.push(Problem::new(field, message));
    }

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

    fn settings(&mut self, body: &Map<String, Value>) -> Option<Settings> {
        let object = self.object(body, "settings")?;
        self.only("settings", object, &["type", "frames", "quality", "codec", "engine"]);
        let mut settings = Settings::default();
        match self.text("settings.", object, "type").as_deref() {
            None => {}
            Some("video") => settings.output_type = Some(OutputType::Video),
            Some("image") => settings.output_type = Some(OutputType::Image),
            Some("aep") => self.problem(
                "settings.type",
                "type `aep` is not built yet; built are `video`, `image`",
            ),
            Some(other) => self.problem("settings.type", format!("must be `video` or `image`, not `{other}`")),
        }
        match self.text("settings.", object, "quality").as_deref() {
            None => {}
            Some("draft") => settings.quality = Some(Quality::Draft),
            Some("full") => settings.quality = Some(Quality::Full),
            Some(other) => self.problem("settings.quality", format!("must be `draft` or `full`, not `{other}`")),
        }
        if let Some(id) = self.text("settings.", object, "codec") {
            settings.codec = self.codec(&id);
        }
        match self.text("settings.", object, "engine").as_deref() {
            None => {}
            Some(engine @ ("ae2025" | "ae2026")) => settings.engine = Some(engine.to_owned()),
            Some(other) => self.problem(
                "settings.engine",
                format!("must be `ae2025` or `ae2026`, not `{other}`"),
            ),
        }
        settings.frames = self.frames(object);
        let codec_type = settings.codec.map(Codec::output_type);
        if let (Some(codec), Some(said)) = (settings.codec, settings.output_type)
            && codec.output_type() != said
        {
            let (said, makes) = match said {
                OutputType::Video => ("video", "stills"),
                OutputType::Image => ("image", "a film"),
            };
            self.problem(
                "settings.codec",
                format!("`{}` makes {makes}, but `settings.type` is `{said}`", codec.id()),
            );
        }
        let is_image = settings.output_type.or(codec_type) == Some(OutputType::Image);
        if is_image && settings.frames.is_none() && !self.problems.iter().any(|p| p.field == "settings.frames") {
            self.problem(
                "settings.frames",
                "is required for type `image`: a frame number, or [first, last]",
            );
        }
        Some(settings)
    }

    fn codec(&mut self, id: &str) -> Option<Codec> {
        let codec = Codec::from_id(id);
        if codec.is_none() {
            let built: Vec<_> = Codec::ALL.iter().map(|codec| codec.id()).collect();
            let built = built.join("`, `");
            let known = Codec::NOT_BUILT
                .iter()
                .any(|full| *full == id || full.split_once('_').is_some_and(|(_, short)| short == id));
            self.problem(
                "settings.codec",
                if known {
                    format!("codec `{id}` is not built yet; built are `{built}`")
                } else {
                    format!("no codec is called `{id}`; there are `{built}`")
                },
            );
        }
        codec
    }

    fn frames(&mut self, settings: &Map<String, Value>) -> Option<Frames> {
        let value = settings.get("frames").filter(|value| !value.is_null())?;
        if let Some(one) = value.as_u64() {
            return Some(Frames::One(one));
        }
        if let Some([first, last]) = value.as_array().map(Vec::as_slice)
            && let (Some(first), Some(last)) = (first.as_u64(), last.as_u64())
            && first < last
        {
            return Some(Frames::Range([first, last]));
        }
        self.problem(
            "settings.frames",
            "must be a frame number from 0 on, or [first, last] with last > first",
        );
        None
    }

    fn upload(&mut self, body: &Map<String, Value>) {
        let Some(object) = self.object(body, "upload") else {
            return;
        };
        self.only("upload", object, &["prefix", "outputUrl", "provider", "params"]);
        let params = object.get("params").and_then(Value::as_object);
        let params_keys = ["endpoint", "region", "bucket", "acl", "accessKeyId", "accessKeySecret"];
        if let Some(params) = params {
            self.only("upload.params", params, &params_keys);
        } else if object.get("params").is_some_and(|value| !value.is_null()) {
            self.problem("upload.params", "must be an object");
        }
        if object
            .get("provider")
            .is_some_and(|value| !blank(value) && value != "s3")
        {
            self.problem("upload.provider", "must be `s3`");
        }
        // Provider and endpoint have defaults that forms send along; only the rest says that an upload is wanted.
        let wanted = ["prefix", "outputUrl"]
            .iter()
            .any(|key| object.get(*key).is_some_and(|value| !blank(value)))
            || params.is_some_and(|params| {
                params
                    .iter()
                    .any(|(key, value)| key != "endpoint" && params_keys.contains(&key.as_str()) && !blank(value))
            });
        if wanted {
            self.problem(
                "upload",
                "upload to a store of your own is not built yet: leave `upload` out and fetch the output from `outputUrl`",
            );
        }
    }

    fn webhook(&mut self, body: &Map<String, Value>) -> Option<Webhook> {
        let object = self.object(body, "webhook")?;
        let method = self
            .text("webhook.", object, "method")
            .unwrap_or_else(|| "POST".to_owned());
        if !["GET", "POST", "PUT", "DELETE"].contains(&method.as_str()) {
            self.problem(
                "webhook.method",
                format!("must be `GET`, `POST`, `PUT` or `DELETE`, not `{method}`"),
            );
        }
        let headers = self
            .object_of("webhook.", object, "headers")
            .cloned()
            .unwrap_or_default();
        for (name, value) in &headers {
            let is_token = !name.is_empty()
                && name
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b));
            let is_value = match value {
                Value::String(text) => text.bytes().all(|b| b == b'\t' || (b >= 0x20 && b != 0x7f)),
                Value::Number(_) | Value::Bool(_) => true,
                _ => false,
            };
            if !is_token || !is_value {
                self.problem(
                    format!("webhook.headers.{name}"),
                    "must be an HTTP header: a name, and a text of one line",
                );
            }
        }
        let data = self.object_of("webhook.", object, "data").cloned().unwrap_or_default();
        let custom = self.boolean("webhook.", object, "custom");
        let Some(url) = self.text("webhook.", object, "url") else {
            // The request form with nothing filled in is no webhook; anything beyond it is one that lacks its address.
            let is_form = object.contains_key("url") && headers.is_empty() && data.is_empty() && !custom;
            if !is_form && !object.is_empty() && !self.problems.iter().any(|p| p.field == "webhook.url") {
                self.problem("webhook.url", "is required");
            }
            return None;
        };
        self.web_url("webhook.url", &url);
        Some(Webhook {
            url,
            method,
            headers,
            data,
            custom,
        })
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

    fn only(&mut self, field: &str, object: &Map<String, Value>, keys: &[&str]) {
        for key in object.keys().filter(|key| !keys.contains(&key.as_str())) {
            self.problem(
                format!("{field}.{key}"),
                format!("is not a key of `{field}`; those are `{}`", keys.join("`, `")),
            );
        }
    }

    fn object<'a>(&mut self, body: &'a Map<String, Value>, key: &str) -> Option<&'a Map<String, Value>> {
        self.object_of("", body, key)
    }

    fn object_of<'a>(
        &mut self,
        outer: &str,
        body: &'a Map<String, Value>,
        key: &str,
    ) -> Option<&'a Map<String, Value>> {
        match body.get(key) {
            None | Some(Value::Null) => None,
            Some(Value::Object(object)) => Some(object),
            Some(_) => {
                self.problem(format!("{outer}{key}"), "must be an object");
                None
            }
        }
    }

    fn array<'a>(&mut self, body: &'a Map<String, Value>, key: &str) -> &'a [Value] {
        match body.get(key) {
            None | Some(Value::Null) => &[],
            Some(Value::Array(items)) => items,
            Some(_) => {
                self.problem(key, "must be an array");
                &[]
            }
        }
    }

    fn text(&mut self, outer: &str, object: &Map<String, Value>, key: &str) -> Option<String> {
        match object.get(key) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if text.is_empty() => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(_) => {
                self.problem(format!("{outer}{key}"), "must be a string");
                None
            }
        }
    }

    fn boolean(&mut self, outer: &str, object: &Map<String, Value>, key: &str) -> bool {
        match object.get(key) {
            None | Some(Value::Null) => false,
            Some(Value::Bool(value)) => *value,
            Some(_) => {
                self.problem(format!("{outer}{key}"), "must be true or false");
                false
            }
        }
    }

    fn web_url(&mut self, field: &str, text: &str) {
        if !is_web_url(text) {
            self.problem(field, "must be a complete http or https URL");
        }
    }
}

fn own((key, value): (&String, &Value)) -> (String, Value) {
    (key.clone(), value.clone())
}

fn blank(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
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
        assert_eq!((job.upload.clone(), job.webhook.clone()), (None, None));
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
