//! One attempt at a job: how far it is, whether it shall stop, what it has to say.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use filmpress_job::protocol::{Claim, Heartbeat};
use filmpress_job::{JobError, Phase};
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, watch};

use crate::redact::Redactor;
use crate::server::{Server, ServerError};

/// Most bytes of a log; the server takes no more.
const MAX_LOG: usize = 1 << 20;

/// Why an attempt stops before its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The job was cancelled, or is another's by now: nobody wants to hear of it any more.
    Unwanted,
    /// The worker shuts down: the job goes back to the queue.
    Shutdown,
    /// It is over a limit.
    Failed(JobError),
}

/// One attempt at a job. Shared by the stages, the heartbeat and the drawing thread.
///
/// Where stages run in a child process, the child has one and the worker another, which repeats what the child says.
#[derive(Debug)]
pub struct Attempt {
    /// Which job.
    pub job: String,
    number: u32,
    scratch: PathBuf,
    redactor: Redactor,
    /// Hears of each line of the log.
    listener: Option<mpsc::UnboundedSender<String>>,
    began: Instant,
    state: Mutex<State>,
    /// True as soon as it shall stop; what drawing threads look at.
    pub stopping: AtomicBool,
    stop: watch::Sender<Option<Stop>>,
}

#[derive(Debug)]
struct State {
    place: Place,
    log: String,
}

/// How far an attempt is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// What is being done.
    pub phase: Phase,
    /// 0 to 100 over all phases; never goes back.
    pub progress: f64,
    /// Frames done.
    pub frame: u64,
    /// Frames there are; 0 while that is not known.
    pub frames: u64,
}

impl Attempt {
    /// The attempt of a claim, beginning now.
    ///
    /// `scratch` is its own folder, removed with all that is in it when the attempt is over; `listener` hears of each
    /// line of the log.
    pub fn new(claim: &Claim, scratch: PathBuf, listener: Option<mpsc::UnboundedSender<String>>) -> Arc<Self> {
        Arc::new(Self {
            job: claim.job_id.clone(),
            number: claim.attempt,
            scratch,
            redactor: Redactor::of(&claim.secrets),
            listener,
            began: Instant::now(),
            state: Mutex::new(State {
                place: Place {
                    phase: Phase::Fetch,
                    progress: 0.0,
                    frame: 0,
                    frames: 0,
                },
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

    /// Its own folder, for every file it makes: what is there counts against the job's limit and is removed with it.
    pub fn scratch(&self) -> &Path {
        &self.scratch
    }

    /// Takes the values of the job's secrets out of what is said of it.
    pub(crate) fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// Seconds since it began.
    pub fn seconds(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }

    /// Enters a phase. `progress` is 0 to 100 over all phases and never goes back.
    pub fn enter(&self, phase: Phase, progress: f64) {
        let mut state = self.state();
        state.place.phase = phase;
        state.place.progress = state.place.progress.max(progress);
        drop(state);
        self.log(phase.as_str());
    }

    /// Where it is: phase, progress, frames done, frames there are.
    pub fn place(&self) -> Place {
        self.state().place
    }

    /// Repeats what a child process says of itself.
    pub fn repeat(&self, place: Place) {
        let mut state = self.state();
        let progress = state.place.progress.max(place.progress);
        state.place = Place { progress, ..place };
    }

    /// Says how far it is.
    pub fn advance(&self, progress: f64, frame: u64, frames: u64) {
        let mut state = self.state();
        state.place.progress = state.place.progress.max(progress);
        (state.place.frame, state.place.frames) = (frame, frames);
    }

    /// Frames done.
    pub fn frame(&self) -> u64 {
        self.state().place.frame
    }

    /// The phase it is in.
    pub fn phase(&self) -> Phase {
        self.state().place.phase
    }

    /// Adds a line to the job's log, with the time since it began and without the values of secrets.
    pub fn log(&self, line: &str) {
        let line = self.redactor.clean(line);
        let seconds = self.seconds();
        let mut state = self.state();
        if state.log.len() + line.len() < MAX_LOG {
            let _ = writeln!(state.log, "{seconds:9.3}  {line}");
        }
        if let Some(listener) = &self.listener {
            // Nobody left to listen: the process is about to end.
            let _ = listener.send(line.into_owned());
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
        self.stop.borrow().clone()
    }

    /// Waits until it shall stop.
    pub async fn until_stopped(&self) -> Stop {
        let mut receiver = self.stop.subscribe();
        match receiver
            .wait_for(Option::is_some)
            .await
            .ok()
            .and_then(|stop| stop.clone())
        {
            Some(stop) => stop,
            // The sender lives as long as we do.
            None => std::future::pending().await,
        }
    }

    fn heartbeat(&self) -> Heartbeat {
        let place = self.place();
        Heartbeat {
            attempt: self.number,
            phase: place.phase,
            progress: place.progress,
            frame: place.frame,
            frames: place.frames,
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
