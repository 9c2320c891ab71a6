//! `POST /api/v2/batches`: many jobs at once. Each is accepted or refused by itself.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use filmpress_job::{JobCreation, Problem};
use filmpress_queue::{Created, JobRecord, NewJob, new_id};
use serde_json::Value;

use super::created::{BatchError, BatchJob, CreatedBatch, NoBatch, answer};
use super::request::{self, BatchCreation, Bodies};
use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::{Base, JsonBody};
use crate::routes::jobs::acceptance::Acceptance;
use crate::routes::jobs::once::Once;

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
        (status = 409, description = "The idempotency key came with another body", body = ErrorBody)))]
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
    let mut batch_id = new_id();
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
            Ok(created) => {
                // The same request came at the same time and was first: the batch is that one's.
                if let (true, Some((first, _))) = (created.repeated, &created.job.batch) {
                    batch_id.clone_from(first);
                }
                accepted.push(BatchJob::of(index, &created));
            }
            Err(error) => errors.push(BatchError::of(index, error.into())),
        }
    }
    errors.sort_by_key(BatchError::index);
    Ok(answer(batch_id, total_jobs, accepted, errors))
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
            Ok(_) => BatchError::at_first(index),
        });
    }
    Ok((jobs, errors))
}

async fn accept(acceptance: &mut Acceptance<'_>, body: Result<Value, Vec<Problem>>) -> Answer<NewJob> {
    let body = body.map_err(ApiError::invalid)?;
    let payload = JobCreation::from_body(&body).map_err(ApiError::invalid)?;
    acceptance.job(&body, payload.into()).await
}
