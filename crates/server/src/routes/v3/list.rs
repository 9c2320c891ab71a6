//! `GET /api/v3/templates`: all templates of the team, without what is in them.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::Template;
use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ErrorBody};

/// Lists the templates of the team, oldest first.
#[utoipa::path(get, path = "/templates", operation_id = "list-templates-v3", tag = "Templates", security(("token" = [])),
    responses((status = 200, body = Vec<Template>), (status = 401, body = ErrorBody)))]
pub async fn get(State(app): State<Arc<App>>, Team(team): Team) -> Answer<Json<Vec<Template>>> {
    let records = app.queue.templates(&team).await?;
    Ok(Json(records.into_iter().map(Template::from).collect()))
}
