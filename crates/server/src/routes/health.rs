//! `GET /healthz`: whether the process answers and its database does.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::app::App;
use crate::error::Answer;

pub async fn get(State(app): State<Arc<App>>) -> Answer<Json<Value>> {
    app.queue.until_next_webhook().await?;
    Ok(Json(json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")})))
}
