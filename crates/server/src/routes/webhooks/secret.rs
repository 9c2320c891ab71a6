//! `GET /api/v2/webhooks/secret`, `POST /api/v2/webhooks/secret/rotate`: what webhooks of the team are signed with.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use filmpress_job::public::instant;
use serde::Serialize;
use serde_json::json;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::Admin;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::webhooks::{self, SigningSecret};

/// What webhooks are signed with.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookSecret {
    /// `whsec_` and base64, as Standard Webhooks has it.
    secret: String,
    /// Until then, webhooks are signed with the secret before this as well.
    #[serde(with = "instant::option", skip_serializing_if = "Option::is_none")]
    previous_until: Option<OffsetDateTime>,
}

fn shown(secret: &SigningSecret) -> Response {
    let body = WebhookSecret {
        secret: secret.reveal(),
        previous_until: secret.overlaps_until(OffsetDateTime::now_utc()),
    };
    ([("cache-control", "no-store")], Json(body)).into_response()
}

/// Shows what the team's webhooks are signed with. It is made at the first look, or when the first webhook is sent.
#[utoipa::path(get, path = "/secret", operation_id = "get-webhook-secret", tag = "Webhooks", security(("token" = [])),
    responses((status = 200, body = WebhookSecret), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody)))]
pub async fn get(State(app): State<Arc<App>>, admin: Admin) -> Answer<Response> {
    let secret = webhooks::secret_of_team(&app, &admin.team).await;
    Ok(shown(&secret.map_err(|error| ApiError::internal(&error))?))
}

/// Makes a new secret. For a day, webhooks are signed with the old one as well.
#[utoipa::path(post, path = "/secret/rotate", operation_id = "rotate-webhook-secret", tag = "Webhooks",
    security(("token" = [])),
    responses((status = 200, body = WebhookSecret), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody)))]
pub async fn rotate(State(app): State<Arc<App>>, admin: Admin) -> Answer<Response> {
    let old = webhooks::secret_of_team(&app, &admin.team).await;
    let new = old
        .map_err(|error| ApiError::internal(&error))?
        .next(OffsetDateTime::now_utc());
    let sealed = new.sealed(&app.sealer, &admin.team);
    app.queue.set_webhook_secret(&admin.team, sealed).await?;
    admin.audit(&app, "webhook-secret.rotate", &admin.team, json!({})).await;
    Ok(shown(&new))
}
