//! `/api/v3/templates`: what is in templates, piece by piece.

mod compositions;
mod get;
mod layers;
mod list;
mod page;

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use filmpress_job::TemplateMetadata;
use filmpress_job::public::instant;
use filmpress_queue::{TemplateRecord, TemplateStatus};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::page::Page;
use crate::app::App;
use crate::error::{Answer, ApiError};

pub fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list::get))
        .routes(routes!(get::get))
        .routes(routes!(compositions::get))
        .routes(routes!(layers::get))
}

/// A template, without what is in it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TemplateV3)]
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
    /// Why its file cannot be used.
    #[schema(example = json!(null))]
    error: Option<String>,
    /// When it was made.
    #[serde(with = "instant")]
    #[schema(value_type = String, format = DateTime)]
    created_at: OffsetDateTime,
    /// When anything about it last changed.
    #[serde(with = "instant")]
    #[schema(value_type = String, format = DateTime)]
    updated_at: OffsetDateTime,
}

impl From<TemplateRecord> for Template {
    fn from(record: TemplateRecord) -> Self {
        Self {
            id: record.id,
            kind: record.kind,
            display_name: record.display_name,
            status: record.status,
            error: record.error,
            created_at: record.created_at,
            updated_at: record.updated_at,
        }
    }
}

/// The team's template of an id, which must look like one.
async fn template(app: &App, team: &str, id: &str) -> Answer<TemplateRecord> {
    if !is_ulid(id) {
        return Err(ApiError::field(
            "id",
            "must be an id: 26 capital letters and digits, none of I, L, O and U",
        ));
    }
    Ok(app.queue.template(Some(team), id).await?)
}

/// The piece that is asked for of one list of what is in a template.
async fn part<T: Clone>(
    app: &App,
    team: &str,
    id: &str,
    query: &HashMap<String, String>,
    list: impl Fn(&TemplateMetadata) -> &[T],
) -> Answer<Json<Vec<T>>> {
    let page = Page::read(query)?;
    let record = template(app, team, id).await?;
    Ok(Json(page.of(list(&record.metadata))))
}

fn is_ulid(text: &str) -> bool {
    let is_digit = |b: u8| b.is_ascii_digit() || (b.is_ascii_uppercase() && !b"ILOU".contains(&b));
    text.len() == 26 && text.bytes().all(is_digit)
}

#[cfg(test)]
mod tests {
    use super::is_ulid;

    #[test]
    fn ids_are_told_from_other_words() {
        assert!(is_ulid("01J9ZK3V5YQ2W8N4R6T0B1C2D3"));
        for other in [
            "",
            "X",
            "01j9zk3v5yq2w8n4r6t0b1c2d3",
            "01J9ZK3V5YQ2W8N4R6T0B1C2D",
            "01J9ZK3V5YQ2W8N4R6T0B1C2DI",
            "01J9ZK3V5YQ2W8N4R6T0B1C2DÄ",
        ] {
            assert!(!is_ulid(other), "{other}");
        }
    }
}
