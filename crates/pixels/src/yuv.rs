//! RGBA to planar YUV 4:2:0 for film encoders: BT.709, limited range.
//!
//! Each chroma sample is the mean of its 2x2 pixels, so chroma sits in their centre (MPEG-1 siting); encoders tag it so.
//! Fixed point, written as straight loops over rows that the compiler turns into vector code, once for each level of
//! vector instructions; the results are the same on all.

#![allow(
    clippy::inline_always,
    reason = "only inlined code is compiled for the vector level of its caller"
)]

use fearless_simd::{Level, Simd, dispatch};

use crate::Pixmap;

/// Fractional bits of the luma weights.
const LUMA_BITS: u32 = 15;
/// Fractional bits of the chroma weights.
const CHROMA_BITS: u32 = 16;

// Weights of BT.709 scaled to 219 (luma) and 224 (chroma) steps. Each row sums to what makes grey exact: luma weights
// to 219/255, chroma weights to zero. All fit 16 bits, which lets the compiler multiply and add pairs at once.
const Y: [i32; 3] = [5983, 20127, 2032];
const U: [i32; 3] = [-6596, -22188, 28784];
const V: [i32; 3] = [28784, -26144, -2640];

/// A frame of planar YUV 4:2:0, 8 bits, BT.709 limited range, as film encoders read it from a pipe.
///
/// The size is the pixmap's rounded up to even; the extra column and row repeat their neighbour. The three planes lie
/// one after another: `width * height` luma bytes, then a quarter of that each of Cb and Cr.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Yuv420 {
    width: u32,
    height: u32,
    data: Vec<u8>,
}

impl Yuv420 {
    /// An empty frame, to be filled with [`Yuv420::convert`] again and again without allocating.
    pub fn new() -> Self {
        Self::default()
    }

    /// Width in pixels, even.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels, even.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The planes Y, Cb, Cr, one after another.
    pub fn bytes(&self) -> &[u8] {
        &self.data
    }

    /// Takes over the colours of `pixmap`. They are read as they are, which for premultiplied pixels is the picture
    /// over black; draw over the background before, where there is one.
    pub fn convert(&mut self, pixmap: &Pixmap) {
        self.width = pixmap.width().next_multiple_of(2);
        self.height = pixmap.height().next_multiple_of(2);
        let (w, h) = (self.width as usize, self.height as usize);
        self.data.resize(w * h / 2 * 3, 0);
        let data = &mut self.data;
        dispatch!(Level::new(), simd => planes(simd, pixmap, w, h, data));
    }
}

/// `data` holds the three planes of `w` x `h`, both even. The vector level comes in as a type only: each gets its own
/// copy of the loops.
#[inline(always)]
fn planes<S: Simd>(_simd: S, pixmap: &Pixmap, w: usize, h: usize, data: &mut [u8]) {
    let (luma, chroma) = data.split_at_mut(w * h);
    let (cb, cr) = chroma.split_at_mut(w * h / 4);
    let lines = luma
        .chunks_exact_mut(w * 2)
        .zip(cb.chunks_exact_mut(w / 2).zip(cr.chunks_exact_mut(w / 2)));
    let last = pixmap.height() - 1;
    for (pair, (luma, (cb, cr))) in (0..).zip(lines) {
        let top = pixmap.row(pair * 2);
        let bottom = pixmap.row((pair * 2 + 1).min(last));
        let (luma_top, luma_bottom) = luma.split_at_mut(w);
        row_luma(top, luma_top);
        row_luma(bottom, luma_bottom);
        row_chroma(top, bottom, cb, cr);
    }
}

/// The channels of a pixel read as one little word; masks and shifts of whole words vectorise, byte picking does not.
#[inline(always)]
fn channels(pixel: [u8; 4]) -> [i32; 3] {
    let word = u32::from_le_bytes(pixel);
    [
        (word & 0xff) as i32,
        ((word >> 8) & 0xff) as i32,
        ((word >> 16) & 0xff) as i32,
    ]
}

#[inline(always)]
fn luma([r, g, b]: [i32; 3]) -> u8 {
    const OFFSET: i32 = (16 << LUMA_BITS) + (1 << (LUMA_BITS - 1));
    ((r * Y[0] + g * Y[1] + b * Y[2] + OFFSET) >> LUMA_BITS) as u8
}

/// `sum` is the sum of four pixels.
#[inline(always)]
fn chroma(sum: [i32; 3], weights: [i32; 3]) -> u8 {
    const BITS: u32 = CHROMA_BITS + 2;
    const OFFSET: i32 = (128 << BITS) + (1 << (BITS - 1));
    ((sum[0] * weights[0] + sum[1] * weights[1] + sum[2] * weights[2] + OFFSET) >> BITS) as u8
}

/// Luma of one row; `out` is as long as the row or one longer.
#[inline(always)]
fn row_luma(row: &[[u8; 4]], out: &mut [u8]) {
    for (y, &pixel) in out.iter_mut().zip(row) {
        *y = luma(channels(pixel));
    }
    if out.len() > row.len()
        && let [.., before, extra] = out
    {
        *extra = *before;
    }
}

/// Chroma of two rows; the outputs are half as long as a row, rounded up.
#[inline(always)]
fn row_chroma(top: &[[u8; 4]], bottom: &[[u8; 4]], cb: &mut [u8], cr: &mut [u8]) {
    let (top_pairs, top_rest) = top.as_chunks::<2>();
    let (bottom_pairs, bottom_rest) = bottom.as_chunks::<2>();
    let out = cb.iter_mut().zip(cr.iter_mut());
    for ((u, v), (t, b)) in out.zip(top_pairs.iter().zip(bottom_pairs)) {
        let sum = sum([t[0], t[1], b[0], b[1]]);
        *u = chroma(sum, U);
        *v = chroma(sum, V);
    }
    if let (&[t], &[b], Some(u), Some(v)) = (top_rest, bottom_rest, cb.last_mut(), cr.last_mut()) {
        let sum = sum([t, t, b, b]);
        *u = chroma(sum, U);
        *v = chroma(sum, V);
    }
}

#[inline(always)]
fn sum(pixels: [[u8; 4]; 4]) -> [i32; 3] {
    let [a, b, c, d] = pixels.map(channels);
    [
        a[0] + b[0] + c[0] + d[0],
        a[1] + b[1] + c[1] + d[1],
        a[2] + b[2] + c[2] + d[2],
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// BT.709, limited range, in floating point: the definition.
    fn exact(r: f64, g: f64, b: f64) -> [f64; 3] {
        let (r, g, b) = (r / 255.0, g / 255.0, b / 255.0);
        let y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
        [
            16.0 + 219.0 * y,
            128.0 + 224.0 * (b - y) / 1.8556,
            128.0 + 224.0 * (r - y) / 1.5748,
        ]
    }

    fn noise(width: u32, height: u32) -> Pixmap {
        let mut state = 1u32;
        let data = (0..width * height)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let [r, g, b, _] = state.to_be_bytes();
                [r, g, b, 255]
            })
            .collect();
        Pixmap::from_premultiplied(width, height, data).unwrap()
    }

    #[test]
    fn every_pixel_is_within_one_of_the_formula_at_any_size() {
        for (w, h) in [(64, 64), (1, 1), (7, 5), (2, 3), (33, 2), (641, 359)] {
            let pixmap = noise(w, h);
            let mut yuv = Yuv420::new();
            yuv.convert(&pixmap);
            let (ew, eh) = (w.next_multiple_of(2), h.next_multiple_of(2));
            assert_eq!((yuv.width(), yuv.height()), (ew, eh));
            let (luma, rest) = yuv.bytes().split_at((ew * eh) as usize);
            let (cb, cr) = rest.split_at(rest.len() / 2);
            let at = |x: u32, y: u32| pixmap.row(y.min(h - 1))[x.min(w - 1) as usize].map(f64::from);
            for y in 0..eh {
                for x in 0..ew {
                    let [r, g, b, _] = at(x, y);
                    let got = f64::from(luma[(y * ew + x) as usize]);
                    assert!((got - exact(r, g, b)[0]).abs() < 0.51, "luma at {x},{y} of {w}x{h}");
                }
            }
            for y in 0..eh / 2 {
                for x in 0..ew / 2 {
                    let four = [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(i, j)| at(x * 2 + i, y * 2 + j));
                    let mean = |c: usize| four.iter().map(|p| p[c]).sum::<f64>() / 4.0;
                    let want = exact(mean(0), mean(1), mean(2));
                    let i = (y * ew / 2 + x) as usize;
                    assert!((f64::from(cb[i]) - want[1]).abs() < 0.52, "Cb at {x},{y} of {w}x{h}");
                    assert!((f64::from(cr[i]) - want[2]).abs() < 0.52, "Cr at {x},{y} of {w}x{h}");
                }
            }
        }
    }

    #[test]
    fn greys_are_neutral_and_span_the_limited_range() {
        let mut yuv = Yuv420::new();
        for v in 0..=255u8 {
            yuv.convert(&Pixmap::from_premultiplied(2, 2, vec![[v, v, v, 255]; 4]).unwrap());
            let luma = (16.0 + 219.0 * f64::from(v) / 255.0).round() as u8;
            assert_eq!(yuv.bytes(), [luma, luma, luma, luma, 128, 128]);
        }
    }
}
