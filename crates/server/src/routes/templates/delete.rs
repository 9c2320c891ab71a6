//! `DELETE /api/v2/templates/{id}`: removes a template and its file.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ErrorBody};
use crate::shared_file;

/// Removes a template.
///
/// Its jobs and their outputs stay. While a job that has not ended uses it, it stays too: 409.
#[utoipa::path(delete, path = "/{id}", operation_id = "delete-template", tag = "Templates", security(("token" = [])),
    params(("id" = String, Path, description = "The template's id")),
    responses((status = 204), (status = 401, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "A job that has not ended uses the template")))]
pub async fn delete(State(app): State<Arc<App>>, Team(team): Team, Path(id): Path<String>) -> Answer<StatusCode> {
    if let Some(key) = app.queue.delete_template(&team, &id).await? {
        shared_file::remove(&app, &key).await;
    }
    Ok(StatusCode::NO_CONTENT)
}
