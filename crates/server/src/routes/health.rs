//! `GET /healthz`: the process answers. `GET /readyz`: so do its database and its store of files.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;

/// A database or store that has not answered by then is as good as gone.
const PATIENCE: Duration = Duration::from_secs(5);

/// That the process answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok`.
    status: &'static str,
    /// The version of the server.
    version: &'static str,
}

/// What a server needs, and whether it is there.
#[derive(Debug, Serialize, ToSchema)]
pub struct Readiness {
    /// `ok`, or `unavailable` if one of the checks failed or the server is about to end.
    status: &'static str,
    /// `ok` or `failed`, for `database` and `storage`. Why is in the server's log.
    checks: BTreeMap<&'static str, &'static str>,
}

/// Says that the process answers. Asks nothing else, so that a database that is down does not get it restarted.
#[utoipa::path(get, path = "/healthz", operation_id = "get-health", tag = "Operations",
    responses((status = 200, body = Health)))]
pub async fn health() -> Json<Health> {
    Json(Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
    })
}

/// Says whether the server can do its work: send clients elsewhere while it cannot.
#[utoipa::path(get, path = "/readyz", operation_id = "get-readiness", tag = "Operations",
    responses((status = 200, body = Readiness), (status = 503, body = Readiness)))]
pub async fn ready(State(app): State<Arc<App>>) -> (StatusCode, Json<Readiness>) {
    let database = async { app.queue.ping().await.map_err(|error| error.to_string()) };
    let (database, storage) = tokio::join!(
        tokio::time::timeout(PATIENCE, database),
        tokio::time::timeout(PATIENCE, app.storage.ping()),
    );
    let mut checks = BTreeMap::new();
    for (name, result) in [("database", database), ("storage", storage)] {
        let word = match result.unwrap_or_else(|_| Err("no answer in time".to_owned())) {
            Ok(()) => "ok",
            Err(error) => {
                tracing::warn!("not ready: {name}: {error}");
                "failed"
            }
        };
        checks.insert(name, word);
    }
    let is_ready = !*app.ending.borrow() && checks.values().all(|word| *word == "ok");
    let (code, status) = if is_ready {
        (StatusCode::OK, "ok")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "unavailable")
    };
    (code, Json(Readiness { status, checks }))
}
