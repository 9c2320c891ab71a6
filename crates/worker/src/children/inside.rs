//! The child's side: jobs from standard input, what comes of them to standard output.

use std::io::{BufRead, Write};
use std::sync::Arc;
use std::time::Duration;

use filmpress_job::{ErrorCode, JobError};
use tokio::sync::mpsc;

use super::messages::{Said, Told};
use crate::attempt::{Attempt, Stop};
use crate::fonts::font_sources;
use crate::run::WorkerError;
use crate::shop::Shop;
use crate::stages::{self, Ended};

/// How often progress is said.
const TICK: Duration = Duration::from_millis(100);
/// What a process maps beyond what it uses: stacks of threads, room of the allocator.
#[cfg(unix)]
const SLACK: u64 = 512 << 20;

/// Renders jobs told on standard input, until that ends: what a [`crate::ChildProgram`] does.
///
/// Needs a tokio runtime. Nothing else of the process may write to standard output.
pub async fn render_child() -> Result<(), WorkerError> {
    let mut told = listen();
    let Some(Told::Begin(config)) = told.recv().await else {
        return Ok(());
    };
    #[cfg(unix)]
    limit_memory(config.limits.memory);
    let shop = Shop::open(*config)?;
    say(&Said::Ready);
    let folders = shop.config.font_folders.clone();
    // Found once for all jobs; the first need not wait for it.
    tokio::task::spawn_blocking(move || font_sources(&folders, &[]));
    while let Some(message) = told.recv().await {
        if let Told::Run { claim, scratch } = message {
            let (listener, lines) = mpsc::unbounded_channel();
            let attempt = Attempt::new(&claim, scratch, Some(listener));
            let ended = run(&shop, Arc::new(*claim), &attempt, lines, &mut told).await;
            say(&match ended {
                Ok(finish) => Said::Finished(Box::new(finish)),
                Err(Ended::Failed(error)) => Said::Failed(attempt.redactor().error(error)),
                Err(Ended::Stopped) => Said::Stopped,
            });
        }
    }
    Ok(())
}

async fn run(
    shop: &Shop,
    claim: Arc<filmpress_job::protocol::Claim>,
    attempt: &Arc<Attempt>,
    mut lines: mpsc::UnboundedReceiver<String>,
    told: &mut mpsc::UnboundedReceiver<Told>,
) -> Result<filmpress_job::protocol::Finish, Ended> {
    let mut job = {
        let (shop, attempt) = (shop.clone(), attempt.clone());
        tokio::spawn(async move { stages::run(&shop, claim, &attempt).await })
    };
    let mut tick = tokio::time::interval(TICK);
    let mut last = None;
    let mut place = || {
        let now = attempt.place();
        if last.replace(now) != Some(now) {
            say(&Said::Place(now));
        }
    };
    let ended = loop {
        tokio::select! {
            ended = &mut job => break ended,
            Some(line) = lines.recv() => {
                place();
                say(&Said::Log(line));
            }
            _ = tick.tick() => place(),
            message = told.recv() => if let Some(Told::Stop) | None = message {
                attempt.stop(Stop::Unwanted);
            }
        }
    };
    while let Ok(line) = lines.try_recv() {
        say(&Said::Log(line));
    }
    place();
    ended.unwrap_or_else(|error| {
        let error = JobError::new(ErrorCode::Internal, attempt.phase(), stages::panic_text(error));
        Err(Ended::Failed(error))
    })
}

/// Reads standard input on a thread of its own. Its end means that the worker is gone: nobody wants the job any more.
fn listen() -> mpsc::UnboundedReceiver<Told> {
    let (sender, receiver) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            let told = line.map_err(|error| error.to_string());
            match told.and_then(|line| serde_json::from_str(&line).map_err(|error| error.to_string())) {
                Ok(told) => drop(sender.send(told)),
                Err(error) => {
                    tracing::error!(error, "not understood");
                    break;
                }
            }
        }
        std::process::exit(0);
    });
    receiver
}

fn say(said: &Said) {
    let Ok(mut line) = serde_json::to_vec(said) else { return };
    line.push(b'\n');
    let mut out = std::io::stdout().lock();
    if out.write_all(&line).and_then(|()| out.flush()).is_err() {
        std::process::exit(0);
    }
}

/// The last line of defence, for this process and each encoder it starts: the worker counts what they really use
/// together, but looks only now and then.
#[cfg(unix)]
fn limit_memory(bytes: u64) {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let set = |what, most: u64| {
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        if let Err(error) = setrlimit(what, limit) {
            tracing::warn!(%error, "limit not set");
        }
    };
    set(Resource::Core, 0);
    if bytes > 0 {
        set(Resource::Data, bytes.saturating_add(SLACK));
    }
}
