//! The door to the queue: what server and command line call.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use filmpress_job::protocol::{Fail, Finish, Heartbeat};
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

use crate::clock::{Clock, SystemClock};
use crate::error::{Error, Result};
use crate::new_id;
use crate::policy::Policy;
use crate::record::{Delivery, Introspection, JobFilter, JobRecord, NewJob, NewTemplate, StoredFile, TemplateRecord};
use crate::state::{Event, Refused};
use crate::store::sqlite::Sqlite;
use crate::token::{Kind, Principal, Secret, hash};

/// A log longer than this is cut at its front: the end tells why.
const LOG_LIMIT: usize = 1 << 20;

/// Jobs, templates, teams and webhooks on disk.
pub struct Queue {
    store: Sqlite,
    clock: Arc<dyn Clock>,
    policy: Policy,
    job_waits: Notify,
    webhook_waits: Notify,
}

impl Queue {
    /// Opens the queue in an SQLite file, made if missing, by the system's time and the usual policy.
    pub async fn open(file: &Path) -> Result<Self> {
        Self::open_with(file, Arc::new(SystemClock), Policy::default()).await
    }

    /// Opens the queue in an SQLite file, made if missing.
    pub async fn open_with(file: &Path, clock: Arc<dyn Clock>, policy: Policy) -> Result<Self> {
        let store = Sqlite::open(file).await?;
        Ok(Self {
            store,
            clock,
            policy,
            job_waits: Notify::new(),
            webhook_waits: Notify::new(),
        })
    }

    /// Ends what is under way, then closes the file.
    pub async fn close(&self) {
        self.store.close().await;
    }

    /// How long and how often.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// A token for a team, which is made if there is none of that name. Not shown again: only its hash is kept.
    pub async fn create_token(&self, team: &str) -> Result<Secret> {
        let secret = Secret::new(Kind::Team);
        self.store
            .add_team_token(team, hash(secret.reveal()), self.clock.now())
            .await?;
        Ok(secret)
    }

    /// A token for workers.
    pub async fn create_worker_token(&self) -> Result<Secret> {
        let secret = Secret::new(Kind::Worker);
        self.store
            .add_worker_token(hash(secret.reveal()), self.clock.now())
            .await?;
        Ok(secret)
    }

    /// Who shows this token.
    pub async fn authenticate(&self, token: &str) -> Result<Option<Principal>> {
        self.store.principal(hash(token)).await
    }

    /// Makes a template without a file.
    pub async fn create_template(&self, new: &NewTemplate) -> Result<TemplateRecord> {
        let id = new_id();
        self.store.add_template(&id, new, self.clock.now()).await?;
        self.template(Some(&new.team), &id).await
    }

    /// A team's template; `None` for callers that prove their right in another way (a signed URL, a worker's token).
    pub async fn template(&self, team: Option<&str>, id: &str) -> Result<TemplateRecord> {
        let found = self.store.template(team, id).await?;
        found.ok_or_else(|| Error::NotFound {
            what: "template",
            id: id.to_owned(),
        })
    }

    /// A team's templates, oldest first.
    pub async fn templates(&self, team: &str) -> Result<Vec<TemplateRecord>> {
        self.store.templates(team).await
    }

    /// Templates that have a file nobody has read yet.
    pub async fn templates_to_read(&self) -> Result<Vec<TemplateRecord>> {
        self.store.templates_to_read().await
    }

    /// Gives a template its file, to be read next; returns the storage key of the file it had before.
    pub async fn set_template_file(&self, id: &str, file: &StoredFile) -> Result<Option<String>> {
        self.store.set_template_file(id, file, self.clock.now()).await
    }

    /// Notes what was found in a template's file, or why it cannot be read; nothing if it has another file by now.
    pub async fn set_template_read(
        &self,
        id: &str,
        key: &str,
        found: std::result::Result<Introspection, String>,
    ) -> Result<()> {
        self.store.set_template_read(id, key, found, self.clock.now()).await
    }

    /// Accepts a job: once this returns, power may fail.
    pub async fn create_job(&self, new: &NewJob) -> Result<JobRecord> {
        let record = self.store.add_job(new, self.clock.now()).await?;
        self.job_waits.notify_waiters();
        Ok(record)
    }

    /// A team's job; `None` for callers that prove their right in another way (a signed URL, a worker's token).
    pub async fn job(&self, team: Option<&str>, id: &str) -> Result<JobRecord> {
        let found = self.store.job(team, id).await?;
        found.ok_or_else(|| Error::NotFound {
            what: "job",
            id: id.to_owned(),
        })
    }

    /// A team's jobs.
    pub async fn jobs(&self, team: &str, filter: &JobFilter) -> Result<Vec<JobRecord>> {
        self.store.jobs(team, filter).await
    }

    /// The logs of a team's job, attempt by attempt; empty if it has none yet.
    pub async fn logs(&self, team: &str, id: &str) -> Result<Vec<(u32, String)>> {
        self.job(Some(team), id).await?;
        self.store.logs(id).await
    }

    /// Gives the next waiting job to a worker. With tags, only a job that has one of them.
    pub async fn claim(&self, worker: &str, tags: &[String]) -> Result<Option<JobRecord>> {
        self.store.claim(worker, tags, self.clock.now(), &self.policy).await
    }

    /// Completes when a job may have come to wait for a worker. Take it before looking, await it after.
    pub fn job_waits(&self) -> Notified<'_> {
        self.job_waits.notified()
    }

    /// Renews a lease and notes the progress, if the last note is old enough to make that worth a write.
    pub async fn heartbeat(&self, id: &str, beat: &Heartbeat) -> Result<()> {
        let now = self.clock.now();
        let (state, written) = self.store.state(id).await?.ok_or_else(|| Error::NotFound {
            what: "job",
            id: id.to_owned(),
        })?;
        let written = time::OffsetDateTime::UNIX_EPOCH + Duration::from_millis(written.max(0) as u64);
        let is_fresh = now - written < self.policy.progress_interval;
        let holds = state
            .lease_until
            .is_some_and(|until| until - now > self.policy.lease / 2);
        if is_fresh && holds && state.attempt == beat.attempt && state.phase == Some(beat.phase) {
            return Ok(());
        }
        let event = Event::Heartbeat {
            attempt: beat.attempt,
            phase: beat.phase,
            progress: beat.progress,
        };
        self.store.step(id, event, None, now, &self.policy).await?;
        Ok(())
    }

    /// Refuses an attempt that is over.
    pub async fn check_attempt(&self, id: &str, attempt: u32) -> Result<()> {
        let (state, _) = self.store.state(id).await?.ok_or_else(|| Error::NotFound {
            what: "job",
            id: id.to_owned(),
        })?;
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

    /// Ends a job well; `output` is the storage key of what it made.
    pub async fn finish(&self, id: &str, report: Finish, output: String) -> Result<JobRecord> {
        let event = Event::Finish {
            attempt: report.attempt,
            render_duration: report.render_duration,
            warnings: report.warnings,
            missing_fonts: report.missing_fonts,
            output,
        };
        let log = report.log.map(cut);
        let record = self.store.step(id, event, log, self.clock.now(), &self.policy).await?;
        self.webhook_waits.notify_waiters();
        Ok(record)
    }

    /// Ends an attempt, and the job unless another attempt may mend it.
    pub async fn fail(&self, id: &str, report: Fail) -> Result<JobRecord> {
        let event = Event::Fail {
            attempt: report.attempt,
            error: report.error,
        };
        let log = report.log.map(cut);
        let record = self.store.step(id, event, log, self.clock.now(), &self.policy).await?;
        self.job_waits.notify_waiters();
        self.webhook_waits.notify_waiters();
        Ok(record)
    }

    /// Takes back the jobs whose lease has run out; returns how many.
    pub async fn sweep(&self) -> Result<u64> {
        let count = self.store.sweep(self.clock.now(), &self.policy).await?;
        self.tell_if(count);
        Ok(count)
    }

    /// Takes back the jobs of workers whose name begins so and who are known to be gone; returns how many.
    pub async fn take_back_from(&self, prefix: &str) -> Result<u64> {
        let count = self
            .store
            .take_back_from(prefix, self.clock.now(), &self.policy)
            .await?;
        self.tell_if(count);
        Ok(count)
    }

    fn tell_if(&self, count: u64) {
        if count > 0 {
            self.job_waits.notify_waiters();
            self.webhook_waits.notify_waiters();
        }
    }

    /// The webhooks to try now, at most so many. Each counts as tried.
    pub async fn due_webhooks(&self, limit: u32) -> Result<Vec<Delivery>> {
        self.store.due_webhooks(limit, self.clock.now(), &self.policy).await
    }

    /// How long until the next webhook is due; `None` while there is none.
    pub async fn until_next_webhook(&self) -> Result<Option<Duration>> {
        let at = self.store.next_webhook_at().await?;
        Ok(at.map(|at| (at - self.clock.now()).try_into().unwrap_or(Duration::ZERO)))
    }

    /// Completes when a webhook may have come to wait. Take it before looking, await it after.
    pub fn webhook_waits(&self) -> Notified<'_> {
        self.webhook_waits.notified()
    }

    /// Notes that a webhook arrived.
    pub async fn webhook_delivered(&self, id: &str) -> Result<()> {
        self.store.webhook_delivered(id, self.clock.now()).await
    }

    /// Notes that a try failed; after the last one the webhook is given up.
    pub async fn webhook_failed(&self, id: &str, error: &str) -> Result<()> {
        self.store
            .webhook_failed(id, error, self.clock.now(), &self.policy)
            .await
    }
}

fn cut(log: String) -> String {
    if log.len() <= LOG_LIMIT {
        return log;
    }
    let start = (log.len() - LOG_LIMIT..log.len())
        .find(|at| log.is_char_boundary(*at))
        .unwrap_or(log.len());
    format!("… {start} bytes left out\n{}", &log[start..])
}
