//! `POST /api/v2/jobs`: a render. Once this answers 201, the job is on the disk.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use filmpress_job::{Job, JobCreation};
use filmpress_queue::{NewJob, TemplateStatus, new_id};
use serde_json::Value;

use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::{Base, JsonBody};

/// Accepts a job.
#[utoipa::path(post, path = "/", operation_id = "create-job", tag = "Jobs", security(("token" = [])),
    request_body = JobCreation,
    responses((status = 201, body = Job), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 404, body = ErrorBody)))]
pub async fn post(
    State(app): State<Arc<App>>,
    Team(team): Team,
    Base(base): Base,
    JsonBody(body): JsonBody<Value>,
) -> Answer<(StatusCode, Json<Job>)> {
    let payload = JobCreation::from_body(&body).map_err(ApiError::invalid)?;
    let template = match payload.template.src {
        Some(_) => None,
        None => Some(usable_template(&app, &team, &payload.template.id).await?),
    };
    let id = new_id();
    let output_path = app
        .signer
        .output_path(&format!("{id}.{}", payload.output().extension()));
    let output_url = format!("{base}{output_path}");
    let job = app
        .queue
        .create_job(&NewJob {
            id,
            template,
            ..NewJob::new(&team, payload, output_url)
        })
        .await?
        .job;
    Ok((StatusCode::CREATED, Json(job.public())))
}

/// The id of a template that a worker can at least try: a job on one without a file could only fail.
async fn usable_template(app: &App, team: &str, id: &str) -> Answer<String> {
    let template = app.queue.template(Some(team), id).await?;
    match (template.status, template.error) {
        (TemplateStatus::AwaitingUpload | TemplateStatus::Downloading, _) => Err(ApiError::field(
            "template.id",
            format!("template `{id}` has no file yet: put it at its `uploadInfo.url`"),
        )),
        (TemplateStatus::Error, error) => {
            let error = error.unwrap_or_default();
            Err(ApiError::field(
                "template.id",
                format!("template `{id}` cannot be used: {error}"),
            ))
        }
        (TemplateStatus::Processing | TemplateStatus::Uploaded, _) => Ok(template.id),
    }
}
