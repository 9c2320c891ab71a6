//! `GET /api/v2/events`: all jobs of the team, for as long as somebody listens.

use std::collections::VecDeque;
use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::response::sse::Event;
use filmpress_queue::Cursor;
use futures_util::stream;
use time::{Duration, OffsetDateTime};

use super::{JobEvent, event, last_seen, respond, wait};
use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ErrorBody};
use crate::limits::OpenStream;
use crate::news::Listener;

/// Changes told at a time.
const PAGE: u32 = 500;

/// Who comes back after longer than this begins anew.
const LONGEST_GAP: Duration = Duration::days(1);

/// A stream under way.
struct Watch {
    app: Arc<App>,
    team: String,
    cursor: Cursor,
    waiting: VecDeque<Event>,
    news: Listener,
    has_more: bool,
    _place: OpenStream,
}

/// Tells what happens to the jobs of the team from now on, or since the event that `Last-Event-ID` names.
///
/// A job that changes quickly is told in its latest state, not in each it went through; its end is always told. What
/// `Last-Event-ID` brings back may tell the last changes before it once more.
#[utoipa::path(get, path = "/api/v2/events", operation_id = "stream-events", tag = "Events", security(("token" = [])),
    params(("Last-Event-ID" = Option<String>, Header, description = "The id of the last event seen")),
    responses((status = 200, body = JobEvent, content_type = "text/event-stream"), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody)))]
pub async fn get(State(app): State<Arc<App>>, Team(team): Team, headers: HeaderMap) -> Answer<Response> {
    let now = OffsetDateTime::now_utc();
    let seen =
        last_seen(&headers).and_then(|at| OffsetDateTime::from_unix_timestamp_nanos(i128::from(at) * 1_000_000).ok());
    let since = seen
        .filter(|seen| *seen <= now && now - *seen <= LONGEST_GAP)
        .unwrap_or(now);
    let place = app.streams.open(&team)?;
    let watch = Watch {
        news: app.news.listen(),
        app,
        team,
        cursor: Cursor::at(since),
        waiting: VecDeque::new(),
        has_more: true,
        _place: place,
    };
    Ok(respond(stream::unfold(watch, |mut watch| async move {
        let event = watch.next().await?;
        Some((Ok(event), watch))
    })))
}

impl Watch {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            if !std::mem::take(&mut self.has_more) && !wait(&self.app, &mut self.news).await {
                return None;
            }
            match self.app.queue.changed_jobs(&self.team, self.cursor.clone(), PAGE).await {
                Ok((jobs, cursor)) => {
                    self.has_more = jobs.len() >= PAGE as usize;
                    self.cursor = cursor;
                    self.waiting.extend(jobs.iter().map(event));
                }
                // The client comes back with the last it has seen.
                Err(error) => {
                    tracing::debug!(team = self.team, "an event stream ends: {error}");
                    return None;
                }
            }
        }
    }
}
