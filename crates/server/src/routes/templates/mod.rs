//! `/api/v2/templates`.

mod create;
mod download;
mod get;
mod list;
mod upload;

use std::sync::Arc;
use std::time::Duration;

use filmpress_job::public::instant;
use filmpress_queue::{TemplateRecord, TemplateStatus};
use serde::Serialize;
use serde_json::{Map, Value};
use time::OffsetDateTime;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(create::post, list::get))
        .routes(routes!(get::get))
        .routes(routes!(upload::put, upload::get))
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
    kind: String,
    /// The name people know it by.
    display_name: String,
    /// `awaiting_upload`, `processing`, `uploaded` or `error`.
    #[schema(value_type = String)]
    status: TemplateStatus,
    /// When it was made.
    #[serde(with = "instant")]
    created_at: OffsetDateTime,
    /// When anything about it last changed.
    #[serde(with = "instant")]
    updated_at: OffsetDateTime,
    /// Names of its compositions.
    compositions: Vec<String>,
    /// Names of its layers, each once.
    layers: Vec<String>,
    /// The controls of a Motion Graphics template.
    #[schema(value_type = Object)]
    mogrt: Map<String, Value>,
    /// Why its file cannot be used.
    error: Option<String>,
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
    #[schema(value_type = Object)]
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
        Self {
            upload_info: awaits.then(|| UploadInfo::of(app, base, &record)),
            id: record.id,
            kind: record.kind,
            display_name: record.display_name,
            status: record.status,
            created_at: record.created_at,
            updated_at: record.updated_at,
            compositions: names(record.metadata.compositions.into_iter().map(|found| found.name)),
            layers: names(record.metadata.layers.into_iter().map(|found| found.name)),
            mogrt: Map::new(),
            error: record.error,
        }
    }
}

/// Each name once, in order.
fn names(all: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    all.filter(|name| seen.insert(name.clone())).collect()
}
