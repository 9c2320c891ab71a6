//! Jobs on disk: states, leases, outbox, stores.
//!
//! [`Queue`] is the door. Behind it, [`state::next`] is the only place that knows how a job moves, and `store/` has its
//! calls, a file a subject, for SQLite and PostgreSQL alike. Every state change, the attempt it belongs to and the webhook
//! it causes are one transaction, and a call returns only after that transaction survives power loss.

pub mod clock;
pub mod error;
pub mod policy;
mod queue;
pub mod record;
pub mod state;
mod store;
pub mod token;

pub use clock::{Clock, SystemClock};
pub use error::{Error, Result};
pub use policy::{Policy, Retention};
pub use queue::Queue;
pub use record::{
    AttemptRecord, AuditEntry, AuditRecord, BatchCancelled, BatchEntry, ClaimBy, Created, Cursor, Delivery,
    DeliveryFilter, DeliveryRecord, DeliveryState, Expired, FontRecord, Gauges, Idempotency, JobFilter, JobRecord,
    NewChild, NewFont, NewJob, NewTemplate, NewToken, Outcome, SealedId, SecretRecord, Sort, StoredFile, TeamLimits,
    TeamRecord, TemplateRecord, TemplateStatus, TokenRecord, UsageRow, UserRecord, WorkerRecord,
};
pub use state::Output;
pub use store::Database;
pub use token::{Kind, Principal, Scope, Secret};

/// A new id: a ULID.
pub fn new_id() -> String {
    ulid::Ulid::generate().to_string()
}
