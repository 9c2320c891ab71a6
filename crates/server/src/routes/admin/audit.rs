//! `GET /api/admin/audit`: who changed what, in all teams and outside them.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};

use crate::app::App;
use crate::auth::Operator;
use crate::error::{Answer, ErrorBody};
use crate::routes::team::{AuditEntry, audit_log};

/// Shows who changed what, the latest first.
#[utoipa::path(get, path = "/audit", operation_id = "get-whole-audit-log", tag = "Admin", security(("token" = [])),
    params(
        ("limit" = Option<u32>, Query, description = "How many to give, 1 to 1000", minimum = 1, maximum = 1000),
        ("before" = Option<i64>, Query, description = "Only those with a smaller `seq`"),
    ),
    responses((status = 200, body = Vec<AuditEntry>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody)))]
pub async fn get(
    State(app): State<Arc<App>>,
    _operator: Operator,
    Query(query): Query<HashMap<String, String>>,
) -> Answer<Json<Vec<AuditEntry>>> {
    audit_log(&app, None, &query).await
}
