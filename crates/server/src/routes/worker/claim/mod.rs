//! `POST /api/worker/claim`: the next job, or a wait for one.
//!
//! What goes with a job, a file a member of [`Claim`]: `template`, `children`, `secrets`, `fonts`. Addresses are signed, of
//! the blob store itself where that has such.

mod children;
mod fonts;
mod secrets;
mod template;

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use filmpress_job::JobError;
use filmpress_job::protocol::{Claim, ClaimRequest, Fail, OutputTarget};
use filmpress_queue::{ClaimBy, JobRecord};
use tokio::time::Instant;

use crate::app::App;
use crate::auth::Worker;
use crate::error::{Answer, ApiError};
use crate::request::{Base, JsonBody};
use crate::routes::uploads::output;

/// No request is held longer.
const LONGEST_WAIT: u64 = 60;

/// Jobs that wait for their time, and those another server accepted, are seen this late at most.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Signed URLs of a claim outlive any render.
const URL_LIFE: Duration = Duration::from_hours(24);

/// Why a job that was claimed does not get to its worker.
enum Lack {
    /// The job cannot be done: it fails.
    Job(JobError),
    /// The request cannot be answered: the lease will run out.
    Request(ApiError),
}

impl<E: Into<ApiError>> From<E> for Lack {
    fn from(error: E) -> Self {
        Self::Request(error.into())
    }
}

pub async fn post(
    State(app): State<Arc<App>>,
    worker: Worker,
    Base(base): Base,
    JsonBody(request): JsonBody<ClaimRequest>,
) -> Answer<Response> {
    // The public address may lead out of the house and back in, or not in at all.
    let base = if worker.is_local { app.local_url() } else { base };
    let by = ClaimBy {
        worker: worker.name(&request.worker),
        tags: request.tags,
    };
    let until = Instant::now() + Duration::from_secs(request.wait_seconds.min(LONGEST_WAIT));
    loop {
        let news = app.queue.job_waits();
        if let Some(job) = app.queue.claim(&by).await? {
            match claim(&app, &base, &job).await {
                Ok(claim) => return Ok(Json(claim).into_response()),
                Err(Lack::Request(error)) => return Err(error),
                Err(Lack::Job(error)) => {
                    let fail = Fail {
                        attempt: job.state.attempt,
                        error,
                        log: None,
                    };
                    app.queue.fail(&job.id, fail).await?;
                    continue;
                }
            }
        }
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(StatusCode::NO_CONTENT.into_response());
        }
        tokio::select! {
            () = news => {}
            () = tokio::time::sleep(left.min(LOOK_AGAIN)) => {}
            () = app.ends() => return Ok(StatusCode::NO_CONTENT.into_response()),
        }
    }
}

/// What the worker needs.
async fn claim(app: &App, base: &str, job: &JobRecord) -> Result<Claim, Lack> {
    let template = async {
        match job.payload.render() {
            Some(render) => template::of(app, base, job, render).await.map(Some),
            None => Ok(None),
        }
    };
    let (template, fonts, children, secrets) = tokio::try_join!(
        template,
        fonts::all(app, job),
        children::of(app, base, job),
        secrets::of(app, job)
    )?;
    let (source, metadata) = template.unzip();
    let attempt = job.state.attempt;
    let path = format!("/uploads/outputs/{}/{attempt}", job.id);
    let poster_put_url = job.payload.poster_name(&job.id).map(|_| {
        let key = output::poster_key(job, attempt);
        app.put_url(base, &format!("{path}/poster"), &key, URL_LIFE)
    });
    Ok(Claim {
        job_id: job.id.clone(),
        attempt,
        lease_seconds: app.queue.policy().lease.as_secs(),
        payload: job.payload.clone(),
        template: source,
        children,
        secrets,
        fonts: fonts::chosen(app, base, job, &fonts, metadata.flatten().as_deref()),
        output: OutputTarget {
            put_url: app.put_url(base, &path, &output::key(job, attempt), URL_LIFE),
            extension: job.payload.extension().to_owned(),
            file_name: job.payload.file_name(&job.id),
            poster_put_url,
        },
    })
}
