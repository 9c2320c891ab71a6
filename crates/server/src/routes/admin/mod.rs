//! `/api/admin`: what those who run the service do about teams, tokens and workers.

mod audit;
mod teams;
mod tokens;
mod workers;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(teams::list, teams::create))
        .routes(routes!(teams::get))
        .routes(routes!(teams::set))
        .routes(routes!(tokens::create))
        .routes(routes!(workers::list))
        .routes(routes!(workers::release))
        .routes(routes!(audit::get))
}
