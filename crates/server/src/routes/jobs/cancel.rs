//! `PATCH /api/v2/jobs/{id}/cancel`: stops a job that waits and, if asked, one that a worker has.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use filmpress_job::{Job, Problem};
use filmpress_queue::{Error as QueueError, JobRecord};

use super::ids;
use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ApiError, ErrorBody};

/// Cancels a job, with those that can no longer be of use: its children, its parent, its waiting siblings.
#[utoipa::path(patch, path = "/{id}/cancel", operation_id = "cancel-job", tag = "Jobs", security(("token" = [])),
    params(("id" = String, Path, description = "The job's id", pattern = "^[0-9A-HJKMNP-TV-Z]{26}$"),
        ("running" = Option<bool>, Query, description = "`true` stops a render under way too")),
    responses((status = 200, description = "Every job that was cancelled", body = Vec<Job>),
        (status = 400, description = "This is no id, or `running` is neither `true` nor `false`", body = ErrorBody),
        (status = 404, description = "The team has no such job", body = ErrorBody),
        (status = 409, description = "It is done already, or a worker has it", body = ErrorBody)))]
pub async fn patch(
    State(app): State<Arc<App>>,
    Team(team): Team,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Answer<Json<Vec<Job>>> {
    ids::check(&id)?;
    let running = running(&query)?;
    cancel(&app, &team, &[id], running).await
}

/// Whether a query asks for running jobs to be stopped as well.
pub fn running(query: &HashMap<String, String>) -> Answer<bool> {
    match query.get("running").map(String::as_str) {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(ApiError::field("running", "must be `true` or `false`")),
    }
}

/// Cancels all of these jobs or none; answers with every job that was cancelled.
pub async fn cancel(app: &App, team: &str, ids: &[String], running: bool) -> Answer<Json<Vec<Job>>> {
    match app.queue.cancel(team, ids, running).await {
        Ok(jobs) => Ok(Json(jobs.iter().map(JobRecord::public).collect())),
        Err(QueueError::NotCancellable { ids: not }) => Err(conflict(ids, &not, running)),
        Err(error) => Err(error.into()),
    }
}

fn conflict(asked: &[String], not: &[String], running: bool) -> ApiError {
    let why = if running {
        "it is done already"
    } else {
        "it is done already, or a worker has it; `running` true stops it even then"
    };
    let named = asked.iter().enumerate().filter(|(_, id)| not.contains(id));
    let details = named.map(|(index, id)| {
        let field = if asked.len() == 1 {
            "id".to_owned()
        } else {
            format!("jobs[{index}]")
        };
        Problem::new(field, format!("job `{id}` cannot be cancelled: {why}"))
    });
    let mut error = ApiError::from(QueueError::NotCancellable { ids: not.to_vec() });
    error.body.error = match not {
        [id] => format!("job `{id}` cannot be cancelled: {why}"),
        many => format!(
            "{} of the jobs cannot be cancelled, so none was: see `details`",
            many.len()
        ),
    };
    error.body.details = details.collect();
    error
}
