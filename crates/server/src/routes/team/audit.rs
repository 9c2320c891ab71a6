//! `GET /api/v2/audit`: who changed what about the team.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use filmpress_job::public::instant;
use filmpress_queue::AuditRecord;
use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::Admin;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::fields::{before, page_limit};

/// A change, and who made it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntry {
    /// Its number: greater for later ones. Give it as `before` to get the page after this.
    seq: i64,
    /// When.
    #[serde(with = "instant")]
    at: OffsetDateTime,
    /// The team, if it was about one.
    team: Option<String>,
    /// Who: `token:…`, `operator:…` or `cli`.
    actor: String,
    /// What was done, such as `token.create`.
    action: String,
    /// To what: an id.
    object: String,
    /// The particulars. No secrets are among them.
    #[schema(value_type = Object)]
    detail: Value,
}

impl From<AuditRecord> for AuditEntry {
    fn from(record: AuditRecord) -> Self {
        let entry = record.entry;
        Self {
            seq: record.seq,
            at: record.at,
            team: entry.team,
            actor: entry.actor,
            action: entry.action,
            object: entry.object,
            detail: entry.detail,
        }
    }
}

/// Shows who changed what about the team, the latest first.
#[utoipa::path(get, path = "/audit", operation_id = "get-audit-log", tag = "Team", security(("token" = [])),
    params(
        ("limit" = Option<u32>, Query, description = "How many to give, 1 to 1000", minimum = 1, maximum = 1000),
        ("before" = Option<i64>, Query, description = "Only those with a smaller `seq`"),
    ),
    responses((status = 200, body = Vec<AuditEntry>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody)))]
pub async fn get(
    State(app): State<Arc<App>>,
    admin: Admin,
    Query(query): Query<HashMap<String, String>>,
) -> Answer<Json<Vec<AuditEntry>>> {
    audit_log(&app, Some(&admin.team), &query).await
}

/// The log of a team, or of all.
pub async fn audit_log(
    app: &App,
    team: Option<&str>,
    query: &HashMap<String, String>,
) -> Answer<Json<Vec<AuditEntry>>> {
    let mut problems = Vec::new();
    let given = |key: &str| query.get(key).map(String::as_str);
    let limit = page_limit(given("limit"), &mut problems);
    let before = before(given("before"), &mut problems);
    if !problems.is_empty() {
        return Err(ApiError::invalid(problems));
    }
    let log = app.queue.audit_log(team, limit, before).await?;
    Ok(Json(log.into_iter().map(Into::into).collect()))
}
