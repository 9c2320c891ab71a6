//! `GET /metrics`: what is counted and measured, for Prometheus.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use filmpress_queue::token;
use subtle::ConstantTimeEq;

use crate::app::App;
use crate::error::{Answer, ApiError};

/// Text in Prometheus' format. Asks for a token only where the configuration names one.
#[utoipa::path(get, path = "/metrics", operation_id = "get-metrics", tag = "Operations",
    responses((status = 200, body = String, content_type = "text/plain"), (status = 401, body = crate::error::ErrorBody)))]
pub async fn get(State(app): State<Arc<App>>, headers: HeaderMap) -> Answer<Response> {
    if let Some(wanted) = &app.config.metrics_token_hash {
        let given = headers.get(header::AUTHORIZATION).and_then(|given| given.to_str().ok());
        let given = given
            .and_then(|given| given.split_once(' '))
            .map(|(_, token)| token.trim());
        let given = token::hash(given.unwrap_or_default());
        if !bool::from(given.ct_eq(wanted)) {
            return Err(ApiError::unauthorized("metrics need the token of the configuration"));
        }
    }
    let text = app.metrics.text(&app.queue.gauges().await?, app.streams.count());
    Ok((
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        text,
    )
        .into_response())
}
