//! Looking at jobs.

use filmpress_job::JobStatus;
use sqlx::any::AnyArguments;
use sqlx::{Arguments, AssertSqlSafe, Row};

use super::row::{
    count32, from_json, instant_of, instant_option, job, job_columns, jobs, json, known, millis, plain, plain_all,
};
use crate::error::{Error, Result};
use crate::queue::Queue;
use crate::record::{AttemptRecord, Cursor, JobFilter, JobRecord, Outcome, Sort};

impl Queue {
    /// A team's job; `None` for callers that prove their right in another way (a signed URL, a worker's token).
    pub async fn job(&self, team: Option<&str>, id: &str) -> Result<JobRecord> {
        let columns = job_columns!();
        let statement = format!("SELECT {columns} FROM jobs WHERE id = $1 AND ($2 IS NULL OR team_id = $2)");
        let row = sqlx::query(AssertSqlSafe(statement))
            .bind(plain(id))
            .bind(team)
            .fetch_optional(&self.store.readers)
            .await?;
        job(&row.ok_or_else(|| Error::not_found("job", id))?)
    }

    /// The jobs that a job waits or waited for, by asset.
    pub async fn children(&self, id: &str) -> Result<Vec<JobRecord>> {
        let columns = job_columns!();
        let statement = format!("SELECT {columns} FROM jobs WHERE parent_id = $1 ORDER BY asset, seq");
        let rows = sqlx::query(AssertSqlSafe(statement))
            .bind(plain(id))
            .fetch_all(&self.store.readers)
            .await?;
        jobs(&rows)
    }

    /// A team's jobs.
    pub async fn jobs(&self, team: &str, filter: &JobFilter) -> Result<Vec<JobRecord>> {
        let (text, arguments) = self.list(team, filter)?;
        let rows = sqlx::query_with(AssertSqlSafe(text), arguments)
            .fetch_all(&self.store.readers)
            .await?;
        jobs(&rows)
    }

    fn list(&self, team: &str, filter: &JobFilter) -> Result<(String, AnyArguments)> {
        let dialect = self.store.dialect;
        let columns = job_columns!();
        let mut text = vec![format!("SELECT {columns} FROM jobs WHERE team_id = $1")];
        let mut arguments = AnyArguments::default();
        let unwritable = |error| Error::Store(format!("a list cannot be asked for: {error}"));
        arguments.add(team).map_err(unwritable)?;
        for (statuses, not) in [(&filter.statuses, ""), (&filter.not_statuses, " NOT")] {
            if !statuses.is_empty() {
                // The words are ours; as text they let the database choose an index.
                let words: Vec<_> = statuses.iter().map(|status| format!("'{}'", status.as_str())).collect();
                text.push(format!(" AND status{not} IN ({})", words.join(", ")));
            }
        }
        if !filter.tags.is_empty() {
            arguments.add(json(&plain_all(&filter.tags))?).map_err(unwritable)?;
            let shares = dialect.shares("tags", arguments.len());
            text.push(format!(" AND tags <> '[]' AND {shares}"));
        }
        if let Some(from) = filter.from {
            arguments.add(millis(from)).map_err(unwritable)?;
            let n = arguments.len();
            // What was accepted since then has changed since then: that there is an index for.
            text.push(format!(" AND created_at >= ${n} AND updated_at >= ${n}"));
        }
        if let Some(to) = filter.to {
            arguments.add(millis(to)).map_err(unwritable)?;
            text.push(format!(" AND created_at <= ${}", arguments.len()));
        }
        let order = match filter.sort {
            Sort::OldestFirst => " ORDER BY seq",
            Sort::NewestFirst => " ORDER BY seq DESC",
            Sort::Random => " ORDER BY random()",
            Sort::Priority => " ORDER BY priority DESC, seq",
        };
        text.push(order.to_owned());
        arguments.add(filter.limit.min(1 << 32) as i64).map_err(unwritable)?;
        arguments.add(filter.offset.min(1 << 62) as i64).map_err(unwritable)?;
        text.push(format!(" LIMIT ${} OFFSET ${}", arguments.len() - 1, arguments.len()));
        Ok((text.concat(), arguments))
    }

    /// A team's jobs that changed since the cursor's last look, in the order they did, and the cursor for the next look.
    /// A job that changed twice in between comes once, as it is.
    pub async fn changed_jobs(&self, team: &str, after: Cursor, limit: u32) -> Result<(Vec<JobRecord>, Cursor)> {
        let columns = job_columns!();
        let statement = format!(
            "SELECT {columns} FROM jobs WHERE team_id = $1 AND updated_at >= $2
             ORDER BY updated_at, seq LIMIT $3"
        );
        let mut cursor = after;
        // What was shown already is met again: it does not count.
        let most = i64::from(limit) + cursor.shown.len() as i64;
        let rows = sqlx::query(AssertSqlSafe(statement))
            .bind(team)
            .bind(cursor.looks_from())
            .bind(most)
            .fetch_all(&self.store.readers)
            .await?;
        let mut news = Vec::new();
        for record in jobs(&rows)? {
            if news.len() == limit as usize {
                break;
            }
            let at = millis(record.updated_at);
            if cursor.is_news(record.seq, at) {
                news.push(record);
            }
            cursor.advance(at);
        }
        Ok((news, cursor))
    }

    /// The logs of a team's job, attempt by attempt; empty if it has none yet.
    pub async fn logs(&self, team: &str, id: &str) -> Result<Vec<(u32, String)>> {
        self.job(Some(team), id).await?;
        let rows =
            sqlx::query("SELECT attempt, log FROM attempts WHERE job_id = $1 AND log IS NOT NULL ORDER BY attempt")
                .bind(id)
                .fetch_all(&self.store.readers)
                .await?;
        rows.iter()
            .map(|row| Ok((count32(row, "attempt")?, row.try_get("log")?)))
            .collect()
    }

    /// The attempts at a team's job, in order.
    pub async fn attempts(&self, team: &str, id: &str) -> Result<Vec<AttemptRecord>> {
        self.job(Some(team), id).await?;
        let rows = sqlx::query(
            "SELECT attempt, worker, started_at, ended_at, outcome, error,
                CASE WHEN log IS NULL THEN 0 ELSE 1 END AS has_log
             FROM attempts WHERE job_id = $1 ORDER BY attempt",
        )
        .bind(id)
        .fetch_all(&self.store.readers)
        .await?;
        rows.iter()
            .map(|row| {
                let (outcome, error): (Option<&str>, Option<&str>) = (row.try_get("outcome")?, row.try_get("error")?);
                Ok(AttemptRecord {
                    attempt: count32(row, "attempt")?,
                    worker: row.try_get("worker")?,
                    started_at: instant_of(row, "started_at")?,
                    ended_at: instant_option(row, "ended_at")?,
                    outcome: outcome
                        .map(|word| known(word, "outcome", Outcome::from_word))
                        .transpose()?,
                    error: error.map(|error| from_json(error, "attempt's error")).transpose()?,
                    has_log: count32(row, "has_log")? > 0,
                })
            })
            .collect()
    }

    /// How many jobs of a team stand so.
    pub async fn count_jobs(&self, team: &str, status: JobStatus) -> Result<u64> {
        let count: i64 = sqlx::query_scalar("SELECT count(*) FROM jobs WHERE team_id = $1 AND status = $2")
            .bind(team)
            .bind(status.as_str())
            .fetch_one(&self.store.readers)
            .await?;
        Ok(count.max(0) as u64)
    }
}
