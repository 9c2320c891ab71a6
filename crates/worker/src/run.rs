//! The worker's loop: claim a job, run it, report, again.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use filmpress_job::protocol::{Claim, Fail, Finish};
use filmpress_job::{ErrorCode, JobError, Phase};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::attempt::{Attempt, Stop};
use crate::children::Pool;
use crate::config::{Config, Shutdown};
use crate::server::{Server, ServerError};
use crate::shop::{Shop, scratch_folder};
use crate::sources::HttpError;
use crate::stages::{self, Ended};
use crate::supervise::{amount, supervise};

/// How long the server may hold a request for a job.
const WAIT_SECONDS: u64 = 20;
/// Longest pause between requests while the server does not answer.
const MAX_PAUSE: Duration = Duration::from_secs(15);

/// Why a worker cannot work.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// Its folder cannot be used.
    #[error("the worker's folder {path}: {error}")]
    Folder {
        /// Which folder.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// The server refuses it, or the machine has no usable TLS set-up.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// The machine has no usable TLS set-up.
    #[error(transparent)]
    Http(#[from] HttpError),
}

impl WorkerError {
    pub(crate) fn folder(path: &Path, error: std::io::Error) -> Self {
        Self::Folder {
            path: path.display().to_string(),
            error,
        }
    }
}

/// Works until `shutdown` says otherwise (or its sender is gone), then lets running jobs end for as long as
/// [`Config::drain`] says, hands back the rest and returns.
///
/// A server that cannot be reached is asked again and again; one that refuses the token ends the worker.
pub async fn run(config: Config, mut shutdown: watch::Receiver<Shutdown>) -> Result<(), WorkerError> {
    let worker = open(config)?;
    let config = worker.shop.config.clone();
    let mut slots = JoinSet::new();
    for _ in 0..config.jobs.max(1) {
        if let Some(pool) = &worker.pool {
            pool.prepare().await;
        }
        slots.spawn(slot(worker.clone(), shutdown.clone()));
    }
    let servers: Vec<_> = config.servers.iter().map(url::Url::as_str).collect();
    tracing::info!(worker = config.name, server = servers.join(", "), "worker ready");
    let mut result = Ok(());
    while let Some(joined) = slots.join_next().await {
        match joined {
            Ok(Err(error)) => {
                result = Err(error.into());
                slots.abort_all();
            }
            // Jobs run in tasks of their own; nothing here should panic, but a worker with fewer slots is no worker.
            Err(error) if error.is_panic() && *shutdown.borrow_and_update() == Shutdown::No => {
                tracing::error!(%error, "slot died; starting another");
                slots.spawn(slot(worker.clone(), shutdown.clone()));
            }
            Ok(Ok(())) | Err(_) => {}
        }
    }
    result
}

/// What a running worker has: the server it asks, and what its jobs share.
#[derive(Clone)]
struct Worker {
    server: Server,
    shop: Shop,
    /// Where jobs run; `None`: in this process.
    pool: Option<Arc<Pool>>,
}

fn open(config: Config) -> Result<Worker, WorkerError> {
    let scratch = scratch_folder(&config);
    let failed = |error| WorkerError::folder(&config.folder, error);
    // What a killed worker of this name left behind.
    if scratch.exists() {
        std::fs::remove_dir_all(&scratch).map_err(failed)?;
    }
    std::fs::create_dir_all(&scratch).map_err(failed)?;
    let server = Server::new(&config)?;
    let shop = Shop::open(config)?;
    let program = shop.config.child.clone();
    let pool = program.map(|program| Pool::new(program, &shop.config, shop.threads));
    Ok(Worker { server, shop, pool })
}

/// One job after another.
async fn slot(worker: Worker, mut shutdown: watch::Receiver<Shutdown>) -> Result<(), ServerError> {
    let mut pause = Duration::from_millis(500);
    while *shutdown.borrow() == Shutdown::No {
        if let Some(lack) = lack(&worker.shop.config) {
            tracing::warn!(lack, "no job claimed");
            tokio::select! {
                () = asked_to_end(&mut shutdown) => return Ok(()),
                () = tokio::time::sleep(MAX_PAUSE) => continue,
            }
        }
        let claimed = tokio::select! {
            biased;
            () = asked_to_end(&mut shutdown) => return Ok(()),
            claimed = worker.server.claim(WAIT_SECONDS) => claimed,
        };
        match claimed {
            Ok(claim) => {
                pause = Duration::from_millis(500);
                if let Some(claim) = claim {
                    work(&worker, claim, &mut shutdown).await;
                }
            }
            Err(error @ ServerError::Unauthorized) => return Err(error),
            Err(error) => {
                tracing::warn!(%error, "no job claimed; trying again");
                tokio::select! {
                    () = asked_to_end(&mut shutdown) => {}
                    () = tokio::time::sleep(pause) => {}
                }
                pause = (pause * 2).min(MAX_PAUSE);
            }
        }
    }
    Ok(())
}

/// What the machine has too little of to take on a job.
fn lack(config: &Config) -> Option<String> {
    let free = free_disk(&config.folder)?;
    (free < config.min_free_disk).then(|| {
        let least = amount(config.min_free_disk);
        format!(
            "{} free on the disk of {}; jobs need {least}",
            amount(free),
            config.folder.display()
        )
    })
}

/// Bytes free on a folder's disk, where that can be told.
fn free_disk(folder: &Path) -> Option<u64> {
    #[cfg(unix)]
    {
        let disk = rustix::fs::statvfs(folder).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        None
    }
}

/// Waits until the worker shall claim nothing more.
async fn asked_to_end(shutdown: &mut watch::Receiver<Shutdown>) {
    // An error means that nobody is left to say so.
    let _ = shutdown.wait_for(|shutdown| *shutdown != Shutdown::No).await;
}

/// Waits until running jobs shall be handed back.
async fn drained(shutdown: &mut watch::Receiver<Shutdown>, drain: Duration) {
    asked_to_end(shutdown).await;
    tokio::select! {
        () = tokio::time::sleep(drain) => {}
        _ = shutdown.wait_for(|shutdown| *shutdown == Shutdown::Now) => {}
    }
}

/// Runs one job to its end, whatever that is, and reports it.
async fn work(worker: &Worker, claim: Claim, shutdown: &mut watch::Receiver<Shutdown>) {
    let lease = Duration::from_secs(claim.lease_seconds.max(1));
    let scratch = scratch_folder(&worker.shop.config).join(format!("{}-{}", claim.job_id, claim.attempt));
    let attempt = Attempt::new(&claim, scratch.clone(), None);
    tracing::info!(job = attempt.job, attempt = attempt.number(), "job claimed");
    let ended = match std::fs::create_dir_all(&scratch) {
        Ok(()) => until_ended(worker, Arc::new(claim), &attempt, lease, shutdown).await,
        Err(error) => {
            let message = format!("no scratch folder: {error}");
            Err(Ended::Failed(JobError::new(ErrorCode::Internal, Phase::Fetch, message)))
        }
    };
    if let Err(error) = tokio::fs::remove_dir_all(&scratch).await {
        tracing::warn!(job = attempt.job, %error, "scratch folder not removed");
    }
    report(worker, &attempt, ended).await;
}

/// Runs the stages while the lease is kept and the limits are watched.
async fn until_ended(
    worker: &Worker,
    claim: Arc<Claim>,
    attempt: &Arc<Attempt>,
    lease: Duration,
    shutdown: &mut watch::Receiver<Shutdown>,
) -> Result<Finish, Ended> {
    let mut job = {
        let (worker, attempt) = (worker.clone(), attempt.clone());
        tokio::spawn(async move {
            match &worker.pool {
                Some(pool) => pool.run(claim, &attempt).await,
                None => stages::run(&worker.shop, claim, &attempt).await,
            }
        })
    };
    let keep_alive = attempt.keep_alive(&worker.server, lease);
    let supervise = supervise(attempt, &worker.shop.config.limits);
    let drained = drained(shutdown, worker.shop.config.drain);
    tokio::pin!(keep_alive, supervise, drained);
    let (mut lost, mut closing) = (false, false);
    let ended = loop {
        tokio::select! {
            ended = &mut job => break ended,
            () = &mut keep_alive, if !lost => lost = true,
            () = &mut supervise => {}
            () = &mut drained, if !closing => {
                closing = true;
                attempt.stop(Stop::Shutdown);
            }
        }
    };
    ended.unwrap_or_else(|error| {
        let error = JobError::new(ErrorCode::Internal, attempt.phase(), stages::panic_text(error));
        Err(Ended::Failed(error))
    })
}

/// Tells the server how an attempt ended.
async fn report(worker: &Worker, attempt: &Attempt, ended: Result<Finish, Ended>) {
    let error = match (ended, attempt.stopped()) {
        (_, Some(Stop::Unwanted)) => {
            tracing::info!(job = attempt.job, "job dropped");
            return;
        }
        (Ok(finish), _) => match worker.server.finish(&attempt.job, &finish).await {
            Ok(()) => {
                tracing::info!(job = attempt.job, seconds = attempt.seconds(), "job finished");
                return;
            }
            Err(ServerError::Stale) => {
                tracing::info!(job = attempt.job, "job dropped");
                return;
            }
            Err(error) => {
                let message = format!("the end of the job could not be reported: {error}");
                JobError::new(ErrorCode::PublishFailed, Phase::Publish, message)
            }
        },
        (_, Some(Stop::Shutdown)) => {
            let message = "the worker was shut down; the job goes to another";
            JobError::new(ErrorCode::WorkerLost, attempt.phase(), message)
        }
        (_, Some(Stop::Failed(error))) | (Err(Ended::Failed(error)), None) => error,
        (Err(Ended::Stopped), None) => JobError::new(ErrorCode::Internal, attempt.phase(), "stopped without a reason"),
    };
    let error = attempt.redactor().error(error);
    tracing::warn!(job = attempt.job, code = ?error.code, %error, "job failed");
    attempt.log(&format!("failed: {error}"));
    let fail = Fail {
        attempt: attempt.number(),
        error,
        log: Some(attempt.log_text()),
    };
    if let Err(error) = worker.server.fail(&attempt.job, &fail).await {
        tracing::warn!(job = attempt.job, %error, "failure not reported");
    }
}
