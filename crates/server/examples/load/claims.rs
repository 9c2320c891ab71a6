//! Workers that claim jobs, and do nothing with them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::json;

use crate::connection::Connection;
use crate::row::{self, Durations};
use crate::watcher::Watcher;
use crate::{Failure, Target};

/// `POST /api/worker/claim`, as fast as it goes.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    target: Target,
    /// A worker's token.
    #[arg(long)]
    worker_token: String,
    /// Workers at once.
    #[arg(long, default_value_t = 8)]
    workers: u64,
    /// Jobs in all; so many must be waiting.
    #[arg(long, default_value_t = 5_000)]
    jobs: u64,
    /// Fewer jobs a second are a failure.
    #[arg(long)]
    at_least: Option<f64>,
}

pub fn run(arguments: &Arguments) -> Result<bool, Failure> {
    let target = &arguments.target;
    let watcher = Watcher::start(target)?;
    let left = AtomicU64::new(arguments.jobs);
    let begun = Instant::now();
    let done: Vec<Result<Vec<Duration>, Failure>> = std::thread::scope(|scope| {
        let left = &left;
        let workers: Vec<_> = (0..arguments.workers)
            .map(|number| scope.spawn(move || claim(arguments, number, left)))
            .collect();
        let joined = workers
            .into_iter()
            .map(|worker| worker.join().map_err(|_| "a worker panicked")?);
        joined.collect()
    });
    let seconds = begun.elapsed().as_secs_f64();
    let mut took = Vec::new();
    for worker in done {
        took.extend(worker?);
    }
    let took = Durations::of(took);
    let what = format!("claim over HTTP, {}", target.label);
    let detail = format!(
        "{} jobs, {} workers, {}",
        took.count(),
        arguments.workers,
        took.summary()
    );
    let mut is_met = row::print(
        &what,
        took.count() as f64 / seconds,
        "jobs/s",
        arguments.at_least,
        true,
        &detail,
    );
    if let Some(watcher) = watcher {
        is_met &= watcher.end(&format!("claim, {}", target.label))?;
    }
    Ok(is_met)
}

fn claim(arguments: &Arguments, number: u64, left: &AtomicU64) -> Result<Vec<Duration>, Failure> {
    let mut connection = Connection::open(&arguments.target.url, &arguments.worker_token)?;
    // New names each time: those of the run before have lost all their jobs and are given none for a while.
    let name = format!("load-{}-{number}", std::process::id());
    let body = json!({"worker": name, "tags": [], "wait_seconds": 0}).to_string();
    let mut took = Vec::new();
    loop {
        let taken = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        if taken.is_err() {
            return Ok(took);
        }
        let begun = Instant::now();
        let answer = connection.call("POST", "/api/worker/claim", &body)?;
        if answer.status == 204 {
            return Err(format!("no job was left after {} of this worker", took.len()).into());
        }
        answer.expect(200)?;
        took.push(begun.elapsed());
    }
}
