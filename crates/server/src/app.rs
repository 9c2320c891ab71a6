//! What every handler has at hand.

use std::net::SocketAddr;

use filmpress_queue::{Queue, Secret};
use tokio::sync::{Semaphore, watch};

use crate::config::Config;
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
    /// The token of the workers in this process: made at each start, kept nowhere.
    pub local_token: Secret,
    /// Templates are read one at a time: reading may take much memory.
    pub reading: Semaphore,
    /// Becomes true when the server is to end.
    pub ending: watch::Sender<bool>,
}

impl App {
    /// Completes when the server is to end.
    pub async fn ends(&self) {
        let mut ending = self.ending.subscribe();
        // The sender lives as long as the app.
        let _ = ending.wait_for(|ending| *ending).await;
    }
}
