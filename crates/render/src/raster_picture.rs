//! A rectangle of pixels for effects: dense, transparent beyond its sides.

use filmpress_pixels::row;

use crate::rect::IRect;
use crate::surface::{Buffer, Surface, View};

/// A picture that effects read and write. Pixels are premultiplied RGBA in device coordinates.
pub(crate) struct Raster(Buffer);

/// The largest whole number up to `v`, which is less than 10^9 away from 0; without a call into a library.
#[inline]
pub(crate) fn floor(v: f64) -> i32 {
    let cut = v as i32;
    cut - i32::from(v < f64::from(cut))
}

impl Raster {
    /// What was drawn on a buffer.
    pub fn new(mut buffer: Buffer) -> Self {
        // Effects write where they like; from here on every pixel may hold something.
        buffer.touch_all();
        Self(buffer)
    }

    /// The buffer below, to be given back or shown.
    pub fn into_buffer(self) -> Buffer {
        self.0
    }

    pub fn rect(&self) -> IRect {
        self.0.rect()
    }

    pub fn view(&self) -> View<'_> {
        self.0.view()
    }

    pub fn surface(&mut self) -> Surface<'_> {
        self.0.surface()
    }

    /// All pixels, row by row.
    pub fn pixels(&self) -> &[[u8; 4]] {
        self.0.view().pixels
    }

    /// All pixels, row by row, for writing.
    pub fn pixels_mut(&mut self) -> &mut [[u8; 4]] {
        self.0.surface().pixels
    }

    /// Row `y`; inside the picture.
    pub fn row(&self, y: i32) -> &[[u8; 4]] {
        let rect = self.rect();
        let start = (y - rect.y0) as usize * rect.width();
        &self.pixels()[start..start + rect.width()]
    }

    /// Every row with its y, for writing.
    pub fn rows_mut(&mut self) -> impl Iterator<Item = (i32, &mut [[u8; 4]])> {
        let rect = self.rect();
        let width = rect.width().max(1);
        (rect.y0..rect.y1).zip(self.pixels_mut().chunks_exact_mut(width))
    }

    /// Any pixel; transparent beyond the sides.
    #[inline]
    pub fn pixel(&self, x: i32, y: i32) -> [u8; 4] {
        let rect = self.rect();
        if x < rect.x0 || x >= rect.x1 || y < rect.y0 || y >= rect.y1 {
            return [0; 4];
        }
        self.pixels()[(y - rect.y0) as usize * rect.width() + (x - rect.x0) as usize]
    }

    /// The picture at a point between pixels (their centres are at halves), premultiplied, 0..255.
    #[inline]
    pub fn at(&self, x: f64, y: f64) -> [f32; 4] {
        // Beyond what casts can tell apart there is nothing.
        if !(x.abs() < 1e9 && y.abs() < 1e9) {
            return [0.0; 4];
        }
        let (x, y) = (x - 0.5, y - 0.5);
        let (x0, y0) = (floor(x), floor(y));
        let (u, v) = ((x - f64::from(x0)) as f32, (y - f64::from(y0)) as f32);
        let (a, b) = (self.pixel(x0, y0), self.pixel(x0 + 1, y0));
        let (c, d) = (self.pixel(x0, y0 + 1), self.pixel(x0 + 1, y0 + 1));
        let mut out = [0.0; 4];
        for i in 0..4 {
            let upper = f32::from(a[i]) + (f32::from(b[i]) - f32::from(a[i])) * u;
            let lower = f32::from(c[i]) + (f32::from(d[i]) - f32::from(c[i])) * u;
            out[i] = upper + (lower - upper) * v;
        }
        out
    }

    /// Copies what `from` holds of this rectangle; the rest becomes transparent.
    pub fn copy_from(&mut self, from: &Self) {
        let shared = self.rect().intersect(from.rect());
        let (own, other) = (self.rect(), from.rect());
        for (y, row) in self.rows_mut() {
            row.fill([0; 4]);
            if y >= shared.y0 && y < shared.y1 && shared.x0 < shared.x1 {
                let into = &mut row[(shared.x0 - own.x0) as usize..(shared.x1 - own.x0) as usize];
                let source = &from.row(y)[(shared.x0 - other.x0) as usize..(shared.x1 - other.x0) as usize];
                into.copy_from_slice(source);
            }
        }
    }

    /// Makes everything more transparent: `share`, 0..1, stays.
    pub fn fade(&mut self, share: f64) {
        let share = (share.clamp(0.0, 1.0) * 65536.0).round() as u32;
        for pixel in self.pixels_mut().iter_mut().filter(|p| p[3] != 0) {
            *pixel = pixel.map(|v| ((u32::from(v) * share + 32768) >> 16) as u8);
        }
    }

    /// Draws another picture over this one, where both are.
    pub fn over(&mut self, other: &Self) {
        let shared = self.rect().intersect(other.rect());
        if shared.is_empty() {
            return;
        }
        let mut surface = self.surface();
        for y in shared.y0..shared.y1 {
            row::over_row_faded(
                surface.touch(y, shared.x0, shared.x1),
                other.view().row(y, shared.x0, shared.x1),
                255,
            );
        }
    }

    /// Mixes in a share (0..1) of another picture of the same rectangle.
    pub fn mix(&mut self, other: &Self, share: f32) {
        let share = (share.clamp(0.0, 1.0) * 256.0).round() as i32;
        for (own, other) in self.pixels_mut().iter_mut().zip(other.pixels()) {
            for (a, b) in own.iter_mut().zip(other) {
                let d = (i32::from(*b) - i32::from(*a)) * share;
                *a = (i32::from(*a) + ((d + 128) >> 8)) as u8;
            }
        }
    }
}
