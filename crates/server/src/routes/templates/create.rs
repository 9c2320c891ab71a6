//! `POST /api/v2/templates`: a template whose file is uploaded by a URL of ours, or fetched from a URL of the client's.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use filmpress_job::{Problem, schema};
use filmpress_queue::NewTemplate;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

use super::{KINDS, Template, display_name};
use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::{Base, JsonBody};
use crate::template_file::read_soon;

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
    /// Must fit the file.
    #[schema(rename = "type")]
    kind: TemplateKind,
    /// The name people know it by.
    #[schema(rename = "displayName", max_length = 200, pattern = r"\S", example = "Name card")]
    display_name: String,
    /// An http or https URL to fetch the file from, at most 2 GiB. Without it, put the file at `uploadInfo.url`.
    #[schema(schema_with = source)]
    src: Option<String>,
}

/// A URL, or what forms with an empty field for it send.
fn source() -> RefOr<Schema> {
    schema::raw(json!({"anyOf": [
        {"type": "string", "format": "uri", "pattern": "^https?://.+"},
        {"const": ""},
        {"type": "null"},
    ]}))
}

/// The kinds of template.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[allow(dead_code, reason = "describes `type`")]
enum TemplateKind {
    Aep,
    Aepx,
    Zip,
    Mogrt,
    Lottie,
}

/// Makes a template.
///
/// Without `src` it awaits its file: `PUT` the bytes to `uploadInfo.url`, without a token. With `src` the server fetches
/// it. Then it is read: `status` goes from `awaiting_upload` or `downloading` over `processing` to `uploaded`, or to
/// `error`, with the reason in `error`.
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
    let record = app.queue.create_template(&new).await?;
    if record.src.is_some() {
        read_soon(&app, record.clone());
    }
    let template = Template::of(&app, &base, record);
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
    let kind = match body.get("type") {
        Some(Value::String(kind)) if KINDS.contains(&kind.as_str()) => kind.clone(),
        given => {
            problems.push(Problem::new("type", wrong_kind(given)));
            String::new()
        }
    };
    let display_name = display_name(body).unwrap_or_else(|problem| {
        problems.push(problem);
        ""
    });
    let src = match body.get("src") {
        None | Some(Value::Null) => None,
        // Forms with a field for it send it empty.
        Some(Value::String(src)) if src.is_empty() => None,
        Some(Value::String(src)) if is_web_url(src) => Some(src.clone()),
        Some(_) => {
            problems.push(Problem::new("src", "must be a complete http or https URL"));
            None
        }
    };
    if problems.is_empty() {
        Ok(NewTemplate {
            team,
            kind,
            display_name: display_name.to_owned(),
            src,
        })
    } else {
        Err(problems)
    }
}

fn wrong_kind(given: Option<&Value>) -> String {
    let kinds = KINDS.join("`, `");
    match given {
        None | Some(Value::Null) => "is required".to_owned(),
        Some(Value::String(word)) => format!("must be `{kinds}`, not `{word}`"),
        Some(_) => format!("must be `{kinds}`"),
    }
}

/// Secrets are a job's: there are none in a template's `src`.
fn is_web_url(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some())
}
