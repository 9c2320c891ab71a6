//! `GET /api/v2/team`: the team whose token this is.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use filmpress_job::public::instant;
use filmpress_queue::{TeamLimits, TeamRecord};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ErrorBody};

/// A team.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TeamInfo {
    /// Its id.
    id: String,
    /// Its name.
    name: String,
    /// How much it may do.
    limits: Limits,
    /// When it was made.
    #[serde(with = "instant")]
    created_at: OffsetDateTime,
}

/// How much a team may do; what is null is not limited, or limited as the server is configured.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Limits {
    /// Jobs drawn at a time.
    max_running: Option<u32>,
    /// Jobs that may wait.
    max_queued: Option<u32>,
    /// Requests a minute and token.
    requests_per_minute: Option<u32>,
}

impl From<TeamLimits> for Limits {
    fn from(limits: TeamLimits) -> Self {
        Self {
            max_running: limits.max_running,
            max_queued: limits.max_queued,
            requests_per_minute: limits.requests_per_minute,
        }
    }
}

impl From<Limits> for TeamLimits {
    fn from(limits: Limits) -> Self {
        Self {
            max_running: limits.max_running,
            max_queued: limits.max_queued,
            requests_per_minute: limits.requests_per_minute,
        }
    }
}

impl From<TeamRecord> for TeamInfo {
    fn from(record: TeamRecord) -> Self {
        Self {
            id: record.id,
            name: record.name,
            limits: record.limits.into(),
            created_at: record.created_at,
        }
    }
}

/// Shows the team whose token this is.
#[utoipa::path(get, path = "/team", operation_id = "get-team", tag = "Team", security(("token" = [])),
    responses((status = 200, body = TeamInfo), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody)))]
pub async fn get(State(app): State<Arc<App>>, Team(team): Team) -> Answer<Json<TeamInfo>> {
    Ok(Json(app.queue.team(&team).await?.into()))
}
