//! `GET /api/v2/templates/{id}`: one template.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};

use super::Template;
use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ErrorBody};
use crate::request::Base;

/// Shows a template.
#[utoipa::path(get, path = "/{id}", operation_id = "get-template", tag = "Templates", security(("token" = [])),
    params(("id" = String, Path, description = "The template's id")),
    responses((status = 200, body = Template), (status = 401, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub async fn get(
    State(app): State<Arc<App>>,
    Team(team): Team,
    Base(base): Base,
    Path(id): Path<String>,
) -> Answer<Json<Template>> {
    let record = app.queue.template(Some(&team), &id).await?;
    Ok(Json(Template::of(&app, &base, record)))
}
