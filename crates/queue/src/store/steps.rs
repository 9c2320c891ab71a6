//! The steps of a job that workers report and sweepers take.

use filmpress_job::protocol::{Fail, Finish, Heartbeat, HeartbeatAnswer};
use filmpress_job::{ErrorCode, JobError, JobStatus};
use sqlx::{AnyConnection, AssertSqlSafe, Row};
use time::OffsetDateTime;

use super::row::{instant_of, job_columns, millis, plain, state, word};
use super::transition::{lock, settle, step};
use crate::error::{Error, Result};
use crate::queue::Queue;
use crate::record::JobRecord;
use crate::state::{Event, Output, Refused, State};

/// A log longer than this is cut at its front: the end tells why.
const LOG_LIMIT: usize = 1 << 20;

impl Queue {
    /// Renews a lease and notes the progress, if the last note is old enough to make that worth a write. Tells the worker
    /// to stop if its job was cancelled.
    pub async fn heartbeat(&self, id: &str, beat: &Heartbeat) -> Result<HeartbeatAnswer> {
        let now = self.clock.now();
        let (state, written) = self.state(id).await?;
        let is_fresh = now - written < self.policy.progress_interval;
        let holds = state
            .lease_until
            .is_some_and(|until| until - now > self.policy.lease / 2);
        let is_same = state.attempt == beat.attempt && state.phase == Some(beat.phase);
        let noted = if is_fresh && holds && is_same {
            Ok(())
        } else {
            let event = Event::Heartbeat {
                attempt: beat.attempt,
                phase: beat.phase,
                progress: beat.progress,
                frame: beat.frame,
                frames: beat.frames,
            };
            self.step(id, event, None).await.map(|_| ())
        };
        match noted {
            Ok(()) => Ok(HeartbeatAnswer { cancel: false }),
            // Its attempt, but the job is to stop.
            Err(Error::Refused(Refused::Stale {
                given,
                current,
                status: JobStatus::Cancelled,
            })) if given == current => Ok(HeartbeatAnswer { cancel: true }),
            Err(error) => Err(error),
        }
    }

    /// Refuses an attempt that is over.
    pub async fn check_attempt(&self, id: &str, attempt: u32) -> Result<()> {
        let (state, _) = self.state(id).await?;
        if state.worker.is_some() && state.attempt == attempt {
            Ok(())
        } else {
            Err(Refused::Stale {
                given: attempt,
                current: state.attempt,
                status: state.status,
            }
            .into())
        }
    }

    /// Ends a job well. The last of the jobs that another waits for sets that one going.
    pub async fn finish(&self, id: &str, report: Finish, output: Output) -> Result<JobRecord> {
        let event = Event::Finish {
            attempt: report.attempt,
            render_duration: report.render_duration,
            warnings: report.warnings,
            missing_fonts: report.missing_fonts,
            output,
        };
        let record = self.step(id, event, report.log.as_deref().map(cut)).await?;
        self.tell_if(1);
        Ok(record)
    }

    /// Ends an attempt, and the job unless another attempt may mend it. A job that waits for this one fails with it.
    pub async fn fail(&self, id: &str, report: Fail) -> Result<JobRecord> {
        let event = Event::Fail {
            attempt: report.attempt,
            error: report.error,
        };
        let record = self.step(id, event, report.log.as_deref().map(cut)).await?;
        self.tell_if(1);
        Ok(record)
    }

    /// Takes back the jobs whose lease has run out, and sees to jobs whose children are done; returns how many.
    pub async fn sweep(&self) -> Result<u64> {
        let due: Vec<String> =
            sqlx::query_scalar("SELECT id FROM jobs WHERE lease_until <= $1 ORDER BY lease_until, id")
                .bind(millis(self.clock.now()))
                .fetch_all(&self.store.readers)
                .await?;
        let count = self.take_back(due, &Event::LeaseRanOut).await? + self.sweep_parents().await?;
        self.tell_if(count);
        Ok(count)
    }

    /// Takes back the jobs of workers whose name begins so and who are known to be gone; returns how many.
    pub async fn take_back_from(&self, prefix: &str) -> Result<u64> {
        let held: Vec<String> = sqlx::query_scalar(
            "SELECT id FROM jobs WHERE lease_until IS NOT NULL AND substr(worker, 1, length($1)) = $1 ORDER BY id",
        )
        .bind(plain(prefix))
        .fetch_all(&self.store.readers)
        .await?;
        let count = self.take_back(held, &Event::WorkerGone).await?;
        self.tell_if(count);
        Ok(count)
    }

    async fn take_back(&self, ids: Vec<String>, event: &Event) -> Result<u64> {
        let mut count = 0;
        for id in ids {
            match self.step(&id, event.clone(), None).await {
                Ok(_) => count += 1,
                // It moved since it was looked up.
                Err(Error::Refused(_) | Error::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(count)
    }

    /// A parent is promoted in the transaction of its last child; this finds those that were not, whatever the reason.
    async fn sweep_parents(&self) -> Result<u64> {
        let due: Vec<String> = sqlx::query_scalar(
            "SELECT id FROM jobs AS parents WHERE status = 'pending' AND
                (NOT EXISTS (SELECT 1 FROM jobs WHERE parent_id = parents.id AND status <> 'finished')
                 OR EXISTS (SELECT 1 FROM jobs WHERE parent_id = parents.id AND status IN ('error', 'manually_cancelled')))
             ORDER BY seq LIMIT 1000",
        )
        .fetch_all(&self.store.readers)
        .await?;
        let mut count = 0;
        for id in due {
            let settled = self
                .write((id, self.moment()), |connection, (id, moment)| {
                    Box::pin(async move {
                        let parent = lock(connection, id, moment).await?;
                        settle(connection, &parent, moment).await
                    })
                })
                .await?;
            count += u64::from(settled);
        }
        Ok(count)
    }

    /// Moves a job by an event, with the log of the attempt that it ends.
    async fn step(&self, id: &str, event: Event, log: Option<String>) -> Result<JobRecord> {
        let given = (plain(id), event, log, self.moment());
        self.write(given, |connection, (id, event, log, moment)| {
            Box::pin(async move {
                let before = lock(connection, id, moment).await?;
                let event = poisoned(connection, &before, event).await?;
                let record = step(connection, before, event, moment).await?;
                if let Some(log) = log {
                    sqlx::query("UPDATE attempts SET log = $1 WHERE job_id = $2 AND attempt = $3")
                        .bind(log)
                        .bind(id)
                        .bind(i64::from(record.state.attempt))
                        .execute(&mut *connection)
                        .await?;
                }
                Ok(record)
            })
        })
        .await
    }

    /// The state of a job and when it was last written.
    async fn state(&self, id: &str) -> Result<(State, OffsetDateTime)> {
        let columns = job_columns!();
        let row = sqlx::query(AssertSqlSafe(format!("SELECT {columns} FROM jobs WHERE id = $1")))
            .bind(plain(id))
            .fetch_optional(&self.store.readers)
            .await?;
        let row = row.ok_or_else(|| Error::not_found("job", id))?;
        Ok((state(&row)?, instant_of(&row, "updated_at")?))
    }
}

/// A failure that another worker had with the same job before is the job's doing, not the machines'.
async fn poisoned(connection: &mut AnyConnection, before: &JobRecord, event: &Event) -> Result<Event> {
    let Event::Fail { attempt, error } = event else {
        return Ok(event.clone());
    };
    let Some(worker) = before.state.worker.as_deref().filter(|_| may_be_poison(error)) else {
        return Ok(event.clone());
    };
    let failed = sqlx::query("SELECT error FROM attempts WHERE job_id = $1 AND worker <> $2 AND outcome = 'failed'")
        .bind(&before.id)
        .bind(worker)
        .fetch_all(connection)
        .await?;
    let same = format!("{{\"code\":\"{}\"", word(&error.code)?);
    for row in failed {
        let earlier: Option<&str> = row.try_get("error")?;
        if earlier.is_some_and(|earlier| earlier.starts_with(&same)) {
            return Ok(Event::Poison {
                attempt: *attempt,
                error: error.clone(),
            });
        }
    }
    Ok(event.clone())
}

/// Networks and other people's servers fail everywhere alike: that says nothing about a job.
fn may_be_poison(error: &JobError) -> bool {
    error.retryable
        && !matches!(
            error.code,
            ErrorCode::TemplateDownloadFailed
                | ErrorCode::AssetDownloadFailed
                | ErrorCode::PublishFailed
                | ErrorCode::Timeout
                | ErrorCode::WorkerLost
        )
}

fn cut(log: &str) -> String {
    let log = plain(log);
    if log.len() <= LOG_LIMIT {
        return log;
    }
    let start = (log.len() - LOG_LIMIT..log.len())
        .find(|at| log.is_char_boundary(*at))
        .unwrap_or(log.len());
    format!("… {start} bytes left out\n{}", log.get(start..).unwrap_or_default())
}
