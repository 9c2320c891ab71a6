//! `GET /api/v3/templates/{id}/layers`: a page of them.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use filmpress_job::metadata::LayerInfo;

use super::part;
use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ErrorBody};

/// Lists the layers of a template.
///
/// Composition by composition, each from its topmost layer down; `data.index` counts from 1 at the top. `data`
/// also says whether the name was set by the designer (`nameIsSet`), the name of the source, the text with its
/// fonts, effects, properties, and `slots`, each with the asset to write.
#[utoipa::path(get, path = "/{id}/layers", operation_id = "list-template-layers-v3", tag = "Templates",
    security(("token" = [])),
    params(
        ("id" = String, Path, description = "The template's id", pattern = "^[0-9A-HJKMNP-TV-Z]{26}$"),
        ("limit" = Option<u64>, Query, description = "How many to give; above 1000 it is 1000", minimum = 1),
        ("offset" = Option<u64>, Query, description = "How many to skip", minimum = 0),
    ),
    responses((status = 200, body = Vec<LayerInfo>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 404, body = ErrorBody)))]
pub async fn get(
    State(app): State<Arc<App>>,
    Team(team): Team,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Answer<Json<Vec<LayerInfo>>> {
    part(&app, &team, &id, &query, |metadata| &metadata.layers).await
}
