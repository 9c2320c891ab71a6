//! How a job moves: a pure function from a state and an event to the next state.

use std::time::Duration;

use filmpress_job::{ErrorCode, JobError, JobStatus, Phase};
use time::OffsetDateTime;

use crate::policy::Policy;

/// What changes over a job's life.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Where it stands.
    pub status: JobStatus,
    /// The number of the last attempt; 0 before the first. A report with another number is refused.
    pub attempt: u32,
    /// How many attempts failed or were lost. Those that a worker handed back in good order do not count.
    pub spent: u32,
    /// Who has it, while rendering.
    pub worker: Option<String>,
    /// Until when, while rendering.
    pub lease_until: Option<OffsetDateTime>,
    /// Not to be claimed before this instant.
    pub not_before: OffsetDateTime,
    /// What the worker is doing, while rendering.
    pub phase: Option<Phase>,
    /// 0 to 100.
    pub progress: f64,
    /// Frames done.
    pub frame: u64,
    /// Frames there are; 0 while that is not known.
    pub frames: u64,
    /// Since when frames are being drawn, while rendering.
    pub render_since: Option<OffsetDateTime>,
    /// When the frames will be done if it goes on like this, while rendering.
    pub eta: Option<OffsetDateTime>,
    /// When a worker first took it.
    pub started_at: Option<OffsetDateTime>,
    /// When it was done.
    pub finished_at: Option<OffsetDateTime>,
    /// When it failed for good.
    pub error_at: Option<OffsetDateTime>,
    /// When it was cancelled.
    pub cancelled_at: Option<OffsetDateTime>,
    /// Seconds of the attempt that finished.
    pub render_duration: Option<f64>,
    /// Why it failed: for good, or the last time while it waits for another attempt.
    pub error: Option<JobError>,
    /// What went less than perfectly.
    pub warnings: Vec<String>,
    /// Fonts that were replaced.
    pub missing_fonts: Vec<String>,
    /// The storage key of the finished output; none where it went to the client's own store.
    pub output: Option<String>,
    /// The storage key of its poster.
    pub poster: Option<String>,
}

/// What a finished job made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// The storage key; none where it went to the client's own store.
    pub key: Option<String>,
    /// The storage key of the poster.
    pub poster_key: Option<String>,
    /// Where the output is, if elsewhere than was said when the job was accepted.
    pub url: Option<String>,
    /// The same of the poster.
    pub poster_url: Option<String>,
}

impl Output {
    /// An output in our storage.
    pub fn stored(key: impl Into<String>) -> Self {
        Self {
            key: Some(key.into()),
            ..Self::default()
        }
    }
}

impl State {
    /// The state of a job just accepted.
    pub fn queued(now: OffsetDateTime) -> Self {
        Self {
            status: JobStatus::Queued,
            attempt: 0,
            spent: 0,
            worker: None,
            lease_until: None,
            not_before: now,
            phase: None,
            progress: 0.0,
            frame: 0,
            frames: 0,
            render_since: None,
            eta: None,
            started_at: None,
            finished_at: None,
            error_at: None,
            cancelled_at: None,
            render_duration: None,
            error: None,
            warnings: Vec::new(),
            missing_fonts: Vec::new(),
            output: None,
            poster: None,
        }
    }

    /// The state of a job just accepted that waits for its children.
    pub fn pending(now: OffsetDateTime) -> Self {
        Self {
            status: JobStatus::Pending,
            ..Self::queued(now)
        }
    }

    /// When it ended, however that was.
    pub fn ended_at(&self) -> Option<OffsetDateTime> {
        self.finished_at.or(self.error_at).or(self.cancelled_at)
    }
}

/// What can happen to a job.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A worker takes it.
    Claim {
        /// The worker's name.
        worker: String,
    },
    /// Its worker is still at it.
    Heartbeat {
        /// The worker's attempt.
        attempt: u32,
        /// What it is doing.
        phase: Phase,
        /// 0 to 100.
        progress: f64,
        /// Frames done.
        frame: u64,
        /// Frames there are; 0 while that is not known.
        frames: u64,
    },
    /// Its worker is done and the output is stored.
    Finish {
        /// The worker's attempt.
        attempt: u32,
        /// Seconds it took.
        render_duration: f64,
        /// What went less than perfectly.
        warnings: Vec<String>,
        /// Fonts that were replaced.
        missing_fonts: Vec<String>,
        /// What was made.
        output: Output,
    },
    /// Its worker failed; with a retryable `WORKER_LOST` it is being shut down and hands the job back.
    Fail {
        /// The worker's attempt.
        attempt: u32,
        /// Why.
        error: JobError,
    },
    /// Its worker failed just as another one did before: the job is what is wrong.
    Poison {
        /// The worker's attempt.
        attempt: u32,
        /// Why.
        error: JobError,
    },
    /// The lease ran out.
    LeaseRanOut,
    /// The worker is known to be gone, whatever the lease says.
    WorkerGone,
    /// Somebody wants it no longer, or what waits for it or what it waits for is no more.
    Cancel {
        /// Also if a worker has it.
        running: bool,
    },
    /// The last of the jobs it waited for has finished.
    ChildrenDone,
    /// A job it waited for has failed.
    ChildFailed {
        /// That job's id.
        child: String,
        /// Why it failed.
        error: JobError,
    },
}

/// Why a job does not take a step.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The report is of an attempt that is over.
    #[error("attempt {given} is over: the job is `{status}` at attempt {current}")]
    Stale {
        /// The attempt of the report.
        given: u32,
        /// The job's attempt.
        current: u32,
        /// The job's status.
        status: JobStatus,
    },
    /// The job is not waiting for a worker, or not yet.
    #[error("the job is `{0}` and cannot be claimed")]
    NotClaimable(JobStatus),
    /// The job has no lease that ran out.
    #[error("the job's lease has not run out")]
    LeaseHolds,
    /// The job is done, or a worker has it.
    #[error("the job is `{0}` and cannot be cancelled")]
    NotCancellable(JobStatus),
    /// The job waits for no other.
    #[error("the job is `{0}` and waits for no other")]
    NotPending(JobStatus),
}

/// The state after an event, or why there is none.
pub fn next(state: &State, event: Event, now: OffsetDateTime, policy: &Policy) -> Result<State, Refused> {
    match event {
        Event::Claim { worker } => {
            if state.status != JobStatus::Queued || state.not_before > now {
                return Err(Refused::NotClaimable(state.status));
            }
            Ok(State {
                status: JobStatus::Rendering,
                attempt: state.attempt + 1,
                worker: Some(worker),
                lease_until: Some(now + policy.lease),
                phase: Some(Phase::Fetch),
                progress: 0.0,
                frame: 0,
                frames: 0,
                render_since: None,
                eta: None,
                started_at: state.started_at.or(Some(now)),
                ..state.clone()
            })
        }
        Event::Heartbeat {
            attempt,
            phase,
            progress,
            frame,
            frames,
        } => {
            own(state, attempt)?;
            let progress = if progress.is_finite() {
                progress.clamp(0.0, 100.0)
            } else {
                0.0
            };
            let frames = frames.min(MOST_FRAMES).max(state.frames);
            let frame = frame.min(frames).max(state.frame);
            let render_since = state.render_since.or((phase == Phase::Render).then_some(now));
            Ok(State {
                lease_until: Some(now + policy.lease),
                phase: Some(phase),
                progress: state.progress.max(progress),
                frame,
                frames,
                eta: render_since.and_then(|since| eta(since, now, frame, frames)),
                render_since,
                ..state.clone()
            })
        }
        Event::Finish {
            attempt,
            render_duration,
            warnings,
            missing_fonts,
            output,
        } => {
            // The worker may not have heard the answer and says it again.
            if state.status == JobStatus::Finished && state.attempt == attempt {
                return Ok(state.clone());
            }
            own(state, attempt)?;
            Ok(State {
                status: JobStatus::Finished,
                progress: 100.0,
                finished_at: Some(now),
                render_duration: Some(if render_duration.is_finite() {
                    render_duration.max(0.0)
                } else {
                    0.0
                }),
                error: None,
                // What was known when the job was accepted stays true; which fonts are missing, the worker has seen.
                warnings: state
                    .warnings
                    .iter()
                    .cloned()
                    .chain(warnings.into_iter().filter(|warning| !state.warnings.contains(warning)))
                    .collect(),
                missing_fonts,
                frame: state.frames,
                output: output.key,
                poster: output.poster_key,
                ..without_worker(state)
            })
        }
        Event::Fail { attempt, error } => {
            if state.status == JobStatus::Error && state.attempt == attempt {
                return Ok(state.clone());
            }
            own(state, attempt)?;
            if error.retryable && error.code == ErrorCode::WorkerLost {
                return Ok(waiting_again(state, error, now, Duration::ZERO));
            }
            let spent = spend(state);
            let same_again = state.error.as_ref().is_some_and(|before| before.code == error.code);
            let hopeless = same_again && error.code.is_retried_once();
            if error.retryable && !hopeless && spent.spent < policy.max_attempts {
                Ok(waiting_again(&spent, error, now, policy.backoff_after(spent.spent)))
            } else {
                Ok(failed(&spent, error, now))
            }
        }
        Event::LeaseRanOut => match (state.status, state.lease_until) {
            (JobStatus::Rendering, Some(until)) if until <= now => Ok(lost(state, now, policy)),
            _ => Err(Refused::LeaseHolds),
        },
        Event::WorkerGone => match state.status {
            JobStatus::Rendering => Ok(lost(state, now, policy)),
            _ => Err(Refused::LeaseHolds),
        },
        Event::Poison { attempt, error } => {
            if state.status == JobStatus::Error && state.attempt == attempt {
                return Ok(state.clone());
            }
            own(state, attempt)?;
            let hint = "it failed the same way on two workers: what it asks for is the cause, not the machine";
            let hint = error.hint.clone().unwrap_or_else(|| hint.to_owned());
            Ok(failed(&spend(state), error.retryable(false).hint(hint), now))
        }
        Event::Cancel { running } => match state.status {
            JobStatus::Pending | JobStatus::Queued => Ok(cancelled(state, now)),
            JobStatus::Rendering if running => Ok(cancelled(state, now)),
            status => Err(Refused::NotCancellable(status)),
        },
        Event::ChildrenDone => match state.status {
            JobStatus::Pending => Ok(State {
                status: JobStatus::Queued,
                not_before: now,
                ..state.clone()
            }),
            status => Err(Refused::NotPending(status)),
        },
        Event::ChildFailed { child, error } => match state.status {
            JobStatus::Pending => {
                let message = format!("its job `{child}` failed: {}", error.message);
                let why = JobError::new(ErrorCode::ChildFailed, Phase::Queue, message);
                let why = JobError {
                    hint: error.hint,
                    ..why
                };
                Ok(failed(state, why, now))
            }
            status => Err(Refused::NotPending(status)),
        },
    }
}

/// More frames than any film has: a worker's number that no column could hold is cut.
const MOST_FRAMES: u64 = 1 << 40;

/// When the last frame is done at the pace since `since`.
fn eta(since: OffsetDateTime, now: OffsetDateTime, frame: u64, frames: u64) -> Option<OffsetDateTime> {
    if frame == 0 || frames == 0 {
        return None;
    }
    let left = (now - since).as_seconds_f64().max(0.0) * (frames - frame) as f64 / frame as f64;
    // Longer than a year is no answer.
    (left < 31_536_000.0).then(|| now + Duration::from_secs_f64(left))
}

fn cancelled(state: &State, now: OffsetDateTime) -> State {
    State {
        status: JobStatus::Cancelled,
        cancelled_at: Some(now),
        error: None,
        ..without_worker(state)
    }
}

fn own(state: &State, attempt: u32) -> Result<(), Refused> {
    if state.status == JobStatus::Rendering && state.attempt == attempt {
        Ok(())
    } else {
        Err(Refused::Stale {
            given: attempt,
            current: state.attempt,
            status: state.status,
        })
    }
}

fn without_worker(state: &State) -> State {
    State {
        worker: None,
        lease_until: None,
        phase: None,
        render_since: None,
        eta: None,
        ..state.clone()
    }
}

fn waiting_again(state: &State, error: JobError, now: OffsetDateTime, wait: Duration) -> State {
    State {
        status: JobStatus::Queued,
        not_before: now + wait,
        progress: 0.0,
        frame: 0,
        frames: 0,
        error: Some(error),
        ..without_worker(state)
    }
}

fn failed(state: &State, error: JobError, now: OffsetDateTime) -> State {
    State {
        status: JobStatus::Error,
        error_at: Some(now),
        error: Some(error),
        ..without_worker(state)
    }
}

fn lost(state: &State, now: OffsetDateTime, policy: &Policy) -> State {
    let phase = state.phase.unwrap_or(Phase::Queue);
    let worker = state.worker.as_deref().unwrap_or("?");
    let message = format!("worker `{worker}` vanished in attempt {}", state.attempt);
    let error = JobError::new(ErrorCode::WorkerLost, phase, message);
    let spent = spend(state);
    if spent.spent < policy.max_attempts {
        waiting_again(&spent, error, now, Duration::ZERO)
    } else {
        let hint = "the job may need more memory than its workers have; their logs tell";
        failed(&spent, error.retryable(false).hint(hint), now)
    }
}

fn spend(state: &State) -> State {
    State {
        spent: state.spent + 1,
        ..state.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use filmpress_job::{ErrorCode, JobError, JobStatus, Phase};
    use proptest::prelude::*;
    use time::OffsetDateTime;

    use super::{Event, Refused, State, next};
    use crate::policy::Policy;

    fn at(seconds: i64) -> OffsetDateTime {
        OffsetDateTime::UNIX_EPOCH + Duration::from_secs(seconds as u64)
    }

    fn step(state: &State, event: Event, now: i64) -> State {
        next(state, event, at(now), &Policy::default()).unwrap()
    }

    fn claim() -> Event {
        Event::Claim { worker: "w".into() }
    }

    fn finish(attempt: u32) -> Event {
        let output = super::Output::stored(format!("o/{attempt}"));
        Event::Finish {
            attempt,
            render_duration: 1.5,
            warnings: vec![],
            missing_fonts: vec![],
            output,
        }
    }

    fn heartbeat(attempt: u32, progress: f64) -> Event {
        Event::Heartbeat {
            attempt,
            phase: Phase::Render,
            progress,
            frame: 0,
            frames: 0,
        }
    }

    fn failure(retryable: bool) -> JobError {
        JobError::new(ErrorCode::AssetDownloadFailed, Phase::Fetch, "503").retryable(retryable)
    }

    #[test]
    fn out_of_memory_twice_is_enough() {
        let out_of_memory = |attempt| Event::Fail {
            attempt,
            error: JobError::new(ErrorCode::MemoryLimit, Phase::Render, "too much"),
        };
        let once = step(&step(&State::queued(at(0)), claim(), 1), out_of_memory(1), 2);
        assert_eq!(once.status, JobStatus::Queued);
        let twice = step(&step(&once, claim(), 100), out_of_memory(2), 101);
        assert_eq!((twice.status, twice.spent), (JobStatus::Error, 2));
        assert_eq!(twice.error.map(|error| error.code), Some(ErrorCode::MemoryLimit));
    }

    #[test]
    fn a_job_goes_through() {
        let queued = State::queued(at(0));
        let taken = step(&queued, claim(), 1);
        assert_eq!(
            (taken.status, taken.attempt, taken.lease_until),
            (JobStatus::Rendering, 1, Some(at(61)))
        );
        let beat = step(&taken, heartbeat(1, 40.0), 10);
        assert_eq!((beat.progress, beat.lease_until), (40.0, Some(at(70))));
        let behind = step(&beat, heartbeat(1, 30.0), 11);
        assert_eq!(behind.progress, 40.0);
        let done = step(&behind, finish(1), 12);
        assert_eq!(
            (done.status, done.progress, done.finished_at),
            (JobStatus::Finished, 100.0, Some(at(12)))
        );
        assert_eq!((done.worker.clone(), done.lease_until), (None, None));
        assert_eq!(
            step(&done, finish(1), 13),
            done,
            "the same report again changes nothing"
        );
    }

    #[test]
    fn a_stale_attempt_is_refused() {
        let first = step(&State::queued(at(0)), claim(), 0);
        let again = step(&step(&first, Event::LeaseRanOut, 60), claim(), 61);
        assert_eq!(again.attempt, 2);
        for event in [
            finish(1),
            heartbeat(1, 99.0),
            Event::Fail {
                attempt: 1,
                error: failure(true),
            },
        ] {
            let refused = next(&again, event, at(62), &Policy::default()).unwrap_err();
            assert_eq!(
                refused,
                Refused::Stale {
                    given: 1,
                    current: 2,
                    status: JobStatus::Rendering
                }
            );
        }
    }

    #[test]
    fn leases_run_out_when_they_do_and_three_times_at_most() {
        let mut state = State::queued(at(0));
        for attempt in 1..=3 {
            state = step(&state, claim(), 100 * attempt);
            let early = next(&state, Event::LeaseRanOut, at(100 * attempt + 59), &Policy::default());
            assert_eq!(early.unwrap_err(), Refused::LeaseHolds);
            state = step(&state, Event::LeaseRanOut, 100 * attempt + 60);
        }
        assert_eq!((state.status, state.error_at), (JobStatus::Error, Some(at(360))));
        assert_eq!(state.error.unwrap().code, ErrorCode::WorkerLost);
    }

    #[test]
    fn only_retryable_failures_wait_for_another_attempt() {
        let taken = step(&State::queued(at(0)), claim(), 0);
        let input = step(
            &taken,
            Event::Fail {
                attempt: 1,
                error: failure(false),
            },
            5,
        );
        assert_eq!((input.status, input.error_at), (JobStatus::Error, Some(at(5))));
        let infra = step(
            &taken,
            Event::Fail {
                attempt: 1,
                error: failure(true),
            },
            5,
        );
        assert_eq!(
            (infra.status, infra.not_before, infra.error_at),
            (JobStatus::Queued, at(10), None)
        );
        assert_eq!(
            next(&infra, claim(), at(9), &Policy::default()),
            Err(Refused::NotClaimable(JobStatus::Queued)),
            "not before its time"
        );
        let second = step(
            &step(&infra, claim(), 10),
            Event::Fail {
                attempt: 2,
                error: failure(true),
            },
            11,
        );
        assert_eq!(second.not_before, at(31));
        let third = step(
            &step(&second, claim(), 31),
            Event::Fail {
                attempt: 3,
                error: failure(true),
            },
            32,
        );
        assert_eq!(third.status, JobStatus::Error);
        let lucky = step(&step(&second, claim(), 31), finish(3), 32);
        assert_eq!((lucky.status, lucky.error), (JobStatus::Finished, None));
    }

    #[test]
    fn what_is_handed_back_waits_at_once_and_counts_for_nothing() {
        let mut state = State::queued(at(0));
        for attempt in 1..=9 {
            state = step(&state, claim(), i64::from(attempt));
            let error = JobError::new(ErrorCode::WorkerLost, Phase::Render, "shut down");
            state = step(&state, Event::Fail { attempt, error }, i64::from(attempt));
            assert_eq!(
                (state.status, state.spent, state.not_before),
                (JobStatus::Queued, 0, at(i64::from(attempt)))
            );
        }
        assert_eq!(step(&state, claim(), 20).attempt, 10);
    }

    fn any_event() -> impl Strategy<Value = Event> {
        let attempt = 0..5_u32;
        prop_oneof![
            Just(claim()),
            (attempt.clone(), any::<f64>(), any::<u64>(), any::<u64>()).prop_map(
                |(attempt, progress, frame, frames)| {
                    Event::Heartbeat {
                        attempt,
                        phase: Phase::Render,
                        progress,
                        frame,
                        frames,
                    }
                }
            ),
            (attempt.clone(), any::<bool>()).prop_map(|(attempt, retryable)| Event::Poison {
                attempt,
                error: failure(retryable)
            }),
            any::<bool>().prop_map(|running| Event::Cancel { running }),
            Just(Event::ChildrenDone),
            any::<bool>().prop_map(|retryable| Event::ChildFailed {
                child: "C".into(),
                error: failure(retryable)
            }),
            attempt.clone().prop_map(finish),
            (attempt, any::<bool>()).prop_map(|(attempt, retryable)| Event::Fail {
                attempt,
                error: failure(retryable)
            }),
            Just(Event::LeaseRanOut),
            Just(Event::WorkerGone),
        ]
    }

    proptest! {
        #[test]
        fn whatever_happens_the_state_makes_sense(
            is_parent in any::<bool>(),
            events in prop::collection::vec((any_event(), 0..100_i64), 0..60),
        ) {
            let start = if is_parent { State::pending(at(0)) } else { State::queued(at(0)) };
            let (mut state, mut now, mut terminal) = (start, 0, None);
            for (event, seconds) in events {
                now += seconds;
                let Ok(after) = next(&state, event, at(now), &Policy::default()) else { continue };
                prop_assert!(after.attempt >= state.attempt && after.spent >= state.spent);
                prop_assert!(after.spent <= 3 && after.spent <= after.attempt);
                prop_assert_eq!(after.worker.is_some(), after.status == JobStatus::Rendering);
                prop_assert_eq!(after.lease_until.is_some(), after.status == JobStatus::Rendering);
                prop_assert!((0.0..=100.0).contains(&after.progress));
                prop_assert_eq!(after.output.is_some(), after.status == JobStatus::Finished);
                prop_assert_eq!(after.finished_at.is_some(), after.status == JobStatus::Finished);
                prop_assert_eq!(after.error_at.is_some(), after.status == JobStatus::Error);
                prop_assert_eq!(after.cancelled_at.is_some(), after.status == JobStatus::Cancelled);
                prop_assert_eq!(after.ended_at().is_some(), after.status.is_terminal());
                prop_assert!(after.frame <= after.frames && (after.eta.is_none() || after.eta.unwrap() >= at(now)));
                prop_assert!(after.status != JobStatus::Pending || state.status == JobStatus::Pending);
                if let Some(end) = &terminal {
                    prop_assert_eq!(&after, end);
                }
                if after.status.is_terminal() {
                    terminal = Some(after.clone());
                }
                state = after;
            }
        }
    }
}
