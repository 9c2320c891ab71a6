//! What a team sees of itself: `/api/v2/team`, `/tokens`, `/users`, `/usage`, `/audit`.

mod audit;
mod get;
mod tokens;
mod usage;
mod users;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use audit::{AuditEntry, audit_log};
pub use get::{Limits, TeamInfo};
pub use tokens::NewTokenAnswer;

use crate::app::App;

pub fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(get::get))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::revoke))
        .routes(routes!(users::list, users::create))
        .routes(routes!(users::remove))
        .routes(routes!(usage::get))
        .routes(routes!(audit::get))
}
