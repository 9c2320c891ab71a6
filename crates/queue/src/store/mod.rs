//! What the queue does, on SQLite and on PostgreSQL: one SQL for both, through `sqlx::Any`.
//!
//! - `database`: which database, and how it is opened
//! - `dialect`: where the two differ
//! - `writer`: transactions; on SQLite many callers' in one commit
//! - `row`: from rows to records
//! - `fresh`: what every job is checked against, kept for a moment
//! - `gather`: calls that are made at the same time become one piece of work
//! - `insert`: new rows of jobs
//! - `metadata`: what was found in templates, kept
//! - `transition`: one step of one job, inside a transaction; what follows from it for parents and children
//! - `shares`: which team's jobs are next
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
pub(crate) mod fresh;
mod gather;
mod gauges;
mod insert;
mod jobs;
mod metadata;
mod outbox;
mod retention;
pub(crate) mod row;
mod secrets;
mod shares;
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
use std::time::Duration;

use sqlx::AnyPool;
use time::OffsetDateTime;

use claim::Claimant;
pub use database::Database;
use dialect::Dialect;
use fresh::Looked;
use gather::Gather;
use metadata::Metadata;
use writer::Writer;

use crate::error::Result;
use crate::policy::Policy;
use crate::record::{FontRecord, JobRecord, NewJob, TemplateRecord};

/// An open database.
#[derive(Clone)]
pub struct Store {
    pub(crate) dialect: Dialect,
    pub(crate) readers: AnyPool,
    pub(crate) writer: Arc<Writer>,
}

/// The calls that are answered together.
pub struct Gathered {
    pub(crate) new_jobs: Gather<(NewJob, Moment), Option<JobRecord>>,
    pub(crate) claims: Gather<Claimant, Option<JobRecord>>,
    pub(crate) templates: Looked<String, Option<Arc<TemplateRecord>>>,
    pub(crate) fonts: Looked<String, Arc<Vec<FontRecord>>>,
}

impl Gathered {
    /// Where calls on a database come together.
    pub fn on(store: &Store) -> Self {
        let linger = store.dialect.linger();
        let [accepting, claiming, templates, fonts] = [(); 4].map(|()| store.clone());
        let metadata = Metadata::default();
        let templates = Gather::new(Duration::ZERO, move |ids| {
            let (store, metadata) = (templates.clone(), metadata.clone());
            gather::look(ids, |ids| templates::templates_of(store, metadata, ids))
        });
        let fonts = Gather::new(Duration::ZERO, move |teams| {
            let store = fonts.clone();
            gather::look(teams, |teams| fonts::fonts_of(store, teams))
        });
        Self {
            new_jobs: Gather::new(linger, move |new| create::accept_all(accepting.clone(), new)),
            claims: Gather::new(linger, move |claimants| claim::claim_all(claiming.clone(), claimants)),
            templates: Looked::new(templates, store.dialect),
            fonts: Looked::new(fonts, store.dialect),
        }
    }
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
                    writer: Arc::new(Writer::grouped(connection)),
                })
            }
            Database::Postgres(url) => {
                let pool = database::open_postgres(url).await?;
                Ok(Self {
                    dialect: Dialect::Postgres,
                    readers: pool.clone(),
                    writer: Arc::new(Writer::pooled(pool)),
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
