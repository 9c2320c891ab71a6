//! `GET /api/v2/jobs/{id}/events`: one job, until it ends.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use filmpress_queue::JobRecord;
use futures_util::stream;

use super::{JobEvent, event, event_id, last_seen, respond, wait};
use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ErrorBody};
use crate::limits::OpenStream;
use crate::news::Listener;

/// A stream under way.
struct Watch {
    app: Arc<App>,
    job: JobRecord,
    team: String,
    news: Listener,
    /// The last change the client knows of.
    seen: Option<i64>,
    is_over: bool,
    _place: OpenStream,
}

/// Tells what happens to a job, from how it stands now until it ends.
///
/// Each event is named `job`, its data is the job's state, its id the instant of the change. The first is sent at once,
/// unless `Last-Event-ID` says that the client has it. Lines that begin with a colon keep the connection open.
#[utoipa::path(get, path = "/api/v2/jobs/{id}/events", operation_id = "stream-job-events", tag = "Events",
    security(("token" = [])),
    params(("id" = String, Path, description = "The job's id"),
        ("Last-Event-ID" = Option<String>, Header, description = "The id of the last event seen")),
    responses((status = 200, body = JobEvent, content_type = "text/event-stream"), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub async fn get(
    State(app): State<Arc<App>>,
    Team(team): Team,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Answer<Response> {
    let news = app.news.listen();
    let job = app.queue.job(Some(&team), &id).await?;
    let place = app.streams.open(&team)?;
    let watch = Watch {
        app,
        job,
        team,
        news,
        seen: last_seen(&headers),
        is_over: false,
        _place: place,
    };
    Ok(respond(stream::unfold(watch, |mut watch| async move {
        let event = watch.next().await?;
        Some((Ok(event), watch))
    })))
}

impl Watch {
    async fn next(&mut self) -> Option<axum::response::sse::Event> {
        if self.is_over {
            return None;
        }
        loop {
            let ends = self.job.state.status.is_terminal();
            // The end is told even to who has seen it: with nothing to tell, the client would ask for ever.
            if ends || self.seen != Some(event_id(&self.job)) {
                self.seen = Some(event_id(&self.job));
                self.is_over = ends;
                return Some(event(&self.job));
            }
            if !wait(&self.app, &mut self.news).await {
                return None;
            }
            match self.app.queue.job(Some(&self.team), &self.job.id).await {
                Ok(job) => self.job = job,
                // The client comes back and is told then.
                Err(error) => {
                    tracing::debug!(job = self.job.id, "an event stream ends: {error}");
                    return None;
                }
            }
        }
    }
}
