//! What every handler has at hand.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use filmpress_queue::{Queue, Secret};
use tokio::sync::{Semaphore, watch};

use crate::config::Config;
use crate::sealing::Sealer;
use crate::signature::Signer;
use crate::storage::Storage;

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
    /// The token of the workers in this process: made at each start, kept nowhere.
    pub local_token: Secret,
    /// Templates are read one at a time: reading may take much memory.
    pub reading: Semaphore,
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

    /// Completes when the server is to end.
    pub async fn ends(&self) {
        let mut ending = self.ending.subscribe();
        // The sender lives as long as the app.
        let _ = ending.wait_for(|ending| *ending).await;
    }
}
