//! What every handler has at hand.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use filmpress_queue::{AuditEntry, Queue, Secret};
use tokio::sync::watch;

use crate::auth::Known;
use crate::config::Config;
use crate::guard::GuardedClient;
use crate::limits::{Rates, Streams};
use crate::metrics::Metrics;
use crate::news::News;
use crate::sealing::Sealer;
use crate::signature::Signer;
use crate::storage::{Audience, Storage};
use crate::template_file::Turns;

/// What every handler has at hand.
pub struct App {
    pub config: Config,
    /// Where the server really listens.
    pub address: SocketAddr,
    pub queue: Queue,
    pub storage: Storage,
    pub signer: Signer,
    /// Secrets of teams are kept sealed.
    pub sealer: Sealer,
    /// For URLs that clients name: webhooks, sources of templates.
    pub client: GuardedClient,
    /// The token of the workers in this process: made at each start, kept nowhere.
    pub local_token: Secret,
    /// Who was told apart a moment ago.
    pub known: Known,
    /// Requests a minute.
    pub rates: Rates,
    /// Open event streams.
    pub streams: Streams,
    pub metrics: Metrics,
    /// Wakes event streams when something may have changed.
    pub news: News,
    /// Whose turn it is to fetch and read templates.
    pub turns: Turns,
    /// Becomes true when the server is to end.
    pub ending: watch::Sender<bool>,
}

impl App {
    /// Where this process reaches its own server, whatever address it listens at and clients know it by.
    pub fn local_url(&self) -> String {
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip(if address.is_ipv4() {
                Ipv4Addr::LOCALHOST.into()
            } else {
                Ipv6Addr::LOCALHOST.into()
            });
        }
        format!("http://{address}")
    }

    /// A URL that gives a stored file without a token, for a while: the store's own where it has such, else ours.
    pub fn get_url(&self, who: Audience, base: &str, key: &str, life: Duration) -> String {
        self.storage
            .get_url(who, key, life)
            .unwrap_or_else(|| format!("{base}{}", self.signer.sign("GET", &format!("/downloads/{key}"), life)))
    }

    /// A URL where a worker puts a file without a token, for a while: the store's own for `key`, else ours at `path`,
    /// whose handler stores it at that key.
    pub fn put_url(&self, base: &str, path: &str, key: &str, life: Duration) -> String {
        self.storage
            .put_url(key, life)
            .unwrap_or_else(|| format!("{base}{}", self.signer.sign("PUT", path, life)))
    }

    /// Notes who changed what. That the change itself was made is more important than that it is noted.
    pub async fn audit(&self, team: Option<&str>, actor: &str, action: &str, object: &str, detail: serde_json::Value) {
        let entry = AuditEntry {
            team: team.map(str::to_owned),
            actor: actor.to_owned(),
            action: action.to_owned(),
            object: object.to_owned(),
            detail,
        };
        if let Err(error) = self.queue.audit(&entry).await {
            tracing::error!(action, object, "not in the audit log: {error}");
        }
    }

    /// Completes when the server is to end.
    pub async fn ends(&self) {
        let mut ending = self.ending.subscribe();
        // The sender lives as long as the app.
        let _ = ending.wait_for(|ending| *ending).await;
    }
}
