//! What can go wrong in the queue.

use crate::state::Refused;

/// What can go wrong in the queue.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such job, template ..., or it is another team's.
    #[error("{what} `{id}` not found")]
    NotFound {
        /// `job`, `template`, `font`, `secret`, `team`, `user`, `token`, `batch`, `webhook` or `worker`.
        what: &'static str,
        /// The id asked for.
        id: String,
    },
    /// The name is taken.
    #[error("there is a {what} `{name}` already")]
    Exists {
        /// `team`, `user` or `secret`.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// Jobs that are not done need it.
    #[error("{what} `{id}` is in use by {by} {}", if *.by == 1 { "job" } else { "jobs" })]
    InUse {
        /// `template` or `font`.
        what: &'static str,
        /// Its id.
        id: String,
        /// How many jobs.
        by: u64,
    },
    /// Jobs that were to be cancelled are done, or a worker has them. None was cancelled.
    #[error("not to be cancelled: {}", .ids.join(", "))]
    NotCancellable {
        /// Their ids.
        ids: Vec<String>,
    },
    /// The idempotency key came with another body before.
    #[error("the idempotency key `{key}` was used with another body")]
    IdempotencyConflict {
        /// The key.
        key: String,
    },
    /// The team has as many jobs waiting as it may.
    #[error("the team has {limit} jobs waiting already, as many as it may")]
    QueueFull {
        /// The limit.
        limit: u32,
    },
    /// The job does not take this step.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Other transactions got in the way, again and again.
    #[error("the queue's database is busy: {0}")]
    Busy(String),
    /// The database failed.
    #[error("the queue's database failed: {0}")]
    Store(String),
    /// The database holds something this version cannot read.
    #[error("the queue's database holds an unreadable {0}")]
    Unreadable(String),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Io(error) => Self::Store(format!("the connection was lost: {error}")),
            sqlx::Error::PoolTimedOut => Self::Store("no connection in time: is the database down?".to_owned()),
            other if is_passing(&other) => Self::Busy(other.to_string()),
            other => Self::Store(other.to_string()),
        }
    }
}

/// Whether the same transaction may succeed if it is run again: PostgreSQL's serialization_failure and deadlock_detected.
fn is_passing(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    matches!(code.as_deref(), Some("40001" | "40P01"))
}

impl Error {
    pub(crate) fn not_found(what: &'static str, id: &str) -> Self {
        Self::NotFound {
            what,
            id: id.to_owned(),
        }
    }
}

/// A result of the queue.
pub type Result<T> = std::result::Result<T, Error>;
