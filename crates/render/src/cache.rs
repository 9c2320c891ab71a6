//! Pictures of groups that come again: a static precomp, a matte that does not move.
//!
//! A picture is kept the second time its group is met, so content that changes in every frame costs one look-up and
//! never a copy; and only where a separate picture was made anyway.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use filmpress_evaluate::digest::{Digest, Digester};
use kurbo::Affine;

use crate::rect::IRect;
use crate::surface::{Touched, View};

/// Memory used unless asked otherwise, bytes.
const CAPACITY: usize = 256 << 20;
/// Most groups remembered as met once.
const MET: usize = 1 << 14;

/// Finished pictures of groups by digest, shared by renderers on several threads. Clones share their content.
///
/// Never changes what is drawn, only how fast.
#[derive(Clone)]
pub struct Cache(Arc<Mutex<Shelf>>);

struct Shelf {
    capacity: usize,
    bytes: usize,
    /// Counts uses, to find what was used longest ago.
    now: u64,
    pictures: HashMap<Digest, (u64, Arc<Kept>)>,
    met: HashSet<Digest>,
}

/// A picture kept.
pub(crate) struct Kept {
    rect: IRect,
    pixels: Vec<[u8; 4]>,
    touched: Vec<Touched>,
}

impl Kept {
    fn bytes(&self) -> usize {
        self.pixels.len() * 4 + self.touched.len() * 8 + 64
    }

    /// The picture.
    pub fn view(&self) -> View<'_> {
        View {
            rect: self.rect,
            pixels: &self.pixels,
            touched: &self.touched,
        }
    }
}

/// What is known about a group.
pub(crate) enum Found {
    /// Its picture.
    Kept(Arc<Kept>),
    /// It was met before: keep its picture.
    Again,
    /// It was never met.
    New,
}

/// The name of a group's picture: what it holds, where it lies and which part of it shows.
pub(crate) fn key(group: Digest, transform: Affine, rect: IRect) -> Digest {
    let mut d = Digester::new(17);
    d.digest(group).f64s(&transform.as_coeffs());
    for v in [rect.x0, rect.y0, rect.x1, rect.y1] {
        d.u64(v as u64);
    }
    d.finish()
}

impl Default for Cache {
    fn default() -> Self {
        Self::with_capacity(CAPACITY)
    }
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shelf = self.lock();
        write!(f, "Cache({} pictures, {} bytes)", shelf.pictures.len(), shelf.bytes)
    }
}

impl Cache {
    /// A cache that keeps at most `bytes`; 0 keeps nothing.
    pub fn with_capacity(bytes: usize) -> Self {
        Self(Arc::new(Mutex::new(Shelf {
            capacity: bytes,
            bytes: 0,
            now: 0,
            pictures: HashMap::new(),
            met: HashSet::new(),
        })))
    }

    /// Forgets everything.
    pub fn clear(&self) {
        let mut shelf = self.lock();
        shelf.pictures.clear();
        shelf.met.clear();
        shelf.bytes = 0;
    }

    fn lock(&self) -> MutexGuard<'_, Shelf> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks a group up and remembers that it was met.
    pub(crate) fn find(&self, key: Digest) -> Found {
        let mut shelf = self.lock();
        if shelf.capacity == 0 {
            return Found::New;
        }
        shelf.now += 1;
        let now = shelf.now;
        if let Some((used, kept)) = shelf.pictures.get_mut(&key) {
            *used = now;
            return Found::Kept(Arc::clone(kept));
        }
        if shelf.met.len() >= MET {
            shelf.met.clear();
        }
        if shelf.met.insert(key) {
            Found::New
        } else {
            Found::Again
        }
    }

    /// Keeps a copy of a picture, and lets go of those used longest ago if there is no room.
    pub(crate) fn keep(&self, key: Digest, picture: View) {
        let kept = Arc::new(Kept {
            rect: picture.rect,
            pixels: picture.pixels.to_vec(),
            touched: picture.touched.to_vec(),
        });
        let bytes = kept.bytes();
        let mut shelf = self.lock();
        if bytes > shelf.capacity / 2 {
            return;
        }
        while shelf.bytes + bytes > shelf.capacity {
            let oldest = shelf
                .pictures
                .iter()
                .min_by_key(|(_, (used, _))| *used)
                .map(|(k, _)| *k);
            let Some(gone) = oldest.and_then(|k| shelf.pictures.remove(&k)) else {
                break;
            };
            shelf.bytes -= gone.1.bytes();
        }
        shelf.now += 1;
        let now = shelf.now;
        if let Some(old) = shelf.pictures.insert(key, (now, kept)) {
            shelf.bytes -= old.1.bytes();
        }
        shelf.bytes += bytes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(cache: &Cache, name: u128, side: i32) {
        let rect = IRect::new(0, 0, side, side);
        let pixels = vec![[name as u8; 4]; (side * side) as usize];
        let touched = vec![(0, side); side as usize];
        cache.keep(
            Digest(name),
            View {
                rect,
                pixels: &pixels,
                touched: &touched,
            },
        );
    }

    #[test]
    fn keeps_what_comes_again_within_its_memory() {
        let cache = Cache::with_capacity(3 * (100 * 4 + 10 * 8 + 64));
        assert!(matches!(cache.find(Digest(1)), Found::New));
        assert!(matches!(cache.find(Digest(1)), Found::Again));
        for name in 1..=3 {
            put(&cache, name, 10);
        }
        assert!(matches!(cache.find(Digest(1)), Found::Kept(k) if k.view().row(0, 0, 1) == [[1; 4]]));
        put(&cache, 4, 10);
        // 2 was used longest ago.
        assert!(matches!(cache.find(Digest(2)), Found::New));
        assert!(matches!(cache.find(Digest(1)), Found::Kept(_)));
        put(&cache, 5, 1000);
        assert!(matches!(cache.find(Digest(5)), Found::New));
        cache.clear();
        assert!(matches!(cache.find(Digest(1)), Found::New));
    }
}
