//! What a server is started with.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use filmpress_job::address::Reach;
use filmpress_job::TemplateMetadata;
use filmpress_queue::Policy;

/// Reads a template file of a declared kind (`aep`, `zip` ...): what is in it, or why it cannot be used.
///
/// The server itself knows no template format. It calls this on a thread where it may take its time.
pub type Introspect = Arc<dyn Fn(&Path, &str) -> Result<TemplateMetadata, String> + Send + Sync>;

/// What a server is started with.
#[derive(Clone)]
pub struct Config {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The data folder, made if missing.
    pub data: PathBuf,
    /// The address clients know the server by, without a slash at the end. Without it, the one they called it by.
    pub public_url: Option<String>,
    /// How far webhooks may reach. Without it: public addresses, and loopback if the server itself listens there only.
    pub webhook_reach: Option<Reach>,
    /// How long a webhook's receiver may take to answer.
    pub webhook_timeout: Duration,
    /// How long and how often, for leases, attempts and retries.
    pub policy: Policy,
    /// Reads uploaded templates.
    pub introspect: Introspect,
}

impl Config {
    /// The usual configuration.
    pub fn new(listen: SocketAddr, data: impl Into<PathBuf>, introspect: Introspect) -> Self {
        Self {
            listen,
            data: data.into(),
            public_url: None,
            webhook_reach: None,
            webhook_timeout: Duration::from_secs(10),
            policy: Policy::default(),
            introspect,
        }
    }

    /// How far webhooks may reach.
    pub(crate) fn reach(&self) -> Reach {
        let by_listening = if self.listen.ip().is_loopback() {
            Reach::Loopback
        } else {
            Reach::Public
        };
        self.webhook_reach.unwrap_or(by_listening)
    }
}
