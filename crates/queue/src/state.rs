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
    /// When a worker first took it.
    pub started_at: Option<OffsetDateTime>,
    /// When it was done.
    pub finished_at: Option<OffsetDateTime>,
    /// When it failed for good.
    pub error_at: Option<OffsetDateTime>,
    /// Seconds of the attempt that finished.
    pub render_duration: Option<f64>,
    /// Why it failed: for good, or the last time while it waits for another attempt.
    pub error: Option<JobError>,
    /// What went less than perfectly.
    pub warnings: Vec<String>,
    /// Fonts that were replaced.
    pub missing_fonts: Vec<String>,
    /// The storage key of the finished output.
    pub output: Option<String>,
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
            started_at: None,
            finished_at: None,
            error_at: None,
            render_duration: None,
            error: None,
            warnings: Vec::new(),
            missing_fonts: Vec::new(),
            output: None,
        }
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
        /// The storage key of the output.
        output: String,
    },
    /// Its worker failed; with a retryable `WORKER_LOST` it is being shut down and hands the job back.
    Fail {
        /// The worker's attempt.
        attempt: u32,
        /// Why.
        error: JobError,
    },
    /// The lease ran out.
    LeaseRanOut,
    /// The worker is known to be gone, whatever the lease says.
    WorkerGone,
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
                started_at: state.started_at.or(Some(now)),
                ..state.clone()
            })
        }
        Event::Heartbeat {
            attempt,
            phase,
            progress,
        } => {
            own(state, attempt)?;
            let progress = if progress.is_finite() {
                progress.clamp(0.0, 100.0)
            } else {
                0.0
            };
            Ok(State {
                lease_until: Some(now + policy.lease),
                phase: Some(phase),
                progress: state.progress.max(progress),
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
                warnings,
                missing_fonts,
                output: Some(output),
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
        ..state.clone()
    }
}

fn waiting_again(state: &State, error: JobError, now: OffsetDateTime, wait: Duration) -> State {
    State {
        status: JobStatus::Queued,
        not_before: now + wait,
        progress: 0.0,
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
        let output = format!("o/{attempt}");
        Event::Finish {
            attempt,
            render_duration: 1.5,
            warnings: vec![],
            missing_fonts: vec![],
            output,
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
        let beat = step(
            &taken,
            Event::Heartbeat {
                attempt: 1,
                phase: Phase::Render,
                progress: 40.0,
            },
            10,
        );
        assert_eq!((beat.progress, beat.lease_until), (40.0, Some(at(70))));
        let behind = step(
            &beat,
            Event::Heartbeat {
                attempt: 1,
                phase: Phase::Render,
                progress: 30.0,
            },
            11,
        );
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
            Event::Heartbeat {
                attempt: 1,
                phase: Phase::Render,
                progress: 99.0,
            },
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
            (attempt.clone(), any::<f64>()).prop_map(|(attempt, progress)| Event::Heartbeat {
                attempt,
                phase: Phase::Render,
                progress
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
        fn whatever_happens_the_state_makes_sense(events in prop::collection::vec((any_event(), 0..100_i64), 0..60)) {
            let (mut state, mut now, mut terminal) = (State::queued(at(0)), 0, None);
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
