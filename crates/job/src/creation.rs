//! The body of `POST /jobs`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::settings::{Output, Settings};

/// The body of `POST /jobs`, valid and with what counts as absent left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobCreation {
    /// What to render.
    pub template: TemplateReference,
    /// A quick look instead of the full output.
    #[serde(default)]
    pub preview: bool,
    /// File names of uploaded fonts to use whatever the template asks for.
    #[serde(default)]
    pub fonts: Vec<String>,
    /// What to change, in this order. Kept as sent; `assets` gives them their types.
    #[serde(default)]
    pub assets: Vec<Value>,
    /// What file to make.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<Settings>,
    /// Where to put the output beside, or instead of, our own store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload: Option<Upload>,
    /// Whom to tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook: Option<Webhook>,
    /// Words to find the job by, and to choose its worker.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Larger goes first.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub priority: i64,
    /// Keys the contract does not name: tolerated, kept, without effect.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_zero(number: &i64) -> bool {
    *number == 0
}

impl JobCreation {
    /// What file the job makes, every default decided.
    pub fn output(&self) -> Output {
        Output::of(self.settings.as_ref(), self.preview)
    }
}

/// The template of a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateReference {
    /// The id of an uploaded template; with `src` only a label.
    pub id: String,
    /// A URL to load the template from, for this job alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub src: Option<String>,
    /// The composition to render; without it the only one, else the one no other composition uses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub composition: Option<String>,
}

/// Where the output goes beside our own store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Upload {
    /// Folder in front of the file name.
    #[serde(default)]
    pub prefix: String,
    /// The public address of the bucket.
    #[serde(default)]
    pub output_url: String,
}

/// Whom to tell when a job ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    /// The address.
    pub url: String,
    /// `GET`, `POST`, `PUT` or `DELETE`.
    #[serde(default = "post")]
    pub method: String,
    /// Headers to send along.
    #[serde(default)]
    pub headers: Map<String, Value>,
    /// Members to send along.
    #[serde(default)]
    pub data: Map<String, Value>,
    /// Send `data` and nothing else.
    #[serde(default)]
    pub custom: bool,
}

fn post() -> String {
    "POST".to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::JobCreation;

    #[test]
    fn unknown_keys_survive_the_store() {
        let sent = json!({"template": {"id": "T"}, "assets": [{"type": "text", "odd": 1}], "campaign": {"a": [1]}});
        let job: JobCreation = serde_json::from_value(sent).unwrap();
        let stored: JobCreation = serde_json::from_str(&serde_json::to_string(&job).unwrap()).unwrap();
        assert_eq!(stored, job);
        assert_eq!(stored.extra["campaign"]["a"][0], 1);
        assert_eq!(stored.assets[0]["odd"], 1);
    }
}
