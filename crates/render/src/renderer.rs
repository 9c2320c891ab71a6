//! The renderer: a frame to a pixmap.

use std::sync::Arc;

use filmpress_evaluate::frame::{Frame, Group, Node};
use filmpress_pixels::{MAX_SIDE, Pixmap};
use kurbo::{Affine, Rect};

use crate::cache::Cache;
use crate::damage;
use crate::draw::{Compose, Draw, Scratch};
use crate::footage::Footage;
use crate::ground::Ground;
use crate::layer::{covers, reaches_backdrop};
use crate::profile::Meter;
use crate::rect::{IRect, finite};
use crate::surface::{Surface, Touched, UNTOUCHED};

/// What a frame is drawn onto.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// Width in pixels, 1..=[`MAX_SIDE`]; cut to that.
    pub width: u32,
    /// Height in pixels, 1..=[`MAX_SIDE`]; cut to that.
    pub height: u32,
    /// Opaque RGB below everything; `None` is transparent.
    pub background: Option<[u8; 3]>,
    /// From the composition's pixels to the target's.
    pub fit: Affine,
}

impl Target {
    /// A target that shows a whole frame of `from` pixels, centred, as large as `to` pixels hold it.
    pub fn meet(from: (u32, u32), to: (u32, u32), background: Option<[u8; 3]>) -> Self {
        Self {
            width: to.0,
            height: to.1,
            background,
            fit: fit_meet(from, to),
        }
    }

    /// An empty pixmap of the target's size.
    pub(crate) fn pixmap(&self) -> Pixmap {
        let (width, height) = self.size();
        Pixmap::new(width, height).unwrap_or_else(|_| unreachable!("{width}x{height} is in range"))
    }

    fn size(&self) -> (u32, u32) {
        (self.width.clamp(1, MAX_SIDE), self.height.clamp(1, MAX_SIDE))
    }

    fn rect(&self) -> IRect {
        let (width, height) = self.size();
        IRect::new(0, 0, width as i32, height as i32)
    }

    /// What an empty pixel is.
    fn base(&self) -> [u8; 4] {
        self.background.map_or([0; 4], |[r, g, b]| [r, g, b, 255])
    }
}

/// Scales a picture of `from` pixels so that all of it fits into `to` pixels, centred.
pub fn fit_meet(from: (u32, u32), to: (u32, u32)) -> Affine {
    let [fw, fh, tw, th] = [from.0, from.1, to.0, to.1].map(|v| f64::from(v.max(1)));
    let scale = (tw / fw).min(th / fh);
    Affine::new([scale, 0.0, 0.0, scale, (tw - fw * scale) / 2.0, (th - fh * scale) / 2.0])
}

/// Draws frames, one after another. Holds scratch memory that grows to what the frames need; one for each thread.
#[derive(Debug, Default)]
pub struct Renderer {
    scratch: Scratch,
    cache: Cache,
    touched: Vec<Touched>,
    /// Measures how long things take.
    pub(crate) meter: Option<Meter>,
}

impl Renderer {
    /// A renderer with empty scratch memory.
    pub fn new() -> Self {
        Self::default()
    }

    /// A renderer that shares finished pictures with others.
    pub fn with_cache(cache: Cache) -> Self {
        Self {
            cache,
            ..Self::default()
        }
    }

    /// Shares finished pictures with others from here on.
    pub(crate) fn share(&mut self, cache: &Cache) {
        self.cache = cache.clone();
    }

    /// Forgets everything drawn; memory stays.
    pub(crate) fn forget(&mut self) {
        self.cache = Cache::with_capacity(0);
        self.scratch.forget();
        self.meter = None;
    }

    /// Draws `frame` onto `out`, which gets the target's size and loses what it held.
    ///
    /// The frame's own rectangle clips its content. Coordinates and sizes that are not finite draw nothing.
    pub fn draw(&mut self, frame: &Frame, target: &Target, footage: &dyn Footage, out: &mut Pixmap) {
        let (width, height) = target.size();
        if (out.width(), out.height()) != (width, height) {
            let Ok(new) = Pixmap::new(width, height) else { return };
            *out = new;
        }
        let clip = clip_of(frame, target);
        if clip != target.rect() || !is_covered(frame, target, clip) {
            out.fill(target.base());
        }
        self.touched.clear();
        self.touched.resize(height as usize, UNTOUCHED);
        let mut surface = Surface {
            rect: target.rect(),
            pixels: out.pixels_mut(),
            touched: &mut self.touched,
            ground: &mut [],
            window: &[],
        };
        draw_on(
            &mut self.scratch,
            self.meter.as_mut(),
            &self.cache,
            &frame.root,
            target.fit,
            is_apart(frame, target, clip),
            footage,
            &mut surface,
            clip,
        );
    }

    /// Draws `frame` onto a canvas: only what differs from the frame drawn on it before, where that can be told.
    pub(crate) fn draw_again(&mut self, frame: &Frame, target: &Target, footage: &dyn Footage, canvas: &mut Canvas) {
        if let Some(meter) = &mut self.meter {
            meter.start_frame();
        }
        let rect = target.rect();
        let clip = clip_of(frame, target);
        let covered = is_covered(frame, target, clip);
        let is_apart = is_apart(frame, target, clip);
        let is_whole = is_apart || !canvas.find_window(frame, target, clip);
        for (row, (touched, ground)) in canvas.touched.iter_mut().zip(&mut canvas.ground).enumerate() {
            let (mut x0, mut x1) = *touched;
            if is_whole {
                *touched = UNTOUCHED;
            } else {
                (x0, x1) = (x0.max(canvas.window[row].0), x1.min(canvas.window[row].1));
            }
            let is_drawn_over = covered && clip.contains(IRect::new(x0, row as i32, x1, row as i32 + 1));
            ground.start_frame(if is_drawn_over { UNTOUCHED } else { (x0, x1) });
        }
        let mut surface = Surface {
            rect,
            pixels: canvas.pixmap.pixels_mut(),
            touched: &mut canvas.touched,
            ground: &mut canvas.ground,
            window: if is_whole { &[] } else { &canvas.window },
        };
        draw_on(
            &mut self.scratch,
            self.meter.as_mut(),
            &self.cache,
            &frame.root,
            target.fit,
            is_apart,
            footage,
            &mut surface,
            clip,
        );
        let rows = canvas.pixmap.pixels_mut().chunks_exact_mut(rect.width());
        for (ground, row) in canvas.ground.iter_mut().zip(rows) {
            ground.end_frame(row);
        }
        canvas.last = Some(Last {
            root: Arc::clone(&frame.root),
            fit: target.fit,
            clip,
            is_apart,
        });
        if let Some(meter) = &mut self.meter {
            meter.end_frame();
        }
    }
}

/// A pixmap of one target that remembers what was drawn on it.
#[derive(Debug)]
pub(crate) struct Canvas {
    pixmap: Pixmap,
    /// What an empty pixel is.
    base: [u8; 4],
    touched: Vec<Touched>,
    ground: Vec<Ground>,
    /// Where the frame being drawn differs from the last.
    window: Vec<Touched>,
    last: Option<Last>,
}

/// The frame that a canvas holds.
#[derive(Debug)]
struct Last {
    root: Arc<Group>,
    fit: Affine,
    clip: IRect,
    is_apart: bool,
}

impl Canvas {
    /// An empty canvas.
    pub fn new(target: &Target) -> Self {
        let mut pixmap = target.pixmap();
        if target.background.is_some() {
            pixmap.fill(target.base());
        }
        Self {
            touched: vec![UNTOUCHED; pixmap.height() as usize],
            ground: vec![Ground::new(target.base()); pixmap.height() as usize],
            window: vec![UNTOUCHED; pixmap.height() as usize],
            last: None,
            base: target.base(),
            pixmap,
        }
    }

    /// Forgets which frame it holds: the next is drawn whole.
    pub fn forget(&mut self) {
        self.last = None;
    }

    /// Sets `window` to where `frame` differs from the one before. False when it must be drawn whole.
    fn find_window(&mut self, frame: &Frame, target: &Target, clip: IRect) -> bool {
        let Some(last) = self.last.take() else { return false };
        (last.fit.as_coeffs(), last.clip) == (target.fit.as_coeffs(), clip)
            && !last.is_apart
            && damage::find(&last.root, &frame.root, target.fit, clip, &mut self.window)
    }

    /// Whether frames of `target` can be drawn on it.
    pub fn is_for(&self, target: &Target) -> bool {
        (self.pixmap.width(), self.pixmap.height()) == target.size() && self.base == target.base()
    }

    /// What was drawn.
    pub fn pixmap(&self) -> &Pixmap {
        &self.pixmap
    }
}

/// The pixels of the target that show the frame.
fn clip_of(frame: &Frame, target: &Target) -> IRect {
    if !finite(&target.fit) {
        return IRect::default();
    }
    let own = Rect::new(0.0, 0.0, f64::from(frame.width), f64::from(frame.height));
    target
        .rect()
        .intersect(IRect::nearest(target.fit.transform_rect_bbox(own)))
}

/// True when the frame leaves nothing to be seen of what is below it inside `clip`.
fn is_covered(frame: &Frame, target: &Target, clip: IRect) -> bool {
    !clip.is_empty() && covers(&Node::Group(Arc::clone(&frame.root)), target.fit, clip, 0)
}

/// True when the frame must be drawn as a separate picture.
///
/// The background is no layer: nothing is blended with it or cut out of it. Where a layer covers it all, it makes no
/// difference.
fn is_apart(frame: &Frame, target: &Target, clip: IRect) -> bool {
    target.background.is_some() && reaches_backdrop(&frame.root, 0) && !is_covered(frame, target, clip)
}

#[allow(
    clippy::too_many_arguments,
    reason = "called with the parts of a renderer, which are borrowed apart"
)]
fn draw_on(
    scratch: &mut Scratch,
    meter: Option<&mut Meter>,
    cache: &Cache,
    root: &Group,
    fit: Affine,
    is_apart: bool,
    footage: &dyn Footage,
    surface: &mut Surface,
    clip: IRect,
) {
    if clip.is_empty() {
        return;
    }
    let mut draw = Draw {
        scratch,
        cache,
        footage,
        through: None,
        meter,
    };
    if is_apart {
        draw.apart(root, fit, surface, clip);
    } else {
        draw.group(root, fit, Compose::normal(1.0), surface, clip, 0);
    }
}
