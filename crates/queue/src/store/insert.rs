//! Writing new jobs, many with one statement.

use std::collections::HashMap;

use serde_json::json as object;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use super::Moment;
use super::dialect::Column::{self, Integer, Text};
use super::row::{from_json, instant, json, millis, plain_all};
use crate::error::Result;
use crate::record::{JobRecord, NewJob};
use crate::state::State;

/// What is written of a new job; what else a job has begins empty.
const COLUMNS: [(&str, Column); 18] = [
    ("id", Text),
    ("team_id", Text),
    ("template_id", Text),
    ("payload", Text),
    ("tags", Text),
    ("priority", Integer),
    ("total_assets", Integer),
    ("output_url", Text),
    ("poster_url", Text),
    ("parent_id", Text),
    ("asset", Integer),
    ("batch_id", Text),
    ("batch_index", Integer),
    ("retry_of", Text),
    ("warnings", Text),
    ("missing_fonts", Text),
    ("created_at", Integer),
    ("status", Text),
];

/// Which teams' jobs are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Teams {
    /// All: the team was looked at before.
    Any,
    /// Those of teams that there are and that may have as many jobs waiting as they like.
    Unlimited,
}

/// A job to be written.
pub struct Entry<'a> {
    pub new: &'a NewJob,
    /// The job that waits for it, and which of that one's assets it is for.
    pub parent: Option<(&'a str, usize)>,
    pub moment: &'a Moment,
}

impl Entry<'_> {
    fn state(&self) -> State {
        let state = if self.new.children.is_empty() || self.parent.is_some() {
            State::queued(self.moment.now)
        } else {
            State::pending(self.moment.now)
        };
        State {
            warnings: self.new.warnings.clone(),
            missing_fonts: self.new.missing_fonts.clone(),
            ..state
        }
    }

    fn row(&self, payload: &str) -> Result<serde_json::Value> {
        let new = self.new;
        Ok(object!({
            "id": new.id,
            "team_id": new.team,
            "template_id": new.template,
            "payload": payload,
            "tags": json(&plain_all(new.payload.tags()))?,
            "priority": new.payload.priority(),
            "total_assets": new.payload.assets().len(),
            "output_url": new.output_url,
            "poster_url": new.poster_url,
            "parent_id": self.parent.map(|(parent, _)| parent),
            "asset": self.parent.map(|(_, asset)| asset),
            "batch_id": new.batch.as_ref().map(|(batch, _)| batch),
            "batch_index": new.batch.as_ref().map(|(_, index)| index),
            "retry_of": new.retry_of,
            "warnings": json(&new.warnings)?,
            "missing_fonts": json(&new.missing_fonts)?,
            "created_at": millis(self.moment.now),
            "status": self.state().status.as_str(),
        }))
    }

    /// The job as it is read from now on.
    fn record(&self, seq: i64, payload: &str) -> Result<JobRecord> {
        let new = self.new;
        let at = instant(millis(self.moment.now))?;
        Ok(JobRecord {
            id: new.id.clone(),
            seq,
            team: new.team.clone(),
            template: new.template.clone(),
            payload: from_json(payload, "job")?,
            output_url: new.output_url.clone(),
            poster_url: new.poster_url.clone(),
            parent: self.parent.map(|(parent, _)| parent.to_owned()),
            asset: self.parent.map(|(_, asset)| asset),
            batch: new.batch.clone(),
            retry_of: new.retry_of.clone(),
            redacted: false,
            created_at: at,
            updated_at: at,
            state: State {
                not_before: at,
                ..self.state()
            },
        })
    }
}

/// Writes new jobs in their order; `None` for those that are left out because of their team.
pub async fn insert(
    connection: &mut AnyConnection,
    entries: &[Entry<'_>],
    teams: Teams,
) -> Result<Vec<Option<JobRecord>>> {
    let Some(first) = entries.first() else {
        return Ok(Vec::new());
    };
    let payloads = entries
        .iter()
        .map(|entry| json(&entry.new.payload))
        .collect::<Result<Vec<_>>>()?;
    let rows = entries.iter().zip(&payloads).map(|(entry, payload)| entry.row(payload));
    let rows = rows.collect::<Result<Vec<_>>>()?;
    let done = sqlx::query(AssertSqlSafe(statement(first.moment, teams)))
        .bind(json(&rows)?)
        .fetch_all(connection)
        .await?;
    let mut places = HashMap::with_capacity(done.len());
    for row in &done {
        places.insert(row.try_get::<&str, _>("id")?, row.try_get::<i64, _>("seq")?);
    }
    entries
        .iter()
        .zip(&payloads)
        .map(|(entry, payload)| {
            let place = places.get(entry.new.id.as_str());
            place.map(|seq| entry.record(*seq, payload)).transpose()
        })
        .collect()
}

fn statement(moment: &Moment, teams: Teams) -> String {
    let names = COLUMNS.map(|(name, _)| name).join(", ");
    let rows = moment.dialect.rows(1, &COLUMNS);
    let teams = match teams {
        Teams::Any => "true",
        Teams::Unlimited => "(SELECT max_queued IS NULL FROM teams WHERE teams.id = listed.team_id)",
    };
    format!(
        "INSERT INTO jobs ({names}, updated_at, not_before, attempt, progress)
         SELECT {names}, created_at, created_at, 0, 0 FROM {rows} AS listed WHERE {teams}
         RETURNING id, seq"
    )
}
