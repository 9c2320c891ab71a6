//! `PUT /api/v2/secrets`: a new secret. It is sealed before it is kept, and a name that is taken stays as it is.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use filmpress_job::{Problem, secrets};
use serde_json::Value;
use utoipa::ToSchema;

use super::Secret;
use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::JsonBody;

/// No value is longer: service account keys and certificates are a few KiB.
const LONGEST_VALUE: usize = 64 << 10;

/// What to keep.
#[derive(ToSchema)]
#[allow(
    dead_code,
    reason = "describes the body, which is read by hand to tell all its problems at once"
)]
pub struct SecretCreation {
    /// The name by which jobs use it: letters, digits, `_`, `-` and `.`.
    #[schema(pattern = "^[A-Za-z0-9_.-]{1,128}$", example = "S3_KEY")]
    name: String,
    /// The value. It is never shown again.
    #[schema(min_length = 1, max_length = 65536, example = "…")]
    value: String,
}

/// Keeps a secret.
///
/// Jobs write `${secrets.NAME}` in its place. It is encrypted at rest and opened only for the worker that runs the job.
/// There is no overwriting: delete the old one first.
#[utoipa::path(put, path = "/", operation_id = "create-or-update-secret", tag = "Secrets", security(("token" = [])),
    request_body = SecretCreation,
    responses((status = 201, body = Secret), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "The team has a secret of this name: `SECRET_ALREADY_EXISTS`")))]
pub async fn put(
    State(app): State<Arc<App>>,
    Team(team): Team,
    JsonBody(body): JsonBody<Value>,
) -> Answer<(StatusCode, Json<Secret>)> {
    let (name, value) = read(&body).map_err(ApiError::invalid)?;
    let sealed = app.sealer.seal(&team, name, value);
    let record = app.queue.add_secret(&team, name, sealed).await?;
    Ok((StatusCode::CREATED, Json(record.into())))
}

/// Name and value. What is wrong with a value is told without it.
fn read(body: &Value) -> Result<(&str, &str), Vec<Problem>> {
    let mut problems = Vec::new();
    let mut text = |key: &str| match body.get(key) {
        Some(Value::String(text)) if !text.is_empty() => text.as_str(),
        None | Some(Value::Null | Value::String(_)) => {
            problems.push(Problem::new(key, "is required"));
            ""
        }
        Some(_) => {
            problems.push(Problem::new(key, "must be a string"));
            ""
        }
    };
    let (name, value) = (text("name"), text("value"));
    if !name.is_empty() && !secrets::is_name(name) {
        let text = "must be 1 to 128 letters, digits, `_`, `-` and `.`: jobs write it as `${secrets.NAME}`";
        problems.push(Problem::new("name", text));
    }
    if value.len() > LONGEST_VALUE {
        problems.push(Problem::new("value", "must not be longer than 64 KiB"));
    }
    if problems.is_empty() {
        Ok((name, value))
    } else {
        Err(problems)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::read;

    #[test]
    fn every_problem_is_told_and_no_value() {
        assert_eq!(
            read(&json!({"name": "S3.key-1_a", "value": " v "})).unwrap(),
            ("S3.key-1_a", " v ")
        );
        let fields = |body: serde_json::Value| {
            let problems = read(&body).unwrap_err();
            assert!(!format!("{problems:?}").contains("hush"));
            problems.into_iter().map(|problem| problem.field).collect::<Vec<_>>()
        };
        assert_eq!(fields(json!({})), ["name", "value"]);
        assert_eq!(fields(json!([])), ["name", "value"]);
        assert_eq!(fields(json!({"name": "a b", "value": ["hush"]})), ["value", "name"]);
        assert_eq!(fields(json!({"name": "a", "value": "hush".repeat(16385)})), ["value"]);
        assert_eq!(fields(json!({"name": "a}", "value": ""})), ["value", "name"]);
    }
}
