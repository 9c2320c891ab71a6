//! `DELETE /api/v2/secrets/{id}`: forgets a secret.

use std::sync::Arc;

use axum::extract::{Path, State};

use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ErrorBody};

/// Forgets a secret.
///
/// Jobs that name it and have not run yet will fail.
#[utoipa::path(delete, path = "/{id}", operation_id = "delete-secret", tag = "Secrets", security(("token" = [])),
    params(("id" = String, Path, description = "The secret's id")),
    responses((status = 200, description = "Done; the answer has no body"), (status = 401, body = ErrorBody),
        (status = 404, body = ErrorBody)))]
pub async fn delete(State(app): State<Arc<App>>, Team(team): Team, Path(id): Path<String>) -> Answer<()> {
    Ok(app.queue.remove_secret(&team, &id).await?)
}
