//! `POST /api/worker/claim`: the next job, or a wait for one.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use filmpress_job::protocol::{Claim, ClaimRequest, Fail, OutputTarget, Secrets, TemplateSource};
use filmpress_job::{ErrorCode, JobCreation, JobError, Phase};
use filmpress_queue::{ClaimBy, JobRecord, Queue};
use tokio::time::Instant;

use crate::app::App;
use crate::auth::Worker;
use crate::error::Answer;
use crate::request::{Base, JsonBody};

/// No request is held longer.
const LONGEST_WAIT: u64 = 60;

/// Jobs that wait for their time, and those another server accepted, are seen this late at most.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Signed URLs of a claim outlive any render.
const URL_LIFE: Duration = Duration::from_hours(24);

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
            match claim(&app, &base, &job).await? {
                Some(claim) => return Ok(Json(claim).into_response()),
                None => continue,
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

/// What the worker needs, or `None` if the job failed for want of it.
async fn claim(app: &App, base: &str, job: &JobRecord) -> Answer<Option<Claim>> {
    let template = match job.payload.render() {
        None => None,
        Some(render) => match template(app, base, job, render).await? {
            Some(template) => Some(template),
            None => return give_up(&app.queue, job).await,
        },
    };
    let attempt = job.state.attempt;
    let put = app
        .signer
        .sign("PUT", &format!("/uploads/outputs/{}/{attempt}", job.id), URL_LIFE);
    Ok(Some(Claim {
        job_id: job.id.clone(),
        attempt,
        lease_seconds: app.queue.policy().lease.as_secs(),
        payload: job.payload.clone(),
        template,
        children: Vec::new(),
        secrets: Secrets::default(),
        fonts: Vec::new(),
        output: OutputTarget {
            put_url: format!("{base}{put}"),
            extension: job.payload.extension().to_owned(),
            file_name: format!("{}.{}", job.id, job.payload.extension()),
            poster_put_url: None,
        },
    }))
}

async fn template(app: &App, base: &str, job: &JobRecord, render: &JobCreation) -> Answer<Option<TemplateSource>> {
    if let Some(src) = &render.template.src {
        let name = src
            .split(['?', '#'])
            .next()
            .and_then(|path| path.rsplit('/').next())
            .unwrap_or_default();
        let plain: String = name
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || "._-".contains(*c))
            .collect();
        return Ok(Some(TemplateSource {
            id: render.template.id.clone(),
            kind: None,
            url: src.clone(),
            sha256: None,
            file_name: format!("template-{plain}"),
        }));
    }
    let Some(id) = &job.template else { return Ok(None) };
    let template = match app.queue.template(None, id).await {
        Ok(template) => template,
        Err(filmpress_queue::Error::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let Some(file) = template.file else { return Ok(None) };
    let url = app.signer.sign("GET", &format!("/downloads/{}", file.key), URL_LIFE);
    Ok(Some(TemplateSource {
        url: format!("{base}{url}"),
        kind: Some(template.kind),
        sha256: Some(file.sha256),
        file_name: file.key.rsplit('/').next().unwrap_or_default().to_owned(),
        id: template.id,
    }))
}

async fn give_up(queue: &Queue, job: &JobRecord) -> Answer<Option<Claim>> {
    let text = format!("template `{}` has no file", job.template.as_deref().unwrap_or("?"));
    let error = JobError::new(ErrorCode::TemplateDownloadFailed, Phase::Fetch, text).retryable(false);
    queue
        .fail(
            &job.id,
            Fail {
                attempt: job.state.attempt,
                error,
                log: None,
            },
        )
        .await?;
    Ok(None)
}
