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
    /// Threads to draw on, besides the calling one, which delivers; with 1 the calling thread does it all.
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
const WINDOW: usize = 3;
/// Products that are worth waking the delivering thread for, for each thread.
const BATCH: usize = 2;

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
    /// Slots of `window` that are made.
    made: usize,
    /// Digest of the frame just before `first`.
    before: Option<Digest>,
    /// Products to be made again, for their memory.
    spare: Vec<P>,
    /// Drawing threads that wait for room in the window.
    waiting: usize,
    /// Nobody wants more frames.
    stop: bool,
    /// Drawing threads that are still at it.
    running: usize,
}

struct Board<P, E> {
    shared: Mutex<Shared<P, E>>,
    /// Frames are ready to be delivered, or a thread ended.
    ready: Condvar,
    /// The sink took a frame, or all is to stop.
    room: Condvar,
}

impl<P, E> Board<P, E> {
    fn lock(&self) -> MutexGuard<'_, Shared<P, E>> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says that a drawing thread ended, even by a panic in `evaluate` or `footage`.
struct Ended<'a, P, E>(&'a Board<P, E>);

impl<P, E> Drop for Ended<'_, P, E> {
    fn drop(&mut self) {
        let mut shared = self.0.lock();
        shared.running -= 1;
        if std::thread::panicking() {
            shared.stop = true;
        }
        drop(shared);
        self.0.ready.notify_all();
        self.0.room.notify_all();
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
                made: 0,
                before: None,
                spare: Vec::new(),
                waiting: 0,
                stop: false,
                running: threads,
            }),
            ready: Condvar::new(),
            room: Condvar::new(),
        };
        let work = Crew {
            sequence: self,
            threads,
            board: &board,
            evaluate: &evaluate,
            develop: &develop,
        };
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    let _ended = Ended(work.board);
                    let (mut renderer, mut canvas) = self.start();
                    while work.next(&mut renderer, &mut canvas) {}
                    self.finish(renderer, canvas);
                });
            }
            let result = self.deliver(&board, &mut sink);
            board.lock().stop = true;
            board.room.notify_all();
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

    /// Hands products to the sink in order.
    fn deliver<P, E>(&self, board: &Board<P, E>, sink: &mut impl FnMut(Delivery<P>) -> Result<(), E>) -> Result<(), E> {
        let mut last: Option<P> = None;
        let mut meter = self.profile.map(Profile::meter);
        for &index in self.indices {
            let mut shared = board.lock();
            let made = loop {
                if let Some(made) = shared.window.front_mut().and_then(|slot| slot.made.take()) {
                    break made;
                }
                if shared.running == 0 {
                    // A thread panicked; the scope passes its panic on.
                    return Ok(());
                }
                shared = board.ready.wait(shared).unwrap_or_else(PoisonError::into_inner);
            };
            let digest = shared.window.pop_front().and_then(|slot| slot.digest);
            // Two threads may have made the same of two frames, each before it knew of the other.
            let repeats = matches!(made, Made::Repeat) || digest == shared.before;
            shared.before = digest;
            shared.first += 1;
            shared.made -= 1;
            match made {
                Made::Repeat => {}
                Made::Product(product) => {
                    let old = if repeats { Some(product) } else { last.replace(product) };
                    shared.spare.extend(old);
                }
                Made::Failure(error) => return Err(error),
            }
            let is_waited_for = shared.waiting > 0;
            drop(shared);
            if is_waited_for {
                board.room.notify_one();
            }
            if let Some(product) = &last {
                measured(&mut meter, Work::Deliver, || {
                    sink(Delivery {
                        index,
                        product,
                        repeats,
                    })
                })?;
            }
        }
        self.gather(meter);
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

/// What every drawing thread works by.
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
    /// Takes the next frame, evaluates, draws and develops it. False when there is nothing left to do.
    fn next(&self, renderer: &mut Renderer, canvas: &mut Canvas) -> bool {
        let indices = self.sequence.indices;
        let mut shared = self.board.lock();
        let place = loop {
            if shared.stop || shared.next >= indices.len() {
                return false;
            }
            if shared.next < shared.first + WINDOW * self.threads {
                break shared.next;
            }
            shared.waiting += 1;
            shared = self.board.room.wait(shared).unwrap_or_else(PoisonError::into_inner);
            shared.waiting -= 1;
        };
        shared.next += 1;
        shared.window.push_back(Slot {
            digest: None,
            made: None,
        });
        drop(shared);

        let frame = measured(&mut renderer.meter, Work::Evaluate, || (self.evaluate)(indices[place]));
        let digest = content(&frame);

        let mut shared = self.board.lock();
        if shared.stop {
            return false;
        }
        let slot = place - shared.first;
        shared.window[slot].digest = Some(digest);
        // Where the frame before is not evaluated yet, drawing is no slower than waiting for it.
        let before = match slot.checked_sub(1) {
            Some(slot) => shared.window[slot].digest,
            None => shared.before,
        };
        let made = if before == Some(digest) {
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
        shared.made += 1;
        // Waking the delivering thread takes this core from a drawing one: not for each frame.
        let is_worth_it = shared.made >= BATCH * self.threads || shared.next >= indices.len();
        let is_ready = is_worth_it && shared.window.front().is_some_and(|slot| slot.made.is_some());
        drop(shared);
        if is_ready {
            self.board.ready.notify_one();
        }
        true
    }
}
