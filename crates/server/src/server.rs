//! Starting a server, and ending it.

use std::fs::File;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::ListenerExt;
use filmpress_queue::token::Kind;
use filmpress_queue::{Queue, Secret, SystemClock};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::app::App;
use crate::auth::LOCAL;
use crate::config::Config;
use crate::guard::GuardedClient;
use crate::sealing::{Keys, KeysError, Sealer};
use crate::signature::Signer;
use crate::storage::Storage;
use crate::{database_file, reading, routes, webhooks};

/// Leases that ran out are looked for so often.
const SWEEP: Duration = Duration::from_secs(5);

/// Requests under way have so long to end.
const GRACE: Duration = Duration::from_secs(10);

/// The server.
pub struct Server;

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address cannot be listened at.
    #[error("cannot listen at {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    /// The data folder cannot be used.
    #[error("cannot use the data folder `{0}`: {1}")]
    Data(String, std::io::Error),
    /// Another server uses the data folder.
    #[error("another server is using the data folder `{0}`")]
    InUse(String),
    /// The keys that seal secrets cannot be had.
    #[error("cannot use the keys of secrets in `{0}`: {1}")]
    SecretsKey(String, KeysError),
    /// The queue cannot be opened.
    #[error(transparent)]
    Queue(#[from] filmpress_queue::Error),
    /// No HTTP client for webhooks.
    #[error("cannot set up HTTP: {0}")]
    Http(#[from] reqwest::Error),
}

impl Server {
    /// Starts a server. When this returns it answers, and jobs that workers of an earlier process of this folder held
    /// are waiting again.
    pub async fn start(config: Config) -> Result<Running, StartError> {
        let folder = config.data.display().to_string();
        let data = |error| StartError::Data(folder.clone(), error);
        std::fs::create_dir_all(&config.data).map_err(data)?;
        let lock = File::create(config.data.join("lock")).map_err(data)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => return Err(StartError::InUse(folder)),
            Err(std::fs::TryLockError::Error(error)) => return Err(data(error)),
        }
        let storage = Storage::open(&config.data).map_err(data)?;
        let signer = Signer::open(&config.data.join("signing.key")).map_err(data)?;
        let keys = config.data.join("secrets.key");
        let keys = Keys::read_or_make(&keys).map_err(|error| StartError::SecretsKey(keys.display().to_string(), error))?;
        let queue = Queue::open_with(
            &database_file(&config.data),
            Arc::new(SystemClock),
            config.policy.clone(),
        )
        .await?;
        let client = GuardedClient::new(config.reach(), config.webhook_timeout)?;
        let listener = TcpListener::bind(config.listen)
            .await
            .map_err(|e| StartError::Listen(config.listen, e))?;
        let address = listener
            .local_addr()
            .map_err(|e| StartError::Listen(config.listen, e))?;
        let app = Arc::new(App {
            config,
            address,
            queue,
            storage,
            signer,
            sealer: Sealer::new(keys),
            local_token: Secret::new(Kind::Worker),
            reading: Semaphore::new(1),
            ending: watch::Sender::new(false),
        });
        // The lock says that no other process has workers on this folder's behalf: theirs are gone.
        app.queue.take_back_from(LOCAL).await?;
        app.queue.sweep().await?;
        reading::read_waiting(&app).await?;

        let mut tasks = JoinSet::new();
        tasks.spawn(sweep_all(app.clone()));
        tasks.spawn(webhooks::send_all(app.clone(), client));
        let (router, ends) = (routes::router(&app), app.clone());
        let listener = listener.tap_io(|stream| {
            // Small answers go out at once; if that cannot be set, they go out a little later.
            let _ = stream.set_nodelay(true);
        });
        tasks.spawn(async move {
            let serving = axum::serve(listener, router).with_graceful_shutdown(async move { ends.ends().await });
            if let Err(error) = serving.await {
                tracing::error!("serving: {error}");
            }
        });
        Ok(Running {
            app,
            tasks,
            _lock: lock,
        })
    }
}

async fn sweep_all(app: Arc<App>) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(SWEEP) => {}
            () = app.ends() => return,
        }
        match app.queue.sweep().await {
            Ok(0) => {}
            Ok(count) => tracing::warn!("took back {count} jobs whose worker fell silent"),
            Err(error) => tracing::error!("sweeping: {error}"),
        }
    }
}

/// A server that answers.
pub struct Running {
    app: Arc<App>,
    tasks: JoinSet<()>,
    _lock: File,
}

impl Running {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.app.address
    }

    /// Where workers of this process reach it.
    pub fn local_url(&self) -> String {
        self.app.local_url()
    }

    /// The token for workers of this process. It dies with the process; what they held goes back to the queue at the
    /// next start.
    pub fn local_worker_token(&self) -> &Secret {
        &self.app.local_token
    }

    /// The queue, for what is not done over HTTP.
    pub fn queue(&self) -> &Queue {
        &self.app.queue
    }

    /// Ends it: requests under way get their answers, long ones a few seconds.
    pub async fn shutdown(mut self) {
        self.app.ending.send_replace(true);
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE, ended).await.is_err() {
            tracing::warn!("some requests did not end in time");
        }
        self.tasks.shutdown().await;
        self.app.queue.close().await;
    }
}
