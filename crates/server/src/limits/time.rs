//! How long a request may take, but for those that are long by nature.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::error::ApiError;

/// Routes that begin so carry files, which take as long as they take while bytes move.
const FILES: [&str; 4] = ["/uploads/", "/downloads/", "/outputs/", "/api/v2/fonts"];

/// Ends a request that takes too long.
pub async fn in_time(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    if route.is_none_or(is_long) {
        return next.run(request).await;
    }
    let in_time = tokio::time::timeout(app.config.limits.request, next.run(request)).await;
    in_time.unwrap_or_else(|_| {
        let text = "this took too long; what it was to do may be done all the same";
        ApiError::new(StatusCode::GATEWAY_TIMEOUT, "TIMEOUT", text).into_response()
    })
}

fn is_long(route: &str) -> bool {
    // A claim waits for a job, a stream of events for events; the answer of a stream begins at once.
    route == "/api/worker/claim" || FILES.iter().any(|files| route.starts_with(files))
}

#[cfg(test)]
mod tests {
    use super::is_long;

    #[test]
    fn only_files_and_claims_may_take_long() {
        for route in [
            "/uploads/templates/{id}",
            "/outputs/{tag}/{file}",
            "/api/worker/claim",
            "/api/v2/fonts",
        ] {
            assert!(is_long(route), "{route}");
        }
        for route in [
            "/api/v2/jobs",
            "/api/worker/jobs/{id}/finish",
            "/healthz",
            "/api/v2/jobs/{id}/events",
        ] {
            assert!(!is_long(route), "{route}");
        }
    }
}
