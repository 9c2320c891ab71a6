//! `GET /api/v2/usage`: what the team has drawn, day by day.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use filmpress_job::Problem;
use filmpress_queue::UsageRow;
use serde::Serialize;
use time::{Duration, OffsetDateTime};
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::fields::read_date;

/// No answer spans more.
const LONGEST: Duration = Duration::days(400);

/// What was drawn in a time.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    /// All days together.
    total: Counts,
    /// Days with something to tell, the oldest first.
    days: Vec<Day>,
}

/// What was drawn on a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct Day {
    /// The day, UTC: `2026-01-31`.
    day: String,
    #[serde(flatten)]
    counts: Counts,
}

/// What was drawn.
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Jobs that finished.
    finished: u64,
    /// Jobs that ended in an error.
    failed: u64,
    /// Jobs that were cancelled.
    cancelled: u64,
    /// Frames of finished jobs.
    frames: u64,
    /// Seconds that workers were busy with finished jobs.
    render_seconds: f64,
}

impl From<&UsageRow> for Counts {
    fn from(row: &UsageRow) -> Self {
        Self {
            finished: row.finished,
            failed: row.failed,
            cancelled: row.cancelled,
            frames: row.frames,
            render_seconds: row.render_seconds,
        }
    }
}

/// Shows what the team has drawn, of the last 30 days if not asked otherwise. Days count whole.
#[utoipa::path(get, path = "/usage", operation_id = "get-usage", tag = "Team", security(("token" = [])),
    params(
        ("from" = Option<String>, Query, description = "An ISO 8601 instant or day",
            pattern = "^([0-9]{4}-[0-9]{2}-[0-9]{2}.*)?$"),
        ("to" = Option<String>, Query, description = "An ISO 8601 instant or day; at most 400 days after `from`",
            pattern = "^([0-9]{4}-[0-9]{2}-[0-9]{2}.*)?$"),
    ),
    responses((status = 200, body = Usage), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody)))]
pub async fn get(
    State(app): State<Arc<App>>,
    Team(team): Team,
    Query(query): Query<HashMap<String, String>>,
) -> Answer<Json<Usage>> {
    let (from, to) = read(&query, OffsetDateTime::now_utc()).map_err(ApiError::invalid)?;
    let rows = app.queue.usage(&team, from.date(), to.date()).await?;
    let mut total = Counts::default();
    for row in &rows {
        total.finished += row.finished;
        total.failed += row.failed;
        total.cancelled += row.cancelled;
        total.frames += row.frames;
        total.render_seconds += row.render_seconds;
    }
    let days = rows.iter().map(|row| Day {
        day: row.day.to_string(),
        counts: row.into(),
    });
    Ok(Json(Usage {
        total,
        days: days.collect(),
    }))
}

fn read(
    query: &HashMap<String, String>,
    now: OffsetDateTime,
) -> Result<(OffsetDateTime, OffsetDateTime), Vec<Problem>> {
    let mut problems = Vec::new();
    let mut date = |key: &str| {
        let text = query.get(key).filter(|text| !text.is_empty())?;
        let date = read_date(text);
        if date.is_none() {
            problems.push(Problem::new(key, format!("`{text}` is not an ISO 8601 instant")));
        }
        date
    };
    let (from, to) = (date("from"), date("to"));
    let to = to.unwrap_or(now);
    let from = from.or_else(|| to.checked_sub(Duration::days(30))).unwrap_or(to);
    if problems.is_empty() && from > to {
        problems.push(Problem::new("from", "must not be after `to`"));
    } else if problems.is_empty() && to - from > LONGEST {
        problems.push(Problem::new("from", "must not be more than 400 days before `to`"));
    }
    if problems.is_empty() {
        Ok((from, to))
    } else {
        Err(problems)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::read;

    #[test]
    fn the_time_is_thirty_days_and_at_most_four_hundred() {
        let now = datetime!(2026-03-31 12:00 UTC);
        let read = |pairs: &[(&str, &str)]| {
            let query = pairs
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
            read(&query.collect(), now).map_err(|problems| problems[0].field.clone())
        };
        assert_eq!(read(&[]), Ok((datetime!(2026-03-01 12:00 UTC), now)));
        let year = read(&[("from", "2025-01-01"), ("to", "2026-01-01T00:00:00Z")]).unwrap();
        assert_eq!(year.0, datetime!(2025-01-01 0:00 UTC));
        assert_eq!(read(&[("from", "2020-01-01")]), Err("from".to_owned()));
        assert_eq!(read(&[("to", "soon")]), Err("to".to_owned()));
        assert_eq!(read(&[("from", "2026-04-01")]), Err("from".to_owned()));
    }
}
