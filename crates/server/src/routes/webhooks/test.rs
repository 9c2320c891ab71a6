//! `POST /api/v2/webhooks/test`: sends a webhook that tells of nothing, to see whether it arrives.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::Value;
use url::Url;
use utoipa::ToSchema;

use super::WebhookDelivery;
use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::JsonBody;

/// Where to send it.
#[derive(ToSchema)]
#[allow(
    dead_code,
    reason = "describes the body, which is read by hand to tell what is wrong with it"
)]
pub struct WebhookTest {
    /// An `http` or `https` URL.
    #[schema(max_length = 2000, pattern = "^https?://[^/?#]+", format = "uri")]
    url: String,
}

/// Sends a signed test webhook. Look at its delivery to see what became of it.
#[utoipa::path(post, path = "/test", operation_id = "test-webhook", tag = "Webhooks", security(("token" = [])),
    request_body = WebhookTest,
    responses((status = 202, body = WebhookDelivery), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody)))]
pub async fn post(
    State(app): State<Arc<App>>,
    Team(team): Team,
    JsonBody(body): JsonBody<Value>,
) -> Answer<(StatusCode, Json<WebhookDelivery>)> {
    let url = match body.get("url") {
        Some(Value::String(url)) if !url.is_empty() => url,
        None | Some(Value::Null | Value::String(_)) => return Err(ApiError::field("url", "is required")),
        Some(_) => return Err(ApiError::field("url", "must be a string")),
    };
    let parsed = Url::parse(url).map_err(|error| ApiError::field("url", format!("`{url}` is not a URL: {error}")))?;
    if !["http", "https"].contains(&parsed.scheme()) || url.len() > 2_000 {
        return Err(ApiError::field(
            "url",
            "must be an http or https URL of at most 2000 characters",
        ));
    }
    let record = app.queue.ping_webhook(&team, url).await?;
    Ok((StatusCode::ACCEPTED, Json(record.into())))
}
