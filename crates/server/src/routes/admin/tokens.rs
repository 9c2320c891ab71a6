//! `POST /api/admin/teams/{id}/tokens`: a team's first token, from which it makes its own.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use filmpress_queue::NewToken;
use serde_json::json;

use crate::app::App;
use crate::auth::Operator;
use crate::error::{Answer, ErrorBody};
use crate::routes::team::NewTokenAnswer;

/// Makes a token with which a team can do everything that is its own.
#[utoipa::path(post, path = "/teams/{id}/tokens", operation_id = "create-team-token", tag = "Admin",
    security(("token" = [])), params(("id" = String, Path, description = "The team's id or name")),
    responses((status = 201, body = NewTokenAnswer), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody)))]
pub async fn create(State(app): State<Arc<App>>, operator: Operator, Path(id): Path<String>) -> Answer<Response> {
    let team = app.queue.team(&id).await?;
    let (record, secret) = app.queue.create_token(&NewToken::team(&team.name)).await?;
    let detail = json!({"scope": record.scope.as_str()});
    operator
        .audit(&app, Some(&team.id), "token.create", &record.id, detail)
        .await;
    let body = NewTokenAnswer::new(record, &secret);
    Ok((StatusCode::CREATED, [("cache-control", "no-store")], Json(body)).into_response())
}
