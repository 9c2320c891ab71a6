//! `POST /api/v2/jobs/join`: clips put one after another. Clips of type `job` are rendered first, all at once.

use std::sync::Arc;

use axum::extract::State;
use filmpress_job::JoinCreation;
use serde_json::Value;

use super::acceptance::Acceptance;
use super::created::{CreatedAnswer, CreatedJob, answer, first_answer};
use super::once::Once;
use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::{Base, JsonBody};

/// Accepts a join.
///
/// It is `pending` until its clips of type `job` are rendered.
#[utoipa::path(post, path = "/join", operation_id = "create-join-job", tag = "Jobs", security(("token" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to send again",
        min_length = 1, max_length = 255, pattern = "^[!-~]+$")),
    request_body = JoinCreation,
    responses((status = 201, description = "Accepted", body = CreatedJob),
        (status = 400, description = "Everything that is wrong with the body", body = ErrorBody),
        (status = 404, description = "The template of a clip is not there", body = ErrorBody),
        (status = 409, description = "The idempotency key came with another body", body = ErrorBody)))]
pub async fn post(
    State(app): State<Arc<App>>,
    Team(team): Team,
    Base(base): Base,
    once: Once,
    JsonBody(body): JsonBody<Value>,
) -> Answer<CreatedAnswer> {
    let once = once.of("join", &body);
    if let Some(first) = first_answer(&app, &team, once.as_ref()).await? {
        return Ok(first);
    }
    let payload = JoinCreation::from_body(&body).map_err(ApiError::invalid)?;
    let mut job = Acceptance::new(&app, &team, &base).job(&body, payload.into()).await?;
    job.idempotency = once;
    Ok(answer(&app.queue.create_job(&job).await?))
}
