//! Which database, and how it is opened.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{AnyConnection, AnyPool, ConnectOptions, Connection};

use crate::error::{Error, Result};

/// Another process on the same file (`filmpress token create`) holds the lock for a moment only.
const BUSY: Duration = Duration::from_secs(10);

/// A database that is restarted is back within this, or the call fails.
const PATIENCE: Duration = Duration::from_secs(10);

/// So many connections to PostgreSQL for each process.
const CONNECTIONS: u32 = 16;

/// The database that the queue is kept in.
#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    /// A file of its own, made if missing.
    Sqlite(PathBuf),
    /// A PostgreSQL database by its URL, `postgres://user:password@host/database`.
    Postgres(String),
}

impl Database {
    /// The database of a URL that begins with `postgres://`, else the file of that path.
    pub fn of(url_or_path: &str) -> Self {
        if ["postgres://", "postgresql://"]
            .iter()
            .any(|scheme| url_or_path.starts_with(scheme))
        {
            Self::Postgres(url_or_path.to_owned())
        } else {
            let path = url_or_path
                .strip_prefix("sqlite://")
                .or_else(|| url_or_path.strip_prefix("sqlite:"));
            Self::Sqlite(path.unwrap_or(url_or_path).into())
        }
    }
}

impl From<&Path> for Database {
    fn from(file: &Path) -> Self {
        Self::Sqlite(file.to_owned())
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(file) => f.debug_tuple("Sqlite").field(file).finish(),
            // The URL may have a password.
            Self::Postgres(_) => f.write_str("Postgres(…)"),
        }
    }
}

/// A few connections that read, and the one that writes.
pub async fn open_sqlite(file: &Path) -> Result<(AnyPool, AnyConnection)> {
    sqlx::any::install_default_drivers();
    let mut connection = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .busy_timeout(BUSY)
        .connect()
        .await?;
    migrated(sqlx::migrate!("migrations/sqlite").run(&mut connection).await)?;
    connection.close().await?;
    let options = AnyConnectOptions::from_str(&sqlite_url(file)?)?;
    let readers = AnyPoolOptions::new()
        .max_connections(4)
        // A file does not go away.
        .test_before_acquire(false)
        .after_connect(|connection, _| Box::pin(async move { tune_sqlite(connection).await }))
        .connect_with(options.clone())
        .await?;
    let mut writer = options.connect().await?;
    tune_sqlite(&mut writer).await?;
    Ok((readers, writer))
}

/// A commit returns when it is on the disk, not when it is in the system's cache.
async fn tune_sqlite(connection: &mut AnyConnection) -> std::result::Result<(), sqlx::Error> {
    let pragmas = "PRAGMA synchronous = FULL; PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON;
        PRAGMA cache_size = -32768;";
    sqlx::raw_sql(pragmas).execute(connection).await?;
    Ok(())
}

/// The file as a URL: `Any` knows databases by URLs only.
fn sqlite_url(file: &Path) -> Result<String> {
    let unusable = |why: String| Error::Store(format!("the file `{}` cannot be used: {why}", file.display()));
    let path = std::path::absolute(file).map_err(|error| unusable(error.to_string()))?;
    let path = path
        .to_str()
        .ok_or_else(|| unusable("its name is not UTF-8".to_owned()))?;
    let path = path.bytes().map(|byte| {
        if byte.is_ascii_alphanumeric() || b"/-_".contains(&byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    });
    Ok(format!("sqlite://{}", path.collect::<String>()))
}

/// A pool of connections, each tried before it is handed out: they survive a restart of the database.
pub async fn open_postgres(url: &str) -> Result<AnyPool> {
    sqlx::any::install_default_drivers();
    let options = PgConnectOptions::from_str(url).map_err(|error| wrong_url(&error))?;
    let mut connection = options.connect().await?;
    // Several servers may start at once: the migrator holds a lock of the database meanwhile.
    migrated(sqlx::migrate!("migrations/postgres").run(&mut connection).await)?;
    connection.close().await?;
    let options = AnyConnectOptions::from_str(url).map_err(|error| wrong_url(&error))?;
    let pool = AnyPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(PATIENCE)
        .after_connect(|connection, _| {
            Box::pin(async move {
                // Whatever the server's usual is: what was accepted survives power loss, and no statement is compiled,
                // which takes a hundred times as long as any of ours.
                let settings = "SET synchronous_commit = on; SET jit = off";
                sqlx::raw_sql(settings).execute(connection).await?;
                Ok(())
            })
        })
        .connect_with(options)
        .await?;
    Ok(pool)
}

/// What is wrong with a URL, without the URL: it may have a password.
fn wrong_url(error: &sqlx::Error) -> Error {
    match error {
        sqlx::Error::Configuration(why) => Error::Store(format!("the database URL cannot be used: {why}")),
        _ => Error::Store("the database URL cannot be used".to_owned()),
    }
}

fn migrated(result: std::result::Result<(), sqlx::migrate::MigrateError>) -> Result<()> {
    result.map_err(|error| Error::Store(format!("bringing the tables up to date: {error}")))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Database, sqlite_url};

    #[test]
    fn urls_are_told_from_paths_and_do_not_show() {
        let postgres = Database::of("postgres://me:secret@h/db");
        assert!(matches!(postgres, Database::Postgres(_)));
        assert!(!format!("{postgres:?}").contains("secret"));
        assert_eq!(Database::of("/data/f.db"), Database::Sqlite("/data/f.db".into()));
        assert_eq!(
            Database::of("sqlite:///data/f.db"),
            Database::Sqlite("/data/f.db".into())
        );
    }

    #[test]
    fn odd_file_names_become_urls() {
        let url = sqlite_url(Path::new("/a b/?#%é.db")).unwrap();
        assert_eq!(url, "sqlite:///a%20b/%3F%23%25%C3%A9%2Edb");
    }
}
