//! `/api/v2/users`: the people of the team. A user is a name for tokens that go when the user goes.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use filmpress_job::Problem;
use filmpress_job::public::instant;
use filmpress_queue::{Scope, UserRecord};
use serde::Serialize;
use serde_json::{Value, json};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::Admin;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::fields::Fields;
use crate::request::JsonBody;

/// A user of the team.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// The user's id.
    id: String,
    /// The user's name.
    name: String,
    /// What their tokens may do at most: `read`, `submit` or `admin`.
    scope: String,
    /// Since when.
    #[serde(with = "instant")]
    created_at: OffsetDateTime,
}

/// Whom to add.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(
    dead_code,
    reason = "describes the body, which is read by hand to tell all its problems at once"
)]
pub struct UserCreation {
    /// The user's name, different from every other's in the team.
    #[schema(
        max_length = 200,
        pattern = r"^[^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]*$"
    )]
    name: String,
    /// `read`, `submit` (without it) or `admin`.
    #[schema(pattern = "^(read|submit|admin)$")]
    scope: Option<String>,
}

impl From<UserRecord> for User {
    fn from(record: UserRecord) -> Self {
        Self {
            id: record.id,
            name: record.name,
            scope: record.scope.as_str().to_owned(),
            created_at: record.created_at,
        }
    }
}

/// Lists the users of the team.
#[utoipa::path(get, path = "/users", operation_id = "list-users", tag = "Team", security(("token" = [])),
    responses((status = 200, body = Vec<User>), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody)))]
pub async fn list(State(app): State<Arc<App>>, admin: Admin) -> Answer<Json<Vec<User>>> {
    let users = app.queue.users(&admin.team).await?;
    Ok(Json(users.into_iter().map(Into::into).collect()))
}

/// Adds a user to the team.
#[utoipa::path(post, path = "/users", operation_id = "create-user", tag = "Team", security(("token" = [])),
    request_body = UserCreation,
    responses((status = 201, body = User), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 409, body = ErrorBody)))]
pub async fn create(
    State(app): State<Arc<App>>,
    admin: Admin,
    JsonBody(body): JsonBody<Value>,
) -> Answer<(StatusCode, Json<User>)> {
    let (name, scope) = read(&body).map_err(ApiError::invalid)?;
    let user = app.queue.create_user(&admin.team, &name, scope).await?;
    let detail = json!({"name": user.name, "scope": user.scope.as_str()});
    admin.audit(&app, "user.create", &user.id, detail).await;
    Ok((StatusCode::CREATED, Json(user.into())))
}

/// Removes a user and revokes the user's tokens.
#[utoipa::path(delete, path = "/users/{id}", operation_id = "remove-user", tag = "Team", security(("token" = [])),
    params(("id" = String, Path, description = "The user's id")),
    responses((status = 204), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody)))]
pub async fn remove(State(app): State<Arc<App>>, admin: Admin, Path(id): Path<String>) -> Answer<StatusCode> {
    app.queue.remove_user(&admin.team, &id).await?;
    app.known.forget();
    admin.audit(&app, "user.remove", &id, json!({})).await;
    Ok(StatusCode::NO_CONTENT)
}

fn read(body: &Value) -> Result<(String, Scope), Vec<Problem>> {
    let mut fields = Fields::of(body)?;
    let name = fields.text("name", 200).filter(|name| !name.trim().is_empty());
    if name.is_none() {
        fields.missing("name");
    }
    let scope = fields.scope("scope").unwrap_or(Scope::Submit);
    fields.done(&["name", "scope"])?;
    Ok((name.unwrap_or_default(), scope))
}
