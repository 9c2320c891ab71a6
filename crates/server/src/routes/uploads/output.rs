//! `PUT /uploads/outputs/{job}/{attempt}` and `.../poster`: what a worker made. It becomes visible when the attempt
//! finishes. With a bucket behind the server nobody comes here: workers put to the bucket itself.

use std::sync::Arc;

use axum::extract::{OriginalUri, Path, Request, State};
use axum::http::{StatusCode, Uri};
use filmpress_queue::JobRecord;

use crate::app::App;
use crate::error::Answer;

/// An hour of 1080p in ProRes 4444 is a third of this.
const LIMIT: u64 = 400 << 30;
/// No still is larger.
const POSTER_LIMIT: u64 = 256 << 20;

pub async fn put(
    State(app): State<Arc<App>>,
    OriginalUri(uri): OriginalUri,
    Path((job, attempt)): Path<(String, u32)>,
    request: Request,
) -> Answer<StatusCode> {
    let job = checked(&app, &uri, &job, attempt).await?;
    app.storage.put(&key(&job, attempt), request.into_body(), LIMIT).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub async fn put_poster(
    State(app): State<Arc<App>>,
    OriginalUri(uri): OriginalUri,
    Path((job, attempt)): Path<(String, u32)>,
    request: Request,
) -> Answer<StatusCode> {
    let job = checked(&app, &uri, &job, attempt).await?;
    let key = poster_key(&job, attempt);
    app.storage.put(&key, request.into_body(), POSTER_LIMIT).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The job, if the address is signed and the attempt is still its own.
async fn checked(app: &App, uri: &Uri, job: &str, attempt: u32) -> Answer<JobRecord> {
    app.signer.check("PUT", uri)?;
    app.queue.check_attempt(job, attempt).await?;
    Ok(app.queue.job(None, job).await?)
}

/// Where the output of an attempt is stored: another attempt cannot overwrite it.
pub fn key(job: &JobRecord, attempt: u32) -> String {
    format!("outputs/{}/{attempt}.{}", job.id, job.payload.extension())
}

/// The same of its poster.
pub fn poster_key(job: &JobRecord, attempt: u32) -> String {
    format!("outputs/{}/{attempt}.poster.jpg", job.id)
}
