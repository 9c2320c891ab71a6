//! `POST /api/v2/templates`: a template without a file, and the URL to put that at.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use filmpress_job::Problem;
use filmpress_queue::NewTemplate;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{KINDS, Template};
use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::{Base, JsonBody};

/// A new template in the three forms that clients look for: its members at the top, the same under `template`, and the
/// upload's URL by its old name.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Created {
    #[serde(flatten)]
    flat: Template,
    /// The same once more.
    template: Template,
    /// The same as `uploadInfo.url`.
    upload_url: Option<String>,
}

/// What to make.
#[derive(ToSchema)]
#[allow(
    dead_code,
    reason = "describes the body, which is read by hand to tell all its problems at once"
)]
pub struct TemplateCreation {
    /// `aep`, `aepx`, `zip`, `mogrt` or `lottie`: must fit the file.
    #[schema(rename = "type")]
    kind: String,
    /// The name people know it by.
    #[schema(rename = "displayName")]
    display_name: String,
}

/// Makes a template.
#[utoipa::path(post, path = "/", operation_id = "create-or-update-template", tag = "Templates", security(("token" = [])),
    request_body = TemplateCreation,
    responses((status = 201, body = Created), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub async fn post(
    State(app): State<Arc<App>>,
    Team(team): Team,
    Base(base): Base,
    JsonBody(body): JsonBody<Value>,
) -> Answer<(StatusCode, Json<Created>)> {
    let new = read(team, &body).map_err(ApiError::invalid)?;
    let template = Template::of(&app, &base, app.queue.create_template(&new).await?);
    let upload_url = template.upload_info.as_ref().map(|info| info.url.clone());
    Ok((
        StatusCode::CREATED,
        Json(Created {
            flat: template.clone(),
            template,
            upload_url,
        }),
    ))
}

fn read(team: String, body: &Value) -> Result<NewTemplate, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut text = |key: &str| match body.get(key) {
        Some(Value::String(text)) if !text.trim().is_empty() => text.clone(),
        None | Some(Value::Null | Value::String(_)) => {
            problems.push(Problem::new(key, "is required"));
            String::new()
        }
        Some(_) => {
            problems.push(Problem::new(key, "must be a string"));
            String::new()
        }
    };
    let (kind, display_name) = (text("type"), text("displayName"));
    if !kind.is_empty() && !KINDS.contains(&kind.as_str()) {
        problems.push(Problem::new(
            "type",
            format!("must be `{}`, not `{kind}`", KINDS.join("`, `")),
        ));
    }
    if display_name.chars().count() > 200 {
        problems.push(Problem::new("displayName", "must not be longer than 200 characters"));
    }
    if body.get("src").is_some_and(|src| !src.is_null() && src != "") {
        let text = "fetching a template from `src` is not built yet: leave it out and put the file at `uploadInfo.url`";
        problems.push(Problem::new("src", text));
    }
    if problems.is_empty() {
        Ok(NewTemplate {
            team,
            kind,
            display_name,
            src: None,
        })
    } else {
        Err(problems)
    }
}
