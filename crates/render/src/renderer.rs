//! The renderer: a frame to a pixmap.

use filmpress_evaluate::frame::Frame;
use filmpress_pixels::{MAX_SIDE, Pixmap};
use kurbo::{Affine, Rect};

use crate::cache::Cache;
use crate::draw::{Compose, Draw, Scratch};
use crate::footage::Footage;
use crate::layer::cuts_backdrop;
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
        let (width, height) = (Self::side(self.width), Self::side(self.height));
        Pixmap::new(width, height).unwrap_or_else(|_| unreachable!("{width}x{height} is in range"))
    }

    fn side(side: u32) -> u32 {
        side.clamp(1, MAX_SIDE)
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

    /// Draws `frame` onto `out`, which gets the target's size and loses what it held.
    ///
    /// The frame's own rectangle clips its content. Coordinates and sizes that are not finite draw nothing.
    pub fn draw(&mut self, frame: &Frame, target: &Target, footage: &dyn Footage, out: &mut Pixmap) {
        let (width, height) = (Target::side(target.width), Target::side(target.height));
        if (out.width(), out.height()) != (width, height) {
            let Ok(new) = Pixmap::new(width, height) else { return };
            *out = new;
        }
        let base = target.background.map_or([0; 4], |[r, g, b]| [r, g, b, 255]);
        out.fill(base);
        if !finite(&target.fit) {
            return;
        }
        let all = IRect::new(0, 0, width as i32, height as i32);
        let own = Rect::new(0.0, 0.0, f64::from(frame.width), f64::from(frame.height));
        let clip = all.intersect(IRect::nearest(target.fit.transform_rect_bbox(own)));
        if clip.is_empty() {
            return;
        }
        self.touched.clear();
        self.touched.resize(height as usize, UNTOUCHED);
        let mut surface = Surface {
            rect: all,
            pixels: out.pixels_mut(),
            touched: &mut self.touched,
        };
        let mut draw = Draw {
            scratch: &mut self.scratch,
            cache: &self.cache,
            footage,
        };
        if target.background.is_some() && cuts_backdrop(&frame.root, 0) {
            draw.apart(&frame.root, target.fit, &mut surface, clip);
        } else {
            draw.group(&frame.root, target.fit, Compose::normal(1.0), &mut surface, clip, 0);
        }
    }
}
