//! `/api/v2/jobs`.

mod create;
mod get;
mod list;
mod logs;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(create::post, list::get))
        .routes(routes!(get::get))
        .routes(routes!(logs::get))
}
