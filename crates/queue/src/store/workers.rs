//! Workers: who asks for jobs, and who is given none for a while because job after job fails there.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use sqlx::{AnyConnection, AssertSqlSafe, Row};
use time::OffsetDateTime;

use super::claim::Claimant;
use super::row::{count, count32, from_json, instant_of, instant_option, json, millis, plain};
use super::{Moment, Store};
use crate::error::{Error, Result};
use crate::queue::Queue;
use crate::record::WorkerRecord;

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
}

/// Notes that workers ask, now and then; returns those that may have a job.
pub async fn admitted(store: &Store, claimants: &[Claimant]) -> Result<HashSet<String>> {
    let Some(now) = claimants.first().map(|claimant| claimant.moment.now) else {
        return Ok(HashSet::new());
    };
    let asked: BTreeMap<_, _> = claimants
        .iter()
        .map(|claimant| (claimant.worker.as_str(), claimant.tags.as_str()))
        .collect();
    let names: Vec<_> = asked.keys().collect();
    let statement = format!(
        "SELECT name, tags, last_seen, quarantined_until FROM workers WHERE name {}",
        store.dialect.one_of(1)
    );
    let rows = sqlx::query(AssertSqlSafe(statement))
        .bind(json(&names)?)
        .fetch_all(&store.readers)
        .await?;
    let mut admitted: HashSet<String> = names.iter().map(|name| (**name).to_owned()).collect();
    let mut news = asked.clone();
    for row in &rows {
        let name: &str = row.try_get("name")?;
        if instant_option(row, "quarantined_until")?.is_some_and(|until| until > now) {
            admitted.remove(name);
        }
        let is_told = instant_of(row, "last_seen")? + SEEN > now;
        if is_told && asked.get(name) == Some(&row.try_get("tags")?) {
            news.remove(name);
        }
    }
    if !news.is_empty() {
        let news = news.into_iter().map(|(name, tags)| (name.to_owned(), tags.to_owned()));
        note_seen(store, news.collect(), now).await?;
    }
    Ok(admitted)
}

/// By the workers' names, so that no two servers wait for each other.
async fn note_seen(store: &Store, workers: Vec<(String, String)>, now: OffsetDateTime) -> Result<()> {
    let given = (workers, millis(now));
    store
        .writer
        .write(given, |connection, (workers, now)| {
            Box::pin(async move {
                for (name, tags) in workers {
                    sqlx::query(
                        "INSERT INTO workers (name, tags, first_seen, last_seen) VALUES ($1, $2, $3, $3)
                         ON CONFLICT (name) DO UPDATE SET tags = excluded.tags, last_seen = excluded.last_seen",
                    )
                    .bind(name)
                    .bind(tags)
                    .bind(*now)
                    .execute(&mut *connection)
                    .await?;
                }
                Ok(())
            })
        })
        .await
}
