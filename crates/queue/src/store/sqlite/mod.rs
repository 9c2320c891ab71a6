//! SQLite: one connection writes, a few read.
//!
//! - `writer`: transactions, many callers' in one commit
//! - `row`: from rows to records
//! - `jobs`, `steps`, `templates`, `tokens`, `outbox`: the calls

mod jobs;
mod outbox;
mod row;
mod steps;
mod templates;
mod tokens;
mod writer;

use std::path::Path;
use std::time::Duration;

use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use crate::error::{Error, Result};
use writer::Writer;

/// A queue in one SQLite file.
pub struct Sqlite {
    readers: SqlitePool,
    writer: Writer,
}

impl Sqlite {
    /// Opens the file, makes it if it is missing, and brings its tables up to date.
    pub async fn open(file: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // A commit returns when it is on the disk, not when it is in the system's cache.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            // Another process on the same file (`filmpress token create`) holds the lock for a moment only.
            .busy_timeout(Duration::from_secs(10));
        let readers = SqlitePoolOptions::new()
            .max_connections(4)
            .connect_with(options.clone())
            .await?;
        sqlx::migrate!("migrations/sqlite")
            .run(&readers)
            .await
            .map_err(|e| Error::Store(e.to_string()))?;
        Ok(Self {
            writer: Writer::open(&options).await?,
            readers,
        })
    }

    /// Ends the writer once what was asked of it is done.
    pub async fn close(&self) {
        self.writer.close().await;
        self.readers.close().await;
    }
}
