//! Where the output goes and who is told: `upload` and `webhook`.

use serde_json::{Map, Value};

use super::fields::Reader;
use crate::creation::Webhook;
use crate::secrets;
use crate::upload::{Upload, UploadParams};

const UPLOAD: [&str; 4] = ["prefix", "outputUrl", "provider", "params"];
const PARAMS: [&str; 7] = [
    "endpoint",
    "region",
    "bucket",
    "acl",
    "accessKeyId",
    "accessKeySecret",
    "forcePathStyle",
];

/// S3 takes no longer keys.
const MAX_PREFIX: usize = 800;

impl Reader {
    pub(super) fn upload(&mut self, body: &Map<String, Value>) -> Option<Upload> {
        let object = self.object(body, "upload")?;
        self.only("upload", object, &UPLOAD);
        let none = Map::new();
        let params = self.object_of("upload.", object, "params").unwrap_or(&none);
        self.only("upload.params", params, &PARAMS);
        if let Some(provider) = self.text("upload.", object, "provider")
            && provider != "s3"
        {
            self.problem("upload.provider", format!("must be `s3`, not `{provider}`"));
        }
        // Provider and endpoint have defaults that forms send along; only the rest says that an upload is wanted.
        let is_wanted = ["prefix", "outputUrl"].iter().any(|key| is_filled(object, key))
            || PARAMS.iter().any(|key| *key != "endpoint" && is_filled(params, key));
        if !is_wanted {
            return None;
        }
        for (key, value) in object.iter().filter(|(key, _)| UPLOAD.contains(&key.as_str())) {
            self.places(&format!("upload.{key}"), value);
        }
        let outer = "upload.params.";
        let endpoint = self.text(outer, params, "endpoint");
        if let Some(endpoint) = &endpoint {
            self.web_url("upload.params.endpoint", endpoint);
        }
        let output_url = self.text("upload.", object, "outputUrl");
        if let Some(url) = &output_url {
            self.web_url("upload.outputUrl", url);
        }
        let prefix = self.text("upload.", object, "prefix");
        if let Some(prefix) = &prefix {
            self.prefix(prefix);
        }
        let region = self.word(params, "region", b"-_");
        let bucket = self.word(params, "bucket", b"-_.");
        let access_key_id = self.credential(params, "accessKeyId");
        let access_key_secret = self.credential(params, "accessKeySecret");
        let acl = is_filled(params, "acl").then(|| self.word(params, "acl", b"-"));
        let force_path_style = params.get("forcePathStyle").filter(|value| !value.is_null());
        if force_path_style.is_some_and(|value| !value.is_boolean()) {
            self.problem("upload.params.forcePathStyle", "must be true or false");
        }
        Some(Upload {
            provider: "s3".to_owned(),
            prefix,
            output_url,
            params: UploadParams {
                endpoint: endpoint.unwrap_or_else(|| UploadParams::AMAZON.to_owned()),
                region: region?,
                bucket: bucket?,
                acl: acl.flatten(),
                access_key_id: access_key_id?,
                access_key_secret: access_key_secret?,
                force_path_style: force_path_style.and_then(Value::as_bool),
            },
        })
    }

    /// What a key begins with: steps that lead down only, so that the key means the same to every store.
    fn prefix(&mut self, prefix: &str) {
        let plain = secrets::stand_in(prefix);
        let is_bad = |step: &str| matches!(step, "." | "..");
        if plain.len() > MAX_PREFIX
            || plain.chars().any(|c| c.is_control() || c == '\\')
            || plain.split('/').any(is_bad)
        {
            self.problem(
                "upload.prefix",
                format!("must be the beginning of a key: at most {MAX_PREFIX} bytes, no `.` or `..` between slashes"),
            );
        }
    }

    /// A parameter that must be there, of letters, digits and a few signs.
    fn word(&mut self, params: &Map<String, Value>, key: &str, signs: &[u8]) -> Option<String> {
        let text = self.credential(params, key)?;
        let is_word = |b: u8| b.is_ascii_alphanumeric() || signs.contains(&b);
        if text.len() <= 1000 && secrets::stand_in(&text).bytes().all(is_word) {
            return Some(text);
        }
        let signs: Vec<_> = signs.iter().map(|sign| format!("`{}`", char::from(*sign))).collect();
        self.problem(
            format!("upload.params.{key}"),
            format!("must have letters, digits and {} only", signs.join(", ")),
        );
        None
    }

    /// A parameter that must be there.
    fn credential(&mut self, params: &Map<String, Value>, key: &str) -> Option<String> {
        let field = format!("upload.params.{key}");
        let text = self.text("upload.params.", params, key);
        match &text {
            Some(text) if text.chars().any(char::is_control) || text.trim().is_empty() => {
                self.problem(field, "must be a text of one line");
                return None;
            }
            None if !self.has_problem(&field) => self.problem(field, "is required"),
            _ => {}
        }
        text
    }

    pub(super) fn webhook(&mut self, body: &Map<String, Value>) -> Option<Webhook> {
        let object = self.object(body, "webhook")?;
        for key in ["url", "headers", "data"] {
            self.places(&format!("webhook.{key}"), object.get(key).unwrap_or(&Value::Null));
        }
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
            if !is_form && !object.is_empty() && !self.has_problem("webhook.url") {
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
}

fn is_filled(object: &Map<String, Value>, key: &str) -> bool {
    match object.get(key) {
        None | Some(Value::Null) => false,
        Some(Value::String(text)) => !text.trim().is_empty(),
        Some(_) => true,
    }
}
