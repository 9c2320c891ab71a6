//! One attempt at a job: how far it is, whether it shall stop, what it has to say.

use std::fmt::Write;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use filmpress_job::Phase;
use filmpress_job::protocol::{Claim, Heartbeat};
use tokio::sync::watch;

use crate::server::{Server, ServerError};

/// Most bytes of a log; the server takes no more.
const MAX_LOG: usize = 1 << 20;

/// Why an attempt stops before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The job was cancelled, or is another's by now: nobody wants to hear of it any more.
    Unwanted,
    /// The worker shuts down: the job goes back to the queue.
    Shutdown,
    /// No frame came for too long.
    Stuck,
}

/// One attempt at a job. Shared by the stages, the heartbeat and the drawing thread.
#[derive(Debug)]
pub struct Attempt {
    /// Which job.
    pub job: String,
    number: u32,
    began: Instant,
    state: Mutex<State>,
    /// True as soon as it shall stop; what drawing threads look at.
    pub stopping: AtomicBool,
    stop: watch::Sender<Option<Stop>>,
}

#[derive(Debug)]
struct State {
    phase: Phase,
    progress: f64,
    frame: u64,
    frames: u64,
    log: String,
}

impl Attempt {
    /// The attempt of a claim, beginning now.
    pub fn new(claim: &Claim) -> Arc<Self> {
        Arc::new(Self {
            job: claim.job_id.clone(),
            number: claim.attempt,
            began: Instant::now(),
            state: Mutex::new(State {
                phase: Phase::Fetch,
                progress: 0.0,
                frame: 0,
                frames: 0,
                log: String::new(),
            }),
            stopping: AtomicBool::new(false),
            stop: watch::Sender::new(None),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The fencing number.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Seconds since it began.
    pub fn seconds(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }

    /// Enters a phase. `progress` is 0 to 100 over all phases and never goes back.
    pub fn enter(&self, phase: Phase, progress: f64) {
        let mut state = self.state();
        state.phase = phase;
        state.progress = state.progress.max(progress);
        drop(state);
        self.log(phase.as_str());
    }

    /// Says how far it is.
    pub fn advance(&self, progress: f64, frame: u64, frames: u64) {
        let mut state = self.state();
        state.progress = state.progress.max(progress);
        (state.frame, state.frames) = (frame, frames);
    }

    /// Frames done.
    pub fn frame(&self) -> u64 {
        self.state().frame
    }

    /// The phase it is in.
    pub fn phase(&self) -> Phase {
        self.state().phase
    }

    /// Adds a line to the job's log, with the time since it began.
    pub fn log(&self, line: &str) {
        let seconds = self.seconds();
        let mut state = self.state();
        if state.log.len() + line.len() < MAX_LOG {
            let _ = writeln!(state.log, "{seconds:9.3}  {line}");
        }
    }

    /// The log so far.
    pub fn log_text(&self) -> String {
        self.state().log.clone()
    }

    /// Makes it stop. The first reason counts.
    pub fn stop(&self, reason: Stop) {
        self.stop.send_if_modified(|known| {
            let is_first = known.is_none();
            known.get_or_insert(reason);
            is_first
        });
        self.stopping.store(true, std::sync::atomic::Ordering::Relaxed);
    }

    /// Why it shall stop, if it shall.
    pub fn stopped(&self) -> Option<Stop> {
        *self.stop.borrow()
    }

    /// Waits until it shall stop.
    pub async fn until_stopped(&self) -> Stop {
        let mut receiver = self.stop.subscribe();
        match receiver.wait_for(Option::is_some).await.ok().and_then(|stop| *stop) {
            Some(stop) => stop,
            // The sender lives as long as we do.
            None => std::future::pending().await,
        }
    }

    fn heartbeat(&self) -> Heartbeat {
        let state = self.state();
        Heartbeat {
            attempt: self.number,
            phase: state.phase,
            progress: state.progress,
            frame: state.frame,
            frames: state.frames,
        }
    }

    /// Keeps the lease and shows progress, until dropped: once a second while something changes, else each third of
    /// the lease. Stops the attempt when the server says so, or when it has not answered for a whole lease.
    pub async fn keep_alive(&self, server: &Server, lease: Duration) {
        let mut sent: Option<Heartbeat> = None;
        let mut answered = Instant::now();
        let mut asked = Instant::now();
        loop {
            tokio::time::sleep(Duration::from_secs(1).min(lease / 4)).await;
            let heartbeat = self.heartbeat();
            if sent.as_ref() == Some(&heartbeat) && asked.elapsed() < lease / 3 {
                continue;
            }
            asked = Instant::now();
            match server.heartbeat(&self.job, &heartbeat).await {
                Ok(answer) if !answer.cancel => {
                    answered = Instant::now();
                    sent = Some(heartbeat);
                }
                Ok(_) | Err(ServerError::Stale) => {
                    tracing::info!(job = self.job, "no longer wanted");
                    self.stop(Stop::Unwanted);
                    return;
                }
                Err(error) => {
                    tracing::warn!(job = self.job, %error, "no heartbeat");
                    if answered.elapsed() >= lease {
                        self.stop(Stop::Unwanted);
                        return;
                    }
                }
            }
        }
    }
}
