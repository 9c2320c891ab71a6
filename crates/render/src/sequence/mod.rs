//! Many frames in order, on several threads.
//!
//! Frames are independent: each thread takes the next one, evaluates and draws it, with a
//! renderer and a canvas of its own, and at once makes of it what is wanted: the bytes of a file, the planes of a film.
//! Only that travels between threads: as many pixmaps are in flight as there are threads, and each stays in the cache of
//! its core. What comes out does not depend on how many threads there are.

mod crew;

use std::num::NonZeroUsize;

use filmpress_evaluate::digest::{Digest, Digester};
use filmpress_evaluate::frame::Frame;
use filmpress_pixels::Pixmap;

use crate::cache::Cache;
use crate::footage::Footage;
use crate::memory::Memory;
use crate::profile::{Profile, Work, measured};
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

/// The threads a machine has to offer; 1 where that is unknown.
pub fn available_threads() -> usize {
    std::thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

impl Sequence<'_> {
    /// Evaluates and draws the frames, makes a product of each with `develop` on the thread that drew it, and hands the
    /// products to `sink` in the order of the indices, on the calling thread.
    ///
    /// A frame with the content of the one before it is neither drawn nor developed again, but for one that a thread
    /// begins with while others make the frame before. `develop` is given a product made before, to use its memory. At
    /// most three products a thread are in flight. The first error of `develop` or `sink`, in the
    /// order of the frames, ends it all and comes back; to cancel, return one.
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
        crew::draw(self, threads, &evaluate, &develop, &mut sink)
    }

    /// Draws on the calling thread.
    fn draw_in_turn<P: Default, E>(
        &self,
        evaluate: impl Fn(u32) -> Frame,
        develop: impl Fn(&Pixmap, &mut P) -> Result<(), E>,
        mut sink: impl FnMut(Delivery<P>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut hand = Hand::of(self);
        let mut product = P::default();
        for &index in self.indices {
            let before = hand.content;
            let frame = hand.evaluate(index, &evaluate);
            let repeats = before == hand.content;
            if !repeats {
                hand.draw(&frame, self, &develop, &mut product)?;
            }
            measured(&mut hand.renderer.meter, Work::Deliver, || {
                sink(Delivery {
                    index,
                    product: &product,
                    repeats,
                })
            })?;
        }
        hand.finish(self);
        Ok(())
    }
}

/// What a thread draws with, and what it is at.
struct Hand {
    renderer: Renderer,
    canvas: Canvas,
    /// Of the frame evaluated last.
    content: Option<Digest>,
}

impl Hand {
    fn of(sequence: &Sequence<'_>) -> Self {
        let (mut renderer, canvas) = match sequence.memory {
            Some(memory) => memory.take(sequence.target, sequence.cache),
            None => (
                Renderer::with_cache(sequence.cache.clone()),
                Canvas::new(sequence.target),
            ),
        };
        renderer.meter = sequence.profile.map(Profile::meter);
        Self {
            renderer,
            canvas,
            content: None,
        }
    }

    fn finish(mut self, sequence: &Sequence<'_>) {
        if let Some(profile) = sequence.profile {
            profile.add(self.renderer.meter.take());
        }
        if let Some(memory) = sequence.memory {
            memory.give(self.renderer, self.canvas);
        }
    }

    fn evaluate(&mut self, index: u32, evaluate: &impl Fn(u32) -> Frame) -> Frame {
        let frame = measured(&mut self.renderer.meter, Work::Evaluate, || evaluate(index));
        self.content = Some(content(&frame));
        frame
    }

    /// Draws a frame and makes what is wanted of it.
    fn draw<P, E>(
        &mut self,
        frame: &Frame,
        sequence: &Sequence<'_>,
        develop: &impl Fn(&Pixmap, &mut P) -> Result<(), E>,
        product: &mut P,
    ) -> Result<(), E> {
        self.renderer
            .draw_again(frame, sequence.target, sequence.footage, &mut self.canvas);
        measured(&mut self.renderer.meter, Work::Develop, || {
            develop(self.canvas.pixmap(), product)
        })
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
