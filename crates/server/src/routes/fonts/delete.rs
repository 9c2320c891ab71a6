//! `DELETE /api/v2/fonts/{id}`: removes a font.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ErrorBody};
use crate::shared_file;

/// Removes a font.
///
/// A font that a job on its way names in `fonts` stays: 409.
#[utoipa::path(delete, path = "/{id}", operation_id = "delete-font", tag = "Fonts", security(("token" = [])),
    params(("id" = String, Path, description = "The font's id")),
    responses((status = 204), (status = 401, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "A job that has not ended uses the font")))]
pub async fn delete(State(app): State<Arc<App>>, Team(team): Team, Path(id): Path<String>) -> Answer<StatusCode> {
    if let Some(key) = app.queue.remove_font(&team, &id).await? {
        shared_file::remove(&app, &key).await;
    }
    Ok(StatusCode::NO_CONTENT)
}
