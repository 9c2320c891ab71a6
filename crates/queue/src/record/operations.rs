//! What those who run the service look at.

use serde_json::Value;
use time::{Date, OffsetDateTime};

/// A worker that has asked for jobs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkerRecord {
    /// Its name.
    pub name: String,
    /// The tags it asks for.
    pub tags: Vec<String>,
    /// When it first asked.
    pub first_seen: OffsetDateTime,
    /// When it last asked or reported, give or take half a minute.
    pub last_seen: OffsetDateTime,
    /// How many jobs it has.
    pub running: u64,
    /// Distinct jobs that failed there since the last one that did not.
    pub failures: u32,
    /// Until when it is given none.
    pub quarantined_until: Option<OffsetDateTime>,
}

/// How full the queue is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gauges {
    /// Jobs waiting for a worker.
    pub queued: u64,
    /// Jobs waiting for their children.
    pub pending: u64,
    /// Jobs that workers have.
    pub rendering: u64,
    /// How long the oldest waiting job has been there.
    pub oldest_queued_seconds: f64,
    /// Webhooks to be tried, again or at all.
    pub webhooks_waiting: u64,
    /// Webhooks given up.
    pub webhooks_dead: u64,
    /// How long the webhook that is due the longest has been due.
    pub webhook_lag_seconds: f64,
    /// Workers that are given nothing for a while.
    pub workers_quarantined: u64,
}

/// A job whose files have been kept long enough, with their storage keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expired {
    /// The job.
    pub job: String,
    /// The storage keys of its files.
    pub keys: Vec<String>,
}

/// What a team used on a day (UTC).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UsageRow {
    /// The day.
    pub day: Date,
    /// Jobs that finished.
    pub finished: u64,
    /// Jobs that failed.
    pub failed: u64,
    /// Jobs that were cancelled.
    pub cancelled: u64,
    /// Frames of the jobs that finished.
    pub frames: u64,
    /// Seconds of rendering of the jobs that finished.
    pub render_seconds: f64,
}

/// Something somebody did, to be kept.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEntry {
    /// The team it belongs to.
    pub team: Option<String>,
    /// Who: `token:<id>`, `operator:<id>`, `cli`.
    pub actor: String,
    /// What: `template.delete`, `token.create` ...
    pub action: String,
    /// To what, by its id.
    pub object: String,
    /// What else there is to say. Never a secret.
    pub detail: Value,
}

/// Something somebody did.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditRecord {
    /// Its place in the log, to page by.
    pub seq: i64,
    /// When.
    pub at: OffsetDateTime,
    /// What.
    pub entry: AuditEntry,
}
