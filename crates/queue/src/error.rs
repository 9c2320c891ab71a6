//! What can go wrong in the queue.

use crate::state::Refused;

/// What can go wrong in the queue.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such job or template, or it is another team's.
    #[error("{what} `{id}` not found")]
    NotFound {
        /// `job` or `template`.
        what: &'static str,
        /// The id asked for.
        id: String,
    },
    /// The job does not take this step.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The database failed.
    #[error("the queue's database failed: {0}")]
    Store(String),
    /// The database holds something this version cannot read.
    #[error("the queue's database holds an unreadable {0}")]
    Unreadable(String),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.to_string())
    }
}

/// A result of the queue.
pub type Result<T> = std::result::Result<T, Error>;
