//! `GET /api/v2/templates/{id}/download`: a URL to fetch the template's file from. The contract's older edition has it at
//! `GET /api/v2/templates/{id}/upload`.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::Base;
use crate::storage::Audience;

/// A URL is good for so long.
const LIFE: Duration = Duration::from_hours(1);

/// Where to fetch a file from.
#[derive(Debug, Serialize, ToSchema)]
pub struct Download {
    /// Gives the bytes without a token, for an hour.
    url: String,
}

/// Gives a URL to fetch the template's file from.
#[utoipa::path(get, path = "/{id}/download", operation_id = "get-template-download-url", tag = "Templates",
    security(("token" = [])), params(("id" = String, Path, description = "The template's id")),
    responses((status = 200, body = Download), (status = 401, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 410, body = ErrorBody)))]
pub async fn get(
    State(app): State<Arc<App>>,
    Team(team): Team,
    Base(base): Base,
    Path(id): Path<String>,
) -> Answer<Json<Download>> {
    url(&app, &team, &base, &id).await
}

/// Gives a URL to fetch the template's file from, where older clients look for it.
#[utoipa::path(get, path = "/{id}/upload", operation_id = "get-template-download-url-legacy", tag = "Templates",
    security(("token" = [])), params(("id" = String, Path, description = "The template's id")),
    responses((status = 200, body = Download), (status = 401, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 410, body = ErrorBody)))]
#[deprecated = "the path of `get` says what it does"]
pub async fn get_legacy(
    State(app): State<Arc<App>>,
    Team(team): Team,
    Base(base): Base,
    Path(id): Path<String>,
) -> Answer<Json<Download>> {
    url(&app, &team, &base, &id).await
}

async fn url(app: &App, team: &str, base: &str, id: &str) -> Answer<Json<Download>> {
    let Some(file) = app.queue.template(Some(team), id).await?.file else {
        return Err(ApiError::not_found(
            "NO_FILE",
            format!("template `{id}` has no file yet"),
        ));
    };
    if !app.storage.has(&file.key).await? {
        return Err(ApiError::new(
            StatusCode::GONE,
            "GONE",
            format!("the file of template `{id}` is gone"),
        ));
    }
    Ok(Json(Download {
        url: app.get_url(Audience::Clients, base, &file.key, LIFE),
    }))
}
