//! The URL tree: a folder a branch, a file an endpoint.
//!
//! To add one: a file with its handler under `#[utoipa::path]` and its request and response types, and its line in the
//! folder's `router`. The public branches are `/api/v2`; `/api/worker` is for workers; `/uploads`, `/downloads` and
//! `/outputs` take no token but a signed URL.

mod admin;
mod batches;
mod docs;
mod downloads;
mod events;
mod fonts;
mod health;
mod jobs;
mod metrics;
mod outputs;
mod secrets;
mod team;
mod templates;
mod uploads;
mod v3;
mod webhooks;
mod worker;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::{Json, Router, middleware, routing};
use serde_json::Value;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{Any, CorsLayer};
use tower_http::timeout::RequestBodyTimeoutLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::error::ApiError;
use crate::limits::in_time;
use crate::openapi::document;
use crate::request::{REQUEST_ID, no_route, tag};

/// No JSON body is larger than this.
const BODY_LIMIT: usize = 10 << 20;

fn described() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .nest("/api/v2/templates", templates::router())
        .nest("/api/v2/jobs", jobs::router())
        .nest("/api/v2/batches", batches::router())
        .nest("/api/v2/fonts", fonts::router())
        .nest("/api/v2/secrets", secrets::router())
        .nest("/api/v2/webhooks", webhooks::router())
        .nest("/api/v2", team::router())
        .nest("/api/v3/templates", v3::router())
        .nest("/api/admin", admin::router())
        .merge(events::router())
        .routes(routes!(health::health))
        .routes(routes!(health::ready))
        .routes(routes!(metrics::get))
}

/// The description of the API, in OpenAPI.
pub fn openapi() -> Value {
    document(&described().split_for_parts().1)
}

/// Everything the server answers to.
pub fn router(app: &Arc<App>) -> Router {
    let (public, description) = described().split_for_parts();
    let description = document(&description);
    let docs = docs::router(&description);
    let cors = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods(Any)
        .allow_headers(Any)
        .expose_headers([
            REQUEST_ID,
            header::RETRY_AFTER,
            jobs::once::REPLAYED,
            header::CONTENT_RANGE,
            header::CONTENT_LENGTH,
            header::ACCEPT_RANGES,
        ]);
    public
        .merge(docs)
        .route(
            "/api/openapi.json",
            routing::get(move || async move { Json(description) }),
        )
        .nest("/api/worker", worker::router())
        .nest("/uploads", uploads::router())
        .route("/downloads/{*key}", routing::get(downloads::get))
        .route("/outputs/{tag}/{file}", routing::get(outputs::get))
        .fallback(no_route)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(RequestBodyTimeoutLayer::new(app.config.limits.body_pause))
        .layer(middleware::from_fn_with_state(app.clone(), in_time))
        .layer(CatchPanicLayer::custom(stopped))
        .layer(middleware::from_fn_with_state(app.clone(), tag))
        .layer(cors)
        .with_state(app.clone())
}

#[allow(
    clippy::needless_pass_by_value,
    reason = "the layer hands over what the panic carried"
)]
fn stopped(_carried: Box<dyn std::any::Any + Send>) -> Response {
    ApiError::internal(&"a request handler stopped unexpectedly").into_response()
}
