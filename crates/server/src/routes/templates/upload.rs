//! `PUT /api/v2/templates/{id}/upload`: a fresh upload URL, also to replace the file.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};

use super::UploadInfo;
use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ErrorBody};
use crate::request::Base;

/// Gives a fresh URL to put the template's file at.
///
/// Also to replace the file it has: jobs under way go on with the old one.
#[utoipa::path(put, path = "/{id}/upload", operation_id = "get-template-upload-url", tag = "Templates",
    security(("token" = [])), params(("id" = String, Path, description = "The template's id")),
    responses((status = 200, body = UploadInfo), (status = 401, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub async fn put(
    State(app): State<Arc<App>>,
    Team(team): Team,
    Base(base): Base,
    Path(id): Path<String>,
) -> Answer<Json<UploadInfo>> {
    let record = app.queue.template(Some(&team), &id).await?;
    Ok(Json(UploadInfo::of(&app, &base, &record)))
}
