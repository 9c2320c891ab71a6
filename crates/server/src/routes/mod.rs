//! The URL tree: a folder a branch, a file an endpoint.
//!
//! To add one: a file with its handler under `#[utoipa::path]` and its request and response types, and its line in the
//! folder's `router`. The public branches are `/api/v2`; `/api/worker` is for workers; `/uploads`, `/downloads` and
//! `/outputs` take no token but a signed URL.

mod downloads;
mod health;
mod jobs;
mod outputs;
mod templates;
mod uploads;
mod worker;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::{Json, Router, middleware, routing};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{Any, CorsLayer};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, OpenApi as Description};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;
use crate::error::ApiError;
use crate::request::{REQUEST_ID, no_route, tag};

/// No JSON body is larger than this.
const BODY_LIMIT: usize = 10 << 20;

#[derive(OpenApi)]
#[openapi(info(title = "Filmpress", description = "The Nexrender Cloud API"), modifiers(&Bearer))]
struct Api;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, api: &mut Description) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        let components = api.components.take().unwrap_or_default();
        api.components = Some(
            ComponentsBuilder::from(components)
                .security_scheme("token", scheme)
                .build(),
        );
    }
}

fn described() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::with_openapi(Api::openapi())
        .nest("/api/v2/templates", templates::router())
        .nest("/api/v2/jobs", jobs::router())
}

/// The description of the API, in OpenAPI.
pub fn openapi() -> Description {
    described().split_for_parts().1
}

/// Everything the server answers to.
pub fn router(app: &Arc<App>) -> Router {
    let (public, description) = described().split_for_parts();
    let cors = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods(Any)
        .allow_headers(Any)
        .expose_headers([
            REQUEST_ID,
            header::CONTENT_RANGE,
            header::CONTENT_LENGTH,
            header::ACCEPT_RANGES,
        ]);
    public
        .route(
            "/api/openapi.json",
            routing::get(move || async move { Json(description) }),
        )
        .nest("/api/worker", worker::router())
        .nest("/uploads", uploads::router())
        .route("/downloads/templates/{id}/{file}", routing::get(downloads::template))
        .route("/outputs/{tag}/{file}", routing::get(outputs::get))
        .route("/healthz", routing::get(health::get))
        .fallback(no_route)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(CatchPanicLayer::custom(stopped))
        .layer(middleware::from_fn(tag))
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
