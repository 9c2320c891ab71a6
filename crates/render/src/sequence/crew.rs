//! Threads that draw one sequence together.
//!
//! Each takes the next frame from a board and puts there what it made of it; the one that delivers takes it from there,
//! in order, and draws in between.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use filmpress_evaluate::digest::Digest;
use filmpress_evaluate::frame::Frame;
use filmpress_pixels::Pixmap;

use super::{Delivery, Hand, Sequence};
use crate::profile::{Work, measured};

/// Most products in flight, for each thread.
const PRODUCTS: usize = 3;
/// Most frames in flight, for each thread: those that repeat the one before hold no product.
const WINDOW: usize = 32;

/// So often a thread looks again before it sleeps: about a tenth of a millisecond.
const SPINS: u32 = 200;

/// So long a thread looks for the next sequence before it sleeps: to be woken takes longer than a light frame.
const LINGER: Duration = Duration::from_micros(500);

/// What a thread made of a frame.
enum Made<P, E> {
    Product(P),
    Failure(E),
    /// The same as of the frame before.
    Repeat,
}

/// A frame taken by a thread.
struct Slot<P, E> {
    /// Of the frame's content, once evaluated.
    digest: Option<Digest>,
    made: Option<Made<P, E>>,
}

/// What the threads share.
struct Shared<P, E> {
    /// Next frame to be drawn, as a place in the list of indices.
    next: usize,
    /// Place of the front of `window`.
    first: usize,
    /// From `first` on.
    window: VecDeque<Slot<P, E>>,
    /// Slots of `window` that hold a product or are getting one.
    products: usize,
    /// Digest of the frame just before `first`.
    before: Option<Digest>,
    /// Products to be made again, for their memory.
    spare: Vec<P>,
    /// Threads that wait for room in the window.
    waiting: usize,
    /// The delivering thread has nothing to draw and waits for the front of the window.
    is_awaited: bool,
    /// Nobody wants more frames, or a thread panicked.
    stop: bool,
}

struct Board<P, E> {
    shared: Mutex<Shared<P, E>>,
    /// The front of the window is made, or all is to stop.
    ready: Condvar,
    /// The sink took a frame, or all is to stop.
    room: Condvar,
}

impl<P, E> Board<P, E> {
    fn lock(&self) -> MutexGuard<'_, Shared<P, E>> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Stops all threads when the one that holds it ends: the delivering one in any way, the others by a panic in
/// `evaluate` or `footage`.
struct Stops<'a, P, E> {
    board: &'a Board<P, E>,
    is_delivering: bool,
}

impl<P, E> Drop for Stops<'_, P, E> {
    fn drop(&mut self) {
        if self.is_delivering || std::thread::panicking() {
            self.board.lock().stop = true;
            self.board.ready.notify_all();
            self.board.room.notify_all();
        }
    }
}

/// Draws `sequence` on several threads, of which the calling one is one.
pub(super) fn draw<P: Default + Send, E: Send>(
    sequence: &Sequence<'_>,
    threads: usize,
    evaluate: &(impl Fn(u32) -> Frame + Sync),
    develop: &(impl Fn(&Pixmap, &mut P) -> Result<(), E> + Sync),
    sink: &mut impl FnMut(Delivery<P>) -> Result<(), E>,
) -> Result<(), E> {
    let board = Board {
        shared: Mutex::new(Shared {
            next: 0,
            first: 0,
            window: VecDeque::new(),
            products: 0,
            before: None,
            spare: Vec::new(),
            waiting: 0,
            is_awaited: false,
            stop: false,
        }),
        ready: Condvar::new(),
        room: Condvar::new(),
    };
    let crew = Crew {
        sequence,
        threads,
        board: &board,
        evaluate,
        develop,
    };
    // Threads that stay from sequence to sequence: a light film is drawn sooner than a thread is made.
    rayon::in_place_scope(|scope| {
        for _ in 1..threads {
            scope.spawn(|_| {
                let _stops = Stops {
                    board: crew.board,
                    is_delivering: false,
                };
                let mut hand = Hand::of(sequence);
                while let Some(place) = crew.wait_for_frame() {
                    crew.make(place, &mut hand);
                }
                hand.finish(sequence);
                rayon::spawn(linger);
            });
        }
        let _stops = Stops {
            board: &board,
            is_delivering: true,
        };
        let mut hand = Hand::of(sequence);
        let result = crew.make_and_deliver(&mut hand, sink);
        hand.finish(sequence);
        result
    })
}

/// What every thread works by.
struct Crew<'a, P, E, V, D> {
    sequence: &'a Sequence<'a>,
    threads: usize,
    board: &'a Board<P, E>,
    evaluate: &'a V,
    develop: &'a D,
}

impl<P, E, V, D> Crew<'_, P, E, V, D>
where
    P: Default,
    V: Fn(u32) -> Frame,
    D: Fn(&Pixmap, &mut P) -> Result<(), E>,
{
    /// Makes frames and, between them, hands those that are made to the sink, in order.
    fn make_and_deliver(&self, hand: &mut Hand, sink: &mut impl FnMut(Delivery<P>) -> Result<(), E>) -> Result<(), E> {
        let mut last: Option<P> = None;
        for &index in self.sequence.indices {
            let Some((made, repeats)) = self.front(hand) else {
                // A thread panicked; the scope passes its panic on.
                return Ok(());
            };
            let spare = match made {
                Made::Repeat => None,
                Made::Product(product) if repeats => Some(product),
                Made::Product(product) => last.replace(product),
                Made::Failure(error) => return Err(error),
            };
            if let Some(spare) = spare {
                self.board.lock().spare.push(spare);
            }
            if let Some(product) = &last {
                measured(&mut hand.renderer.meter, Work::Deliver, || {
                    sink(Delivery {
                        index,
                        product,
                        repeats,
                    })
                })?;
            }
        }
        Ok(())
    }

    /// Takes the front of the window once it is made, and makes other frames until then. Also whether it is the same as
    /// the frame before it.
    fn front(&self, hand: &mut Hand) -> Option<(Made<P, E>, bool)> {
        let mut shared = self.board.lock();
        let mut spins = SPINS;
        loop {
            if let Some(made) = shared.window.front_mut().and_then(|slot| slot.made.take()) {
                let digest = shared.window.pop_front().and_then(|slot| slot.digest);
                let repeats = shared.before == digest;
                shared.before = digest;
                shared.first += 1;
                shared.products -= usize::from(!matches!(made, Made::Repeat));
                let is_waited_for = shared.waiting > 0 && self.has_room(&shared);
                drop(shared);
                if is_waited_for {
                    self.board.room.notify_one();
                }
                return Some((made, repeats));
            }
            if shared.stop {
                return None;
            }
            shared = if let Some(place) = self.take(&mut shared) {
                drop(shared);
                self.make(place, hand);
                self.board.lock()
            } else if spins > 0 {
                // What is about to come is sooner there than a thread is woken.
                spins -= 1;
                drop(shared);
                std::thread::yield_now();
                self.board.lock()
            } else {
                shared.is_awaited = true;
                let mut shared = self.board.ready.wait(shared).unwrap_or_else(PoisonError::into_inner);
                shared.is_awaited = false;
                shared
            };
        }
    }

    /// The place of the next frame to be made; waits for room for it. `None` when there is nothing left to do.
    fn wait_for_frame(&self) -> Option<usize> {
        let mut shared = self.board.lock();
        loop {
            if shared.stop {
                return None;
            }
            if let Some(place) = self.take(&mut shared) {
                return Some(place);
            }
            if shared.next >= self.sequence.indices.len() {
                return None;
            }
            shared.waiting += 1;
            shared = self.board.room.wait(shared).unwrap_or_else(PoisonError::into_inner);
            shared.waiting -= 1;
        }
    }

    /// The place of the next frame to be made, if there is one and room for it.
    fn take(&self, shared: &mut Shared<P, E>) -> Option<usize> {
        if !self.has_room(shared) {
            return None;
        }
        let place = shared.next;
        shared.next += 1;
        shared.products += 1;
        shared.window.push_back(Slot {
            digest: None,
            made: None,
        });
        Some(place)
    }

    /// Whether a thread may take a frame now.
    fn has_room(&self, shared: &Shared<P, E>) -> bool {
        shared.next < self.sequence.indices.len()
            && shared.products < PRODUCTS * self.threads
            && shared.window.len() < WINDOW * self.threads
    }

    fn evaluate_at(&self, place: usize, hand: &mut Hand) -> Frame {
        hand.evaluate(self.sequence.indices[place], self.evaluate)
    }

    /// Evaluates, draws and develops a frame.
    fn make(&self, place: usize, hand: &mut Hand) {
        let drawn = hand.content;
        let frame = self.evaluate_at(place, hand);
        let digest = hand.content;
        let mut shared = self.board.lock();
        let slot = place - shared.first;
        shared.window[slot].digest = digest;
        let before = match slot.checked_sub(1) {
            Some(slot) => shared.window[slot].digest,
            None => shared.before,
        };
        let mut is_repeat = before == digest;
        if before.is_none() && drawn == digest && place > 0 {
            // Nothing may have moved since the frame this thread drew. The one that has the frame between will not say so soon.
            drop(shared);
            self.evaluate_at(place - 1, hand);
            is_repeat = hand.content == digest;
            hand.content = digest;
            shared = self.board.lock();
        }
        let mut made = Made::Repeat;
        if is_repeat {
            shared.products -= 1;
        } else {
            let mut product = shared.spare.pop().unwrap_or_default();
            drop(shared);
            made = match hand.draw(&frame, self.sequence, self.develop, &mut product) {
                Ok(()) => Made::Product(product),
                Err(error) => Made::Failure(error),
            };
            shared = self.board.lock();
        }
        let slot = place - shared.first;
        shared.window[slot].made = Some(made);
        let is_front_awaited = slot == 0 && shared.is_awaited;
        let has_new_room = is_repeat && shared.waiting > 0;
        drop(shared);
        if is_front_awaited {
            self.board.ready.notify_one();
        }
        if has_new_room {
            self.board.room.notify_one();
        }
    }
}

/// Keeps a thread of the pool awake for a moment, for what comes next.
fn linger() {
    let until = Instant::now() + LINGER;
    while Instant::now() < until && rayon::yield_now() != Some(rayon::Yield::Executed) {
        std::thread::yield_now();
    }
}
