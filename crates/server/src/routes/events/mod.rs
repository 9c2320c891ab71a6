//! `/api/v2/events` and `/api/v2/jobs/{id}/events`: what happens to jobs, as it happens (server-sent events).
//!
//! A stream reads the database: at news of this process, but not more often than [`PAUSE`] allows, and else each second,
//! so that it tells what other servers do as well.

mod job;
mod team;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use filmpress_job::public::instant;
use filmpress_job::{JobError, JobStatus, Phase};
use filmpress_queue::JobRecord;
use futures_util::Stream;
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::news::Listener;

/// The database is not looked at more often.
const PAUSE: Duration = Duration::from_millis(200);

/// Without news, look again after this long: another server may have changed something.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Proxies close connections on which nothing moves.
const HEARTBEAT: Duration = Duration::from_secs(15);

pub fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(job::get))
        .routes(routes!(team::get))
}

/// What a job looks like now: the data of an event named `job`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobEvent {
    /// The job's id.
    id: String,
    /// `queued`, `pending`, `render:dorender`, `finished`, `error` or `manually_cancelled`.
    #[schema(value_type = String)]
    status: JobStatus,
    /// What its worker is doing.
    #[serde(skip_serializing_if = "Option::is_none")]
    phase: Option<Phase>,
    /// 0 to 100.
    progress: f64,
    /// Frames done.
    frame: u64,
    /// Frames there are; 0 while that is not known.
    frames: u64,
    /// Seconds until it should be done, if that can be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    eta_seconds: Option<f64>,
    /// Where the output is or will be.
    output_url: String,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<JobError>,
    /// The job it is a part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
    /// When anything last changed.
    #[serde(with = "instant")]
    updated_at: OffsetDateTime,
}

impl JobEvent {
    fn of(job: &JobRecord) -> Self {
        let state = &job.state;
        Self {
            id: job.id.clone(),
            status: state.status,
            phase: state.phase,
            progress: state.progress,
            frame: state.frame,
            frames: state.frames,
            eta_seconds: state
                .eta
                .map(|at| (at - OffsetDateTime::now_utc()).as_seconds_f64().max(0.0).round()),
            output_url: job.output_url.clone(),
            // A failure that another attempt may mend is not the job's.
            error: state.error.clone().filter(|_| state.status == JobStatus::Error),
            parent: job.parent.clone(),
            updated_at: job.updated_at,
        }
    }
}

/// The instant of a job's last change, in milliseconds: the `id` of its event, and what `Last-Event-ID` brings back.
fn event_id(job: &JobRecord) -> i64 {
    (job.updated_at.unix_timestamp_nanos() / 1_000_000) as i64
}

fn event(job: &JobRecord) -> Event {
    let event = Event::default().event("job").id(event_id(job).to_string());
    // Strings and numbers always are JSON.
    event.json_data(JobEvent::of(job)).unwrap_or_default()
}

/// The last event a client has seen, by its header.
fn last_seen(headers: &axum::http::HeaderMap) -> Option<i64> {
    headers.get("last-event-id")?.to_str().ok()?.trim().parse().ok()
}

/// Waits until it is time to look again; false when the server ends.
async fn wait(app: &App, news: &mut Listener) -> bool {
    let look_again = async {
        tokio::time::sleep(PAUSE).await;
        tokio::select! {
            () = news.next() => {}
            () = tokio::time::sleep(LOOK_AGAIN.saturating_sub(PAUSE)) => {}
        }
    };
    tokio::select! {
        () = look_again => true,
        () = app.ends() => false,
    }
}

fn respond(stream: impl Stream<Item = Result<Event, Infallible>> + Send + 'static) -> Response {
    let keep_alive = KeepAlive::new().interval(HEARTBEAT).text("still here");
    let mut response = Sse::new(stream).keep_alive(keep_alive).into_response();
    // Proxies that gather answers would keep the events from whom they are for.
    response
        .headers_mut()
        .insert("x-accel-buffering", axum::http::HeaderValue::from_static("no"));
    response
}
