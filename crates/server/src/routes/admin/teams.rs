//! `/api/admin/teams`: the teams and how much they may do.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use filmpress_job::Problem;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::Operator;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::fields::Fields;
use crate::request::JsonBody;
use crate::routes::team::{Limits, TeamInfo};

/// What team to make.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(
    dead_code,
    reason = "describes the body, which is read by hand to tell all its problems at once"
)]
pub struct TeamCreation {
    /// Its name, different from every other's.
    #[schema(
        max_length = 200,
        pattern = r"^[^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]*$"
    )]
    name: String,
    /// How much it may do.
    limits: Option<Limits>,
}

/// Lists all teams.
#[utoipa::path(get, path = "/teams", operation_id = "list-teams", tag = "Admin", security(("token" = [])),
    responses((status = 200, body = Vec<TeamInfo>), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody)))]
pub async fn list(State(app): State<Arc<App>>, _operator: Operator) -> Answer<Json<Vec<TeamInfo>>> {
    Ok(Json(app.queue.teams().await?.into_iter().map(Into::into).collect()))
}

/// Shows a team.
#[utoipa::path(get, path = "/teams/{id}", operation_id = "get-any-team", tag = "Admin", security(("token" = [])),
    params(("id" = String, Path, description = "The team's id or name")),
    responses((status = 200, body = TeamInfo), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody)))]
pub async fn get(State(app): State<Arc<App>>, _operator: Operator, Path(id): Path<String>) -> Answer<Json<TeamInfo>> {
    Ok(Json(app.queue.team(&id).await?.into()))
}

/// Makes a team.
#[utoipa::path(post, path = "/teams", operation_id = "create-team", tag = "Admin", security(("token" = [])),
    request_body = TeamCreation,
    responses((status = 201, body = TeamInfo), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 409, body = ErrorBody)))]
pub async fn create(
    State(app): State<Arc<App>>,
    operator: Operator,
    JsonBody(body): JsonBody<Value>,
) -> Answer<(StatusCode, Json<TeamInfo>)> {
    let (name, limits) = read(&body).map_err(ApiError::invalid)?;
    let team = app.queue.create_team(&name, limits.into()).await?;
    let detail = json!({"name": team.name, "limits": limits});
    operator
        .audit(&app, Some(&team.id), "team.create", &team.id, detail)
        .await;
    Ok((StatusCode::CREATED, Json(team.into())))
}

/// Sets how much a team may do: all limits anew, those left out are lifted.
#[utoipa::path(put, path = "/teams/{id}/limits", operation_id = "set-team-limits", tag = "Admin",
    security(("token" = [])), params(("id" = String, Path, description = "The team's id or name")), request_body = Limits,
    responses((status = 200, body = TeamInfo), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub async fn set(
    State(app): State<Arc<App>>,
    operator: Operator,
    Path(id): Path<String>,
    JsonBody(body): JsonBody<Value>,
) -> Answer<Json<TeamInfo>> {
    let limits = Limits::read(&body).map_err(ApiError::invalid)?;
    let team = app.queue.team(&id).await?;
    app.queue.set_team_limits(&team.id, limits.into()).await?;
    app.known.forget();
    operator
        .audit(&app, Some(&team.id), "team.limits", &team.id, json!({"limits": limits}))
        .await;
    Ok(Json(app.queue.team(&team.id).await?.into()))
}

fn read(body: &Value) -> Result<(String, Limits), Vec<Problem>> {
    let mut fields = Fields::of(body)?;
    let name = fields.text("name", 200).filter(|name| !name.trim().is_empty());
    if name.is_none() {
        fields.missing("name");
    }
    let limits = match body.get("limits").filter(|limits| !limits.is_null()).map(Limits::read) {
        None => Limits::default(),
        Some(Ok(limits)) => limits,
        Some(Err(problems)) => {
            for problem in problems {
                let field = format!("limits.{}", problem.field);
                fields.problem(field.trim_end_matches('.'), &problem.message);
            }
            Limits::default()
        }
    };
    fields.done(&["name", "limits"])?;
    Ok((name.unwrap_or_default(), limits))
}
