//! `POST /api/worker/jobs/{id}/heartbeat`: still at it, and how far.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use filmpress_job::protocol::{Heartbeat, HeartbeatAnswer};

use crate::app::App;
use crate::auth::Worker;
use crate::error::Answer;
use crate::request::JsonBody;

pub async fn post(
    State(app): State<Arc<App>>,
    _worker: Worker,
    Path(id): Path<String>,
    JsonBody(beat): JsonBody<Heartbeat>,
) -> Answer<Json<HeartbeatAnswer>> {
    let answer = app.queue.heartbeat(&id, &beat).await?;
    app.metrics.heartbeat(&id, &beat);
    app.news.tell();
    Ok(Json(answer))
}
