//! `GET /api/v2/templates`: all templates of the team.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::Template;
use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ErrorBody};
use crate::request::Base;

/// Lists the templates of the team, oldest first.
#[utoipa::path(get, path = "/", operation_id = "list-templates", tag = "Templates", security(("token" = [])),
    responses((status = 200, body = Vec<Template>), (status = 401, body = ErrorBody)))]
pub async fn get(State(app): State<Arc<App>>, Team(team): Team, Base(base): Base) -> Answer<Json<Vec<Template>>> {
    let records = app.queue.templates(&team).await?;
    Ok(Json(
        records
            .into_iter()
            .map(|record| Template::of(&app, &base, record))
            .collect(),
    ))
}
