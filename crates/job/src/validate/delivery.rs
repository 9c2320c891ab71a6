//! Where the output goes and who is told: `upload` and `webhook`.

use serde_json::{Map, Value};

use super::fields::Reader;
use crate::creation::Webhook;

impl Reader {
    pub(super) fn upload(&mut self, body: &Map<String, Value>) {
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

    pub(super) fn webhook(&mut self, body: &Map<String, Value>) -> Option<Webhook> {
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
}

fn blank(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}
