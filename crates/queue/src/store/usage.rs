//! What teams used. Counted from their jobs when somebody asks: a counter would have every finished job of a team wait for
//! the others. What removed jobs add is kept apart.

use std::collections::BTreeMap;

use filmpress_job::JobStatus;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row};
use time::{Date, OffsetDateTime};

use super::dialect::Dialect;
use super::row::{count, known, millis};
use crate::error::{Error, Result};
use crate::queue::Queue;
use crate::record::UsageRow;

const DAY: i64 = 86_400_000;

/// What a day's jobs come to.
#[derive(Clone, Copy, Default)]
struct Sum {
    finished: u64,
    failed: u64,
    cancelled: u64,
    frames: u64,
    render_seconds: f64,
}

impl Queue {
    /// What a team used on each day (UTC) from one to another, both included; days without jobs are left out.
    pub async fn usage(&self, team: &str, from: Date, to: Date) -> Result<Vec<UsageRow>> {
        let start = millis(from.midnight().assume_utc());
        let end = millis(to.midnight().assume_utc()).saturating_add(DAY);
        // What ended since then has changed since then: that there is an index for.
        let rows = sqlx::query(
            "SELECT ended_at / 86400000 AS day, status, count(*) AS jobs, CAST(sum(frames) AS BIGINT) AS frames,
                CAST(coalesce(sum(render_duration), 0) AS DOUBLE PRECISION) AS render_seconds
             FROM jobs WHERE team_id = $1 AND updated_at >= $2 AND ended_at >= $2 AND ended_at < $3
             GROUP BY ended_at / 86400000, status",
        )
        .bind(team)
        .bind(start)
        .bind(end)
        .fetch_all(&self.store.readers)
        .await?;
        let mut days = BTreeMap::<i64, Sum>::new();
        for row in &rows {
            days.entry(row.try_get("day")?).or_default().add(row)?;
        }
        let removed = sqlx::query(
            "SELECT day, finished, failed, cancelled, frames, render_seconds FROM usage_of_removed
             WHERE team_id = $1 AND day >= $2 AND day < $3",
        )
        .bind(team)
        .bind(start / DAY)
        .bind(end / DAY)
        .fetch_all(&self.store.readers)
        .await?;
        for row in &removed {
            let sum = days.entry(row.try_get("day")?).or_default();
            sum.finished += count(row, "finished")?;
            sum.failed += count(row, "failed")?;
            sum.cancelled += count(row, "cancelled")?;
            sum.frames += count(row, "frames")?;
            sum.render_seconds += row.try_get::<f64, _>("render_seconds")?;
        }
        days.into_iter().map(|(day, sum)| sum.of(day)).collect()
    }
}

impl Sum {
    fn add(&mut self, row: &AnyRow) -> Result<()> {
        let jobs = count(row, "jobs")?;
        match known(row.try_get("status")?, "job status", JobStatus::from_word)? {
            JobStatus::Finished => {
                self.finished += jobs;
                self.frames += count(row, "frames")?;
                self.render_seconds += row.try_get::<f64, _>("render_seconds")?;
            }
            JobStatus::Error => self.failed += jobs,
            JobStatus::Cancelled => self.cancelled += jobs,
            JobStatus::Pending | JobStatus::Queued | JobStatus::Rendering => {}
        }
        Ok(())
    }

    fn of(self, day: i64) -> Result<UsageRow> {
        let date = OffsetDateTime::from_unix_timestamp(day * (DAY / 1000))
            .map_err(|_| Error::Unreadable(format!("day {day}")))?
            .date();
        Ok(UsageRow {
            day: date,
            finished: self.finished,
            failed: self.failed,
            cancelled: self.cancelled,
            frames: self.frames,
            render_seconds: self.render_seconds,
        })
    }
}

/// Keeps what jobs that are about to be removed add to the usage.
pub async fn keep(connection: &mut AnyConnection, ids: &str, dialect: Dialect) -> Result<()> {
    let statement = format!(
        "SELECT team_id, ended_at / 86400000 AS day, status, count(*) AS jobs, CAST(sum(frames) AS BIGINT) AS frames,
            CAST(coalesce(sum(render_duration), 0) AS DOUBLE PRECISION) AS render_seconds
         FROM jobs WHERE id {} AND ended_at IS NOT NULL GROUP BY team_id, ended_at / 86400000, status",
        dialect.one_of(1)
    );
    let rows = sqlx::query(AssertSqlSafe(statement))
        .bind(ids)
        .fetch_all(&mut *connection)
        .await?;
    let mut days = BTreeMap::<(String, i64), Sum>::new();
    for row in &rows {
        days.entry((row.try_get("team_id")?, row.try_get("day")?))
            .or_default()
            .add(row)?;
    }
    for ((team, day), sum) in days {
        sqlx::query(
            "INSERT INTO usage_of_removed (team_id, day, finished, failed, cancelled, frames, render_seconds)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (team_id, day) DO UPDATE SET finished = usage_of_removed.finished + excluded.finished,
                failed = usage_of_removed.failed + excluded.failed,
                cancelled = usage_of_removed.cancelled + excluded.cancelled,
                frames = usage_of_removed.frames + excluded.frames,
                render_seconds = usage_of_removed.render_seconds + excluded.render_seconds",
        )
        .bind(team)
        .bind(day)
        .bind(sum.finished as i64)
        .bind(sum.failed as i64)
        .bind(sum.cancelled as i64)
        .bind(sum.frames as i64)
        .bind(sum.render_seconds)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
