//! `Idempotency-Key`: a request that is sent again is not done again.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderName;
use axum::http::request::Parts;
use filmpress_queue::Idempotency;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::error::{Answer, ApiError};

/// The header of the request.
pub const KEY: &str = "idempotency-key";

/// Says that the answer was given before.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// No key is longer.
const LONGEST: usize = 255;

/// The key of a request, if it has one.
pub struct Once(Option<String>);

impl FromRequestParts<Arc<App>> for Once {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Answer<Self> {
        let Some(given) = parts.headers.get(KEY) else {
            return Ok(Self(None));
        };
        match given.to_str() {
            Ok(key) if is_key(key) => Ok(Self(Some(key.to_owned()))),
            _ => Err(ApiError::field(
                "Idempotency-Key",
                format!("must have 1 to {LONGEST} visible ASCII characters without blanks"),
            )),
        }
    }
}

fn is_key(text: &str) -> bool {
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

impl Once {
    /// How the queue knows the request again: by its key, what it is for, and what it says, blanks and order of members
    /// not counted.
    pub fn of(&self, purpose: &str, body: &Value) -> Option<Idempotency> {
        let mut hash = Sha256::new();
        hash.update(purpose);
        hash.update([0_u8]);
        hash.update(body.to_string());
        Some(Idempotency {
            key: self.0.clone()?,
            body_hash: hash.finalize().to_vec(),
        })
    }

    /// The same for one of the many jobs of a request. A client's key has no blanks and cannot be one of these.
    pub fn of_part(&self, whole: Option<&Idempotency>, index: usize) -> Option<Idempotency> {
        let whole = whole?;
        Some(Idempotency {
            key: format!("{} part {index}", self.0.as_ref()?),
            body_hash: whole.body_hash.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Once, is_key};

    #[test]
    fn the_same_request_is_known_however_it_is_written() {
        let once = Once(Some("K".into()));
        let (a, b) = (
            serde_json::from_str(r#"{"a":1,"b":2}"#).unwrap(),
            json!({"b": 2, "a": 1}),
        );
        assert_eq!(once.of("jobs", &a), once.of("jobs", &b));
        assert_ne!(once.of("jobs", &a), once.of("jobs", &json!({"a": 1})));
        assert_ne!(once.of("jobs", &a), once.of("join", &a));
        assert_eq!(Once(None).of("jobs", &a), None);
        let whole = once.of("batches", &a);
        assert_eq!(once.of_part(whole.as_ref(), 3).unwrap().key, "K part 3");
        assert!(is_key("a-1") && !is_key("") && !is_key("a b") && !is_key(&"x".repeat(256)));
    }
}
