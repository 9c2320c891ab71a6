//! `GET /api/v2/jobs`: the team's jobs, filtered, sorted and paged.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use filmpress_job::Job;

use super::list_query::{ListQuery, read};
use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ApiError, ErrorBody};

/// Lists jobs.
#[utoipa::path(get, path = "/", operation_id = "list-jobs", tag = "Jobs", security(("token" = [])),
    params(ListQuery),
    responses((status = 200, description = "The jobs, and nothing around them", body = Vec<Job>),
        (status = 400, description = "Everything that is wrong with the query", body = ErrorBody)))]
pub async fn get(
    State(app): State<Arc<App>>,
    Team(team): Team,
    Query(query): Query<HashMap<String, String>>,
) -> Answer<Json<Vec<Job>>> {
    let (filter, minimal) = read(&query).map_err(ApiError::invalid)?;
    let jobs = app.queue.jobs(&team, &filter).await?;
    let public = jobs.iter().map(|record| {
        let mut job = record.public();
        if minimal {
            job.stats = None;
        }
        job
    });
    Ok(Json(public.collect()))
}
