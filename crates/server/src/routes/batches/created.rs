//! What is answered when a batch was accepted, or not.

use axum::Json;
use axum::http::StatusCode;
use filmpress_job::{JobStatus, Problem};
use filmpress_queue::Created;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{ApiError, ErrorBody};
use crate::routes::jobs::created::CreatedChild;

/// What became of the jobs of a batch.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreatedBatch {
    /// The batch's id.
    batch_id: String,
    /// `created` when all were accepted, `partial` when some were, `error` when none was.
    status: &'static str,
    /// How many there were.
    total_jobs: usize,
    /// How many were accepted.
    success_count: usize,
    /// Those that were accepted.
    jobs: Vec<BatchJob>,
    /// Those that were refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<BatchError>,
}

/// A job of a batch that was accepted.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BatchJob {
    /// Its place in the batch, from 0.
    index: usize,
    /// The job's id.
    id: String,
    /// `queued`, or `pending` while it has children to wait for.
    status: JobStatus,
    /// Where its output will be.
    output_url: Option<String>,
    /// Its nested jobs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    children: Vec<CreatedChild>,
    /// Fonts of its template that were not uploaded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing_fonts: Vec<String>,
    /// What is known to go less than perfectly.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
}

/// A job of a batch that was refused.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BatchError {
    /// Its place in the batch, from 0.
    index: usize,
    /// A sentence for a person.
    error: String,
    /// `VALIDATION_FAILED`, `PREFLIGHT_FAILED` (with `strict`), `TEMPLATE_NOT_FOUND`, `QUEUE_FULL` or
    /// `IDEMPOTENCY_CONFLICT`.
    error_code: &'static str,
    /// Everything that is wrong with it, field by field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    details: Vec<Problem>,
}

impl BatchError {
    pub fn of(index: usize, error: ApiError) -> Self {
        Self {
            index,
            error: error.body.error,
            error_code: error.body.code,
            details: error.body.details,
        }
    }

    /// Of a job that was refused when its batch was first sent and would be accepted now.
    pub fn at_first(index: usize) -> Self {
        Self {
            index,
            error: "was refused when this batch was first sent".to_owned(),
            error_code: "VALIDATION_FAILED",
            details: Vec::new(),
        }
    }

    /// Its place in the batch.
    pub fn index(&self) -> usize {
        self.index
    }
}

impl BatchJob {
    pub fn of(index: usize, created: &Created) -> Self {
        let job = created.job.public();
        Self {
            index,
            id: job.id,
            status: job.status,
            output_url: job.output_url,
            children: created.children.iter().map(CreatedChild::of).collect(),
            missing_fonts: job.missing_fonts,
            warnings: job.warnings,
        }
    }
}

/// What is answered with 400: none of the jobs was accepted, or the body is no batch at all.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "describes an answer that is made in two places")]
pub enum NoBatch {
    /// None of the jobs was accepted.
    None(CreatedBatch),
    /// The body is no batch.
    Invalid(ErrorBody),
}

/// 201 if any job was accepted, else 400 with the same body.
pub fn answer(
    batch_id: String,
    total_jobs: usize,
    jobs: Vec<BatchJob>,
    errors: Vec<BatchError>,
) -> (StatusCode, Json<CreatedBatch>) {
    let (code, status) = match jobs.len() {
        0 => (StatusCode::BAD_REQUEST, "error"),
        n if n == total_jobs => (StatusCode::CREATED, "created"),
        _ => (StatusCode::CREATED, "partial"),
    };
    let batch = CreatedBatch {
        batch_id,
        status,
        total_jobs,
        success_count: jobs.len(),
        jobs,
        errors,
    };
    (code, Json(batch))
}
