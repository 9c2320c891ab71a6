//! Many frames in order, on several threads.
//!
//! Frames are independent: each thread evaluates and draws one frame at a time, with a renderer and a canvas of its own,
//! and at once makes of it what is wanted: the bytes of a file, the planes of a film. Only that travels between threads:
//! as many pixmaps are in flight as there are threads, and each stays in the cache of its core. What comes out does not
//! depend on how many threads there are.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use filmpress_evaluate::digest::{Digest, Digester};
use filmpress_evaluate::frame::Frame;
use filmpress_pixels::Pixmap;

use crate::cache::Cache;
use crate::footage::Footage;
use crate::memory::Memory;
use crate::profile::{Meter, Profile, Work, measured};
use crate::renderer::{Canvas, Renderer, Target};

/// Frames to be drawn, and what it takes.
#[derive(Clone, Copy)]
pub struct Sequence<'a> {
    /// The frames, in the order they are delivered.
    pub indices: &'a [u32],
    /// Threads to draw on. The calling thread is one of them and delivers between its frames.
    pub threads: usize,
    /// What the frames are drawn onto.
    pub target: &'a Target,
    /// Pictures in the frames.
    pub footage: &'a dyn Footage,
    /// Pictures of groups that come again.
    pub cache: &'a Cache,
    /// What sequences before left; without it memory is asked for anew.
    pub memory: Option<&'a Memory>,
    /// Gathers how long what takes.
    pub profile: Option<&'a Profile>,
}

/// A frame on its way to where it is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'a, P> {
    /// Number of the frame.
    pub index: u32,
    /// What was made of its picture.
    pub product: &'a P,
    /// Whether the picture is that of the frame before, and the product the same one.
    pub repeats: bool,
}

/// Most products in flight, for each thread.
const PRODUCTS: usize = 3;
/// Most frames in flight, for each thread: those that repeat the one before hold no product.
const WINDOW: usize = 32;

/// So often a thread looks again before it sleeps: about a tenth of a millisecond.
const SPINS: u32 = 200;

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
    /// Threads that wait for what the frame before theirs holds.
    comparing: usize,
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
    /// A frame is evaluated that a thread waits for, or all is to stop.
    evaluated: Condvar,
}

impl<P, E> Board<P, E> {
    fn lock(&self) -> MutexGuard<'_, Shared<P, E>> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets other threads have the board for a moment: what is about to come is sooner there than a thread is woken.
    fn look_again<'b>(&'b self, shared: MutexGuard<'b, Shared<P, E>>) -> MutexGuard<'b, Shared<P, E>> {
        drop(shared);
        std::thread::yield_now();
        self.lock()
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
            self.board.evaluated.notify_all();
        }
    }
}

/// The threads a machine has to offer; 1 where that is unknown.
pub fn available_threads() -> usize {
    std::thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

impl Sequence<'_> {
    /// Evaluates and draws the frames, makes a product of each with `develop` on the thread that drew it, and hands the
    /// products to `sink` in the order of the indices, on the calling thread.
    ///
    /// A frame with the content of the one before it is neither drawn nor developed again. `develop` is given a product
    /// made before, to use its memory. At most three products a thread are in flight. The first error of `develop` or
    /// `sink`, in the order of the frames, ends it all and comes back; to cancel, return one.
    pub fn draw<P: Default + Send, E: Send>(
        &self,
        evaluate: impl Fn(u32) -> Frame + Sync,
        develop: impl Fn(&Pixmap, &mut P) -> Result<(), E> + Sync,
        mut sink: impl FnMut(Delivery<P>) -> Result<(), E>,
    ) -> Result<(), E> {
        let threads = self.threads.clamp(1, 256).min(self.indices.len().max(1));
        if threads == 1 {
            return self.draw_in_turn(evaluate, develop, sink);
        }
        let board = Board {
            shared: Mutex::new(Shared {
                next: 0,
                first: 0,
                window: VecDeque::new(),
                products: 0,
                before: None,
                spare: Vec::new(),
                waiting: 0,
                comparing: 0,
                is_awaited: false,
                stop: false,
            }),
            ready: Condvar::new(),
            room: Condvar::new(),
            evaluated: Condvar::new(),
        };
        let crew = Crew {
            sequence: self,
            threads,
            board: &board,
            evaluate: &evaluate,
            develop: &develop,
        };
        // Threads that stay from sequence to sequence: a light film is drawn sooner than a thread is made.
        rayon::in_place_scope(|scope| {
            for _ in 1..threads {
                scope.spawn(|_| {
                    let _stops = Stops {
                        board: crew.board,
                        is_delivering: false,
                    };
                    let (mut renderer, mut canvas) = self.start();
                    while let Some(place) = crew.wait_for_frame() {
                        crew.make(place, &mut renderer, &mut canvas);
                    }
                    self.finish(renderer, canvas);
                });
            }
            let _stops = Stops {
                board: &board,
                is_delivering: true,
            };
            let (mut renderer, mut canvas) = self.start();
            let result = crew.make_and_deliver(&mut renderer, &mut canvas, &mut sink);
            self.finish(renderer, canvas);
            result
        })
    }

    /// What a thread draws with.
    fn start(&self) -> (Renderer, Canvas) {
        let (mut renderer, canvas) = match self.memory {
            Some(memory) => memory.take(self.target, self.cache),
            None => (Renderer::with_cache(self.cache.clone()), Canvas::new(self.target)),
        };
        renderer.meter = self.profile.map(Profile::meter);
        (renderer, canvas)
    }

    /// Gives it back.
    fn finish(&self, mut renderer: Renderer, canvas: Canvas) {
        self.gather(renderer.meter.take());
        if let Some(memory) = self.memory {
            memory.give(renderer, canvas);
        }
    }

    fn gather(&self, meter: Option<Meter>) {
        if let Some(profile) = self.profile {
            profile.add(meter);
        }
    }

    /// Draws on the calling thread.
    fn draw_in_turn<P: Default, E>(
        &self,
        evaluate: impl Fn(u32) -> Frame,
        develop: impl Fn(&Pixmap, &mut P) -> Result<(), E>,
        mut sink: impl FnMut(Delivery<P>) -> Result<(), E>,
    ) -> Result<(), E> {
        let (mut renderer, mut canvas) = self.start();
        let mut product = P::default();
        let mut before = None;
        for &index in self.indices {
            let frame = measured(&mut renderer.meter, Work::Evaluate, || evaluate(index));
            let digest = content(&frame);
            let repeats = before == Some(digest);
            if !repeats {
                renderer.draw_again(&frame, self.target, self.footage, &mut canvas);
                measured(&mut renderer.meter, Work::Develop, || {
                    develop(canvas.pixmap(), &mut product)
                })?;
                before = Some(digest);
            }
            measured(&mut renderer.meter, Work::Deliver, || {
                sink(Delivery {
                    index,
                    product: &product,
                    repeats,
                })
            })?;
        }
        self.finish(renderer, canvas);
        Ok(())
    }
}

/// What decides a frame's pixels.
fn content(frame: &Frame) -> Digest {
    // The size clips; it is the same for all frames of a composition, but nothing here says it must be.
    let mut d = Digester::new(16);
    d.digest(frame.root.digest)
        .u64(u64::from(frame.width) << 32 | u64::from(frame.height));
    d.finish()
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
    fn make_and_deliver(
        &self,
        renderer: &mut Renderer,
        canvas: &mut Canvas,
        sink: &mut impl FnMut(Delivery<P>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut last: Option<P> = None;
        for &index in self.sequence.indices {
            let Some(made) = self.front(renderer, canvas) else {
                // A thread panicked; the scope passes its panic on.
                return Ok(());
            };
            let repeats = matches!(made, Made::Repeat);
            match made {
                Made::Repeat => {}
                Made::Product(product) => {
                    if let Some(old) = last.replace(product) {
                        self.board.lock().spare.push(old);
                    }
                }
                Made::Failure(error) => return Err(error),
            }
            if let Some(product) = &last {
                measured(&mut renderer.meter, Work::Deliver, || {
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

    /// Takes the front of the window once it is made, and makes other frames until then.
    fn front(&self, renderer: &mut Renderer, canvas: &mut Canvas) -> Option<Made<P, E>> {
        let mut shared = self.board.lock();
        let mut spins = SPINS;
        loop {
            if let Some(made) = shared.window.front_mut().and_then(|slot| slot.made.take()) {
                let digest = shared.window.pop_front().and_then(|slot| slot.digest);
                shared.before = digest;
                shared.first += 1;
                shared.products -= usize::from(!matches!(made, Made::Repeat));
                let is_waited_for = shared.waiting > 0;
                drop(shared);
                if is_waited_for {
                    self.board.room.notify_one();
                }
                return Some(made);
            }
            if shared.stop {
                return None;
            }
            shared = if let Some(place) = self.take(&mut shared) {
                drop(shared);
                self.make(place, renderer, canvas);
                self.board.lock()
            } else if spins > 0 {
                spins -= 1;
                self.board.look_again(shared)
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
            if shared.stop || shared.next >= self.sequence.indices.len() {
                return None;
            }
            if let Some(place) = self.take(&mut shared) {
                return Some(place);
            }
            shared.waiting += 1;
            shared = self.board.room.wait(shared).unwrap_or_else(PoisonError::into_inner);
            shared.waiting -= 1;
        }
    }

    /// The place of the next frame to be made, if there is one and room for it.
    fn take(&self, shared: &mut Shared<P, E>) -> Option<usize> {
        let place = shared.next;
        let has_room = shared.products < PRODUCTS * self.threads && shared.window.len() < WINDOW * self.threads;
        if place >= self.sequence.indices.len() || !has_room {
            return None;
        }
        shared.next += 1;
        shared.products += 1;
        shared.window.push_back(Slot {
            digest: None,
            made: None,
        });
        Some(place)
    }

    /// Evaluates, draws and develops a frame.
    fn make(&self, place: usize, renderer: &mut Renderer, canvas: &mut Canvas) {
        let index = self.sequence.indices[place];
        let frame = measured(&mut renderer.meter, Work::Evaluate, || (self.evaluate)(index));
        let digest = content(&frame);

        let mut shared = self.board.lock();
        let slot = place - shared.first;
        shared.window[slot].digest = Some(digest);
        if shared.comparing > 0 {
            self.board.evaluated.notify_all();
        }
        // Evaluating is much faster than drawing: where the frame before is still at that, it is worth a wait.
        let mut spins = SPINS;
        let before = loop {
            if shared.stop {
                return;
            }
            let before = match (place - shared.first).checked_sub(1) {
                Some(slot) => shared.window[slot].digest,
                None => shared.before,
            };
            if before.is_some() || place == 0 {
                break before;
            }
            if spins > 0 {
                spins -= 1;
                shared = self.board.look_again(shared);
                continue;
            }
            shared.comparing += 1;
            shared = self
                .board
                .evaluated
                .wait(shared)
                .unwrap_or_else(PoisonError::into_inner);
            shared.comparing -= 1;
        };
        let is_repeat = before == Some(digest);
        let made = if is_repeat {
            shared.products -= 1;
            Made::Repeat
        } else {
            let mut product = shared.spare.pop().unwrap_or_default();
            drop(shared);
            renderer.draw_again(&frame, self.sequence.target, self.sequence.footage, canvas);
            let developed = measured(&mut renderer.meter, Work::Develop, || {
                (self.develop)(canvas.pixmap(), &mut product)
            });
            shared = self.board.lock();
            match developed {
                Ok(()) => Made::Product(product),
                Err(error) => Made::Failure(error),
            }
        };
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
