//! What is counted and measured, for `/metrics`.
//!
//! What the whole service has in common (how many jobs wait) is asked of the database at each look, so that every server
//! tells the same; what passes through this process (requests, phases, frames) is counted here.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{Method, StatusCode};
use filmpress_job::protocol::Heartbeat;
use filmpress_job::{ErrorCode, JobStatus, Phase};
use filmpress_queue::{Gauges, JobRecord};
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram, with_local_recorder};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusRecorder};

/// Seconds of requests: from cached to hopeless.
const REQUEST_SECONDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10.0, 60.0];

/// Seconds of phases: from a still to a feature film.
const PHASE_SECONDS: [f64; 11] = [0.1, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 1200.0, 3600.0, 14400.0];

/// Attempts that fall silent are forgotten after this long.
const SILENCE: Duration = Duration::from_hours(1);

/// Counts and measures.
pub struct Metrics {
    recorder: PrometheusRecorder,
    under_way: Mutex<HashMap<String, UnderWay>>,
}

/// An attempt that tells how far it is.
struct UnderWay {
    attempt: u32,
    phase: Phase,
    since: Instant,
    heard: Instant,
    frame: u64,
}

impl Metrics {
    pub fn new() -> Result<Self, BuildError> {
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Full("filmpress_phase_seconds".into()), &PHASE_SECONDS)?
            .set_buckets_for_metric(Matcher::Full("filmpress_render_seconds".into()), &PHASE_SECONDS)?
            .set_buckets_for_metric(Matcher::Suffix("_request_seconds".into()), &REQUEST_SECONDS)?
            .build_recorder();
        with_local_recorder(&recorder, describe);
        Ok(Self {
            recorder,
            under_way: Mutex::default(),
        })
    }

    /// A request was answered. `route` is the path with names in the place of ids.
    pub fn answered(&self, method: &Method, route: &str, status: StatusCode, took: Duration) {
        let (method, route) = (method.as_str().to_owned(), route.to_owned());
        with_local_recorder(&self.recorder, || {
            counter!("filmpress_http_requests_total", "method" => method.clone(), "route" => route.clone(),
                "status" => status.as_str().to_owned())
            .increment(1);
            histogram!("filmpress_http_request_seconds", "method" => method, "route" => route).record(took);
        });
    }

    /// A worker told how far it is.
    pub fn heartbeat(&self, job: &str, beat: &Heartbeat) {
        let now = Instant::now();
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = under_way.entry(job.to_owned()).or_insert_with(|| UnderWay {
            attempt: beat.attempt,
            phase: beat.phase,
            since: now,
            heard: now,
            frame: 0,
        });
        if entry.attempt != beat.attempt {
            *entry = UnderWay {
                attempt: beat.attempt,
                phase: beat.phase,
                since: now,
                heard: now,
                frame: 0,
            };
        }
        entry.heard = now;
        let ended = (entry.phase != beat.phase).then(|| (entry.phase, now - entry.since));
        if ended.is_some() {
            (entry.phase, entry.since) = (beat.phase, now);
        }
        let frames = beat.frame.saturating_sub(entry.frame);
        entry.frame = entry.frame.max(beat.frame);
        drop(under_way);
        with_local_recorder(&self.recorder, || {
            counter!("filmpress_frames_total").increment(frames);
            if let Some((phase, took)) = ended {
                histogram!("filmpress_phase_seconds", "phase" => phase.as_str()).record(took);
            }
        });
    }

    /// An attempt came to its end, well or not.
    pub fn reported(&self, job: &JobRecord) {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        let last = under_way.remove(&job.id);
        under_way.retain(|_, entry| entry.heard.elapsed() < SILENCE);
        drop(under_way);
        let state = &job.state;
        with_local_recorder(&self.recorder, || {
            if let Some(last) = last {
                histogram!("filmpress_phase_seconds", "phase" => last.phase.as_str()).record(last.since.elapsed());
            }
            match (state.status, &state.error) {
                (JobStatus::Finished, _) => {
                    counter!("filmpress_attempts_total", "result" => "finished", "code" => "").increment(1);
                    if let Some(seconds) = state.render_duration {
                        histogram!("filmpress_render_seconds").record(seconds);
                    }
                }
                (status, Some(error)) => {
                    let result = if status == JobStatus::Error { "error" } else { "retried" };
                    counter!("filmpress_attempts_total", "result" => result, "code" => word(error.code)).increment(1);
                }
                (_, None) => {}
            }
        });
    }

    /// A webhook was tried.
    pub fn webhook(&self, arrived: bool, took: Duration) {
        with_local_recorder(&self.recorder, || {
            let result = if arrived { "delivered" } else { "failed" };
            counter!("filmpress_webhook_tries_total", "result" => result).increment(1);
            histogram!("filmpress_webhook_request_seconds").record(took);
        });
    }

    /// Everything as text, with what the database says now.
    pub fn text(&self, now: &Gauges, streams: usize) -> String {
        with_local_recorder(&self.recorder, || {
            gauge!("filmpress_jobs", "status" => "queued").set(now.queued as f64);
            gauge!("filmpress_jobs", "status" => "pending").set(now.pending as f64);
            gauge!("filmpress_jobs", "status" => "rendering").set(now.rendering as f64);
            gauge!("filmpress_oldest_queued_seconds").set(now.oldest_queued_seconds);
            gauge!("filmpress_webhooks", "state" => "waiting").set(now.webhooks_waiting as f64);
            gauge!("filmpress_webhooks", "state" => "dead").set(now.webhooks_dead as f64);
            gauge!("filmpress_webhook_lag_seconds").set(now.webhook_lag_seconds);
            gauge!("filmpress_event_streams").set(streams as f64);
            gauge!("filmpress_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
        });
        let handle = self.recorder.handle();
        handle.run_upkeep();
        handle.render()
    }

    /// What was measured is put in order, so that it does not pile up between looks.
    pub fn tidy(&self) {
        self.recorder.handle().run_upkeep();
    }
}

/// The word for programs, as clients know it.
fn word(code: ErrorCode) -> String {
    let word = serde_json::to_value(code).ok();
    word.and_then(|word| word.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn describe() {
    describe_gauge!("filmpress_jobs", "Jobs by status, in the whole service");
    describe_gauge!(
        "filmpress_oldest_queued_seconds",
        "How long the job has waited that waits longest"
    );
    describe_gauge!("filmpress_webhooks", "Webhooks waiting to be sent, or given up");
    describe_gauge!(
        "filmpress_webhook_lag_seconds",
        "How long the webhook has been due that is due longest"
    );
    describe_gauge!("filmpress_event_streams", "Event streams open at this server");
    describe_gauge!("filmpress_build_info", "The version of this server");
    describe_counter!("filmpress_http_requests_total", "Requests answered by this server");
    describe_histogram!(
        "filmpress_http_request_seconds",
        "How long requests took until the answer began"
    );
    describe_counter!("filmpress_frames_total", "Frames that workers told this server of");
    describe_histogram!("filmpress_phase_seconds", "How long attempts were in a phase");
    describe_histogram!(
        "filmpress_render_seconds",
        "How long finished jobs took, from claim to report"
    );
    describe_counter!(
        "filmpress_attempts_total",
        "Attempts reported to this server, by result and error code"
    );
    describe_counter!(
        "filmpress_webhook_tries_total",
        "Webhooks sent by this server, by result"
    );
    describe_histogram!(
        "filmpress_webhook_request_seconds",
        "How long receivers of webhooks took to answer"
    );
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::http::{Method, StatusCode};
    use filmpress_job::Phase;
    use filmpress_job::protocol::Heartbeat;
    use filmpress_queue::Gauges;

    use super::Metrics;

    #[test]
    fn frames_and_phases_are_counted_once() {
        let metrics = Metrics::new().unwrap();
        let beat = |attempt, phase, frame| {
            let progress = 0.0;
            let beat = Heartbeat {
                attempt,
                phase,
                progress,
                frame,
                frames: 100,
            };
            metrics.heartbeat("J", &beat);
        };
        beat(1, Phase::Fetch, 0);
        beat(1, Phase::Render, 10);
        beat(1, Phase::Render, 10);
        beat(1, Phase::Render, 7);
        beat(2, Phase::Render, 5);
        metrics.answered(
            &Method::GET,
            "/api/v2/jobs/{id}",
            StatusCode::OK,
            Duration::from_millis(3),
        );
        let text = metrics.text(&Gauges::default(), 2);
        for line in [
            "filmpress_frames_total 15",
            "filmpress_phase_seconds_count{phase=\"fetch\"} 1",
            "filmpress_jobs{status=\"queued\"} 0",
            "filmpress_event_streams 2",
            "filmpress_http_request_seconds_bucket{method=\"GET\",route=\"/api/v2/jobs/{id}\",le=\"0.005\"} 1",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
    }
}
