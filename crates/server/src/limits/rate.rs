//! Requests a minute and token. Off unless asked for: a house of one's own needs no fence inside.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::{Method, StatusCode};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::error::{Answer, ApiError};

/// How many requests a minute one token may make; `None` is no limit. Each server process counts for itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RateLimits {
    /// All of them together.
    pub requests: Option<NonZeroU32>,
    /// `POST /jobs`, `/jobs/join` and `/batches`.
    pub jobs: Option<NonZeroU32>,
    /// `POST /templates`.
    pub templates: Option<NonZeroU32>,
}

/// Counts requests.
pub struct Rates {
    limits: [(Kind, Option<Limiter>); 3],
    /// For teams with a limit of their own on all requests: by that limit.
    own: Mutex<HashMap<NonZeroU32, Arc<Limiter>>>,
}

type Limiter = DefaultKeyedRateLimiter<String>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Any,
    Jobs,
    Templates,
}

impl Kind {
    fn has(self, method: &Method, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        match self {
            Self::Any => true,
            Self::Jobs => {
                method == Method::POST && ["/api/v2/jobs", "/api/v2/jobs/join", "/api/v2/batches"].contains(&path)
            }
            Self::Templates => method == Method::POST && path == "/api/v2/templates",
        }
    }
}

impl Rates {
    pub fn new(limits: &RateLimits) -> Self {
        Self {
            limits: [
                (Kind::Any, limits.requests.map(limiter)),
                (Kind::Jobs, limits.jobs.map(limiter)),
                (Kind::Templates, limits.templates.map(limiter)),
            ],
            own: Mutex::default(),
        }
    }

    /// Counts a request of a token, or refuses it. `own` is the team's limit on all requests, where it has one.
    pub fn check(&self, token: &str, own: Option<NonZeroU32>, method: &Method, path: &str) -> Answer<()> {
        let token = token.to_owned();
        if let Some(own) = own {
            let mut limiters = self.own.lock().unwrap_or_else(PoisonError::into_inner);
            let limiter = limiters.entry(own).or_insert_with(|| Arc::new(limiter(own))).clone();
            drop(limiters);
            count(&limiter, &token)?;
        }
        for (kind, limiter) in &self.limits {
            let is_replaced = *kind == Kind::Any && own.is_some();
            match limiter {
                Some(limiter) if kind.has(method, path) && !is_replaced => count(limiter, &token)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Forgets tokens that have made no requests of late.
    pub fn forget_idle(&self) {
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        for limiter in own.values() {
            limiter.retain_recent();
        }
        own.retain(|_, limiter| !limiter.is_empty());
        drop(own);
        for limiter in self.limits.iter().filter_map(|(_, limiter)| limiter.as_ref()) {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

fn limiter(limit: NonZeroU32) -> Limiter {
    RateLimiter::keyed(Quota::per_minute(limit))
}

fn count(limiter: &Limiter, token: &String) -> Answer<()> {
    limiter
        .check_key(token)
        .map_err(|not_until| ApiError::too_many(not_until.wait_time_from(DefaultClock::default().now())))
}

impl ApiError {
    /// 429: too many requests. The words are the contract's.
    pub fn too_many(wait: Duration) -> Self {
        let mut this = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "RATE_LIMIT",
            "Rate limit exceeded. Try again later.",
        );
        this.retry_after = Some(wait.as_secs() + 1);
        this
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Method;

    use super::{RateLimits, Rates};

    #[test]
    fn each_token_has_its_own_minute() {
        let limits = RateLimits {
            jobs: 2.try_into().ok(),
            ..RateLimits::default()
        };
        let rates = Rates::new(&limits);
        let post = |token: &str, path: &str| rates.check(token, None, &Method::POST, path);
        post("a", "/api/v2/jobs").unwrap();
        post("a", "/api/v2/jobs/join").unwrap();
        let refused = post("a", "/api/v2/batches").unwrap_err();
        assert_eq!((refused.status.as_u16(), refused.body.code), (429, "RATE_LIMIT"));
        assert!(
            (1..=31).contains(&refused.retry_after.unwrap()),
            "{:?}",
            refused.retry_after
        );
        post("b", "/api/v2/jobs").unwrap();
        post("a", "/api/v2/templates").unwrap();
        rates.check("a", None, &Method::GET, "/api/v2/jobs").unwrap();
        rates.forget_idle();
        assert!(
            post("a", "/api/v2/jobs").is_err(),
            "who is over the limit is not forgotten"
        );
        let own = |count: u32| rates.check("c", count.try_into().ok(), &Method::GET, "/api/v2/jobs");
        own(1).unwrap();
        assert!(own(1).is_err(), "a team's own limit");
        own(2).unwrap();
        let none = Rates::new(&RateLimits::default());
        assert!((0..10_000).all(|_| none.check("a", None, &Method::POST, "/api/v2/jobs").is_ok()));
    }
}
