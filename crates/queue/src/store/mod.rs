//! What the queue does, on SQLite and on PostgreSQL: one SQL for both, through `sqlx::Any`.
//!
//! - `database`: which database, and how it is opened
//! - `dialect`: where the two differ
//! - `writer`: transactions; on SQLite many callers' in one commit
//! - `row`: from rows to records
//! - `transition`: one step of one job, inside a transaction; what follows from it for parents and children
//! - the calls of [`Queue`](crate::Queue), a file a subject: `create`, `jobs`, `claim`, `steps`, `cancel`, `batches`,
//!   `templates`, `fonts`, `secrets`, `teams`, `users`, `tokens`, `outbox`, `workers`, `retention`, `turns`, `usage`, `audit`,
//!   `gauges`

mod audit;
mod batches;
mod cancel;
mod claim;
mod create;
mod database;
mod dialect;
mod fonts;
mod gauges;
mod jobs;
mod outbox;
mod retention;
pub(crate) mod row;
mod secrets;
mod steps;
mod teams;
mod templates;
mod tokens;
mod transition;
mod turns;
mod usage;
mod users;
mod workers;
pub(crate) mod writer;

use std::sync::Arc;

use sqlx::AnyPool;
use time::OffsetDateTime;

pub use database::Database;
use dialect::Dialect;
use writer::Writer;

use crate::error::Result;
use crate::policy::Policy;

/// An open database.
pub struct Store {
    pub(crate) dialect: Dialect,
    pub(crate) readers: AnyPool,
    pub(crate) writer: Writer,
}

/// What every step goes by.
#[derive(Clone)]
pub(crate) struct Moment {
    pub now: OffsetDateTime,
    pub policy: Arc<Policy>,
    pub dialect: Dialect,
}

impl Store {
    /// Opens the database, makes its tables if there are none, and brings them up to date.
    pub async fn open(database: &Database) -> Result<Self> {
        match database {
            Database::Sqlite(file) => {
                let (readers, connection) = database::open_sqlite(file).await?;
                Ok(Self {
                    dialect: Dialect::Sqlite,
                    readers,
                    writer: Writer::grouped(connection),
                })
            }
            Database::Postgres(url) => {
                let pool = database::open_postgres(url).await?;
                Ok(Self {
                    dialect: Dialect::Postgres,
                    readers: pool.clone(),
                    writer: Writer::pooled(pool),
                })
            }
        }
    }

    /// Ends what is under way, then closes the database.
    pub async fn close(&self) {
        self.writer.close().await;
        self.readers.close().await;
    }
}
