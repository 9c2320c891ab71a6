//! `POST /api/v2/jobs/{id}/retry`: the same once more, as a new job. A job that has ended stays as it ended.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;

use super::acceptance::Acceptance;
use super::created::{CreatedAnswer, CreatedJob, answer};
use super::ids;
use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::Base;

/// Makes a new job of one that has ended, with the same body; its `retryOf` names the old one.
#[utoipa::path(post, path = "/{id}/retry", operation_id = "retry-job", tag = "Jobs", security(("token" = [])),
    params(("id" = String, Path, description = "The job's id", pattern = "^[0-9A-HJKMNP-TV-Z]{26}$")),
    responses((status = 201, description = "The new job", body = CreatedJob),
        (status = 400, description = "This is no id, or the job would no longer be accepted", body = ErrorBody),
        (status = 404, description = "The team has no such job, or its template is gone", body = ErrorBody),
        (status = 409, description = "It has not ended yet, or what it was to do is no longer kept", body = ErrorBody)))]
pub async fn post(
    State(app): State<Arc<App>>,
    Team(team): Team,
    Base(base): Base,
    Path(id): Path<String>,
) -> Answer<CreatedAnswer> {
    ids::check(&id)?;
    let old = app.queue.job(Some(&team), &id).await?;
    let refuse = |text: String| ApiError::new(StatusCode::CONFLICT, "NOT_RETRYABLE", text);
    let status = old.state.status;
    if !status.is_terminal() {
        return Err(refuse(format!(
            "job `{id}` is `{status}`: it can be tried again once it has ended"
        )));
    }
    if old.redacted {
        return Err(refuse(format!(
            "what job `{id}` was to do is no longer kept in full: post it again"
        )));
    }
    // What is stored has the members of a body that secrets may be in.
    let body = serde_json::to_value(&old.payload).map_err(|error| ApiError::internal(&error))?;
    let mut job = Acceptance::new(&app, &team, &base).job(&body, old.payload).await?;
    job.retry_of = Some(old.id);
    Ok(answer(&app.queue.create_job(&job).await?))
}
