//! `POST /api/v2/jobs`: a render. Once this answers 201, the job is on the disk.

use std::sync::Arc;

use axum::extract::State;
use filmpress_job::JobCreation;
use serde_json::Value;

use super::created::{CreatedAnswer, CreatedJob};
use super::once::Once;
use super::one::one;
use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ErrorBody};
use crate::request::{Base, JsonBody};

/// Accepts a job.
///
/// Nested jobs are accepted with it; it is `pending` until they are done. With `Idempotency-Key`, the same request sent
/// again within 24 hours gets the first answer.
#[utoipa::path(post, path = "/", operation_id = "create-job", tag = "Jobs", security(("token" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to send again",
        min_length = 1, max_length = 255, pattern = "^[!-~]+$")),
    request_body = JobCreation,
    responses((status = 201, description = "Accepted: it survives a crash and a power cut", body = CreatedJob),
        (status = 400, description = "Everything that is wrong with the body; with `strict`, everything known to go wrong", body = ErrorBody),
        (status = 404, description = "The template is not there", body = ErrorBody),
        (status = 409, description = "The idempotency key came with another body", body = ErrorBody)))]
pub async fn post(
    State(app): State<Arc<App>>,
    Team(team): Team,
    Base(base): Base,
    once: Once,
    JsonBody(body): JsonBody<Value>,
) -> Answer<CreatedAnswer> {
    let once = once.of("jobs", &body);
    one(&app, &team, &base, once, &body, |body| {
        JobCreation::from_body(body).map(Into::into)
    })
    .await
}
