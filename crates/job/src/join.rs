//! The body of `POST /jobs/join`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::creation::Webhook;
use crate::upload::Upload;

/// The body of `POST /jobs/join`, valid and with what counts as absent left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JoinCreation {
    /// The clips, in order: `{"type": "video", "src"}`, or `{"type": "job", "template", "assets", ...}` to be rendered
    /// first. Kept as sent.
    pub assets: Vec<Value>,
    /// What file to make.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<JoinSettings>,
    /// The client's own store that the film goes to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload: Option<Upload>,
    /// Whom to tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook: Option<Webhook>,
    /// The film's file name without its extension, in place of the job's id.
    #[serde(default, rename = "outputName", skip_serializing_if = "Option::is_none")]
    pub output_name: Option<String>,
    /// Refuse the job where one of its clips would end in an error or with a warning, instead of trying.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub strict: bool,
    /// Words to find the job by, and to choose its worker.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Larger goes first.
    #[serde(default)]
    pub priority: i64,
}

/// What file a join makes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinSettings {
    /// `mp4`, the only one there is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preset: Option<String>,
}
