//! `POST /api/worker/jobs/{id}/heartbeat`: still at it, and how far.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use filmpress_job::JobStatus;
use filmpress_job::protocol::{Heartbeat, HeartbeatAnswer};
use filmpress_queue::Error;
use filmpress_queue::state::Refused;

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
    match app.queue.heartbeat(&id, &beat).await {
        Ok(()) => Ok(Json(HeartbeatAnswer { cancel: false })),
        // Its attempt, but the job is to stop: said in so many words.
        Err(Error::Refused(Refused::Stale {
            given,
            current,
            status: JobStatus::Cancelled,
        })) if given == current => Ok(Json(HeartbeatAnswer { cancel: true })),
        Err(error) => Err(error.into()),
    }
}
