//! `GET /api/v2/batches/{id}`: how far a batch is.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use filmpress_job::{JobStatus, Stats};
use filmpress_queue::JobRecord;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ErrorBody};
use crate::routes::jobs::ids;

/// How far a batch is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BatchState {
    /// The batch's id.
    batch_id: String,
    /// `processing` until all have ended; then `finished`, or `error` when none finished.
    status: &'static str,
    /// How many stand where.
    stats: BatchStats,
    /// The jobs, by their places.
    jobs: Vec<BatchJobState>,
}

/// How many jobs of a batch stand where.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct BatchStats {
    /// All of them.
    total: usize,
    /// Done.
    finished: usize,
    /// Failed or cancelled.
    error: usize,
    /// Waiting or being rendered.
    pending: usize,
}

/// A job of a batch.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BatchJobState {
    /// Its place in the batch, from 0.
    index: u32,
    /// The job's id.
    id: String,
    /// Where it stands.
    status: JobStatus,
    /// Where its output is, or will be.
    output_url: Option<String>,
    /// When things happened; once it has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    stats: Option<Stats>,
}

impl BatchState {
    fn of(batch_id: String, jobs: &[(u32, JobRecord)]) -> Self {
        let mut stats = BatchStats {
            total: jobs.len(),
            ..BatchStats::default()
        };
        for (_, job) in jobs {
            match job.state.status {
                JobStatus::Finished => stats.finished += 1,
                status if status.is_terminal() => stats.error += 1,
                _ => stats.pending += 1,
            }
        }
        let status = match stats {
            BatchStats { pending: 1.., .. } => "processing",
            BatchStats { finished: 1.., .. } => "finished",
            _ => "error",
        };
        let jobs = jobs.iter().map(|(index, record)| {
            let job = record.public();
            BatchJobState {
                index: *index,
                id: job.id,
                status: job.status,
                output_url: job.output_url,
                stats: job.stats.filter(|_| job.status.is_terminal()),
            }
        });
        Self {
            batch_id,
            status,
            stats,
            jobs: jobs.collect(),
        }
    }
}

/// Shows how far a batch is.
#[utoipa::path(get, path = "/{id}", operation_id = "get-batch-status", tag = "Batches", security(("token" = [])),
    params(("id" = String, Path, description = "The batch's id", pattern = "^[0-9A-HJKMNP-TV-Z]{26}$")),
    responses((status = 200, description = "How far it is", body = BatchState),
        (status = 400, description = "This is no id", body = ErrorBody),
        (status = 404, description = "The team has no such batch", body = ErrorBody)))]
pub async fn get(State(app): State<Arc<App>>, Team(team): Team, Path(id): Path<String>) -> Answer<Json<BatchState>> {
    ids::check(&id)?;
    let jobs = app.queue.batch(&team, &id).await?;
    Ok(Json(BatchState::of(id, &jobs)))
}
