//! Starting a server, and ending it.

use std::fs::File;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use filmpress_queue::token::Kind;
use filmpress_queue::{Database, Queue, Secret, SystemClock};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::app::App;
use crate::auth::{Known, LOCAL};
use crate::config::{Config, SecretsKeys};
use crate::guard::GuardedClient;
use crate::limits::{Rates, Streams};
use crate::metrics::Metrics;
use crate::news::News;
use crate::sealing::{Keys, KeysError, Sealer};
use crate::signature::Signer;
use crate::storage::{Storage, StorageError};
use crate::template_file::{self, Turns};
use crate::{retention, routes, serving, webhooks};

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
    /// The database was used with other keys.
    #[error("the database holds {0} secrets sealed with keys that this server does not have")]
    OtherKeys(usize),
    /// The store of files cannot be used.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The queue cannot be opened.
    #[error(transparent)]
    Queue(#[from] filmpress_queue::Error),
    /// No HTTP client for webhooks.
    #[error("cannot set up HTTP: {0}")]
    Http(#[from] reqwest::Error),
    /// Metrics cannot be counted.
    #[error("cannot set up metrics: {0}")]
    Metrics(String),
}

impl Server {
    /// Starts a server. When this returns it answers, and jobs that workers of an earlier process of this folder held
    /// are waiting again.
    pub async fn start(config: Config) -> Result<Running, StartError> {
        let data = |error| StartError::Data(config.data.display().to_string(), error);
        std::fs::create_dir_all(&config.data).map_err(data)?;
        let database = config.database();
        // Servers that share PostgreSQL may share a folder too.
        let lock = match database {
            Database::Sqlite(_) => Some(lock(&config.data)?),
            Database::Postgres(_) => None,
        };
        let storage = Storage::open(&config.storage, &config.data, lock.is_some())?;
        let sealer = sealer(&config)?;
        let signer = signer(&config, &database, &sealer).map_err(data)?;
        let queue = Queue::open_with(&database, Arc::new(SystemClock), config.policy.clone()).await?;
        check_seals(&queue, &sealer).await?;
        let client = GuardedClient::new(config.reach(), config.webhook_timeout)?;
        let listen = |error| StartError::Listen(config.listen, error);
        let listener = TcpListener::bind(config.listen).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let app = Arc::new(App {
            address,
            queue,
            storage,
            signer,
            sealer,
            client,
            local_token: Secret::new(Kind::Worker),
            known: Known::default(),
            rates: Rates::new(&config.limits.rates),
            streams: Streams::new(config.limits.team_streams, config.limits.streams),
            metrics: Metrics::new().map_err(|error| StartError::Metrics(error.to_string()))?,
            news: News::default(),
            turns: Turns::default(),
            ending: watch::Sender::new(false),
            config,
        });
        if lock.is_some() {
            // The lock says that no other process has workers on this database's behalf: theirs are gone.
            app.queue.take_back_from(LOCAL).await?;
        }
        app.queue.sweep().await?;
        template_file::read_waiting(&app).await?;

        let mut tasks = JoinSet::new();
        tasks.spawn(sweep_all(app.clone()));
        tasks.spawn(retention::clean_up(app.clone()));
        tasks.spawn(webhooks::send_all(app.clone()));
        tasks.spawn(serving::serve(app.clone(), listener, routes::router(&app)));
        Ok(Running {
            app,
            tasks,
            _lock: lock,
        })
    }
}

fn lock(folder: &Path) -> Result<File, StartError> {
    let name = || folder.display().to_string();
    let lock = File::create(folder.join("lock")).map_err(|error| StartError::Data(name(), error))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(std::fs::TryLockError::WouldBlock) => Err(StartError::InUse(name())),
        Err(std::fs::TryLockError::Error(error)) => Err(StartError::Data(name(), error)),
    }
}

fn sealer(config: &Config) -> Result<Sealer, StartError> {
    let (file, keys) = match &config.secrets_keys {
        SecretsKeys::Given(keys) => return Ok(Sealer::new(keys.clone())),
        SecretsKeys::File(file) => (file.clone(), Keys::read(file)),
        SecretsKeys::DataFolder => {
            let file = crate::secrets_key_file(&config.data);
            let keys = Keys::read_or_make(&file);
            (file, keys)
        }
    };
    match keys {
        Ok(keys) => Ok(Sealer::of_file(keys, file)),
        Err(error) => Err(StartError::SecretsKey(file.display().to_string(), error)),
    }
}

/// The key that signs URLs: see [`Config::signing_key`].
fn signer(config: &Config, database: &Database, sealer: &Sealer) -> std::io::Result<Signer> {
    if let Some(key) = config.signing_key {
        return Ok(Signer::new(key));
    }
    match database {
        Database::Sqlite(_) => Signer::open(&config.data.join("signing.key")),
        Database::Postgres(_) => Ok(Signer::new(sealer.derived("signing URLs"))),
    }
}

/// A server with other keys than its database was used with would fail much later and make a mess until then.
async fn check_seals(queue: &Queue, sealer: &Sealer) -> Result<(), StartError> {
    let sealed = queue.all_sealed().await?;
    let foreign = sealed.iter().filter(|(_, sealed)| !sealer.knows_key_of(sealed)).count();
    if foreign == 0 {
        Ok(())
    } else {
        Err(StartError::OtherKeys(foreign))
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
            Ok(count) => {
                tracing::warn!("took back {count} jobs whose worker fell silent");
                app.news.tell();
            }
            Err(error) => tracing::error!("sweeping: {error}"),
        }
        // What another server was reading when it went down.
        if let Err(error) = template_file::read_waiting(&app).await {
            tracing::error!("looking for templates to read: {error}");
        }
        app.metrics.tidy();
        app.rates.forget_idle();
    }
}

/// A server that answers.
pub struct Running {
    app: Arc<App>,
    tasks: JoinSet<()>,
    _lock: Option<File>,
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

    /// What seals secrets of teams.
    pub fn sealer(&self) -> &Sealer {
        &self.app.sealer
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

/// A server that is dropped without ado stops as well what was begun on the side.
impl Drop for Running {
    fn drop(&mut self) {
        self.app.ending.send_replace(true);
    }
}
