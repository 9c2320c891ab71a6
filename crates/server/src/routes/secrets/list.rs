//! `GET /api/v2/secrets`: the names of the team's secrets.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::Secret;
use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ErrorBody};

/// Lists the secrets of the team, without their values.
#[utoipa::path(get, path = "/", operation_id = "list-secrets", tag = "Secrets", security(("token" = [])),
    responses((status = 200, body = Vec<Secret>), (status = 401, body = ErrorBody)))]
pub async fn get(State(app): State<Arc<App>>, Team(team): Team) -> Answer<Json<Vec<Secret>>> {
    let secrets = app.queue.secrets(&team).await?;
    Ok(Json(secrets.into_iter().map(Secret::from).collect()))
}
