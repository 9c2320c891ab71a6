//! Jobs in processes of their own, so that a bad template takes down its process and not the worker.
//!
//! A child is this program with a hidden subcommand. It lives for many jobs and keeps what they share: templates read,
//! pictures, fonts. It holds no token: signed URLs are all it needs.
//!
//! | file | what |
//! |---|---|
//! | here | the pool: a child for each job, limits of memory and processor time, what the end of a process means |
//! | `process` | one child, from its start to its end |
//! | `messages` | what is said over its pipes; a new message is a variant there and a line here and in `inside` |
//! | `inside` | the child's side |
//! | `usage` | what processes use |

mod inside;
mod messages;
mod process;
mod usage;

use std::process::ExitStatus;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use filmpress_job::protocol::{Claim, Finish};
use filmpress_job::{ErrorCode, JobError};
use tokio::time::Instant;

pub use inside::render_child;
pub(crate) use usage::machine_memory;

use self::messages::{Said, Told};
use self::process::Child;
use self::usage::Usage;
use crate::attempt::{Attempt, Stop};
use crate::config::{ChildProgram, Config};
use crate::stages::Ended;
use crate::supervise::amount;

/// How often memory and processor time are looked at.
const LOOK: Duration = Duration::from_millis(100);
/// How long a child that was told to stop may take before it is killed.
const PATIENCE: Duration = Duration::from_secs(2);

/// Child processes, warm and waiting.
pub(crate) struct Pool {
    program: ChildProgram,
    /// What children are told to begin with: one job at a time, on their part of the threads.
    config: Config,
    idle: Mutex<Vec<Child>>,
}

impl Pool {
    pub(crate) fn new(program: ChildProgram, config: &Config, threads: usize) -> Arc<Self> {
        let mut config = config.clone();
        (config.jobs, config.threads) = (1, threads);
        Arc::new(Self {
            program,
            config,
            idle: Mutex::default(),
        })
    }

    fn give(&self, child: Child) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(child);
    }

    fn idle(&self) -> Option<Child> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    /// Starts a child for a later job.
    pub(crate) async fn prepare(&self) {
        match Child::start(&self.program, &self.config).await {
            Ok(child) => self.give(child),
            Err(error) => tracing::warn!(%error, "no child process could be started"),
        }
    }

    async fn take(&self) -> std::io::Result<Child> {
        while let Some(mut child) = self.idle() {
            if child.is_alive() {
                return Ok(child);
            }
        }
        Child::start(&self.program, &self.config).await
    }

    /// Runs all stages of a job in a child.
    pub(crate) async fn run(self: &Arc<Self>, claim: Arc<Claim>, attempt: &Arc<Attempt>) -> Result<Finish, Ended> {
        let failed = |error: std::io::Error| {
            let message = format!("no child process could be started: {error}");
            Ended::Failed(JobError::new(ErrorCode::Internal, attempt.phase(), message))
        };
        let mut child = self.take().await.map_err(failed)?;
        child.jobs += 1;
        child.redact(attempt.redactor());
        let killed = usage::killed_for_memory();
        let run = Told::Run {
            claim: Box::new(claim.as_ref().clone()),
            scratch: attempt.scratch().to_owned(),
        };
        let ended = match child.tell(&run).await {
            Ok(()) => self.until_ended(&mut child, attempt).await,
            Err(_) => None,
        };
        let Some(ended) = ended else {
            let error = match attempt.stopped() {
                Some(Stop::Unwanted | Stop::Shutdown) => Ended::Stopped,
                Some(Stop::Failed(error)) => Ended::Failed(error),
                None => Ended::Failed(self.why_gone(&mut child, attempt, killed).await),
            };
            drop(child);
            self.replace();
            return Err(error);
        };
        let memory = self.config.limits.memory;
        let has_grown = memory > 0 && Usage::of_group(child.group()).memory > memory / 2;
        if child.is_alive() && child.jobs < self.program.jobs && !has_grown {
            self.give(child);
        } else {
            drop(child);
            self.replace();
        }
        ended
    }

    /// A new child for the next job, while the worker reports this one.
    fn replace(self: &Arc<Self>) {
        let pool = self.clone();
        tokio::spawn(async move { pool.prepare().await });
    }

    /// Hears what a child says of its job; `None` if it is gone, or had to be killed.
    async fn until_ended(&self, child: &mut Child, attempt: &Attempt) -> Option<Result<Finish, Ended>> {
        let limits = &self.config.limits;
        let before = Usage::of_group(child.group());
        let mut look = tokio::time::interval(LOOK);
        let mut kill_at: Option<Instant> = None;
        loop {
            let patience = async {
                match kill_at {
                    Some(at) => tokio::time::sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                said = child.next() => match said? {
                    Said::Ready => {}
                    Said::Place(place) => attempt.repeat(place),
                    Said::Log(line) => attempt.log(&line),
                    Said::Failed(error) => return Some(Err(Ended::Failed(error))),
                    Said::Stopped => return Some(Err(Ended::Stopped)),
                    Said::Finished(finish) => return Some(Ok(Finish {
                        attempt: attempt.number(),
                        render_duration: attempt.seconds(),
                        log: Some(attempt.log_text()),
                        ..*finish
                    })),
                },
                stop = attempt.until_stopped(), if kill_at.is_none() => match stop {
                    Stop::Failed(_) => {
                        child.kill();
                        return None;
                    }
                    Stop::Unwanted | Stop::Shutdown => {
                        kill_at = Some(Instant::now() + PATIENCE);
                        child.tell(&Told::Stop).await.ok()?;
                    }
                },
                () = patience => {
                    child.kill();
                    return None;
                }
                _ = look.tick() => {
                    let now = Usage::of_group(child.group());
                    if limits.memory > 0 && now.memory > limits.memory {
                        attempt.stop(Stop::Failed(self.out_of_memory(attempt)));
                    } else if !limits.cpu.is_zero() && now.cpu.saturating_sub(before.cpu) > limits.cpu {
                        let message = format!("the job took more than {} s of processor time", limits.cpu.as_secs());
                        attempt.stop(Stop::Failed(JobError::new(ErrorCode::Timeout, attempt.phase(), message)));
                    }
                }
            }
        }
    }

    fn out_of_memory(&self, attempt: &Attempt) -> JobError {
        let message = match self.config.limits.memory {
            0 => "the job needed more memory than the worker has".to_owned(),
            limit => format!("the job needed more than the {} of memory it may use", amount(limit)),
        };
        JobError::new(ErrorCode::MemoryLimit, attempt.phase(), message)
            .hint("a smaller composition or smaller pictures, or workers with a larger --memory-limit")
    }

    /// What it means that a child is gone in the middle of a job.
    async fn why_gone(&self, child: &mut Child, attempt: &Attempt, killed_before: u64) -> JobError {
        let status = child.ended().await;
        let said = child.last_words();
        let system_killed = is_killed(status) && usage::killed_for_memory() > killed_before;
        if system_killed || said.contains("memory allocation of") {
            return self.out_of_memory(attempt);
        }
        let how = status.map_or_else(|| "in an unknown way".to_owned(), |status| format!("with {status}"));
        tracing::error!(job = attempt.job, how, said, "a child process crashed");
        attempt.log(&format!("the process that drew the job ended {how}: {said}"));
        let message = format!("the process that drew the job ended {how}");
        JobError::new(ErrorCode::RenderCrashed, attempt.phase(), message)
            .hint("this is a fault of the program, or of the machine; please report it with the template")
    }
}

#[cfg(unix)]
fn is_killed(status: Option<ExitStatus>) -> bool {
    use std::os::unix::process::ExitStatusExt;
    status.and_then(|status| status.signal()) == Some(9)
}

#[cfg(not(unix))]
fn is_killed(_status: Option<ExitStatus>) -> bool {
    false
}
