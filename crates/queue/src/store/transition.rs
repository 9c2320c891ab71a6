//! One step of one job inside a transaction: the new state, the attempt it belongs to, the webhook it causes, and what
//! follows for the jobs that wait for it.
//!
//! Rows are locked in one order everywhere, so that no two transactions wait for each other: a parent before its children,
//! jobs of one kind by their ids, a worker's row last.

use filmpress_job::{ErrorCode, JobStatus};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use super::Moment;
use super::row::{from_json, job, job_columns, jobs, json, known, millis, plain, word};
use super::workers;
use crate::error::{Error, Result};
use crate::new_id;
use crate::record::{JobRecord, Outcome};
use crate::state::{Event, Output, State, next};

/// A job, locked until the transaction ends; its parent before it.
pub async fn lock(connection: &mut AnyConnection, id: &str, moment: &Moment) -> Result<JobRecord> {
    let lock = moment.dialect.for_update();
    let columns = job_columns!();
    // Most jobs have no parent: one statement finds and locks them.
    let alone = format!("SELECT {columns} FROM jobs WHERE id = $1 AND parent_id IS NULL{lock}");
    let row = sqlx::query(AssertSqlSafe(alone))
        .bind(id)
        .fetch_optional(&mut *connection)
        .await?;
    if let Some(row) = row {
        return job(&row);
    }
    let parent: Option<Option<String>> = sqlx::query_scalar("SELECT parent_id FROM jobs WHERE id = $1")
        .bind(id)
        .fetch_optional(&mut *connection)
        .await?;
    let parent = parent.flatten().ok_or_else(|| Error::not_found("job", id))?;
    let first = format!("SELECT id FROM jobs WHERE id = $1{lock}");
    sqlx::query(AssertSqlSafe(first))
        .bind(parent)
        .fetch_optional(&mut *connection)
        .await?;
    let then = format!("SELECT {columns} FROM jobs WHERE id = $1{lock}");
    let row = sqlx::query(AssertSqlSafe(then))
        .bind(id)
        .fetch_optional(&mut *connection)
        .await?;
    job(&row.ok_or_else(|| Error::not_found("job", id))?)
}

/// Moves a locked job by an event, and the jobs that depend on it.
pub async fn step(
    connection: &mut AnyConnection,
    before: JobRecord,
    event: Event,
    moment: &Moment,
) -> Result<JobRecord> {
    let blamed = blamed(&before, &event);
    let made = match &event {
        Event::Finish { output, .. } => Some(output.clone()),
        _ => None,
    };
    let after = next(&before.state, event, moment.now, &moment.policy)?;
    if after == before.state {
        return Ok(before);
    }
    let record = change(connection, &before, after, made.as_ref(), moment).await?;
    if record.state.status.is_terminal()
        && let Some(parent) = &record.parent
    {
        follow(connection, parent, moment).await?;
    }
    if let Some(worker) = &before.state.worker {
        if blamed {
            workers::note_failure(connection, worker, &record.id, moment).await?;
        } else if record.state.status == JobStatus::Finished {
            workers::note_success(connection, worker, moment).await?;
        }
    }
    Ok(record)
}

/// Whether a failure may be the worker's own: what is wrong with a job or a network says nothing about it.
fn blamed(before: &JobRecord, event: &Event) -> bool {
    match event {
        Event::LeaseRanOut => before.state.status == JobStatus::Rendering,
        Event::Fail { error, .. } => matches!(
            error.code,
            ErrorCode::RenderCrashed
                | ErrorCode::MemoryLimit
                | ErrorCode::ScratchLimit
                | ErrorCode::EncodeFailed
                | ErrorCode::RenderFailed
                | ErrorCode::OutputInvalid
                | ErrorCode::Internal
        ),
        _ => false,
    }
}

/// Writes a new state, ends the attempt that it ends, and tells whoever is to be told.
pub async fn change(
    connection: &mut AnyConnection,
    before: &JobRecord,
    after: State,
    made: Option<&Output>,
    moment: &Moment,
) -> Result<JobRecord> {
    let mut record = JobRecord {
        updated_at: moment.now,
        state: after,
        ..before.clone()
    };
    if let Some(made) = made {
        record.output_url = made.url.clone().unwrap_or(record.output_url);
        record.poster_url = made.poster_url.clone().or(record.poster_url);
    }
    write_state(connection, &record, moment).await?;
    if before.state.status == JobStatus::Rendering && record.state.status != JobStatus::Rendering {
        end_attempt(connection, before, &record, moment).await?;
    }
    if record.state.status.is_terminal() {
        add_webhook(connection, &record, moment).await?;
    }
    Ok(record)
}

async fn write_state(connection: &mut AnyConnection, record: &JobRecord, moment: &Moment) -> Result<()> {
    let to = &record.state;
    sqlx::query(
        "UPDATE jobs SET updated_at = $2, status = $3, attempt = $4, spent = $5, worker = $6, lease_until = $7,
            not_before = $8, phase = $9, progress = $10, frame = $11, frames = $12, render_since = $13, eta = $14,
            started_at = $15, finished_at = $16, error_at = $17, cancelled_at = $18, ended_at = $19,
            render_duration = CASE WHEN $20 < 0 THEN NULL ELSE $20 END, error = $21, warnings = $22,
            missing_fonts = $23, output = $24, poster = $25, output_url = $26, poster_url = $27
         WHERE id = $1",
    )
    .bind(&record.id)
    .bind(millis(moment.now))
    .bind(to.status.as_str())
    .bind(i64::from(to.attempt))
    .bind(i64::from(to.spent))
    .bind(to.worker.as_deref())
    .bind(to.lease_until.map(millis))
    .bind(millis(to.not_before))
    .bind(to.phase.as_ref().map(word).transpose()?)
    .bind(to.progress)
    .bind(to.frame as i64)
    .bind(to.frames as i64)
    .bind(to.render_since.map(millis))
    .bind(to.eta.map(millis))
    .bind(to.started_at.map(millis))
    .bind(to.finished_at.map(millis))
    .bind(to.error_at.map(millis))
    .bind(to.cancelled_at.map(millis))
    .bind(to.ended_at().map(millis))
    // `Any` gives an absent number another type than a number, which PostgreSQL would hold against the next statement.
    .bind(to.render_duration.unwrap_or(-1.0))
    .bind(to.error.as_ref().map(json).transpose()?)
    .bind(json(&to.warnings)?)
    .bind(json(&to.missing_fonts)?)
    .bind(to.output.as_deref())
    .bind(to.poster.as_deref())
    .bind(&record.output_url)
    .bind(record.poster_url.as_deref())
    .execute(connection)
    .await?;
    Ok(())
}

async fn end_attempt(
    connection: &mut AnyConnection,
    before: &JobRecord,
    record: &JobRecord,
    moment: &Moment,
) -> Result<()> {
    let error = record.state.error.as_ref();
    let outcome = match (record.state.status, error) {
        (JobStatus::Finished, _) => Outcome::Finished,
        (JobStatus::Cancelled, _) => Outcome::Cancelled,
        (_, Some(error)) if error.code != ErrorCode::WorkerLost => Outcome::Failed,
        // What a worker hands back in good order costs the job nothing.
        _ if record.state.spent == before.state.spent => Outcome::HandedBack,
        _ => Outcome::Lost,
    };
    sqlx::query("UPDATE attempts SET ended_at = $1, outcome = $2, error = $3 WHERE job_id = $4 AND attempt = $5")
        .bind(millis(moment.now))
        .bind(outcome.as_str())
        .bind(error.map(json).transpose()?)
        .bind(&record.id)
        .bind(i64::from(record.state.attempt))
        .execute(connection)
        .await?;
    Ok(())
}

async fn add_webhook(connection: &mut AnyConnection, record: &JobRecord, moment: &Moment) -> Result<()> {
    let Some(webhook) = record.payload.webhook() else {
        return Ok(());
    };
    sqlx::query(
        "INSERT INTO outbox (id, team_id, job_id, status, method, url, headers, body, next_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)",
    )
    .bind(format!("msg_{}", new_id()))
    .bind(&record.team)
    .bind(&record.id)
    .bind(record.state.status.as_str())
    .bind(plain(&webhook.method))
    .bind(plain(&webhook.url))
    .bind(json(&webhook.headers)?)
    .bind(json(&record.public().webhook_body(webhook))?)
    .bind(millis(moment.now))
    .execute(connection)
    .await?;
    Ok(())
}

/// What the end of a child does to its parent, which is locked already, and to its siblings.
async fn follow(connection: &mut AnyConnection, parent: &str, moment: &Moment) -> Result<()> {
    let columns = job_columns!();
    let found = sqlx::query(AssertSqlSafe(format!("SELECT {columns} FROM jobs WHERE id = $1")))
        .bind(parent)
        .fetch_optional(&mut *connection)
        .await?;
    if let Some(found) = found {
        settle(connection, &job(&found)?, moment).await?;
    }
    Ok(())
}

/// Moves a locked parent on if its children allow or force that; returns whether it moved.
pub async fn settle(connection: &mut AnyConnection, parent: &JobRecord, moment: &Moment) -> Result<bool> {
    if parent.state.status != JobStatus::Pending {
        return Ok(false);
    }
    let rows = sqlx::query("SELECT id, status, error FROM jobs WHERE parent_id = $1 ORDER BY asset, seq")
        .bind(&parent.id)
        .fetch_all(&mut *connection)
        .await?;
    let Some(event) = verdict(&rows)? else { return Ok(false) };
    let after = next(&parent.state, event, moment.now, &moment.policy)?;
    let ended = after.status.is_terminal();
    change(connection, parent, after, None, moment).await?;
    if ended {
        cancel_waiting_children(connection, &parent.id, false, moment).await?;
    }
    Ok(true)
}

/// What the children of a job mean for it: the first failure, else a cancellation, else that all have finished.
fn verdict(children: &[AnyRow]) -> Result<Option<Event>> {
    let (mut cancelled, mut waiting) = (false, false);
    for row in children {
        match known(row.try_get("status")?, "job status", JobStatus::from_word)? {
            JobStatus::Error => {
                let error: Option<&str> = row.try_get("error")?;
                return Ok(Some(Event::ChildFailed {
                    child: row.try_get("id")?,
                    error: from_json(error.unwrap_or_default(), "job error")?,
                }));
            }
            JobStatus::Cancelled => cancelled = true,
            JobStatus::Finished => {}
            JobStatus::Pending | JobStatus::Queued | JobStatus::Rendering => waiting = true,
        }
    }
    Ok(if cancelled {
        Some(Event::Cancel { running: false })
    } else if waiting {
        None
    } else {
        Some(Event::ChildrenDone)
    })
}

/// Cancels what still waits among the children of a job that will not use them.
pub async fn cancel_waiting_children(
    connection: &mut AnyConnection,
    parent: &str,
    running: bool,
    moment: &Moment,
) -> Result<Vec<JobRecord>> {
    let (columns, lock) = (job_columns!(), moment.dialect.for_update());
    let statement = format!("SELECT {columns} FROM jobs WHERE parent_id = $1 ORDER BY id{lock}");
    let rows = sqlx::query(AssertSqlSafe(statement))
        .bind(parent)
        .fetch_all(&mut *connection)
        .await?;
    let mut cancelled = Vec::new();
    for child in jobs(&rows)? {
        let Ok(after) = next(&child.state, Event::Cancel { running }, moment.now, &moment.policy) else {
            continue;
        };
        cancelled.push(change(connection, &child, after, None, moment).await?);
    }
    Ok(cancelled)
}
