//! `POST /api/v2/batches/{id}/cancel`: stops what of a batch can be stopped.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use filmpress_job::{Job, JobStatus};
use filmpress_queue::{BatchEntry, JobRecord};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ErrorBody};
use crate::routes::jobs::cancel::running;
use crate::routes::jobs::ids;

/// What became of a batch that was to be cancelled.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CancelledBatch {
    /// The batch's id.
    batch_id: String,
    /// `cancelled` when all were, `partial` when some were, `unchanged` when none was.
    status: &'static str,
    /// How many it has.
    total_jobs: usize,
    /// How many of them were cancelled.
    cancelled_count: usize,
    /// How many were not.
    skipped_count: usize,
    /// Each of them.
    jobs: Vec<CancelledBatchJob>,
    /// Every job that was cancelled, nested ones too.
    cancelled_jobs: Vec<Job>,
}

/// What became of one job of the batch.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CancelledBatchJob {
    /// Its place in the batch, from 0.
    index: u32,
    /// The job's id.
    id: String,
    /// `cancelled` or `skipped`.
    result: &'static str,
    /// Where it stands now.
    status: JobStatus,
    /// Why it was skipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl From<BatchEntry> for CancelledBatchJob {
    fn from(entry: BatchEntry) -> Self {
        Self {
            index: entry.index,
            id: entry.job.id,
            result: if entry.cancelled { "cancelled" } else { "skipped" },
            status: entry.job.state.status,
            reason: entry.reason,
        }
    }
}

/// Cancels the jobs of a batch that wait and, if asked, those that workers have. What has ended is skipped.
#[utoipa::path(post, path = "/{id}/cancel", operation_id = "cancel-batch", tag = "Batches", security(("token" = [])),
    params(("id" = String, Path, description = "The batch's id", pattern = "^[0-9A-HJKMNP-TV-Z]{26}$"),
        ("running" = Option<bool>, Query, description = "`true` stops renders under way too")),
    responses((status = 200, description = "What became of each job", body = CancelledBatch),
        (status = 400, description = "This is no id, or `running` is neither `true` nor `false`", body = ErrorBody),
        (status = 404, description = "The team has no such batch", body = ErrorBody)))]
pub async fn post(
    State(app): State<Arc<App>>,
    Team(team): Team,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Answer<Json<CancelledBatch>> {
    ids::check(&id)?;
    let cancelled = app.queue.cancel_batch(&team, &id, running(&query)?).await?;
    let jobs: Vec<_> = cancelled.entries.into_iter().map(CancelledBatchJob::from).collect();
    let cancelled_count = jobs.iter().filter(|job| job.result == "cancelled").count();
    let status = match cancelled_count {
        0 => "unchanged",
        n if n == jobs.len() => "cancelled",
        _ => "partial",
    };
    Ok(Json(CancelledBatch {
        batch_id: id,
        status,
        total_jobs: jobs.len(),
        cancelled_count,
        skipped_count: jobs.len() - cancelled_count,
        jobs,
        cancelled_jobs: cancelled.jobs.iter().map(JobRecord::public).collect(),
    }))
}
