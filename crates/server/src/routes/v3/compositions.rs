//! `GET /api/v3/templates/{id}/compositions`: a page of them.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use filmpress_job::metadata::CompositionInfo;

use super::part;
use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ErrorBody};

/// Lists the compositions of a template.
///
/// In the project's order. `data` has what a job needs to know: background, fonts, controls, and `slots`, each
/// with the asset to write.
#[utoipa::path(get, path = "/{id}/compositions", operation_id = "list-template-compositions-v3", tag = "Templates",
    security(("token" = [])),
    params(
        ("id" = String, Path, description = "The template's id", pattern = "^[0-9A-HJKMNP-TV-Z]{26}$"),
        ("limit" = Option<u64>, Query, description = "How many to give; above 1000 it is 1000", minimum = 1),
        ("offset" = Option<u64>, Query, description = "How many to skip", minimum = 0),
    ),
    responses((status = 200, body = Vec<CompositionInfo>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 404, body = ErrorBody)))]
pub async fn get(
    State(app): State<Arc<App>>,
    Team(team): Team,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Answer<Json<Vec<CompositionInfo>>> {
    part(&app, &team, &id, &query, |metadata| &metadata.compositions).await
}
