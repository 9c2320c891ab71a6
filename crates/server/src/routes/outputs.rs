//! `GET /outputs/{tag}/{job}.{extension}`: what a job made, whole or in ranges. The URL is the permission.
//!
//! The poster is `{job}.poster.jpg` under a tag of its own.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use filmpress_job::JobStatus;

use crate::app::App;
use crate::error::{Answer, ApiError};
use crate::storage::Disposition;

pub async fn get(
    State(app): State<Arc<App>>,
    Path((tag, file)): Path<(String, String)>,
    request: Request,
) -> Answer<Response> {
    let unknown = || ApiError::not_found("NOT_FOUND", "there is no output at this address");
    if !app.signer.is_output(&tag, &file) {
        return Err(unknown());
    }
    let (id, rest) = file.split_once('.').unwrap_or((&file, ""));
    let job = match app.queue.job(None, id).await {
        Err(filmpress_queue::Error::NotFound { .. }) => return Err(unknown()),
        other => other?,
    };
    if job.state.status != JobStatus::Finished {
        let status = job.state.status;
        let text = format!("the job is `{status}`: its output is here once it is `finished`");
        return Err(ApiError::not_found("OUTPUT_NOT_READY", text));
    }
    let key = if rest == "poster.jpg" {
        job.state.poster
    } else {
        job.state.output
    };
    let Some(key) = key else {
        let text = "there is nothing here (any more): it was not asked for, went elsewhere, or was kept long enough";
        return Err(ApiError::new(StatusCode::GONE, "OUTPUT_GONE", text));
    };
    app.storage.serve(&key, request, &Disposition::ByKind(file)).await
}
