//! A request that makes one job, of whatever kind.

use filmpress_job::{Payload, Problem};
use filmpress_queue::Idempotency;
use serde_json::Value;

use super::acceptance::Acceptance;
use super::created::{CreatedAnswer, answer};
use crate::app::App;
use crate::error::{Answer, ApiError};

/// Accepts the job of a body, unless the same request was answered before: then that answer is given again, whatever has
/// become of its template since.
pub async fn one(
    app: &App,
    team: &str,
    base: &str,
    once: Option<Idempotency>,
    body: &Value,
    read: impl FnOnce(&Value) -> Result<Payload, Vec<Problem>>,
) -> Answer<CreatedAnswer> {
    if let Some(request) = &once
        && let Some(first) = app.queue.repeated(team, request).await?
    {
        return Ok(answer(&first));
    }
    let payload = read(body).map_err(ApiError::invalid)?;
    let mut job = Acceptance::new(app, team, base).job(body, payload).await?;
    job.idempotency = once;
    Ok(answer(&app.queue.create_job(&job).await?))
}
