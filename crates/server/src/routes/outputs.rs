//! `GET /outputs/{tag}/{job}.{extension}`: what a job made, whole or in ranges. The URL is the permission.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use filmpress_job::JobStatus;

use super::downloads::serve;
use crate::app::App;
use crate::error::{Answer, ApiError};

pub async fn get(
    State(app): State<Arc<App>>,
    Path((tag, file)): Path<(String, String)>,
    request: Request,
) -> Answer<Response> {
    let unknown = || ApiError::not_found("NOT_FOUND", "there is no output at this address");
    if !app.signer.is_output(&tag, &file) {
        return Err(unknown());
    }
    let id = file.split('.').next().unwrap_or_default();
    let job = app.queue.job(None, id).await.map_err(|_| unknown())?;
    let key = match job.state.status {
        JobStatus::Finished => job.state.output.ok_or_else(unknown)?,
        status => {
            let text = format!("the job is `{status}`: its output is here once it is `finished`");
            return Err(ApiError::not_found("OUTPUT_NOT_READY", text));
        }
    };
    let mut response = serve(&app, &key, request).await?;
    if let Ok(name) = HeaderValue::from_str(&format!("inline; filename=\"{file}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}
