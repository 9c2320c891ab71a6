//! Rows of premultiplied pixels combined with alpha: the innermost loops of drawing.
//!
//! Written as plain loops over eight pixels at a time, two channels in the halves of each 32-bit lane. Long rows run
//! them compiled for the best vector instructions the machine has; the results are the same on all.

use bytemuck::cast_slice_mut;
use fearless_simd::{Level, Simd, dispatch};

/// Pixels in a step.
const STEP: usize = 8;
/// Rows of fewer pixels are not worth the choice of vector level.
const LONG: usize = 16;

type Eight = [u32; STEP];

// Loops rather than `map` and `from_fn`: those are not always made part of the vector code that calls them.

#[inline(always)]
fn load(pixels: &[[u8; 4]; STEP]) -> Eight {
    let mut out = [0; STEP];
    for i in 0..STEP {
        out[i] = u32::from_le_bytes(pixels[i]);
    }
    out
}

#[inline(always)]
fn load_alphas(alphas: &[u8; STEP]) -> Eight {
    let mut out = [0; STEP];
    for i in 0..STEP {
        out[i] = u32::from(alphas[i]);
    }
    out
}

#[inline(always)]
fn store(pixels: &mut [[u8; 4]; STEP], values: Eight) {
    for i in 0..STEP {
        pixels[i] = values[i].to_le_bytes();
    }
}

/// Every channel times its pixel's alpha, alphas 0..=255 in 32 bits.
#[inline(always)]
fn scale_eight(pixels: Eight, alphas: Eight) -> Eight {
    let mut out = [0; STEP];
    for i in 0..STEP {
        let even = div_255_pair((pixels[i] & 0x00ff_00ff) * alphas[i]);
        let odd = div_255_pair(((pixels[i] >> 8) & 0x00ff_00ff) * alphas[i]);
        out[i] = even | odd << 8;
    }
    out
}

#[inline(always)]
fn over_eight(source: Eight, backdrop: Eight) -> Eight {
    let mut keep = [0; STEP];
    for i in 0..STEP {
        keep[i] = 255 - (source[i] >> 24);
    }
    let mut out = scale_eight(backdrop, keep);
    for i in 0..STEP {
        out[i] = out[i].wrapping_add(source[i]);
    }
    out
}

/// `x / 255`, rounded to nearest, exact for `x <= 255 * 255`.
#[inline(always)]
fn div_255(x: u16) -> u16 {
    let t = x + 128;
    (t + (t >> 8)) >> 8
}

/// Two channels at once in the halves of a `u32`, each at most 255 * 255.
#[inline(always)]
fn div_255_pair(x: u32) -> u32 {
    let t = x + 0x0080_0080;
    ((t + ((t >> 8) & 0x00ff_00ff)) >> 8) & 0x00ff_00ff
}

/// `pixel * alpha / 255` in every channel, rounded.
#[inline(always)]
pub fn scale(pixel: [u8; 4], alpha: u8) -> [u8; 4] {
    let p = u32::from_le_bytes(pixel);
    let a = u32::from(alpha);
    let even = div_255_pair((p & 0x00ff_00ff) * a);
    let odd = div_255_pair(((p >> 8) & 0x00ff_00ff) * a);
    (even | odd << 8).to_le_bytes()
}

/// `source` over `backdrop`.
#[inline(always)]
pub fn over(source: [u8; 4], backdrop: [u8; 4]) -> [u8; 4] {
    let scaled = scale(backdrop, 255 - source[3]);
    // No channel passes 255: premultiplied channels are at most their alpha.
    u32::from_le_bytes(source)
        .wrapping_add(u32::from_le_bytes(scaled))
        .to_le_bytes()
}

/// `source` over every pixel of `row`.
#[inline]
pub fn over_constant(row: &mut [[u8; 4]], source: [u8; 4]) {
    if source[3] == 255 {
        row.fill(source);
    } else if row.len() < LONG {
        for pixel in row {
            *pixel = over(source, *pixel);
        }
    } else {
        dispatch!(Level::new(), simd => over_constant_long(simd, row, source));
    }
}

#[inline(always)]
fn over_constant_long<S: Simd>(_: S, row: &mut [[u8; 4]], source: [u8; 4]) {
    let constant = [u32::from_le_bytes(source); STEP];
    let (steps, rest) = row.as_chunks_mut::<STEP>();
    for pixels in steps {
        store(pixels, over_eight(constant, load(pixels)));
    }
    for pixel in rest {
        *pixel = over(source, *pixel);
    }
}

/// `source` times each of `alphas`, over the pixels of `row`; both of the same length.
#[inline]
pub fn over_constant_masked(row: &mut [[u8; 4]], source: [u8; 4], alphas: &[u8]) {
    if row.len() < LONG {
        over_constant_masked_short(row, source, alphas);
    } else {
        dispatch!(Level::new(), simd => over_constant_masked_long(simd, row, source, alphas));
    }
}

#[inline(always)]
fn over_constant_masked_short(row: &mut [[u8; 4]], source: [u8; 4], alphas: &[u8]) {
    for (pixel, &alpha) in row.iter_mut().zip(alphas) {
        if alpha == 255 && source[3] == 255 {
            *pixel = source;
        } else if alpha != 0 {
            *pixel = over(scale(source, alpha), *pixel);
        }
    }
}

#[inline(always)]
fn over_constant_masked_long<S: Simd>(_: S, row: &mut [[u8; 4]], source: [u8; 4], alphas: &[u8]) {
    let constant = [u32::from_le_bytes(source); STEP];
    let (steps, rest) = row.as_chunks_mut::<STEP>();
    let (alpha_steps, alpha_rest) = alphas.as_chunks::<STEP>();
    for (pixels, alphas) in steps.iter_mut().zip(alpha_steps) {
        match u64::from_le_bytes(*alphas) {
            0 => {}
            u64::MAX if source[3] == 255 => *pixels = [source; STEP],
            _ => {
                let source = scale_eight(constant, load_alphas(alphas));
                store(pixels, over_eight(source, load(pixels)));
            }
        }
    }
    over_constant_masked_short(rest, source, alpha_rest);
}

/// Each pixel of `source` over the one of `row`; both of the same length.
#[inline]
pub fn over_row(row: &mut [[u8; 4]], source: &[[u8; 4]]) {
    over_row_faded(row, source, 255);
}

/// Each pixel of `source` times `alpha`, over the one of `row`; both of the same length.
#[inline]
pub fn over_row_faded(row: &mut [[u8; 4]], source: &[[u8; 4]], alpha: u8) {
    if row.len() < LONG {
        over_row_short(row, source, alpha);
    } else {
        dispatch!(Level::new(), simd => over_row_long(simd, row, source, alpha));
    }
}

#[inline(always)]
fn over_row_short(row: &mut [[u8; 4]], source: &[[u8; 4]], alpha: u8) {
    for (pixel, source) in row.iter_mut().zip(source) {
        *pixel = over(scale(*source, alpha), *pixel);
    }
}

#[inline(always)]
fn over_row_long<S: Simd>(_: S, row: &mut [[u8; 4]], source: &[[u8; 4]], alpha: u8) {
    let (steps, rest) = row.as_chunks_mut::<STEP>();
    let (source_steps, source_rest) = source.as_chunks::<STEP>();
    for (pixels, source) in steps.iter_mut().zip(source_steps) {
        let mut values = load(source);
        let (mut any, mut least) = (0, u32::MAX);
        for v in values {
            any |= v;
            least &= v;
        }
        if any == 0 {
            continue;
        }
        if alpha == 255 {
            if least >> 24 == 255 {
                *pixels = *source;
                continue;
            }
        } else {
            values = scale_eight(values, [u32::from(alpha); STEP]);
        }
        store(pixels, over_eight(values, load(pixels)));
    }
    over_row_short(rest, source_rest, alpha);
}

/// Each pixel of `source` times its alpha of `alphas`, over the one of `row`; all of the same length.
#[inline]
pub fn over_row_masked(row: &mut [[u8; 4]], source: &[[u8; 4]], alphas: &[u8]) {
    if row.len() < LONG {
        over_row_masked_short(row, source, alphas);
    } else {
        dispatch!(Level::new(), simd => over_row_masked_long(simd, row, source, alphas));
    }
}

#[inline(always)]
fn over_row_masked_short(row: &mut [[u8; 4]], source: &[[u8; 4]], alphas: &[u8]) {
    for ((pixel, source), &alpha) in row.iter_mut().zip(source).zip(alphas) {
        *pixel = over(scale(*source, alpha), *pixel);
    }
}

#[inline(always)]
fn over_row_masked_long<S: Simd>(_: S, row: &mut [[u8; 4]], source: &[[u8; 4]], alphas: &[u8]) {
    let (steps, rest) = row.as_chunks_mut::<STEP>();
    let (source_steps, source_rest) = source.as_chunks::<STEP>();
    let (alpha_steps, alpha_rest) = alphas.as_chunks::<STEP>();
    for ((pixels, source), alphas) in steps.iter_mut().zip(source_steps).zip(alpha_steps) {
        if u64::from_le_bytes(*alphas) != 0 {
            let values = scale_eight(load(source), load_alphas(alphas));
            store(pixels, over_eight(values, load(pixels)));
        }
    }
    over_row_masked_short(rest, source_rest, alpha_rest);
}

/// Every channel of `row` times `alpha`.
#[inline]
pub fn fade(row: &mut [[u8; 4]], alpha: u8) {
    if row.len() < LONG {
        for pixel in row {
            *pixel = scale(*pixel, alpha);
        }
        return;
    }
    dispatch!(Level::new(), simd => fade_bytes(simd, cast_slice_mut(row), alpha));
}

#[inline(always)]
fn fade_bytes<S: Simd>(_: S, bytes: &mut [u8], alpha: u8) {
    let alpha = u16::from(alpha);
    for c in bytes {
        *c = div_255(u16::from(*c) * alpha) as u8;
    }
}

/// Each pixel of `row` times its alpha of `alphas`; both of the same length.
#[inline]
pub fn mask(row: &mut [[u8; 4]], alphas: &[u8]) {
    if row.len() < LONG {
        for (pixel, &alpha) in row.iter_mut().zip(alphas) {
            *pixel = scale(*pixel, alpha);
        }
        return;
    }
    dispatch!(Level::new(), simd => mask_long(simd, row, alphas));
}

#[inline(always)]
fn mask_long<S: Simd>(_: S, row: &mut [[u8; 4]], alphas: &[u8]) {
    let (steps, rest) = row.as_chunks_mut::<STEP>();
    let (alpha_steps, alpha_rest) = alphas.as_chunks::<STEP>();
    for (pixels, alphas) in steps.iter_mut().zip(alpha_steps) {
        match u64::from_le_bytes(*alphas) {
            u64::MAX => {}
            _ => store(pixels, scale_eight(load(pixels), load_alphas(alphas))),
        }
    }
    for (pixel, &alpha) in rest.iter_mut().zip(alpha_rest) {
        *pixel = scale(*pixel, alpha);
    }
}

/// Each alpha of `row` times that of `by`, both of the same length.
#[inline]
pub fn mask_alphas(row: &mut [u8], by: &[u8]) {
    dispatch!(Level::new(), simd => mask_alphas_long(simd, row, by));
}

#[inline(always)]
fn mask_alphas_long<S: Simd>(_: S, row: &mut [u8], by: &[u8]) {
    for (a, &b) in row.iter_mut().zip(by) {
        *a = div_255(u16::from(*a) * u16::from(b)) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixmap::{mul_div_255, premultiply};

    #[test]
    fn scale_is_exact_in_every_channel() {
        for c in 0..=255u8 {
            for a in 0..=255u8 {
                let expected = mul_div_255(c, a);
                assert_eq!(
                    scale([c, 255 - c, c, 7], a),
                    [expected, mul_div_255(255 - c, a), expected, mul_div_255(7, a)]
                );
            }
        }
    }

    /// Long enough for every way through the loops.
    const N: usize = 29;

    #[test]
    fn all_ways_of_over_agree() {
        for a in (0..=255u8).step_by(3) {
            for b in (0..=255u8).step_by(5) {
                let source = premultiply([a, 10, 255, b]);
                let backdrop = premultiply([b, 255, a, 255 - a / 2]);
                let one = over(source, backdrop);
                let mut row = [backdrop; N];
                over_constant(&mut row, source);
                assert_eq!(row, [one; N]);
                let mut row = [backdrop; N];
                over_row(&mut row, &[source; N]);
                assert_eq!(row, [one; N]);
                let mut row = [backdrop; N];
                over_row_faded(&mut row, &[source; N], 100);
                let mut masked = [backdrop; N];
                over_row_masked(&mut masked, &[source; N], &[100; N]);
                assert_eq!(row, masked);
                let mut constant = [backdrop; N];
                over_constant_masked(&mut constant, source, &[100; N]);
                assert_eq!(row, constant);
                assert!(one.iter().take(3).all(|c| *c <= one[3].saturating_add(1)), "{one:?}");
            }
        }
    }
}
