//! What a server is started with.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use filmpress_job::TemplateMetadata;
use filmpress_job::address::Reach;
use filmpress_queue::{Database, Policy};

use crate::limits::Limits;
use crate::sealing::Keys;
use crate::storage::StorageConfig;

/// Reads a template file of a declared kind (`aep`, `zip` ...): what is in it, or why it cannot be used.
///
/// The server itself knows no template format. It calls this on a thread where it may take its time.
pub type Introspect = Arc<dyn Fn(&Path, &str) -> Result<TemplateMetadata, String> + Send + Sync>;

/// Where the keys are that seal secrets.
#[derive(Clone, Debug, Default)]
pub enum SecretsKeys {
    /// In `secrets.key` of the data folder, made at the first start.
    #[default]
    DataFolder,
    /// In this file, which is read anew when something was sealed with a key that was not in it.
    File(PathBuf),
    /// These.
    Given(Keys),
}

/// What a server is started with.
#[derive(Clone)]
pub struct Config {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The data folder, made if missing. With PostgreSQL and a bucket there are only passing things in it.
    pub data: PathBuf,
    /// Where the queue is. Without it, in an SQLite file of the data folder.
    pub database: Option<Database>,
    /// Where files are.
    pub storage: StorageConfig,
    /// The address clients know the server by, without a slash at the end. Without it, the one they called it by.
    pub public_url: Option<String>,
    /// The keys that seal secrets. Servers that share a database need the same.
    pub secrets_keys: SecretsKeys,
    /// The key that signs URLs. Without it, that of `signing.key` in the data folder with SQLite, else one made from
    /// the oldest of the keys that seal secrets.
    pub signing_key: Option<[u8; 32]>,
    /// The SHA-256 of the token that `/metrics` asks for. Without it, it asks for none.
    pub metrics_token_hash: Option<Vec<u8>>,
    /// How far webhooks and the sources of templates may reach. Without it: public addresses, and loopback if the server
    /// itself listens there only.
    pub webhook_reach: Option<Reach>,
    /// How long a webhook's receiver may take to answer.
    pub webhook_timeout: Duration,
    /// Whether jobs that say nothing about it are checked against their template before they are accepted.
    pub strict: bool,
    /// How long and how often, for leases, attempts, retries and what is kept.
    pub policy: Policy,
    /// How much of everything.
    pub limits: Limits,
    /// How long after one clean-up the next begins.
    pub clean_up_pause: Duration,
    /// Reads uploaded templates.
    pub introspect: Introspect,
}

impl Config {
    /// The usual configuration.
    pub fn new(listen: SocketAddr, data: impl Into<PathBuf>, introspect: Introspect) -> Self {
        Self {
            listen,
            data: data.into(),
            database: None,
            storage: StorageConfig::Disk,
            public_url: None,
            secrets_keys: SecretsKeys::DataFolder,
            signing_key: None,
            metrics_token_hash: None,
            webhook_reach: None,
            webhook_timeout: Duration::from_secs(10),
            strict: false,
            policy: Policy::default(),
            limits: Limits::default(),
            clean_up_pause: Duration::from_mins(10),
            introspect,
        }
    }

    /// How far URLs that this process follows may reach.
    pub(crate) fn reach(&self) -> Reach {
        let by_listening = if self.listen.ip().is_loopback() {
            Reach::Loopback
        } else {
            Reach::Public
        };
        self.webhook_reach.unwrap_or(by_listening)
    }

    /// Where the queue is.
    pub(crate) fn database(&self) -> Database {
        self.database
            .clone()
            .unwrap_or_else(|| crate::database_file(&self.data))
    }
}
