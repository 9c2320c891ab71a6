//! Workers: who asks for jobs, and who is given none for a while because job after job fails there.

use std::time::Duration;

use sqlx::{AnyConnection, Row};

use super::Moment;
use super::row::{count, count32, from_json, instant_of, instant_option, json, millis, plain, plain_all};
use crate::error::{Error, Result};
use crate::queue::Queue;
use crate::record::{ClaimBy, WorkerRecord};

/// That a worker was seen is written no more often than this.
const SEEN: Duration = Duration::from_secs(30);

/// Counts a failure against a worker, once for each job; after too many in a row it is given none for a while.
pub async fn note_failure(connection: &mut AnyConnection, worker: &str, job: &str, moment: &Moment) -> Result<()> {
    let policy = &moment.policy;
    if policy.quarantine_after == 0 {
        return Ok(());
    }
    sqlx::query(
        "UPDATE workers SET failures = failures + 1, last_failed = $2,
            quarantined_until = CASE WHEN failures + 1 >= $3 THEN $4 ELSE quarantined_until END
         WHERE name = $1 AND (last_failed IS NULL OR last_failed <> $2)",
    )
    .bind(worker)
    .bind(job)
    .bind(i64::from(policy.quarantine_after))
    .bind(millis(moment.now + policy.quarantine))
    .execute(connection)
    .await?;
    Ok(())
}

/// A job finished there: whatever failed before was not the worker.
pub async fn note_success(connection: &mut AnyConnection, worker: &str, moment: &Moment) -> Result<()> {
    sqlx::query(
        "UPDATE workers SET failures = 0, last_failed = NULL, quarantined_until = NULL, last_seen = $2
         WHERE name = $1 AND failures > 0",
    )
    .bind(worker)
    .bind(millis(moment.now))
    .execute(connection)
    .await?;
    Ok(())
}

impl Queue {
    /// The workers that have asked for jobs, by name.
    pub async fn workers(&self) -> Result<Vec<WorkerRecord>> {
        let rows = sqlx::query(
            "SELECT name, tags, first_seen, last_seen, failures, quarantined_until,
                (SELECT count(*) FROM jobs WHERE jobs.worker = workers.name AND status = 'render:dorender') AS running
             FROM workers ORDER BY name",
        )
        .fetch_all(&self.store.readers)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(WorkerRecord {
                    name: row.try_get("name")?,
                    tags: from_json(row.try_get("tags")?, "worker's tags")?,
                    first_seen: instant_of(row, "first_seen")?,
                    last_seen: instant_of(row, "last_seen")?,
                    running: count(row, "running")?,
                    failures: count32(row, "failures")?,
                    quarantined_until: instant_option(row, "quarantined_until")?
                        .filter(|until| *until > self.clock.now()),
                })
            })
            .collect()
    }

    /// Gives a worker jobs again before its time.
    pub async fn release_worker(&self, name: &str) -> Result<()> {
        let released = self
            .write(plain(name), |connection, name| {
                Box::pin(async move {
                    let statement = "UPDATE workers SET failures = 0, last_failed = NULL, quarantined_until = NULL
                        WHERE name = $1";
                    let done = sqlx::query(statement).bind(name).execute(connection).await?;
                    Ok(done.rows_affected())
                })
            })
            .await?;
        if released == 0 {
            return Err(Error::not_found("worker", name));
        }
        self.job_waits.notify_waiters();
        Ok(())
    }

    /// Notes that a worker asks, now and then; returns whether it may have a job.
    pub(super) async fn admits(&self, by: &ClaimBy) -> Result<bool> {
        let now = self.clock.now();
        let row = sqlx::query("SELECT tags, last_seen, quarantined_until FROM workers WHERE name = $1")
            .bind(plain(&by.worker))
            .fetch_optional(&self.store.readers)
            .await?;
        let tags = json(&plain_all(&by.tags))?;
        let known = match &row {
            Some(row) => instant_of(row, "last_seen")? + SEEN > now && row.try_get::<&str, _>("tags")? == tags.as_str(),
            None => false,
        };
        if !known {
            self.write(
                (plain(&by.worker), tags, millis(now)),
                |connection, (name, tags, now)| {
                    Box::pin(async move {
                        sqlx::query(
                            "INSERT INTO workers (name, tags, first_seen, last_seen) VALUES ($1, $2, $3, $3)
                         ON CONFLICT (name) DO UPDATE SET tags = excluded.tags, last_seen = excluded.last_seen",
                        )
                        .bind(name)
                        .bind(tags)
                        .bind(*now)
                        .execute(connection)
                        .await?;
                        Ok(())
                    })
                },
            )
            .await?;
        }
        let until = row
            .map(|row| instant_option(&row, "quarantined_until"))
            .transpose()?
            .flatten();
        Ok(until.is_none_or(|until| until <= now))
    }
}
