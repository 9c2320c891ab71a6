//! `PATCH /api/v2/templates/{id}`: another name for people to know it by.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde_json::Value;
use utoipa::ToSchema;

use super::{Template, display_name};
use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::{Base, JsonBody};

/// What to change.
#[derive(ToSchema)]
#[allow(
    dead_code,
    reason = "describes the body, which is read by hand to say what is wrong with it"
)]
pub struct TemplateUpdate {
    /// The name people know it by.
    #[schema(
        rename = "displayName",
        max_length = 200,
        pattern = r"\S",
        example = "Name card, blue"
    )]
    display_name: String,
}

/// Renames a template.
#[utoipa::path(patch, path = "/{id}", operation_id = "update-template", tag = "Templates", security(("token" = [])),
    params(("id" = String, Path, description = "The template's id")), request_body = TemplateUpdate,
    responses((status = 200, body = Template), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 404, body = ErrorBody)))]
pub async fn patch(
    State(app): State<Arc<App>>,
    Team(team): Team,
    Base(base): Base,
    Path(id): Path<String>,
    JsonBody(body): JsonBody<Value>,
) -> Answer<Json<Template>> {
    let name = display_name(&body).map_err(|problem| ApiError::invalid(vec![problem]))?;
    let record = app.queue.rename_template(&team, &id, name).await?;
    Ok(Json(Template::of(&app, &base, record)))
}
