//! `POST /api/v2/webhooks/deliveries/{id}/redeliver`: sends one again, whatever became of it.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use super::WebhookDelivery;
use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ErrorBody};

/// Sends a webhook again, under the same `webhook-id`, with all its tries before it.
#[utoipa::path(post, path = "/deliveries/{id}/redeliver", operation_id = "redeliver-webhook", tag = "Webhooks",
    security(("token" = [])), params(("id" = String, Path, description = "The delivery's id")),
    responses((status = 202, body = WebhookDelivery), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody)))]
pub async fn post(
    State(app): State<Arc<App>>,
    Team(team): Team,
    Path(id): Path<String>,
) -> Answer<(StatusCode, Json<WebhookDelivery>)> {
    let record = app.queue.redeliver(&team, &id).await?;
    Ok((StatusCode::ACCEPTED, Json(record.into())))
}
