//! `GET /api/v2/jobs/{id}`: one job.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use filmpress_job::Job;

use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ErrorBody};

/// Shows a job.
#[utoipa::path(get, path = "/{id}", operation_id = "get-job", tag = "Jobs", security(("token" = [])),
    params(("id" = String, Path, description = "The job's id")),
    responses((status = 200, description = "The job", body = Job),
        (status = 404, description = "The team has no such job", body = ErrorBody)))]
pub async fn get(State(app): State<Arc<App>>, Team(team): Team, Path(id): Path<String>) -> Answer<Json<Job>> {
    Ok(Json(app.queue.job(Some(&team), &id).await?.public()))
}
