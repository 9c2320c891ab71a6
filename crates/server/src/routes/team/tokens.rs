//! `/api/v2/tokens`: the team's tokens. Their text is shown once, when they are made.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use filmpress_job::Problem;
use filmpress_job::public::instant;
use filmpress_queue::{Kind, NewToken, Scope, Secret, TokenRecord};
use serde::Serialize;
use serde_json::{Value, json};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::Admin;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::fields::Fields;
use crate::request::JsonBody;

/// A token, without its text.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Token {
    /// Its id.
    id: String,
    /// What it is for, in the words of who made it.
    label: String,
    /// `read`, `submit` or `admin`; each may do what those before it may.
    scope: String,
    /// The user it belongs to.
    user: Option<String>,
    /// When it was made.
    #[serde(with = "instant")]
    created_at: OffsetDateTime,
    /// From when on it is no longer good.
    #[serde(with = "instant::option")]
    expires_at: Option<OffsetDateTime>,
    /// When it was last used, to the minute.
    #[serde(with = "instant::option")]
    last_used_at: Option<OffsetDateTime>,
}

/// A token with its text.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewTokenAnswer {
    #[serde(flatten)]
    about: Token,
    /// The token itself: shown this once, kept nowhere.
    token: String,
}

/// What token to make.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[allow(
    dead_code,
    reason = "describes the body, which is read by hand to tell all its problems at once"
)]
pub struct TokenCreation {
    /// What it is for.
    #[schema(max_length = 200, pattern = r"^[^\u0000-\u001f\u007f-\u009f]*$")]
    label: Option<String>,
    /// `read`, `submit` (without it) or `admin`.
    #[schema(pattern = "^(read|submit|admin)$")]
    scope: Option<String>,
    /// The id of the user it belongs to: it may not do more than they may.
    #[schema(max_length = 100, pattern = r"^[^\u0000-\u001f\u007f-\u009f]*$")]
    user: Option<String>,
    /// An ISO 8601 instant from which on it is no longer good.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
}

impl From<TokenRecord> for Token {
    fn from(record: TokenRecord) -> Self {
        Self {
            id: record.id,
            label: record.label,
            scope: record.scope.as_str().to_owned(),
            user: record.user,
            created_at: record.created_at,
            expires_at: record.expires_at,
            last_used_at: record.last_used_at,
        }
    }
}

impl NewTokenAnswer {
    pub fn new(record: TokenRecord, secret: &Secret) -> Self {
        Self {
            about: record.into(),
            token: secret.reveal().to_owned(),
        }
    }
}

/// Lists the team's tokens.
#[utoipa::path(get, path = "/tokens", operation_id = "list-tokens", tag = "Team", security(("token" = [])),
    responses((status = 200, body = Vec<Token>), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody)))]
pub async fn list(State(app): State<Arc<App>>, admin: Admin) -> Answer<Json<Vec<Token>>> {
    let tokens = app.queue.tokens(Some(&admin.team)).await?;
    Ok(Json(tokens.into_iter().map(Into::into).collect()))
}

/// Makes a token.
#[utoipa::path(post, path = "/tokens", operation_id = "create-token", tag = "Team", security(("token" = [])),
    request_body = TokenCreation,
    responses((status = 201, body = NewTokenAnswer), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub async fn create(State(app): State<Arc<App>>, admin: Admin, JsonBody(body): JsonBody<Value>) -> Answer<Response> {
    let team = app.queue.team(&admin.team).await?;
    let (new, user) = read(team.name, &body).map_err(ApiError::invalid)?;
    if let Some(id) = &user {
        let users = app.queue.users(&admin.team).await?;
        let user = users.into_iter().find(|user| user.id == *id);
        let user = user.ok_or_else(|| ApiError::not_found("USER_NOT_FOUND", format!("user `{id}` not found")))?;
        if new.scope > user.scope {
            let text = format!("must not be more than the user's, which is `{}`", user.scope.as_str());
            return Err(ApiError::field("scope", text));
        }
    }
    let (record, secret) = app.queue.create_token(&new).await?;
    let detail = json!({"scope": record.scope.as_str(), "label": record.label, "user": record.user});
    admin.audit(&app, "token.create", &record.id, detail).await;
    let body = NewTokenAnswer::new(record, &secret);
    let headers = [("cache-control", "no-store")];
    Ok((StatusCode::CREATED, headers, Json(body)).into_response())
}

/// Revokes a token. It is no longer good at once; at other servers, within seconds.
#[utoipa::path(delete, path = "/tokens/{id}", operation_id = "revoke-token", tag = "Team", security(("token" = [])),
    params(("id" = String, Path, description = "The token's id")),
    responses((status = 204), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody)))]
pub async fn revoke(State(app): State<Arc<App>>, admin: Admin, Path(id): Path<String>) -> Answer<StatusCode> {
    app.queue.revoke_token(Some(&admin.team), &id).await?;
    app.known.forget();
    admin.audit(&app, "token.revoke", &id, json!({})).await;
    Ok(StatusCode::NO_CONTENT)
}

fn read(team: String, body: &Value) -> Result<(NewToken, Option<String>), Vec<Problem>> {
    let mut fields = Fields::of(body)?;
    let label = fields.text("label", 200).unwrap_or_default();
    let scope = fields.scope("scope").unwrap_or(Scope::Submit);
    let user = fields.text("user", 100);
    let expires_at = fields.instant("expiresAt");
    if expires_at.is_some_and(|at| at <= OffsetDateTime::now_utc()) {
        fields.problem("expiresAt", "is over already");
    }
    fields.done(&["label", "scope", "user", "expiresAt"])?;
    let new = NewToken {
        kind: Kind::Team,
        team: Some(team),
        user: user.clone(),
        scope,
        label,
        expires_at,
    };
    Ok((new, user))
}
