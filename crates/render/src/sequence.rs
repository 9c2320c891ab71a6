//! Many frames in order, on several threads.
//!
//! Frames are independent: each thread evaluates and draws one frame at a time with a renderer of its own. What comes
//! out does not depend on how many there are.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use filmpress_evaluate::digest::Digest;
use filmpress_evaluate::frame::Frame;
use filmpress_pixels::Pixmap;

use crate::cache::Cache;
use crate::footage::Footage;
use crate::renderer::{Canvas, Renderer, Target};

/// What a thread made of a frame.
enum Drawn {
    Picture(Canvas),
    /// The same as the frame before.
    Repeat,
}

/// What the threads share.
struct Shared {
    /// Next frame to be drawn, as a place in the list of indices.
    next: usize,
    /// Place of the front of `window`.
    first: usize,
    /// From `first` on: digest of the frame's content once evaluated, and what was drawn once drawn.
    window: VecDeque<(Option<Digest>, Option<Drawn>)>,
    /// Digest of the frame just before `first`.
    before: Option<Digest>,
    /// Pixmaps to draw on again.
    spare: Vec<Canvas>,
    /// Nobody wants more frames.
    stop: bool,
    /// Drawing threads that are still at it.
    running: usize,
}

struct Board {
    shared: Mutex<Shared>,
    /// Something was drawn or evaluated, or a thread ended.
    progress: Condvar,
    /// The sink took a frame, or all is to stop.
    room: Condvar,
}

impl Board {
    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says that a drawing thread ended, even by a panic in `evaluate` or `footage`.
struct Ended<'a>(&'a Board);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        let mut shared = self.0.lock();
        shared.running -= 1;
        if std::thread::panicking() {
            shared.stop = true;
        }
        drop(shared);
        self.0.progress.notify_all();
        self.0.room.notify_all();
    }
}

/// The threads a machine has to offer; 1 where that is unknown.
pub fn available_threads() -> usize {
    std::thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

/// Evaluates and draws the frames of `indices` on `threads` threads and hands them to `sink` in that order, on the
/// calling thread.
///
/// A frame with the content of the one before it is not drawn again. At most two pixmaps a thread are in flight. The
/// first error of `sink` ends it all and comes back; to cancel, return one.
pub fn draw_frames<E>(
    indices: &[u32],
    threads: usize,
    evaluate: impl Fn(u32) -> Frame + Sync,
    target: &Target,
    footage: &dyn Footage,
    cache: &Cache,
    mut sink: impl FnMut(u32, &Pixmap) -> Result<(), E>,
) -> Result<(), E> {
    let threads = threads.clamp(1, 256).min(indices.len().max(1));
    if threads == 1 {
        return draw_in_turn(indices, evaluate, target, footage, cache, sink);
    }
    let board = Board {
        shared: Mutex::new(Shared {
            next: 0,
            first: 0,
            window: VecDeque::new(),
            before: None,
            spare: Vec::new(),
            stop: false,
            running: threads,
        }),
        progress: Condvar::new(),
        room: Condvar::new(),
    };
    let (board, evaluate) = (&board, &evaluate);
    let window = 2 * threads;
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(move || {
                let _ended = Ended(board);
                let mut renderer = Renderer::with_cache(cache.clone());
                while draw_next(board, indices, window, evaluate, target, footage, &mut renderer) {}
            });
        }
        let result = deliver(board, indices, &mut sink);
        board.lock().stop = true;
        board.room.notify_all();
        board.progress.notify_all();
        result
    })
}

/// Draws on the calling thread.
fn draw_in_turn<E>(
    indices: &[u32],
    evaluate: impl Fn(u32) -> Frame,
    target: &Target,
    footage: &dyn Footage,
    cache: &Cache,
    mut sink: impl FnMut(u32, &Pixmap) -> Result<(), E>,
) -> Result<(), E> {
    let mut renderer = Renderer::with_cache(cache.clone());
    let mut canvas = Canvas::new(target);
    let mut before = None;
    for &index in indices {
        let frame = evaluate(index);
        let digest = content(&frame);
        if before != Some(digest) {
            renderer.draw_again(&frame, target, footage, &mut canvas);
            before = Some(digest);
        }
        sink(index, canvas.pixmap())?;
    }
    Ok(())
}

/// What decides a frame's pixels.
fn content(frame: &Frame) -> Digest {
    // The size clips; it is the same for all frames of a composition, but nothing here says it must be.
    let mut d = filmpress_evaluate::digest::Digester::new(16);
    d.digest(frame.root.digest)
        .u64(u64::from(frame.width) << 32 | u64::from(frame.height));
    d.finish()
}

/// Takes the next frame, evaluates and draws it. False when there is nothing left to do.
fn draw_next(
    board: &Board,
    indices: &[u32],
    window: usize,
    evaluate: &(impl Fn(u32) -> Frame + Sync),
    target: &Target,
    footage: &dyn Footage,
    renderer: &mut Renderer,
) -> bool {
    let mut shared = board.lock();
    let place = loop {
        if shared.stop || shared.next >= indices.len() {
            return false;
        }
        if shared.next < shared.first + window {
            break shared.next;
        }
        shared = board.room.wait(shared).unwrap_or_else(PoisonError::into_inner);
    };
    shared.next += 1;
    shared.window.push_back((None, None));
    drop(shared);

    let frame = evaluate(indices[place]);
    let digest = content(&frame);

    let mut shared = board.lock();
    let slot = place - shared.first;
    shared.window[slot].0 = Some(digest);
    board.progress.notify_all();
    // The frame before was taken earlier and waits for nothing but frames before it.
    let repeats = loop {
        if shared.stop {
            return false;
        }
        let before = match (place - shared.first).checked_sub(1) {
            Some(slot) => shared.window[slot].0,
            None if place == 0 => break false,
            None => shared.before,
        };
        match before {
            Some(before) => break before == digest,
            None => shared = board.progress.wait(shared).unwrap_or_else(PoisonError::into_inner),
        }
    };
    let drawn = if repeats {
        Drawn::Repeat
    } else {
        let spare = shared.spare.pop();
        drop(shared);
        let mut canvas = spare.unwrap_or_else(|| Canvas::new(target));
        renderer.draw_again(&frame, target, footage, &mut canvas);
        shared = board.lock();
        Drawn::Picture(canvas)
    };
    let slot = place - shared.first;
    shared.window[slot].1 = Some(drawn);
    drop(shared);
    board.progress.notify_all();
    true
}

/// Hands frames to the sink in order.
fn deliver<E>(board: &Board, indices: &[u32], sink: &mut impl FnMut(u32, &Pixmap) -> Result<(), E>) -> Result<(), E> {
    let mut last: Option<Canvas> = None;
    for &index in indices {
        let mut shared = board.lock();
        let drawn = loop {
            if let Some(drawn) = shared.window.front_mut().and_then(|slot| slot.1.take()) {
                break drawn;
            }
            if shared.running == 0 {
                // A thread panicked; the scope passes its panic on.
                return Ok(());
            }
            shared = board.progress.wait(shared).unwrap_or_else(PoisonError::into_inner);
        };
        if let Some((digest, _)) = shared.window.pop_front() {
            shared.before = digest;
        }
        shared.first += 1;
        if let Drawn::Picture(picture) = drawn
            && let Some(old) = last.replace(picture)
        {
            shared.spare.push(old);
        }
        drop(shared);
        board.room.notify_all();
        if let Some(picture) = &last {
            sink(index, picture.pixmap())?;
        }
    }
    Ok(())
}
