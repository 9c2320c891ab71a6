//! The worker's loop: claim a job, run it, report, again.

use std::sync::Arc;
use std::time::Duration;

use filmpress_job::protocol::{Claim, Fail};
use filmpress_job::{ErrorCode, JobError};
use filmpress_render::Cache;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::attempt::{Attempt, Stop};
use crate::config::Config;
use crate::footage::PictureCache;
use crate::server::{Server, ServerError};
use crate::sources::{HttpError, Loader, Policy};
use crate::stages::{self, Ended, Shop};
use crate::templates::Templates;

/// How long the server may hold a request for a job.
const WAIT_SECONDS: u64 = 20;
/// Longest pause between requests while the server does not answer.
const MAX_PAUSE: Duration = Duration::from_secs(15);
/// Largest asset, in bytes; templates named by jobs come through the same door.
const MAX_SOURCE: u64 = 2 << 30;

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

/// Works until `shutdown` becomes true (or its sender is gone), then hands running jobs back and returns.
///
/// A server that cannot be reached is asked again and again; one that refuses the token ends the worker.
pub async fn run(config: Config, mut shutdown: watch::Receiver<bool>) -> Result<(), WorkerError> {
    let shop = open(config)?;
    let mut slots = JoinSet::new();
    for _ in 0..shop.config.jobs.max(1) {
        slots.spawn(slot(shop.clone(), shutdown.clone()));
    }
    tracing::info!(worker = shop.config.name, server = %shop.config.server, "worker ready");
    let mut result = Ok(());
    while let Some(joined) = slots.join_next().await {
        match joined {
            Ok(Err(error)) => {
                result = Err(error.into());
                slots.abort_all();
            }
            // Jobs run in tasks of their own; nothing here should panic, but a worker with fewer slots is no worker.
            Err(error) if error.is_panic() && !*shutdown.borrow_and_update() => {
                tracing::error!(%error, "slot died; starting another");
                slots.spawn(slot(shop.clone(), shutdown.clone()));
            }
            Ok(Ok(())) | Err(_) => {}
        }
    }
    result
}

fn open(config: Config) -> Result<Shop, WorkerError> {
    let scratch = config.folder.join("scratch");
    let folder_error = |error| WorkerError::Folder {
        path: config.folder.display().to_string(),
        error,
    };
    // What a killed worker of this name left behind.
    if scratch.exists() {
        std::fs::remove_dir_all(&scratch).map_err(folder_error)?;
    }
    std::fs::create_dir_all(&scratch).map_err(folder_error)?;
    let templates = Templates::new(config.folder.join("templates"), config.cache_bytes).map_err(folder_error)?;
    let all = match config.threads {
        0 => filmpress_render::sequence::available_threads(),
        n => n,
    };
    let loader = Loader::new(Policy {
        reach: config.reach,
        max_bytes: MAX_SOURCE,
        ..Policy::default()
    })?;
    Ok(Shop {
        server: Server::new(&config)?,
        loader,
        templates,
        pictures: PictureCache::default(),
        drawn: Cache::default(),
        threads: (all / config.jobs.max(1)).max(1),
        config: Arc::new(config),
    })
}

/// One job after another.
async fn slot(shop: Shop, mut shutdown: watch::Receiver<bool>) -> Result<(), ServerError> {
    let mut pause = Duration::from_millis(500);
    while !*shutdown.borrow() {
        let claimed = tokio::select! {
            biased;
            () = shut_down(&mut shutdown) => return Ok(()),
            claimed = shop.server.claim(WAIT_SECONDS) => claimed,
        };
        match claimed {
            Ok(claim) => {
                pause = Duration::from_millis(500);
                if let Some(claim) = claim {
                    work(&shop, claim, &mut shutdown).await;
                }
            }
            Err(error @ ServerError::Unauthorized) => return Err(error),
            Err(error) => {
                tracing::warn!(%error, "no job claimed; trying again");
                tokio::select! {
                    () = shut_down(&mut shutdown) => {}
                    () = tokio::time::sleep(pause) => {}
                }
                pause = (pause * 2).min(MAX_PAUSE);
            }
        }
    }
    Ok(())
}

/// Waits until the worker shall end.
async fn shut_down(shutdown: &mut watch::Receiver<bool>) {
    // An error means that nobody is left to say so.
    let _ = shutdown.wait_for(|ended| *ended).await;
}

/// Runs one job to its end, whatever that is, and reports it.
async fn work(shop: &Shop, claim: Claim, shutdown: &mut watch::Receiver<bool>) {
    let attempt = Attempt::new(&claim);
    tracing::info!(job = attempt.job, attempt = attempt.number(), "job claimed");
    let lease = Duration::from_secs(claim.lease_seconds.max(1));
    let claim = Arc::new(claim);
    let mut job = {
        let (shop, attempt) = (shop.clone(), attempt.clone());
        tokio::spawn(async move { stages::run(&shop, claim, &attempt).await })
    };
    let ended = {
        let keep_alive = attempt.keep_alive(&shop.server, lease);
        tokio::pin!(keep_alive);
        let (mut lost, mut closing) = (false, false);
        loop {
            tokio::select! {
                ended = &mut job => break ended,
                () = &mut keep_alive, if !lost => lost = true,
                () = shut_down(shutdown), if !closing => {
                    closing = true;
                    attempt.stop(Stop::Shutdown);
                }
            }
        }
    };
    let error = match (ended, attempt.stopped()) {
        (_, Some(Stop::Unwanted)) => {
            tracing::info!(job = attempt.job, "job dropped");
            return;
        }
        (Ok(Ok(())), _) => {
            tracing::info!(job = attempt.job, seconds = attempt.seconds(), "job finished");
            return;
        }
        (_, Some(Stop::Shutdown)) => {
            let message = "the worker was shut down; the job goes to another";
            JobError::new(ErrorCode::WorkerLost, attempt.phase(), message)
        }
        (_, Some(Stop::Stuck)) => {
            let seconds = shop.config.frame_timeout.as_secs();
            let message = format!("no progress for {seconds} s after frame {}", attempt.frame());
            JobError::new(ErrorCode::Timeout, attempt.phase(), message)
        }
        (Ok(Err(Ended::Failed(error))), None) => error,
        (Ok(Err(Ended::Stopped)), None) => {
            JobError::new(ErrorCode::Internal, attempt.phase(), "stopped without a reason")
        }
        (Err(error), None) => JobError::new(ErrorCode::Internal, attempt.phase(), stages::panic_text(error)),
    };
    tracing::warn!(job = attempt.job, code = ?error.code, %error, "job failed");
    attempt.log(&format!("failed: {error}"));
    let fail = Fail {
        attempt: attempt.number(),
        error,
        log: Some(attempt.log_text()),
    };
    if let Err(error) = shop.server.fail(&attempt.job, &fail).await {
        tracing::warn!(job = attempt.job, %error, "failure not reported");
    }
}
