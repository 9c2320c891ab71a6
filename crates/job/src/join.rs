//! The body of `POST /jobs/join`.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::creation::Webhook;
use crate::upload::Upload;

/// The body of `POST /jobs/join`, valid and with what counts as absent left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct JoinCreation {
    /// The clips, in order: `{"type": "video", "src"}`, or `{"type": "job", "template", "assets", ...}` to be rendered
    /// first. Kept as sent.
    #[schema(value_type = Vec<Object>)]
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
    /// Words to find the job by, and to choose its worker.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Larger goes first.
    #[serde(default)]
    pub priority: i64,
}

/// What file a join makes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JoinSettings {
    /// `mp4`, the only one there is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preset: Option<String>,
}
