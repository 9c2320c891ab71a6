//! `/api/v2/secrets`: values that jobs name and nobody reads back.

mod create;
mod delete;
mod list;

use std::sync::Arc;

use filmpress_job::public::instant;
use filmpress_queue::SecretRecord;
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(create::put, list::get))
        .routes(routes!(delete::delete))
}

/// A secret, without its value.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Secret {
    /// The secret's id.
    id: String,
    /// The name by which jobs use it: `${secrets.NAME}`.
    #[schema(example = "S3_KEY")]
    name: String,
    /// When it was made.
    #[serde(with = "instant")]
    #[schema(value_type = String, format = DateTime)]
    created_at: OffsetDateTime,
}

impl From<SecretRecord> for Secret {
    fn from(record: SecretRecord) -> Self {
        Self {
            id: record.id,
            name: record.name,
            created_at: record.created_at,
        }
    }
}
