//! What every job is checked against, kept for a moment: templates and fonts.
//!
//! Only on SQLite, whose one server makes all changes itself and forgets what it knew with each. Of several servers on
//! PostgreSQL none knows what the others change: they look each time.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::dialect::Dialect;
use super::gather::Gather;
use crate::error::Result;

/// Nothing is believed for longer: somebody may have changed the file by hand.
const LIFE: Duration = Duration::from_secs(1);

/// No more is kept.
const MOST: usize = 4096;

/// Counts the changes. What was looked up before a change is not believed after it.
#[derive(Default)]
pub struct Changes(AtomicU64);

impl Changes {
    /// Something changed, and is on the disk.
    pub fn note(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    /// To be taken before looking.
    pub fn seen(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// What was looked up a moment ago.
struct Fresh<K, V> {
    is_used: bool,
    known: Mutex<HashMap<K, (u64, Instant, V)>>,
}

impl<K: Eq + Hash, V: Clone> Fresh<K, V> {
    fn new(dialect: Dialect) -> Self {
        Self {
            is_used: dialect == Dialect::Sqlite,
            known: Mutex::default(),
        }
    }

    /// What is known, if nothing changed since.
    fn get(&self, key: &K, seen: u64) -> Option<V> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, when, value) = known.get(key)?;
        (*at == seen && when.elapsed() < LIFE).then(|| value.clone())
    }

    /// Keeps what was looked up after so many changes.
    fn add(&self, key: K, seen: u64, value: V) {
        if !self.is_used {
            return;
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(key, (seen, Instant::now(), value));
    }
}

/// What callers who ask at the same time look up together, and is then known for a moment.
pub struct Looked<K, V> {
    gather: Gather<K, V>,
    fresh: Fresh<K, V>,
}

impl<K: Clone + Eq + Hash + Send + 'static, V: Clone + Send + 'static> Looked<K, V> {
    pub fn new(gather: Gather<K, V>, dialect: Dialect) -> Self {
        Self {
            gather,
            fresh: Fresh::new(dialect),
        }
    }

    pub async fn get(&self, key: K, changes: &Changes) -> Result<V> {
        let seen = changes.seen();
        if let Some(known) = self.fresh.get(&key, seen) {
            return Ok(known);
        }
        let found = self.gather.ask(key.clone()).await?;
        self.fresh.add(key, seen, found.clone());
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::{Changes, Fresh};
    use crate::store::dialect::Dialect;

    #[test]
    fn what_was_looked_up_before_a_change_is_not_believed_after_it() {
        let (changes, fresh) = (Changes::default(), Fresh::new(Dialect::Sqlite));
        let seen = changes.seen();
        fresh.add("a", seen, 1);
        assert_eq!(fresh.get(&"a", changes.seen()), Some(1));
        changes.note();
        assert_eq!(fresh.get(&"a", changes.seen()), None);
        // Looked up before the change, told after it.
        fresh.add("a", seen, 1);
        assert_eq!(fresh.get(&"a", changes.seen()), None);
        fresh.add("a", changes.seen(), 2);
        assert_eq!(fresh.get(&"a", changes.seen()), Some(2));
    }

    #[test]
    fn servers_that_are_not_alone_keep_nothing() {
        let fresh = Fresh::new(Dialect::Postgres);
        fresh.add("a", 0, 1);
        assert_eq!(fresh.get(&"a", 0), None);
    }
}
