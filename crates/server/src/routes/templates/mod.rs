//! `/api/v2/templates`.

mod create;
mod delete;
mod download;
mod get;
mod list;
mod rename;
mod upload;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use filmpress_job::public::instant;
use filmpress_job::{Problem, TemplateMetadata};
use filmpress_queue::{TemplateRecord, TemplateStatus};
use serde::Serialize;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

#[allow(deprecated, reason = "older clients find it where the contract had it")]
pub fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(create::post, list::get))
        .routes(routes!(get::get, rename::patch, delete::delete))
        .routes(routes!(upload::put, download::get_legacy))
        .routes(routes!(download::get))
}

/// An upload URL is good for an hour.
const UPLOAD_LIFE: Duration = Duration::from_hours(1);

/// The kinds of template that `type` may name.
const KINDS: [&str; 5] = ["aep", "aepx", "zip", "mogrt", "lottie"];

/// A template as clients see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Template {
    /// The template's id.
    id: String,
    /// `aep`, `aepx`, `zip`, `mogrt` or `lottie`, as declared.
    #[serde(rename = "type")]
    #[schema(example = "aep")]
    kind: String,
    /// The name people know it by.
    #[schema(example = "Name card")]
    display_name: String,
    /// `awaiting_upload`, `downloading`, `processing`, `uploaded` or `error`.
    #[schema(value_type = String, example = "uploaded")]
    status: TemplateStatus,
    /// When it was made.
    #[serde(with = "instant")]
    #[schema(value_type = String, format = DateTime)]
    created_at: OffsetDateTime,
    /// When anything about it last changed.
    #[serde(with = "instant")]
    #[schema(value_type = String, format = DateTime)]
    updated_at: OffsetDateTime,
    /// Names of its compositions.
    #[schema(example = json!(["Main"]))]
    compositions: Vec<String>,
    /// Names of its layers, each once.
    #[schema(example = json!(["Headline", "Logo"]))]
    layers: Vec<String>,
    /// For a Motion Graphics template: `controls`, the names by which `essential` assets find them.
    #[schema(value_type = Object)]
    mogrt: Map<String, Value>,
    /// Why its file cannot be used.
    #[schema(example = json!(null))]
    error: Option<String>,
    /// What will be missing or drawn differently, one sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!([]))]
    warnings: Vec<String>,
    /// Where to put its file, while it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    upload_info: Option<UploadInfo>,
}

/// Where to put a template's file.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UploadInfo {
    /// Takes the bytes of the file as they are, without a token.
    url: String,
    /// Always `PUT`.
    method: &'static str,
    /// Headers to send along: none are needed.
    #[schema(value_type = HashMap<String, String>)]
    fields: Map<String, Value>,
    /// Seconds until the URL is no longer good.
    expires_in: u64,
    /// The name of the file in the storage.
    key: String,
}

impl UploadInfo {
    fn of(app: &App, base: &str, template: &TemplateRecord) -> Self {
        let path = app
            .signer
            .sign("PUT", &format!("/uploads/templates/{}", template.id), UPLOAD_LIFE);
        Self {
            url: format!("{base}{path}"),
            method: "PUT",
            fields: Map::new(),
            expires_in: UPLOAD_LIFE.as_secs(),
            key: format!("templates/{}", template.id),
        }
    }
}

impl Template {
    fn of(app: &App, base: &str, record: TemplateRecord) -> Self {
        let awaits = record.status == TemplateStatus::AwaitingUpload;
        let metadata = Arc::clone(&record.metadata);
        Self {
            upload_info: awaits.then(|| UploadInfo::of(app, base, &record)),
            mogrt: mogrt(&record.kind, &metadata),
            layers: layer_names(&metadata),
            compositions: metadata.compositions.iter().map(|found| found.name.clone()).collect(),
            warnings: metadata.warnings.clone(),
            id: record.id,
            kind: record.kind,
            display_name: record.display_name,
            status: record.status,
            created_at: record.created_at,
            updated_at: record.updated_at,
            error: record.error,
        }
    }
}

/// The names of the layers, each once, in the order they are met.
fn layer_names(metadata: &TemplateMetadata) -> Vec<String> {
    let mut met = HashSet::new();
    let names = metadata.layers.iter().map(|layer| &layer.name);
    names.filter(|name| met.insert(name.as_str())).cloned().collect()
}

fn mogrt(kind: &str, metadata: &TemplateMetadata) -> Map<String, Value> {
    if kind == "mogrt" {
        Map::from_iter([("controls".to_owned(), json!(metadata.controls))])
    } else {
        Map::new()
    }
}

/// The `displayName` of a body.
fn display_name(body: &Value) -> Result<&str, Problem> {
    let problem = |text: &str| Err(Problem::new("displayName", text));
    match body.get("displayName") {
        Some(Value::String(name)) if name.trim().is_empty() => problem("must not be empty"),
        Some(Value::String(name)) if name.chars().count() > 200 => problem("must not be longer than 200 characters"),
        Some(Value::String(name)) => Ok(name),
        None | Some(Value::Null) => problem("is required"),
        Some(_) => problem("must be a string"),
    }
}
