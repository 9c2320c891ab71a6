//! `POST /api/v2/jobs/validate`: what would become of a job, without making it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use filmpress_job::{ErrorCode, JobCreation, Problem, Severity};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::acceptance::Acceptance;
use crate::app::App;
use crate::auth::Reader;
use crate::error::{Answer, ErrorBody};
use crate::request::{Base, JsonBody};

/// What would become of a job.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Validation {
    /// Whether it would be accepted and nothing is known that would end it in an error.
    valid: bool,
    /// Everything known to be wrong.
    problems: Vec<ValidationProblem>,
    /// Fonts that the template asks for and the team has not uploaded.
    missing_fonts: Vec<String>,
}

/// Something known to be wrong with a job.
#[derive(Debug, Serialize, ToSchema)]
pub struct ValidationProblem {
    /// The field, as in `assets[2].layerName`.
    field: String,
    /// What is wrong.
    message: String,
    /// `error` or `warning`.
    severity: &'static str,
    /// A word for a program: `VALIDATION_FAILED` for what would be refused, else a code of job errors.
    code: String,
}

/// Checks the body of a job, and the job against its template.
#[utoipa::path(post, path = "/validate", operation_id = "validate-job", tag = "Jobs", security(("token" = [])),
    request_body = JobCreation,
    responses((status = 200, description = "What would become of it", body = Validation),
        (status = 400, description = "The body is no JSON", body = ErrorBody)))]
pub async fn post(
    State(app): State<Arc<App>>,
    Reader(team): Reader,
    Base(base): Base,
    JsonBody(body): JsonBody<Value>,
) -> Answer<Json<Validation>> {
    let payload = match JobCreation::from_body(&body) {
        Ok(job) => job.into(),
        Err(problems) => {
            return Ok(Json(Validation {
                valid: false,
                problems: problems.into_iter().map(refused).collect(),
                missing_fonts: Vec::new(),
            }));
        }
    };
    let review = Acceptance::new(&app, &team, &base).review(&body, &payload).await?;
    let missing_fonts = review.missing_fonts().to_vec();
    let mut problems: Vec<_> = review.problems.into_iter().map(refused).collect();
    problems.extend(review.findings.into_iter().map(|finding| ValidationProblem {
        field: finding.problem.field,
        message: finding.problem.message,
        severity: match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        code: word(finding.code),
    }));
    Ok(Json(Validation {
        valid: problems.iter().all(|problem| problem.severity != "error"),
        problems,
        missing_fonts,
    }))
}

fn refused(problem: Problem) -> ValidationProblem {
    ValidationProblem {
        field: problem.field,
        message: problem.message,
        severity: "error",
        code: "VALIDATION_FAILED".to_owned(),
    }
}

/// A code as it is written in JSON.
fn word(code: ErrorCode) -> String {
    match serde_json::to_value(code) {
        Ok(Value::String(word)) => word,
        _ => "INTERNAL".to_owned(),
    }
}
