//! Blurs along rows and columns of bytes, many lanes at a time.

use fearless_simd::{Level, Simd, dispatch};

use super::boxes::{BoxBlur, Kernel};
use crate::rect::IRect;

/// Rows or columns blurred together, times channels.
const LANES: usize = 64;

/// One place along the axis in every lane, in 256ths.
type Cell = [u16; LANES];

/// Scratch of blurs; reused.
#[derive(Debug, Default)]
pub(crate) struct BlurScratch {
    from: Vec<Cell>,
    to: Vec<Cell>,
    pub(super) between: Vec<u8>,
}

/// What lies beyond a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Edges {
    /// Nothing.
    Transparent,
    /// The nearest pixel of this rectangle.
    Repeat(IRect),
}

impl Edges {
    fn along(self, range: impl Fn(IRect) -> (i32, i32)) -> Option<(i32, i32)> {
        match self {
            Self::Repeat(rect) if !rect.is_empty() => Some(range(rect)),
            _ => None,
        }
    }
}

/// Rows of bytes, some channels to a pixel.
pub(super) struct Bytes<'a> {
    rect: IRect,
    channels: usize,
    data: &'a [u8],
}

impl<'a> Bytes<'a> {
    pub fn of(rect: IRect, channels: usize, data: &'a [u8]) -> Self {
        Self { rect, channels, data }
    }

    fn stride(&self) -> usize {
        self.rect.width() * self.channels
    }

    fn row(&self, y: i32) -> &'a [u8] {
        let start = (y - self.rect.y0) as usize * self.stride();
        &self.data[start..start + self.stride()]
    }
}

/// Rows of the input that a blur along y needs for `out`.
pub(super) fn rows_needed(input: IRect, blur: &BoxBlur, edges: Edges, out: IRect) -> (i32, i32) {
    let reach = blur.reach();
    let (mut y0, mut y1) = (out.y0.saturating_sub(reach), out.y1.saturating_add(reach));
    if let Some((e0, e1)) = edges.along(|r| (r.y0, r.y1)) {
        // Rows beyond the sides are those at the sides.
        (y0, y1) = (y0.clamp(e0, e1 - 1), y1.clamp(e0 + 1, e1));
    }
    let (y0, y1) = (y0.max(input.y0), y1.min(input.y1));
    if y0 < y1 { (y0, y1) } else { (out.y0, out.y0) }
}

/// Blurs rows: writes the columns of `rect` of its rows, which `input` has.
pub(super) fn along_x(
    input: &Bytes,
    rect: IRect,
    out: &mut [u8],
    blur: &BoxBlur,
    edges: Edges,
    scratch: &mut BlurScratch,
) {
    let channels = input.channels;
    let together = LANES / channels;
    let reach = blur.reach();
    let first = rect.x0 - reach;
    let places = rect.width() + 2 * reach as usize;
    let sides = edges.along(|r| (r.x0, r.x1));
    let stride = rect.width() * channels;
    if stride == 0 {
        return;
    }
    let mut y = rect.y0;
    for block in out.chunks_mut(stride * together) {
        let rows = block.len() / stride;
        scratch.from.clear();
        scratch.from.resize(places, [0; LANES]);
        let mut something = false;
        for lane in 0..rows {
            let row = input.row(y + lane as i32);
            if row.iter().all(|v| *v == 0) {
                continue;
            }
            something = true;
            for (place, cell) in scratch.from.iter_mut().enumerate() {
                let mut x = first + place as i32;
                if let Some((x0, x1)) = sides {
                    x = x.clamp(x0, x1 - 1);
                }
                if x >= input.rect.x0 && x < input.rect.x1 {
                    let at = (x - input.rect.x0) as usize * channels;
                    for c in 0..channels {
                        cell[lane * channels + c] = u16::from(row[at + c]) << 8;
                    }
                }
            }
        }
        if something {
            repeated(blur, scratch);
        }
        for (lane, row) in block.chunks_exact_mut(stride).enumerate() {
            if !something {
                row.fill(0);
                continue;
            }
            let cells = &scratch.from[reach as usize..];
            for (pixel, cell) in row.chunks_exact_mut(channels).zip(cells) {
                for (c, v) in pixel.iter_mut().enumerate() {
                    *v = byte(cell[lane * channels + c]);
                }
            }
        }
        y += rows as i32;
    }
}

/// Blurs columns: writes the rows of `rect` of its columns, which `input` has.
pub(super) fn along_y(
    input: &Bytes,
    rect: IRect,
    out: &mut [u8],
    blur: &BoxBlur,
    edges: Edges,
    scratch: &mut BlurScratch,
) {
    let reach = blur.reach();
    let first = rect.y0 - reach;
    let places = rect.height() + 2 * reach as usize;
    let sides = edges.along(|r| (r.y0, r.y1));
    let stride = rect.width() * input.channels;
    let mut start = 0;
    while start < stride {
        let lanes = LANES.min(stride - start);
        scratch.from.clear();
        scratch.from.resize(places, [0; LANES]);
        let mut something = false;
        for (place, cell) in scratch.from.iter_mut().enumerate() {
            let mut y = first + place as i32;
            if let Some((y0, y1)) = sides {
                y = y.clamp(y0, y1 - 1);
            }
            if y >= input.rect.y0 && y < input.rect.y1 {
                for (lane, v) in cell.iter_mut().zip(&input.row(y)[start..start + lanes]) {
                    *lane = u16::from(*v) << 8;
                    something |= *v != 0;
                }
            }
        }
        if something {
            repeated(blur, scratch);
        }
        let cells = scratch.from[reach as usize..].iter();
        for (row, cell) in out.chunks_exact_mut(stride).zip(cells) {
            for (v, lane) in row[start..start + lanes].iter_mut().zip(cell) {
                *v = byte(*lane);
            }
        }
        start += lanes;
    }
}

#[inline(always)]
fn byte(v: u16) -> u8 {
    ((u32::from(v) + 128) >> 8).min(255) as u8
}

/// Blurs what is in `scratch.from`.
fn repeated(blur: &BoxBlur, scratch: &mut BlurScratch) {
    let BlurScratch { from, to, .. } = scratch;
    to.clear();
    to.resize(from.len(), [0; LANES]);
    for _ in 0..blur.times {
        dispatch!(Level::new(), simd => one(simd, from, to, blur.kernel));
        std::mem::swap(from, to);
    }
}

/// One box blur; what lies beyond the ends is 0.
#[inline(always)]
fn one<S: Simd>(_: S, from: &[Cell], to: &mut [Cell], kernel: Kernel) {
    const ZERO: Cell = [0; LANES];
    let Kernel { radius, inner, outer } = kernel;
    let mut sums = [0_u32; LANES];
    for cell in from.iter().take(radius) {
        for i in 0..LANES {
            sums[i] += u32::from(cell[i]);
        }
    }
    for (place, out) in to.iter_mut().enumerate() {
        let new = from.get(place + radius).unwrap_or(&ZERO);
        let after = from.get(place + radius + 1).unwrap_or(&ZERO);
        let before = place.checked_sub(radius + 1).map_or(&ZERO, |i| &from[i]);
        let old = place.checked_sub(radius).map_or(&ZERO, |i| &from[i]);
        for i in 0..LANES {
            sums[i] += u32::from(new[i]);
            let ends = (u32::from(before[i]) + u32::from(after[i])) as i32 as f32;
            let mean = sums[i] as i32 as f32 * inner + ends * outer;
            // Adding 2^23 leaves the rounded number in the low bits.
            out[i] = (mean + 8_388_608.0).to_bits() as u16;
            sums[i] -= u32::from(old[i]);
        }
    }
}
