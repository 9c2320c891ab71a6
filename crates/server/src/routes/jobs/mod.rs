//! `/api/v2/jobs`.
//!
//! `acceptance` is the way from a body to a job in the queue, which `create`, `join`, `retry`, `validate` and the batches
//! share; `created` is what they answer. The rest is a file an endpoint.

pub mod acceptance;
mod attempts;
pub mod cancel;
mod cancel_many;
mod create;
pub mod created;
mod get;
pub mod ids;
mod join;
mod list;
mod list_query;
mod logs;
pub mod once;
mod one;
mod retry;
mod validate;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(create::post, list::get))
        .routes(routes!(validate::post))
        .routes(routes!(join::post))
        .routes(routes!(cancel_many::post))
        .routes(routes!(get::get))
        .routes(routes!(logs::get))
        .routes(routes!(attempts::get))
        .routes(routes!(cancel::patch))
        .routes(routes!(retry::post))
}
