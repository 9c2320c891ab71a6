//! `/uploads`: where bytes come in, by signed URLs and without tokens.

pub mod output;
mod template;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::{Router, routing};

use crate::app::App;

pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/templates/{id}", routing::put(template::put))
        .route("/outputs/{job}/{attempt}", routing::put(output::put))
        .route("/outputs/{job}/{attempt}/poster", routing::put(output::put_poster))
        // The storage counts for itself, while the bytes go to the disk.
        .layer(DefaultBodyLimit::disable())
}
