//! `GET /api/v2/jobs/{id}/attempts`: who tried, when, and how it ended.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use filmpress_job::JobError;
use filmpress_job::public::instant;
use filmpress_queue::AttemptRecord;
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::ids;
use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ErrorBody};

/// One try at a job.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// 1 for the first.
    #[serde(rename = "attempt")]
    number: u32,
    /// The worker's name.
    worker: String,
    /// When it began.
    #[serde(with = "instant")]
    started_at: OffsetDateTime,
    /// When it ended.
    #[serde(with = "instant::option")]
    ended_at: Option<OffsetDateTime>,
    /// `finished`, `failed`, `lost`, `handed_back` or `cancelled`; null while it is under way.
    outcome: Option<&'static str>,
    /// Why it did not finish.
    error: Option<JobError>,
    /// Whether the log has a part about it.
    has_log: bool,
}

impl From<AttemptRecord> for Attempt {
    fn from(record: AttemptRecord) -> Self {
        Self {
            number: record.attempt,
            worker: record.worker,
            started_at: record.started_at,
            ended_at: record.ended_at,
            outcome: record.outcome.map(filmpress_queue::Outcome::as_str),
            error: record.error,
            has_log: record.has_log,
        }
    }
}

/// Lists the attempts at a job.
#[utoipa::path(get, path = "/{id}/attempts", operation_id = "list-job-attempts", tag = "Jobs", security(("token" = [])),
    params(("id" = String, Path, description = "The job's id", pattern = "^[0-9A-HJKMNP-TV-Z]{26}$")),
    responses((status = 200, description = "The attempts, the first first", body = Vec<Attempt>),
        (status = 400, description = "This is no id", body = ErrorBody),
        (status = 404, description = "The team has no such job", body = ErrorBody)))]
pub async fn get(State(app): State<Arc<App>>, Team(team): Team, Path(id): Path<String>) -> Answer<Json<Vec<Attempt>>> {
    ids::check(&id)?;
    let attempts = app.queue.attempts(&team, &id).await?;
    Ok(Json(attempts.into_iter().map(Attempt::from).collect()))
}
