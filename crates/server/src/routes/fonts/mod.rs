//! `/api/v2/fonts`.

mod delete;
mod get;
mod list;
mod upload;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use filmpress_job::public::instant;
use filmpress_queue::FontRecord;
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(upload::post, list::get))
        .routes(routes!(get::get, delete::delete))
        .layer(DefaultBodyLimit::max(upload::LONGEST_BODY))
}

/// A font of the team.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Font {
    /// The font's id.
    id: String,
    /// The family: as given, or as the file says.
    #[schema(example = "Inter")]
    family_name: String,
    /// The style within the family, as the file says.
    #[schema(example = "Bold")]
    style_name: String,
    /// The name of the file, by which jobs name it in `fonts`.
    #[schema(example = "Inter-Bold.ttf")]
    file_name: String,
    /// The name by which templates ask for it, as the file says.
    #[schema(example = "Inter-Bold")]
    post_script_name: String,
    /// When it was uploaded.
    #[serde(with = "instant")]
    #[schema(value_type = String, format = DateTime)]
    created_at: OffsetDateTime,
}

impl From<FontRecord> for Font {
    fn from(record: FontRecord) -> Self {
        Self {
            id: record.id,
            family_name: record.family_name,
            style_name: record.style_name,
            file_name: record.file_name,
            post_script_name: record.post_script_name,
            created_at: record.created_at,
        }
    }
}
