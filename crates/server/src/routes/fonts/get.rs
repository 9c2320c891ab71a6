//! `GET /api/v2/fonts/{id}`: one font.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};

use super::Font;
use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ErrorBody};

/// Shows a font.
#[utoipa::path(get, path = "/{id}", operation_id = "get-font", tag = "Fonts", security(("token" = [])),
    params(("id" = String, Path, description = "The font's id")),
    responses((status = 200, body = Font), (status = 401, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub async fn get(State(app): State<Arc<App>>, Team(team): Team, Path(id): Path<String>) -> Answer<Json<Font>> {
    Ok(Json(app.queue.font(&team, &id).await?.into()))
}
