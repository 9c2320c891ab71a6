//! `GET /api/v2/jobs/{id}/logs`: what the workers wrote, attempt by attempt.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::ids;
use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ApiError, ErrorBody};

/// Shows the log of a job.
#[utoipa::path(get, path = "/{id}/logs", operation_id = "get-job-logs", tag = "Jobs", security(("token" = [])),
    params(("id" = String, Path, description = "The job's id", pattern = "^[0-9A-HJKMNP-TV-Z]{26}$")),
    responses((status = 200, description = "The log", body = String, content_type = "text/plain"),
        (status = 400, description = "This is no id", body = ErrorBody),
        (status = 404, description = "The team has no such job, or it has no log", body = ErrorBody)))]
pub async fn get(State(app): State<Arc<App>>, Team(team): Team, Path(id): Path<String>) -> Answer<Response> {
    ids::check(&id)?;
    let logs = app.queue.logs(&team, &id).await?;
    if logs.is_empty() {
        return Err(ApiError::not_found("LOG_NOT_FOUND", format!("job `{id}` has no log")));
    }
    let mut text = String::new();
    for (attempt, log) in &logs {
        text += "--- attempt ";
        text += &attempt.to_string();
        text += "\n";
        text += log;
        text += "\n";
    }
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        // Ids need no quoting.
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{id}.log\"")),
    ];
    Ok((headers, text).into_response())
}
