//! `/api/admin/workers`: who draws, and who was set aside for failing again and again.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use filmpress_job::public::instant;
use filmpress_queue::WorkerRecord;
use serde::Serialize;
use serde_json::json;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::Operator;
use crate::error::{Answer, ErrorBody};

/// A worker that has asked for jobs.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkerInfo {
    /// Its name: `local:` or `remote:`, and what it calls itself.
    name: String,
    /// What it offers.
    tags: Vec<String>,
    /// When it first asked.
    #[serde(with = "instant")]
    first_seen: OffsetDateTime,
    /// When it last asked or told something.
    #[serde(with = "instant")]
    last_seen: OffsetDateTime,
    /// Jobs it has now.
    running: u64,
    /// Failures since its last success.
    failures: u32,
    /// Until when it gets no jobs.
    #[serde(with = "instant::option")]
    quarantined_until: Option<OffsetDateTime>,
}

impl From<WorkerRecord> for WorkerInfo {
    fn from(record: WorkerRecord) -> Self {
        Self {
            name: record.name,
            tags: record.tags,
            first_seen: record.first_seen,
            last_seen: record.last_seen,
            running: record.running,
            failures: record.failures,
            quarantined_until: record.quarantined_until,
        }
    }
}

/// Lists the workers.
#[utoipa::path(get, path = "/workers", operation_id = "list-workers", tag = "Admin", security(("token" = [])),
    responses((status = 200, body = Vec<WorkerInfo>), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody)))]
pub async fn list(State(app): State<Arc<App>>, _operator: Operator) -> Answer<Json<Vec<WorkerInfo>>> {
    Ok(Json(app.queue.workers().await?.into_iter().map(Into::into).collect()))
}

/// Gives jobs again to a worker that was set aside.
#[utoipa::path(post, path = "/workers/{name}/release", operation_id = "release-worker", tag = "Admin",
    security(("token" = [])), params(("name" = String, Path, description = "The worker's name")),
    responses((status = 204), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody)))]
pub async fn release(State(app): State<Arc<App>>, operator: Operator, Path(name): Path<String>) -> Answer<StatusCode> {
    app.queue.release_worker(&name).await?;
    operator.audit(&app, None, "worker.release", &name, json!({})).await;
    Ok(StatusCode::NO_CONTENT)
}
