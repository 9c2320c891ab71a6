//! The steps of a job: each is one transaction of the new state, the attempt it belongs to and the webhook it causes.

use filmpress_job::JobStatus;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use time::OffsetDateTime;

use super::Sqlite;
use super::row::{job, json, millis, state, word};
use crate::error::{Error, Result};
use crate::new_id;
use crate::policy::Policy;
use crate::record::JobRecord;
use crate::state::{Event, State, next};

impl Sqlite {
    /// Gives the next waiting job to a worker. With tags, only a job that has one of them.
    pub async fn claim(
        &self,
        worker: &str,
        tags: &[String],
        now: OffsetDateTime,
        policy: &Policy,
    ) -> Result<Option<JobRecord>> {
        let tags = json(tags)?;
        // Idle workers ask over and over; they read, and only a job makes them write.
        let waiting: Option<String> = sqlx::query_scalar(NEXT_WAITING)
            .bind(millis(now))
            .bind(&tags)
            .fetch_optional(&self.readers)
            .await?;
        if waiting.is_none() {
            return Ok(None);
        }
        let (worker, policy) = (worker.to_owned(), policy.clone());
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    let waiting: Option<String> = sqlx::query_scalar(NEXT_WAITING)
                        .bind(millis(now))
                        .bind(&tags)
                        .fetch_optional(&mut *connection)
                        .await?;
                    let Some(id) = waiting else { return Ok(None) };
                    let record = step(connection, &id, Event::Claim { worker: worker.clone() }, now, &policy).await?;
                    sqlx::query("INSERT INTO attempts (job_id, attempt, worker, started_at) VALUES (?, ?, ?, ?)")
                        .bind(id)
                        .bind(record.state.attempt)
                        .bind(worker)
                        .bind(millis(now))
                        .execute(&mut *connection)
                        .await?;
                    Ok(Some(record))
                })
            })
            .await
    }

    /// Moves a job by an event, with the log of the attempt that it ends.
    pub async fn step(
        &self,
        id: &str,
        event: Event,
        log: Option<String>,
        now: OffsetDateTime,
        policy: &Policy,
    ) -> Result<JobRecord> {
        let (id, policy) = (id.to_owned(), policy.clone());
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    let record = step(connection, &id, event, now, &policy).await?;
                    if let Some(log) = log {
                        sqlx::query("UPDATE attempts SET log = ? WHERE job_id = ? AND attempt = ?")
                            .bind(log)
                            .bind(id)
                            .bind(record.state.attempt)
                            .execute(&mut *connection)
                            .await?;
                    }
                    Ok(record)
                })
            })
            .await
    }

    /// The state of a job and when it was last written.
    pub async fn state(&self, id: &str) -> Result<Option<(State, i64)>> {
        let row = sqlx::query("SELECT * FROM jobs WHERE id = ?")
            .bind(id)
            .fetch_optional(&self.readers)
            .await?;
        row.map(|row| Ok((state(&row)?, row.try_get("updated_at")?)))
            .transpose()
    }

    /// Takes back the jobs whose lease has run out; returns how many.
    pub async fn sweep(&self, now: OffsetDateTime, policy: &Policy) -> Result<u64> {
        let due: Vec<String> = sqlx::query_scalar("SELECT id FROM jobs WHERE lease_until <= ? ORDER BY lease_until")
            .bind(millis(now))
            .fetch_all(&self.readers)
            .await?;
        self.take_back(due, &Event::LeaseRanOut, now, policy).await
    }

    /// Takes back the jobs of workers whose name begins so, who are known to be gone; returns how many.
    pub async fn take_back_from(&self, prefix: &str, now: OffsetDateTime, policy: &Policy) -> Result<u64> {
        let held: Vec<String> = sqlx::query_scalar(
            "SELECT id FROM jobs WHERE lease_until IS NOT NULL AND substr(worker, 1, length(?1)) = ?1",
        )
        .bind(prefix)
        .fetch_all(&self.readers)
        .await?;
        self.take_back(held, &Event::WorkerGone, now, policy).await
    }

    async fn take_back(&self, ids: Vec<String>, event: &Event, now: OffsetDateTime, policy: &Policy) -> Result<u64> {
        let mut count = 0;
        for id in ids {
            match self.step(&id, event.clone(), None, now, policy).await {
                Ok(_) => count += 1,
                // It moved since it was looked up.
                Err(Error::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(count)
    }
}

const NEXT_WAITING: &str = "SELECT id FROM jobs WHERE status = 'queued' AND not_before <= ?1
    AND (?2 = '[]' OR EXISTS (SELECT 1 FROM json_each(jobs.tags) JOIN json_each(?2) AS offered USING (value)))
    ORDER BY priority DESC, seq LIMIT 1";

/// Moves one job inside the writer's transaction.
async fn step(
    connection: &mut SqliteConnection,
    id: &str,
    event: Event,
    now: OffsetDateTime,
    policy: &Policy,
) -> Result<JobRecord> {
    let row = sqlx::query("SELECT * FROM jobs WHERE id = ?")
        .bind(id)
        .fetch_optional(&mut *connection)
        .await?;
    let row = row.ok_or_else(|| Error::NotFound {
        what: "job",
        id: id.to_owned(),
    })?;
    let before = state(&row)?;
    let after = next(&before, event, now, policy)?;
    if after == before {
        return job(&row);
    }
    let row = write_state(connection, id, &after, now).await?;
    let record = job(&row)?;
    if before.status == JobStatus::Rendering && after.status != JobStatus::Rendering {
        end_attempt(connection, id, &after, now).await?;
    }
    if after.status.is_terminal() {
        add_webhook(connection, &record, now).await?;
    }
    Ok(record)
}

async fn write_state(
    connection: &mut SqliteConnection,
    id: &str,
    to: &State,
    now: OffsetDateTime,
) -> Result<SqliteRow> {
    let row = sqlx::query(
        "UPDATE jobs SET updated_at = ?, status = ?, attempt = ?, spent = ?, worker = ?, lease_until = ?, not_before = ?, phase = ?,
            progress = ?, started_at = ?, finished_at = ?, error_at = ?, render_duration = ?, error = ?, warnings = ?,
            missing_fonts = ?, output = ?
         WHERE id = ? RETURNING *",
    )
    .bind(millis(now))
    .bind(to.status.as_str())
    .bind(to.attempt)
    .bind(to.spent)
    .bind(&to.worker)
    .bind(to.lease_until.map(millis))
    .bind(millis(to.not_before))
    .bind(to.phase.as_ref().map(word).transpose()?)
    .bind(to.progress)
    .bind(to.started_at.map(millis))
    .bind(to.finished_at.map(millis))
    .bind(to.error_at.map(millis))
    .bind(to.render_duration)
    .bind(to.error.as_ref().map(json).transpose()?)
    .bind(json(&to.warnings)?)
    .bind(json(&to.missing_fonts)?)
    .bind(&to.output)
    .bind(id)
    .fetch_one(connection)
    .await?;
    Ok(row)
}

async fn end_attempt(connection: &mut SqliteConnection, id: &str, after: &State, now: OffsetDateTime) -> Result<()> {
    let outcome = match &after.error {
        None => "finished",
        Some(error) if error.code == filmpress_job::ErrorCode::WorkerLost => "lost",
        Some(_) => "failed",
    };
    sqlx::query("UPDATE attempts SET ended_at = ?, outcome = ?, error = ? WHERE job_id = ? AND attempt = ?")
        .bind(millis(now))
        .bind(outcome)
        .bind(after.error.as_ref().map(json).transpose()?)
        .bind(id)
        .bind(after.attempt)
        .execute(connection)
        .await?;
    Ok(())
}

async fn add_webhook(connection: &mut SqliteConnection, record: &JobRecord, now: OffsetDateTime) -> Result<()> {
    let Some(webhook) = record.payload.webhook() else {
        return Ok(());
    };
    sqlx::query(
        "INSERT INTO outbox (id, job_id, status, method, url, headers, body, next_at, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(format!("msg_{}", new_id()))
    .bind(&record.id)
    .bind(record.state.status.as_str())
    .bind(&webhook.method)
    .bind(&webhook.url)
    .bind(json(&webhook.headers)?)
    .bind(json(&record.public().webhook_body(webhook))?)
    .bind(millis(now))
    .bind(millis(now))
    .execute(connection)
    .await?;
    Ok(())
}
