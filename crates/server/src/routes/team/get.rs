//! `GET /api/v2/team`: the team whose token this is.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use filmpress_job::Problem;
use filmpress_job::public::instant;
use filmpress_queue::{TeamLimits, TeamRecord};
use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ErrorBody};
use crate::fields::Fields;

/// No limit is larger.
const MOST: u32 = 1_000_000_000;

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
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Limits {
    /// Jobs drawn at a time.
    #[schema(maximum = 1_000_000_000)]
    max_running: Option<u32>,
    /// Jobs that may wait.
    #[schema(maximum = 1_000_000_000)]
    max_queued: Option<u32>,
    /// Requests a minute and token.
    #[schema(maximum = 1_000_000_000)]
    requests_per_minute: Option<u32>,
}

impl Limits {
    /// The limits of a body; those left out are lifted.
    pub fn read(body: &Value) -> Result<Self, Vec<Problem>> {
        let mut fields = Fields::of(body)?;
        let limits = Self {
            max_running: fields.count("maxRunning", MOST),
            max_queued: fields.count("maxQueued", MOST),
            requests_per_minute: fields.count("requestsPerMinute", MOST),
        };
        fields.done(&["maxRunning", "maxQueued", "requestsPerMinute"])?;
        Ok(limits)
    }
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
