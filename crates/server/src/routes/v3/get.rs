//! `GET /api/v3/templates/{id}`: one template, without what is in it.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};

use super::{Template, template};
use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ErrorBody};

/// Shows a template without what is in it.
#[utoipa::path(get, path = "/{id}", operation_id = "get-template-v3", tag = "Templates",
    security(("token" = [])), params(("id" = String, Path, description = "The template's id", pattern = "^[0-9A-HJKMNP-TV-Z]{26}$")),
    responses((status = 200, body = Template), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 404, body = ErrorBody)))]
pub async fn get(State(app): State<Arc<App>>, Team(team): Team, Path(id): Path<String>) -> Answer<Json<Template>> {
    Ok(Json(template(&app, &team, &id).await?.into()))
}
