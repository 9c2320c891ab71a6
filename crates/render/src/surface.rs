//! Where things are drawn: a rectangle of pixels that remembers what was touched.

use crate::ground::Ground;
use crate::rect::IRect;

/// Columns `.0 .. .1` of a row that may hold something; empty when `.0 >= .1`.
pub(crate) type Touched = (i32, i32);

/// Shorter spans of a colour are not remembered.
const GROUND: i32 = 64;

/// Nothing touched.
pub(crate) const UNTOUCHED: Touched = (i32::MAX, i32::MIN);

/// A rectangle of premultiplied pixels in device coordinates. Rows that nothing was drawn on cost nothing later.
pub(crate) struct Surface<'a> {
    pub rect: IRect,
    pub pixels: &'a mut [[u8; 4]],
    /// One for each row.
    pub touched: &'a mut [Touched],
    /// What is known of each row from the frame before; empty where nothing is.
    pub ground: &'a mut [Ground],
    /// Columns of each row to be drawn on, where the others hold what they are to hold; empty: all of them.
    pub window: &'a [Touched],
}

/// A finished picture.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub rect: IRect,
    pub pixels: &'a [[u8; 4]],
    /// One for each row.
    pub touched: &'a [Touched],
}

impl View<'_> {
    /// Touched columns of row `y` inside `clip`; of any row.
    #[inline]
    pub fn extent(&self, y: i32, clip: IRect) -> Touched {
        if y < self.rect.y0 || y >= self.rect.y1 {
            return UNTOUCHED;
        }
        let (x0, x1) = self.touched[(y - self.rect.y0) as usize];
        (x0.max(clip.x0), x1.min(clip.x1))
    }

    /// Pixels `x0..x1` of row `y`; inside the picture.
    #[inline(always)]
    pub fn row(&self, y: i32, x0: i32, x1: i32) -> &[[u8; 4]] {
        let start = (y - self.rect.y0) as usize * self.rect.width() + (x0 - self.rect.x0) as usize;
        &self.pixels[start..start + (x1 - x0) as usize]
    }
}

impl Surface<'_> {
    /// What was drawn.
    pub fn view(&self) -> View<'_> {
        View {
            rect: self.rect,
            pixels: self.pixels,
            touched: self.touched,
        }
    }

    /// The columns of `x0..x1` of row `y` that are to be drawn on, from the first to the last.
    #[inline(always)]
    pub fn wanted(&self, y: i32, x0: i32, x1: i32) -> Touched {
        match self.window.get((y - self.rect.y0) as usize) {
            Some((from, to)) => (x0.max(*from), x1.min(*to)),
            None => (x0, x1),
        }
    }

    /// The smallest rectangle that holds all that is to be drawn on inside `rect`, which is inside the surface.
    pub fn wanted_part(&self, rect: IRect) -> IRect {
        if self.window.is_empty() {
            return rect;
        }
        let mut all = IRect::default();
        for y in rect.y0..rect.y1 {
            let (x0, x1) = self.wanted(y, rect.x0, rect.x1);
            all = all.union(IRect::new(x0, y, x1, y + 1));
        }
        all
    }

    /// Whether anything inside `rect` is to be drawn on; an empty one counts.
    pub fn wants_any(&self, rect: IRect) -> bool {
        self.window.is_empty()
            || rect.is_empty()
            || (rect.y0..rect.y1).any(|y| {
                let (x0, x1) = self.wanted(y, rect.x0, rect.x1);
                x0 < x1
            })
    }

    /// Pixels `x0..x1` of row `y`, for drawing on; inside the surface and its window.
    #[inline(always)]
    pub fn touch(&mut self, y: i32, x0: i32, x1: i32) -> &mut [[u8; 4]] {
        let row = (y - self.rect.y0) as usize;
        let touched = &mut self.touched[row];
        touched.0 = touched.0.min(x0);
        touched.1 = touched.1.max(x1);
        let start = row * self.rect.width();
        let pixels = &mut self.pixels[start..start + self.rect.width()];
        if let Some(ground) = self.ground.get_mut(row) {
            ground.disturb(pixels, self.rect.x0, x0, x1);
        }
        &mut pixels[(x0 - self.rect.x0) as usize..(x1 - self.rect.x0) as usize]
    }

    /// Sets pixels `x0..x1` of row `y` to an opaque colour; inside the surface. The first colour that fills most of a row
    /// is remembered from one frame to the next: a background costs only what was drawn over it.
    #[inline]
    pub fn cover(&mut self, y: i32, x0: i32, x1: i32, color: [u8; 4]) {
        let row = (y - self.rect.y0) as usize;
        let (from, to) = self.touched[row];
        let start = row * self.rect.width();
        let pixels = &mut self.pixels[start..start + self.rect.width()];
        self.touched[row] = (from.min(x0), to.max(x1));
        let left = self.rect.x0;
        let is_first = from >= to && self.window.is_empty();
        match self.ground.get_mut(row) {
            Some(ground) if is_first && x1 - x0 >= GROUND => ground.lay(pixels, left, x0, x1, color),
            Some(ground) => ground.set(pixels, left, x0, x1, color),
            None => pixels[(x0 - left) as usize..(x1 - left) as usize].fill(color),
        }
    }

    /// Copies what was drawn on `from` inside this surface, which is empty.
    pub fn copy_from(&mut self, from: &Surface) {
        let shared = self.rect.intersect(from.rect);
        for y in shared.y0..shared.y1 {
            let (x0, x1) = from.extent(y, shared);
            if x0 < x1 {
                self.touch(y, x0, x1).copy_from_slice(from.view().row(y, x0, x1));
            }
        }
    }

    /// Touched columns of row `y` inside `clip`.
    #[inline]
    pub fn extent(&self, y: i32, clip: IRect) -> Touched {
        let (x0, x1) = self.touched[(y - self.rect.y0) as usize];
        (x0.max(clip.x0), x1.min(clip.x1))
    }

    /// Pixels `x0..x1` of row `y` for changing what is there already; inside the surface.
    #[inline(always)]
    pub fn row_mut(&mut self, y: i32, x0: i32, x1: i32) -> &mut [[u8; 4]] {
        let row = (y - self.rect.y0) as usize;
        let start = row * self.rect.width();
        let pixels = &mut self.pixels[start..start + self.rect.width()];
        if let Some(ground) = self.ground.get_mut(row) {
            ground.disturb(pixels, self.rect.x0, x0, x1);
        }
        &mut pixels[(x0 - self.rect.x0) as usize..(x1 - self.rect.x0) as usize]
    }
}

/// Memory of a separate picture; all transparent between uses.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    pixels: Vec<[u8; 4]>,
    touched: Vec<Touched>,
    rect: IRect,
}

impl Buffer {
    /// The rectangle it covers.
    pub fn rect(&self) -> IRect {
        self.rect
    }

    /// What was drawn.
    pub fn view(&self) -> View<'_> {
        View {
            rect: self.rect,
            pixels: &self.pixels[..self.rect.width() * self.rect.height()],
            touched: &self.touched[..self.rect.height()],
        }
    }

    /// Says that every pixel may hold something.
    pub fn touch_all(&mut self) {
        self.touched[..self.rect.height()].fill((self.rect.x0, self.rect.x1));
    }

    /// The buffer as a surface over `rect`.
    pub fn surface(&mut self) -> Surface<'_> {
        let size = self.rect.width() * self.rect.height();
        Surface {
            rect: self.rect,
            pixels: &mut self.pixels[..size],
            touched: &mut self.touched[..self.rect.height()],
            ground: &mut [],
            window: &[],
        }
    }

    fn clear(&mut self) {
        let width = self.rect.width();
        for (row, touched) in self.touched[..self.rect.height()].iter_mut().enumerate() {
            let (x0, x1) = std::mem::replace(touched, UNTOUCHED);
            if x0 < x1 {
                let start = row * width;
                self.pixels[start + (x0 - self.rect.x0) as usize..start + (x1 - self.rect.x0) as usize].fill([0; 4]);
            }
        }
    }
}

/// Most buffers kept, and most planes.
const KEPT: usize = 16;

/// Buffers and planes waiting to be used again.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    buffers: Vec<Buffer>,
    planes: Vec<Plane>,
}

impl Pool {
    /// A transparent buffer over `rect`.
    pub fn buffer(&mut self, rect: IRect) -> Buffer {
        let mut buffer = self.buffers.pop().unwrap_or_default();
        let size = rect.width() * rect.height();
        if buffer.pixels.len() < size {
            buffer.pixels.resize(size, [0; 4]);
        }
        if buffer.touched.len() < rect.height() {
            buffer.touched.resize(rect.height(), UNTOUCHED);
        }
        buffer.rect = rect;
        buffer
    }

    /// Takes a buffer back.
    pub fn give(&mut self, mut buffer: Buffer) {
        buffer.clear();
        if self.buffers.len() < KEPT {
            self.buffers.push(buffer);
        }
    }

    /// A plane over `rect` that holds 0.
    pub fn plane(&mut self, rect: IRect) -> Plane {
        let mut plane = self.planes.pop().unwrap_or_default();
        let size = rect.width() * rect.height();
        if plane.data.len() < size {
            plane.data.resize(size, 0);
        }
        if plane.touched.len() < rect.height() {
            plane.touched.resize(rect.height(), UNTOUCHED);
        }
        plane.rect = rect;
        plane
    }

    /// Takes a plane back.
    pub fn give_plane(&mut self, mut plane: Plane) {
        plane.clear();
        if self.planes.len() < KEPT {
            self.planes.push(plane);
        }
    }
}

/// A rectangle of single alpha values; 0 wherever it was not touched.
#[derive(Debug, Default)]
pub(crate) struct Plane {
    pub rect: IRect,
    data: Vec<u8>,
    touched: Vec<Touched>,
}

impl Plane {
    /// Any value; 0 beyond the sides.
    #[inline]
    pub fn at(&self, x: i32, y: i32) -> u8 {
        let rect = self.rect;
        if x < rect.x0 || x >= rect.x1 || y < rect.y0 || y >= rect.y1 {
            return 0;
        }
        self.data[(y - rect.y0) as usize * rect.width() + (x - rect.x0) as usize]
    }

    /// Touched columns of row `y` inside `x0..x1`; of any row.
    #[inline]
    pub fn extent(&self, y: i32, x0: i32, x1: i32) -> Touched {
        if y < self.rect.y0 || y >= self.rect.y1 {
            return UNTOUCHED;
        }
        let touched = self.touched[(y - self.rect.y0) as usize];
        (touched.0.max(x0), touched.1.min(x1))
    }

    /// Values `x0..x1` of row `y`; inside the plane.
    #[inline(always)]
    pub fn row(&self, y: i32, x0: i32, x1: i32) -> &[u8] {
        let start = (y - self.rect.y0) as usize * self.rect.width() + (x0 - self.rect.x0) as usize;
        &self.data[start..start + (x1 - x0) as usize]
    }

    /// Values `x0..x1` of row `y` for writing; inside the plane.
    #[inline(always)]
    pub fn touch(&mut self, y: i32, x0: i32, x1: i32) -> &mut [u8] {
        let row = (y - self.rect.y0) as usize;
        let touched = &mut self.touched[row];
        touched.0 = touched.0.min(x0);
        touched.1 = touched.1.max(x1);
        let start = row * self.rect.width() + (x0 - self.rect.x0) as usize;
        &mut self.data[start..start + (x1 - x0) as usize]
    }

    /// All values, row by row, for writing.
    pub fn touch_all(&mut self) -> &mut [u8] {
        self.touched[..self.rect.height()].fill((self.rect.x0, self.rect.x1));
        &mut self.data[..self.rect.width() * self.rect.height()]
    }

    fn clear(&mut self) {
        let width = self.rect.width();
        for (row, touched) in self.touched[..self.rect.height()].iter_mut().enumerate() {
            let (x0, x1) = std::mem::replace(touched, UNTOUCHED);
            if x0 < x1 {
                let start = row * width;
                self.data[start + (x0 - self.rect.x0) as usize..start + (x1 - self.rect.x0) as usize].fill(0);
            }
        }
    }
}
