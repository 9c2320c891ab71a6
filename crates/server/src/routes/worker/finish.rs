//! `POST /api/worker/jobs/{id}/finish`: the output has been put; it becomes visible.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use filmpress_job::protocol::Finish;
use filmpress_queue::Output;

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
    let key = output::key(&job, report.attempt);
    if !app.storage.has(&key).await {
        app.queue.check_attempt(&id, report.attempt).await?;
        let text = format!("attempt {} has put no output yet", report.attempt);
        return Err(ApiError::field("attempt", text));
    }
    // Committing this is what makes the output visible: the address looks it up.
    let job = app.queue.finish(&id, report, Output::stored(key)).await?;
    app.storage
        .remove_others(&format!("outputs/{id}"), job.state.output.as_deref())
        .await;
    Ok(StatusCode::NO_CONTENT)
}
