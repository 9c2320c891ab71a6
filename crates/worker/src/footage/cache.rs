//! Decoded pictures, shared by all jobs of a process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use filmpress_evaluate::digest::Digest;
use filmpress_pixels::Pixmap;

/// Decoded pictures by content, up to an amount of memory; what was used longest ago goes first. Clones share one store.
#[derive(Clone, Debug)]
pub struct PictureCache(Arc<Mutex<Store>>);

#[derive(Debug)]
struct Store {
    capacity: usize,
    bytes: usize,
    clock: u64,
    pictures: HashMap<Digest, (u64, Arc<Pixmap>)>,
}

impl Default for PictureCache {
    /// 256 MiB.
    fn default() -> Self {
        Self::new(256 << 20)
    }
}

impl PictureCache {
    /// A cache that holds up to `capacity` bytes of pixels.
    pub fn new(capacity: usize) -> Self {
        Self(Arc::new(Mutex::new(Store {
            capacity,
            bytes: 0,
            clock: 0,
            pictures: HashMap::new(),
        })))
    }

    fn lock(&self) -> MutexGuard<'_, Store> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn get(&self, content: Digest) -> Option<Arc<Pixmap>> {
        let mut store = self.lock();
        store.clock += 1;
        let now = store.clock;
        let (used, picture) = store.pictures.get_mut(&content)?;
        *used = now;
        Some(picture.clone())
    }

    pub(super) fn put(&self, content: Digest, picture: Arc<Pixmap>) {
        let mut store = self.lock();
        let size = picture.bytes().len();
        if size > store.capacity {
            return;
        }
        store.clock += 1;
        let now = store.clock;
        if store.pictures.insert(content, (now, picture)).is_none() {
            store.bytes += size;
        }
        while store.bytes > store.capacity {
            let oldest = store
                .pictures
                .iter()
                .min_by_key(|(_, (used, _))| *used)
                .map(|(id, _)| *id);
            let Some((_, gone)) = oldest.and_then(|id| store.pictures.remove(&id)) else {
                return;
            };
            store.bytes -= gone.bytes().len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_unused_goes_first() {
        let picture = || Arc::new(Pixmap::new(10, 10).unwrap());
        let cache = PictureCache::new(1000);
        cache.put(Digest(1), picture());
        cache.put(Digest(2), picture());
        assert!(cache.get(Digest(1)).is_some());
        cache.put(Digest(3), picture());
        assert!(cache.get(Digest(2)).is_none());
        assert!(cache.get(Digest(1)).is_some() && cache.get(Digest(3)).is_some());
        cache.put(Digest(4), Arc::new(Pixmap::new(100, 100).unwrap()));
        assert!(cache.get(Digest(4)).is_none() && cache.get(Digest(1)).is_some());
    }
}
