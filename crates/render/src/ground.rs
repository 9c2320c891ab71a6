//! What a canvas knows of its rows from the frame before, so that a frame writes only what differs.

use crate::surface::{Touched, UNTOUCHED};

/// A row of a canvas.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ground {
    /// What an empty pixel is.
    base: [u8; 4],
    /// What the pixels of `span` hold, those of `changed` aside.
    color: [u8; 4],
    span: Touched,
    /// Columns drawn on since the colour was laid.
    changed: Touched,
    /// Columns that hold something of the frame before, to be cleared before this one is drawn there.
    stale: Touched,
}

impl Ground {
    /// An empty row.
    pub fn new(base: [u8; 4]) -> Self {
        Self {
            base,
            color: base,
            span: UNTOUCHED,
            changed: UNTOUCHED,
            stale: UNTOUCHED,
        }
    }

    /// Begins a frame. `stale` are the columns with something of the last one, unless this one draws over all of it.
    pub fn start_frame(&mut self, stale: Touched) {
        self.stale = stale;
    }

    /// Clears what the last frame left, if nothing has done that.
    pub fn end_frame(&mut self, pixels: &mut [[u8; 4]]) {
        if self.stale.0 < self.stale.1 {
            self.clear(pixels, 0);
        }
    }

    /// Says that columns `x0..x1` are about to change. `pixels` is the row, whose first column is `left`.
    #[inline(always)]
    pub fn disturb(&mut self, pixels: &mut [[u8; 4]], left: i32, x0: i32, x1: i32) {
        if self.stale.0 < self.stale.1 {
            self.clear(pixels, left);
        }
        self.change(x0, x1);
    }

    /// Sets columns `x0..x1` to an opaque colour.
    pub fn set(&mut self, pixels: &mut [[u8; 4]], left: i32, x0: i32, x1: i32, color: [u8; 4]) {
        if self.stale.0 < self.stale.1 {
            self.clear_beside(pixels, left, x0, x1);
        }
        fill(pixels, left, (x0, x1), color);
        self.change(x0, x1);
    }

    /// Makes columns `x0..x1` hold an opaque colour, the first thing drawn on this row.
    pub fn lay(&mut self, pixels: &mut [[u8; 4]], left: i32, x0: i32, x1: i32, color: [u8; 4]) {
        let (from, to) = if (self.color, self.span) == (color, (x0, x1)) {
            self.changed
        } else {
            (x0, x1)
        };
        self.clear_beside(pixels, left, x0, x1);
        fill(pixels, left, (from.max(x0), to.min(x1)), color);
        (self.color, self.span, self.changed) = (color, (x0, x1), UNTOUCHED);
    }

    #[inline(never)]
    fn clear(&mut self, pixels: &mut [[u8; 4]], left: i32) {
        self.clear_beside(pixels, left, i32::MAX, i32::MAX);
    }

    /// Clears what the last frame left, columns `x0..x1` aside, which are about to be drawn over.
    fn clear_beside(&mut self, pixels: &mut [[u8; 4]], left: i32, x0: i32, x1: i32) {
        let (from, to) = std::mem::replace(&mut self.stale, UNTOUCHED);
        fill(pixels, left, (from, to.min(x0)), self.base);
        fill(pixels, left, (from.max(x1), to), self.base);
        self.change(from, to);
    }

    #[inline(always)]
    fn change(&mut self, x0: i32, x1: i32) {
        self.changed.0 = self.changed.0.min(x0);
        self.changed.1 = self.changed.1.max(x1);
    }
}

fn fill(pixels: &mut [[u8; 4]], left: i32, (x0, x1): Touched, color: [u8; 4]) {
    if x0 < x1 {
        pixels[(x0 - left) as usize..(x1 - left) as usize].fill(color);
    }
}
