//! `/api/v2/batches`: many jobs in one request.

mod cancel;
mod create;
mod created;
mod get;
mod request;
mod rows;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(create::post))
        .routes(routes!(get::get))
        .routes(routes!(cancel::post))
}
