//! Who is asking: bearer tokens of teams and of workers.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use filmpress_queue::{Principal, token};

use crate::app::App;
use crate::error::{Answer, ApiError};

/// The names of the workers in this process begin so, and no others.
pub const LOCAL: &str = "local:";

/// A client of a team.
pub struct Team(pub String);

impl FromRequestParts<Arc<App>> for Team {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Answer<Self> {
        match app.queue.authenticate(bearer(parts)?).await? {
            Some(Principal::Team { team, .. }) => Ok(Self(team)),
            Some(Principal::Worker { .. }) => Err(ApiError::unauthorized("this is a worker's token, not a team's")),
            Some(Principal::Operator { .. }) => Err(ApiError::unauthorized("this is an operator's token, not a team's")),
            None => Err(ApiError::unauthorized("no team has this token")),
        }
    }
}

/// A worker.
pub struct Worker {
    /// Whether it runs in this process.
    pub is_local: bool,
}

impl Worker {
    /// The name the queue knows it by: those of this process can be told from all others.
    pub fn name(&self, given: &str) -> String {
        format!("{}{given}", if self.is_local { LOCAL } else { "remote:" })
    }
}

impl FromRequestParts<Arc<App>> for Worker {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Answer<Self> {
        let given = bearer(parts)?;
        // Comparing hashes tells nothing about the token by how long it takes.
        if token::hash(given) == token::hash(app.local_token.reveal()) {
            return Ok(Self { is_local: true });
        }
        match app.queue.authenticate(given).await? {
            Some(Principal::Worker { .. }) => Ok(Self { is_local: false }),
            _ => Err(ApiError::unauthorized("no worker has this token")),
        }
    }
}

fn bearer(parts: &Parts) -> Answer<&str> {
    let given = parts
        .headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let (scheme, token) = given.and_then(|value| value.split_once(' ')).unwrap_or_default();
    if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() {
        Ok(token.trim())
    } else {
        Err(ApiError::unauthorized("send a token: `Authorization: Bearer <token>`"))
    }
}
