//! What drawing leaves to the next: canvases and scratch memory, no pictures.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::cache::Cache;
use crate::renderer::{Canvas, Renderer, Target};

/// Most sets of memory kept.
const MOST: usize = 64;

/// Memory of drawing threads, handed from one [`Sequence`](crate::sequence::Sequence) to the next: asking the system for
/// it and giving it back takes longer than drawing light frames. Clones share their content.
///
/// Never changes what is drawn, only how fast.
#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<Vec<(Renderer, Canvas)>>>);

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).len();
        write!(f, "Memory({kept} sets)")
    }
}

impl Memory {
    /// A renderer that shares `cache`, and a canvas for `target`.
    pub(crate) fn take(&self, target: &Target, cache: &Cache) -> (Renderer, Canvas) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut renderer, canvas) = match kept.iter().rposition(|(_, canvas)| canvas.is_for(target)) {
            Some(i) => kept.swap_remove(i),
            None => (Renderer::new(), Canvas::new(target)),
        };
        renderer.share(cache);
        (renderer, canvas)
    }

    /// Takes them back; pictures and tables are forgotten.
    pub(crate) fn give(&self, mut renderer: Renderer, mut canvas: Canvas) {
        renderer.forget();
        canvas.forget();
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < MOST {
            kept.push((renderer, canvas));
        }
    }
}
