//! `POST /api/worker/jobs/{id}/fail`: the attempt failed.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use filmpress_job::protocol::Fail;

use crate::app::App;
use crate::auth::Worker;
use crate::error::Answer;
use crate::request::JsonBody;

pub async fn post(
    State(app): State<Arc<App>>,
    _worker: Worker,
    Path(id): Path<String>,
    JsonBody(report): JsonBody<Fail>,
) -> Answer<StatusCode> {
    let job = app.queue.fail(&id, report).await?;
    app.metrics.reported(&job);
    app.news.tell();
    if job.state.status.is_terminal() {
        app.storage.remove_others(&format!("outputs/{id}"), &[]).await;
    }
    Ok(StatusCode::NO_CONTENT)
}
