//! Who was told apart a moment ago: saves a look into the database for each request.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use filmpress_queue::Principal;
use moka::future::Cache;

/// A token revoked through another process is good for so long still.
const LIFE: Duration = Duration::from_secs(5);

/// More tokens than are used within that time.
const MOST: u64 = 20_000;

/// Who shows a token, and how often they may come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearer {
    pub principal: Principal,
    /// The team's own limit, in place of the server's.
    pub requests_per_minute: Option<NonZeroU32>,
}

/// Bearers of tokens by the tokens' hashes, for a few seconds. Who is unknown is asked for each time.
pub struct Known {
    bearers: Cache<Vec<u8>, Bearer>,
    generation: AtomicU64,
}

impl Default for Known {
    fn default() -> Self {
        Self {
            bearers: Cache::builder().max_capacity(MOST).time_to_live(LIFE).build(),
            generation: AtomicU64::new(0),
        }
    }
}

impl Known {
    pub async fn get(&self, hash: &[u8]) -> Option<Bearer> {
        self.bearers.get(hash).await
    }

    /// Changes with each [`Known::forget`]. Take it before asking the database, give it to [`Known::add`] after.
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::SeqCst)
    }

    /// Remembers a bearer, unless something was revoked since the database was asked.
    pub async fn add(&self, hash: Vec<u8>, bearer: Bearer, seen: u64) {
        if self.generation() != seen {
            return;
        }
        self.bearers.insert(hash.clone(), bearer).await;
        // Revoked between the look and the insertion.
        if self.generation() != seen {
            self.bearers.invalidate(&hash).await;
        }
    }

    /// Forgets all: something was revoked.
    pub fn forget(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
        self.bearers.invalidate_all();
    }
}

#[cfg(test)]
mod tests {
    use filmpress_queue::Principal;

    use super::{Bearer, Known};

    #[tokio::test]
    async fn what_is_revoked_is_forgotten_also_when_it_was_just_being_learnt() {
        let known = Known::default();
        let worker = Bearer {
            principal: Principal::Worker { token: "T".into() },
            requests_per_minute: None,
        };
        known.add(vec![1], worker.clone(), known.generation()).await;
        assert_eq!(known.get(&[1]).await, Some(worker.clone()));
        let seen = known.generation();
        known.forget();
        assert_eq!(known.get(&[1]).await, None);
        known.add(vec![1], worker, seen).await;
        assert_eq!(known.get(&[1]).await, None, "asked before, told after");
    }
}
