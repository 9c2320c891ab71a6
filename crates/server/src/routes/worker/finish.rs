//! `POST /api/worker/jobs/{id}/finish`: the output has been put; it becomes visible.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use filmpress_job::protocol::Finish;
use filmpress_queue::{JobRecord, Output};

use crate::app::App;
use crate::auth::Worker;
use crate::error::{Answer, ApiError};
use crate::request::JsonBody;
use crate::routes::uploads::output;

pub async fn post(
    State(app): State<Arc<App>>,
    _worker: Worker,
    Path(id): Path<String>,
    JsonBody(report): JsonBody<Finish>,
) -> Answer<StatusCode> {
    let job = app.queue.job(None, &id).await?;
    let made = match job.payload.upload() {
        // It is in the client's own store: the worker has looked.
        Some(_) => Output::default(),
        None => stored(&app, &job, &report).await?,
    };
    // Committing this is what makes the output visible: the address looks it up.
    let job = app.queue.finish(&id, report, made).await?;
    app.metrics.reported(&job);
    app.news.tell();
    let kept: Vec<&str> = [&job.state.output, &job.state.poster]
        .into_iter()
        .filter_map(|key| key.as_deref())
        .collect();
    app.storage.remove_others(&format!("outputs/{id}"), &kept).await;
    Ok(StatusCode::NO_CONTENT)
}

/// What the attempt has put, once it is there as large as it should be.
async fn stored(app: &App, job: &JobRecord, report: &Finish) -> Answer<Output> {
    let key = output::key(job, report.attempt);
    let size = app.storage.size(&key).await?;
    // A worker of an earlier version does not say how large its output is.
    let is_whole = size.is_some_and(|size| report.output_bytes == 0 || size == report.output_bytes);
    let poster_key = report.poster.then(|| output::poster_key(job, report.attempt));
    let has_poster = match &poster_key {
        Some(key) => app.storage.has(key).await?,
        None => true,
    };
    if !is_whole || !has_poster {
        app.queue.check_attempt(&job.id, report.attempt).await?;
        let text = match size {
            Some(size) if !is_whole => format!("the output has {size} bytes and not {}", report.output_bytes),
            Some(_) => format!("attempt {} has put no poster", report.attempt),
            None => format!("attempt {} has put no output yet", report.attempt),
        };
        return Err(ApiError::field("attempt", text));
    }
    Ok(Output {
        key: Some(key),
        poster_key,
        ..Output::default()
    })
}
