//! The door to the queue: what server and command line call. The calls are in `store/`, a file a subject.

use std::sync::Arc;

use sqlx::AnyConnection;
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

use crate::clock::{Clock, SystemClock};
use crate::error::Result;
use crate::policy::Policy;
use crate::store::fresh::Changes;
use crate::store::writer::Running;
use crate::store::{Database, Gathered, Moment, Store};

/// Jobs, templates, teams and webhooks in a database.
pub struct Queue {
    pub(crate) store: Store,
    pub(crate) gathered: Gathered,
    pub(crate) changes: Changes,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) policy: Arc<Policy>,
    pub(crate) job_waits: Notify,
    pub(crate) webhook_waits: Notify,
}

impl Queue {
    /// Opens the queue, its tables made if missing, by the system's time and the usual policy.
    pub async fn open(database: &Database) -> Result<Self> {
        Self::open_with(database, Arc::new(SystemClock), Policy::default()).await
    }

    /// Opens the queue, its tables made if missing.
    pub async fn open_with(database: &Database, clock: Arc<dyn Clock>, policy: Policy) -> Result<Self> {
        let store = Store::open(database).await?;
        Ok(Self {
            gathered: Gathered::on(&store),
            changes: Changes::default(),
            store,
            clock,
            policy: Arc::new(policy),
            job_waits: Notify::new(),
            webhook_waits: Notify::new(),
        })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT 1").fetch_one(&self.store.readers).await?;
        Ok(())
    }

    /// Ends what is under way, then closes the database.
    pub async fn close(&self) {
        self.store.close().await;
    }

    /// How long and how often.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Completes when a job may have come to wait for a worker. Take it before looking, await it after.
    pub fn job_waits(&self) -> Notified<'_> {
        self.job_waits.notified()
    }

    /// Completes when a webhook may have come to wait. Take it before looking, await it after.
    pub fn webhook_waits(&self) -> Notified<'_> {
        self.webhook_waits.notified()
    }

    /// Work in a transaction. It may be run several times, of which only the last one stays.
    pub(crate) async fn write<P, T, F>(&self, given: P, work: F) -> Result<T>
    where
        P: Send + Sync + 'static,
        T: Send + 'static,
        F: for<'c> Fn(&'c mut AnyConnection, &'c P) -> Running<'c, Result<T>> + Send + Sync + 'static,
    {
        self.store.writer.write(given, work).await
    }

    /// The same, of templates and fonts: what was known of them is looked up again.
    pub(crate) async fn change<P, T, F>(&self, given: P, work: F) -> Result<T>
    where
        P: Send + Sync + 'static,
        T: Send + 'static,
        F: for<'c> Fn(&'c mut AnyConnection, &'c P) -> Running<'c, Result<T>> + Send + Sync + 'static,
    {
        let result = self.write(given, work).await;
        self.changes.note();
        result
    }

    /// What a step that begins now goes by.
    pub(crate) fn moment(&self) -> Moment {
        Moment {
            now: self.clock.now(),
            policy: self.policy.clone(),
            dialect: self.store.dialect,
        }
    }

    /// Wakes whoever waits for jobs to do or webhooks to send.
    pub(crate) fn tell_if(&self, count: u64) {
        if count > 0 {
            self.job_waits.notify_waiters();
            self.webhook_waits.notify_waiters();
        }
    }
}
