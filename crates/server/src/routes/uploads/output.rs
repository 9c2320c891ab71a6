//! `PUT /uploads/outputs/{job}/{attempt}`: what a worker made. It becomes visible when the attempt finishes.

use std::sync::Arc;

use axum::extract::{OriginalUri, Path, Request, State};
use axum::http::StatusCode;
use filmpress_queue::JobRecord;

use crate::app::App;
use crate::error::Answer;

/// An hour of 1080p in ProRes 4444 is a third of this.
const LIMIT: u64 = 400 << 30;

pub async fn put(
    State(app): State<Arc<App>>,
    OriginalUri(uri): OriginalUri,
    Path((job, attempt)): Path<(String, u32)>,
    request: Request,
) -> Answer<StatusCode> {
    app.signer.check("PUT", &uri)?;
    app.queue.check_attempt(&job, attempt).await?;
    let job = app.queue.job(None, &job).await?;
    app.storage.put(&key(&job, attempt), request.into_body(), LIMIT).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Where the output of an attempt is stored: another attempt cannot overwrite it.
pub fn key(job: &JobRecord, attempt: u32) -> String {
    format!("outputs/{}/{attempt}.{}", job.id, job.payload.extension())
}
