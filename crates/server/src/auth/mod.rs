//! Who is asking, and what they may: bearer tokens of teams, of workers and of operators.
//!
//! A handler names what it needs by what it takes: [`Team`] for what most endpoints need, [`Reader`] and [`Admin`] where
//! the method says too much or too little, [`Operator`] and [`Worker`] for the branches of their own.

mod known;

use std::num::NonZeroU32;
use std::sync::Arc;

use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use filmpress_queue::{Principal, Scope, token};
use serde_json::Value;
use subtle::ConstantTimeEq;

use known::Bearer;
pub use known::Known;

use crate::app::App;
use crate::error::{Answer, ApiError};

/// The names of the workers in this process begin so, and no others.
pub const LOCAL: &str = "local:";

/// A client of a team whose token may do what the method is for: `GET` and `HEAD` need `read`, all others `submit`.
#[derive(Clone, Debug)]
pub struct Team(pub String);

/// A client of a team who may look, whatever the method.
#[derive(Clone, Debug)]
pub struct Reader(pub String);

/// A client of a team who may change the team itself: its tokens, users and secrets of webhooks.
#[derive(Clone, Debug)]
pub struct Admin {
    /// The team's id.
    pub team: String,
    /// The token's id.
    pub token: String,
}

/// Who runs the service.
#[derive(Clone, Debug)]
pub struct Operator {
    /// The token's id.
    pub token: String,
}

/// A worker.
pub struct Worker {
    /// Whether it runs in this process.
    pub is_local: bool,
}

impl Admin {
    /// Notes what this token's bearer changed about the team.
    pub async fn audit(&self, app: &App, action: &str, object: &str, detail: Value) {
        let actor = format!("token:{}", self.token);
        app.audit(Some(&self.team), &actor, action, object, detail).await;
    }
}

impl Operator {
    /// Notes what this token's bearer changed, and about which team.
    pub async fn audit(&self, app: &App, team: Option<&str>, action: &str, object: &str, detail: Value) {
        app.audit(team, &format!("operator:{}", self.token), action, object, detail)
            .await;
    }
}

impl Worker {
    /// The name the queue knows it by: those of this process can be told from all others.
    pub fn name(&self, given: &str) -> String {
        format!("{}{given}", if self.is_local { LOCAL } else { "remote:" })
    }
}

impl FromRequestParts<Arc<App>> for Team {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Answer<Self> {
        let needed = if parts.method == Method::GET || parts.method == Method::HEAD {
            Scope::Read
        } else {
            Scope::Submit
        };
        Ok(Self(of_team(parts, app, needed).await?.team))
    }
}

impl FromRequestParts<Arc<App>> for Reader {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Answer<Self> {
        Ok(Self(of_team(parts, app, Scope::Read).await?.team))
    }
}

impl FromRequestParts<Arc<App>> for Admin {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Answer<Self> {
        of_team(parts, app, Scope::Admin).await
    }
}

impl FromRequestParts<Arc<App>> for Operator {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Answer<Self> {
        match authenticate(app, bearer(parts)?).await?.map(|bearer| bearer.principal) {
            Some(Principal::Operator { token }) => Ok(Self { token }),
            Some(Principal::Team { .. }) => {
                let text = "this is for operators: `filmpress token create --operator` makes a token for it";
                Err(ApiError::new(StatusCode::FORBIDDEN, "SCOPE_TOO_SMALL", text))
            }
            _ => Err(ApiError::unauthorized("no operator has this token")),
        }
    }
}

impl FromRequestParts<Arc<App>> for Worker {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Answer<Self> {
        let given = bearer(parts)?;
        let (given_hash, local_hash) = (token::hash(given), token::hash(app.local_token.reveal()));
        if bool::from(given_hash.ct_eq(&local_hash)) {
            return Ok(Self { is_local: true });
        }
        match authenticate(app, given).await?.map(|bearer| bearer.principal) {
            Some(Principal::Worker { .. }) => Ok(Self { is_local: false }),
            _ => Err(ApiError::unauthorized("no worker has this token")),
        }
    }
}

/// A team's token that has the scope needed and is not asked too much of.
async fn of_team(parts: &Parts, app: &App, needed: Scope) -> Answer<Admin> {
    let bearer = authenticate(app, bearer(parts)?).await?;
    let (team, token, scope, own_limit) = match bearer {
        Some(Bearer {
            principal: Principal::Team { team, token, scope },
            requests_per_minute,
        }) => (team, token, scope, requests_per_minute),
        Some(Bearer {
            principal: Principal::Worker { .. },
            ..
        }) => return Err(ApiError::unauthorized("this is a worker's token, not a team's")),
        Some(_) => return Err(ApiError::unauthorized("this is an operator's token, not a team's")),
        None => return Err(ApiError::unauthorized("no team has this token")),
    };
    // Inside a nested router the path lacks its beginning.
    let path = parts
        .extensions
        .get::<OriginalUri>()
        .map_or(parts.uri.path(), |uri| uri.0.path());
    app.rates.check(&token, own_limit, &parts.method, path)?;
    if scope < needed {
        let text = format!(
            "this token has the scope `{}`; this needs `{}`",
            scope.as_str(),
            needed.as_str()
        );
        return Err(ApiError::new(StatusCode::FORBIDDEN, "SCOPE_TOO_SMALL", text));
    }
    Ok(Admin { team, token })
}

async fn authenticate(app: &App, token: &str) -> Answer<Option<Bearer>> {
    // What is compared in the database are hashes: how long that takes tells nothing about a token.
    let hash = token::hash(token);
    if let Some(bearer) = app.known.get(&hash).await {
        return Ok(Some(bearer));
    }
    let seen = app.known.generation();
    let Some(principal) = app.queue.authenticate(token).await? else {
        return Ok(None);
    };
    let requests_per_minute = match &principal {
        Principal::Team { team, .. } => app.queue.team(team).await?.limits.requests_per_minute,
        Principal::Worker { .. } | Principal::Operator { .. } => None,
    };
    let bearer = Bearer {
        principal,
        requests_per_minute: requests_per_minute.and_then(NonZeroU32::new),
    };
    app.known.add(hash, bearer.clone(), seen).await;
    Ok(Some(bearer))
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
