//! `/api/worker`: the server's half of [`filmpress_job::protocol`].

mod claim;
mod fail;
mod finish;
mod heartbeat;

use std::sync::Arc;

use axum::{Router, routing};

use crate::app::App;

pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/claim", routing::post(claim::post))
        .route("/jobs/{id}/heartbeat", routing::post(heartbeat::post))
        .route("/jobs/{id}/finish", routing::post(finish::post))
        .route("/jobs/{id}/fail", routing::post(fail::post))
}
