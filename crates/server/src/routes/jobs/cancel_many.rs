//! `POST /api/v2/jobs/cancel`: stops several jobs, all or none.

use std::collections::HashSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use filmpress_job::{Job, Problem, schema};
use serde_json::{Value, json};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::cancel::cancel;
use super::ids;
use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::JsonBody;

/// No request cancels more jobs.
const MOST: usize = 1000;

/// Describes the body, which is read by hand to tell all its problems at once.
pub struct JobsCancellation;

impl PartialSchema for JobsCancellation {
    fn schema() -> RefOr<Schema> {
        schema::raw(
            json!({"type": "object", "required": ["jobs"], "description": "Which jobs to cancel", "properties": {
            "jobs": {"type": "array", "minItems": 1, "maxItems": MOST, "uniqueItems": true,
                "items": {"type": "string", "pattern": ids::PATTERN}, "description": "Their ids, each once"},
            "running": {"type": ["boolean", "null"], "description": "Stop renders under way too"}}}),
        )
    }
}

impl ToSchema for JobsCancellation {}

/// Cancels jobs, all or none, with those that can no longer be of use.
#[utoipa::path(post, path = "/cancel", operation_id = "cancel-jobs", tag = "Jobs", security(("token" = [])),
    request_body = JobsCancellation,
    responses((status = 200, description = "Every job that was cancelled", body = Vec<Job>),
        (status = 400, description = "Ids that are none, or come twice", body = ErrorBody),
        (status = 404, description = "The team does not have one of them", body = ErrorBody),
        (status = 409, description = "One of them is done already, or a worker has it; none was cancelled", body = ErrorBody)))]
pub async fn post(
    State(app): State<Arc<App>>,
    Team(team): Team,
    JsonBody(body): JsonBody<Value>,
) -> Answer<Json<Vec<Job>>> {
    let (jobs, running) = read(&body).map_err(ApiError::invalid)?;
    cancel(&app, &team, &jobs, running).await
}

fn read(body: &Value) -> Result<(Vec<String>, bool), Vec<Problem>> {
    let mut problems = Vec::new();
    let running = match body.get("running") {
        None | Some(Value::Null) => false,
        Some(Value::Bool(running)) => *running,
        Some(_) => {
            problems.push(Problem::new("running", "must be true or false"));
            false
        }
    };
    let mut jobs = Vec::new();
    match body.get("jobs") {
        Some(Value::Array(list)) if (1..=MOST).contains(&list.len()) => {
            let mut met = HashSet::new();
            for (index, id) in list.iter().enumerate() {
                match id.as_str().filter(|id| ids::is_id(id)) {
                    Some(id) if met.insert(id) => jobs.push(id.to_owned()),
                    Some(id) => problems.push(Problem::new(format!("jobs[{index}]"), format!("`{id}` comes twice"))),
                    None => problems.push(Problem::new(format!("jobs[{index}]"), ids::PROBLEM)),
                }
            }
        }
        _ => problems.push(Problem::new("jobs", format!("must be an array of 1 to {MOST} ids"))),
    }
    if problems.is_empty() {
        Ok((jobs, running))
    } else {
        Err(problems)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::read;

    #[test]
    fn every_problem_is_told() {
        let id = "01J9ZK3V5YQ2W8N4R6T0B1C2D3";
        let problems = read(&json!({"jobs": [id, "x", id, 3], "running": 1})).unwrap_err();
        let fields: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["running", "jobs[1]", "jobs[2]", "jobs[3]"]);
        for body in [json!({}), json!([]), json!({"jobs": []}), json!({"jobs": id})] {
            assert_eq!(read(&body).unwrap_err()[0].field, "jobs");
        }
        assert_eq!(
            read(&json!({"jobs": [id], "running": true})).unwrap(),
            (vec![id.to_owned()], true)
        );
    }
}
