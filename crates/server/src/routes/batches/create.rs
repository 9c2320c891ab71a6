//! `POST /api/v2/batches`: many jobs at once. Each is accepted or refused by itself.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use filmpress_job::{JobCreation, JobStatus, Problem};
use filmpress_queue::{Created, JobRecord, NewJob, new_id};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::request::{self, BatchCreation, Bodies};
use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ApiError, ErrorBody, TooMany};
use crate::request::{Base, JsonBody};
use crate::routes::jobs::acceptance::Acceptance;
use crate::routes::jobs::created::CreatedChild;
use crate::routes::jobs::once::Once;

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
    fn of(index: usize, error: ApiError) -> Self {
        Self {
            index,
            error: error.body.error,
            error_code: error.body.code,
            details: error.body.details,
        }
    }
}

impl BatchJob {
    fn of(index: usize, created: &Created) -> Self {
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

/// Accepts many jobs.
///
/// They come as `jobs`, each as it would be posted, or as `template` and `rows`: the form of a job, in which `{{key}}`
/// stands for a cell of each row. Each is accepted or refused by itself.
#[utoipa::path(post, path = "/", operation_id = "create-batch", tag = "Batches", security(("token" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes the request safe to send again",
        min_length = 1, max_length = 255, pattern = "^[!-~]+$")),
    request_body = BatchCreation,
    responses((status = 201, description = "All or some were accepted", body = CreatedBatch),
        (status = 400, description = "None was accepted, or the body is no batch", body = NoBatch),
        (status = 401, description = "No team has this token", body = ErrorBody),
        (status = 403, description = "The token's scope is too small", body = ErrorBody),
        (status = 409, description = "The idempotency key came with another body", body = ErrorBody),
        (status = 413, description = "The body is too large", body = ErrorBody),
        (status = 429, description = "Too many requests: see `Retry-After`", body = TooMany)))]
pub async fn post(
    State(app): State<Arc<App>>,
    Team(team): Team,
    Base(base): Base,
    once: Once,
    JsonBody(body): JsonBody<Value>,
) -> Answer<(StatusCode, Json<CreatedBatch>)> {
    let bodies = request::read(&body).map_err(ApiError::invalid)?;
    let total_jobs = bodies.len();
    let whole = once.of("batches", &body);
    let mut acceptance = Acceptance::new(&app, &team, &base);
    if let Some(request) = &whole
        && let Some(first) = app.queue.repeated(&team, request).await?
    {
        let (jobs, errors) = again(&app, &mut acceptance, &first.job, bodies).await?;
        let batch_id = first.job.batch.map(|(batch, _)| batch).unwrap_or_default();
        return Ok(answer(batch_id, total_jobs, jobs, errors));
    }
    let batch_id = new_id();
    let (mut jobs, mut errors) = (Vec::new(), Vec::new());
    for (index, body) in bodies.into_iter().enumerate() {
        match accept(&mut acceptance, body).await {
            Ok(mut job) => {
                job.batch = Some((batch_id.clone(), u32::try_from(index).unwrap_or(u32::MAX)));
                // The first one stands for the whole request.
                job.idempotency = match jobs.len() {
                    0 => whole.clone(),
                    _ => once.of_part(whole.as_ref(), index),
                };
                jobs.push((index, job));
            }
            // What is wrong with the server is wrong with all of them.
            Err(error) if error.status.is_server_error() => return Err(error),
            Err(error) => errors.push(BatchError::of(index, error)),
        }
    }
    let (places, jobs): (Vec<_>, Vec<_>) = jobs.into_iter().unzip();
    let mut accepted = Vec::new();
    for (index, created) in places.into_iter().zip(app.queue.create_jobs(jobs).await?) {
        match created {
            Ok(created) => accepted.push(BatchJob::of(index, &created)),
            Err(error) => errors.push(BatchError::of(index, error.into())),
        }
    }
    errors.sort_by_key(|error| error.index);
    Ok(answer(batch_id, total_jobs, accepted, errors))
}

fn answer(
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

/// What a batch that was sent before was answered with: its jobs, and why the others were refused.
async fn again(
    app: &App,
    acceptance: &mut Acceptance<'_>,
    first: &JobRecord,
    bodies: Bodies,
) -> Answer<(Vec<BatchJob>, Vec<BatchError>)> {
    let (mut jobs, mut errors) = (Vec::new(), Vec::new());
    let Some((batch, _)) = &first.batch else {
        return Ok((jobs, errors));
    };
    let mut known: HashMap<_, _> = app.queue.batch(&first.team, batch).await?.into_iter().collect();
    for (index, body) in bodies.into_iter().enumerate() {
        let place = u32::try_from(index).unwrap_or(u32::MAX);
        if let Some(job) = known.remove(&place) {
            let children = app.queue.children(&job.id).await?;
            let created = Created {
                job,
                children,
                repeated: true,
            };
            jobs.push(BatchJob::of(index, &created));
            continue;
        }
        errors.push(match accept(acceptance, body).await {
            Err(error) => BatchError::of(index, error),
            Ok(_) => BatchError {
                index,
                error: "was refused when this batch was first sent".to_owned(),
                error_code: "VALIDATION_FAILED",
                details: Vec::new(),
            },
        });
    }
    Ok((jobs, errors))
}

async fn accept(acceptance: &mut Acceptance<'_>, body: Result<Value, Vec<Problem>>) -> Answer<NewJob> {
    let body = body.map_err(ApiError::invalid)?;
    let payload = JobCreation::from_body(&body).map_err(ApiError::invalid)?;
    acceptance.job(&body, payload.into()).await
}
