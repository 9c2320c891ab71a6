//! Accepting jobs and looking at them.

use sqlx::{QueryBuilder, Row, Sqlite as Database};
use time::OffsetDateTime;

use super::Sqlite;
use super::row::{job, json, millis};
use crate::error::Result;
use crate::record::{JobFilter, JobRecord, NewJob, Sort};
use crate::state::State;

impl Sqlite {
    /// Accepts a job.
    pub async fn add_job(&self, new: &NewJob, now: OffsetDateTime) -> Result<JobRecord> {
        let new = new.clone();
        let state = State::queued(now);
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    let row = sqlx::query(
                        "INSERT INTO jobs (id, team_id, template_id, payload, tags, priority, total_assets, output_url,
                                           created_at, updated_at, status, attempt, not_before, progress)
                         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 0) RETURNING *",
                    )
                    .bind(new.id)
                    .bind(new.team)
                    .bind(new.template)
                    .bind(json(&new.payload)?)
                    .bind(json(new.payload.tags())?)
                    .bind(new.payload.priority())
                    .bind(new.payload.assets().len() as i64)
                    .bind(new.output_url)
                    .bind(millis(now))
                    .bind(millis(now))
                    .bind(state.status.as_str())
                    .bind(millis(state.not_before))
                    .fetch_one(&mut *connection)
                    .await?;
                    job(&row)
                })
            })
            .await
    }

    /// A team's job, or anybody's where the caller has no team but a signed URL or a worker's token.
    pub async fn job(&self, team: Option<&str>, id: &str) -> Result<Option<JobRecord>> {
        let row = sqlx::query("SELECT * FROM jobs WHERE id = ?1 AND (?2 IS NULL OR team_id = ?2)")
            .bind(id)
            .bind(team)
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(job).transpose()
    }

    /// A team's jobs.
    pub async fn jobs(&self, team: &str, filter: &JobFilter) -> Result<Vec<JobRecord>> {
        let mut query = QueryBuilder::<Database>::new("SELECT * FROM jobs WHERE team_id = ");
        query.push_bind(team);
        for (statuses, not) in [(&filter.statuses, ""), (&filter.not_statuses, " NOT")] {
            if !statuses.is_empty() {
                query.push(" AND status").push(not).push(" IN (");
                let mut list = query.separated(", ");
                for status in statuses {
                    list.push_bind(status.as_str());
                }
                query.push(")");
            }
        }
        if !filter.tags.is_empty() {
            query.push(" AND EXISTS (SELECT 1 FROM json_each(jobs.tags) WHERE value IN (");
            let mut list = query.separated(", ");
            for tag in &filter.tags {
                list.push_bind(tag);
            }
            query.push("))");
        }
        if let Some(from) = filter.from {
            query.push(" AND created_at >= ").push_bind(millis(from));
        }
        if let Some(to) = filter.to {
            query.push(" AND created_at <= ").push_bind(millis(to));
        }
        query.push(match filter.sort {
            Sort::OldestFirst => " ORDER BY seq",
            Sort::NewestFirst => " ORDER BY seq DESC",
            Sort::Random => " ORDER BY random()",
            Sort::Priority => " ORDER BY priority DESC, seq",
        });
        query.push(" LIMIT ").push_bind(filter.limit.min(1 << 32) as i64);
        query.push(" OFFSET ").push_bind(filter.offset.min(1 << 62) as i64);
        query.build().fetch_all(&self.readers).await?.iter().map(job).collect()
    }

    /// The logs of a job's attempts, in order; empty if there are none.
    pub async fn logs(&self, job: &str) -> Result<Vec<(u32, String)>> {
        let rows =
            sqlx::query("SELECT attempt, log FROM attempts WHERE job_id = ? AND log IS NOT NULL ORDER BY attempt")
                .bind(job)
                .fetch_all(&self.readers)
                .await?;
        rows.iter()
            .map(|row| Ok((row.try_get("attempt")?, row.try_get("log")?)))
            .collect()
    }
}
