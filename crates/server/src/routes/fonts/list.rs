//! `GET /api/v2/fonts`: the fonts of the team.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::Font;
use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ErrorBody};

/// Lists the fonts of the team.
#[utoipa::path(get, path = "/", operation_id = "list-fonts", tag = "Fonts", security(("token" = [])),
    responses((status = 200, body = Vec<Font>), (status = 401, body = ErrorBody)))]
pub async fn get(State(app): State<Arc<App>>, Team(team): Team) -> Answer<Json<Vec<Font>>> {
    let fonts = app.queue.fonts(&team).await?;
    Ok(Json(fonts.iter().cloned().map(Font::from).collect()))
}
