//! Rows of premultiplied pixels combined with alpha: the innermost loops of drawing.
//!
//! Written as plain loops over bytes in 16-bit arithmetic, which compilers turn into vector code.

use bytemuck::cast_slice_mut;

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
        return;
    }
    let keep = u16::from(255 - source[3]);
    for pixel in row {
        for c in 0..4 {
            pixel[c] = source[c] + div_255(u16::from(pixel[c]) * keep) as u8;
        }
    }
}

/// `source` times each of `alphas`, over the pixels of `row`; both of the same length.
#[inline]
pub fn over_constant_masked(row: &mut [[u8; 4]], source: [u8; 4], alphas: &[u8]) {
    for (pixel, &alpha) in row.iter_mut().zip(alphas) {
        if alpha != 0 {
            *pixel = over(scale(source, alpha), *pixel);
        }
    }
}

/// Each pixel of `source` over the one of `row`; both of the same length.
#[inline]
pub fn over_row(row: &mut [[u8; 4]], source: &[[u8; 4]]) {
    for (pixel, source) in row.iter_mut().zip(source) {
        let keep = u16::from(255 - source[3]);
        for c in 0..4 {
            pixel[c] = source[c].wrapping_add(div_255(u16::from(pixel[c]) * keep) as u8);
        }
    }
}

/// Each pixel of `source` times `alpha`, over the one of `row`; both of the same length.
#[inline]
pub fn over_row_faded(row: &mut [[u8; 4]], source: &[[u8; 4]], alpha: u8) {
    if alpha == 255 {
        over_row(row, source);
        return;
    }
    let alpha = u16::from(alpha);
    for (pixel, source) in row.iter_mut().zip(source) {
        let keep = 255 - div_255(u16::from(source[3]) * alpha);
        for c in 0..4 {
            pixel[c] =
                (div_255(u16::from(source[c]) * alpha) as u8).wrapping_add(div_255(u16::from(pixel[c]) * keep) as u8);
        }
    }
}

/// Each pixel of `source` times its alpha of `alphas`, over the one of `row`; all of the same length.
#[inline]
pub fn over_row_masked(row: &mut [[u8; 4]], source: &[[u8; 4]], alphas: &[u8]) {
    for ((pixel, source), &alpha) in row.iter_mut().zip(source).zip(alphas) {
        *pixel = over(scale(*source, alpha), *pixel);
    }
}

/// Every channel of `row` times `alpha`.
#[inline]
pub fn fade(row: &mut [[u8; 4]], alpha: u8) {
    let alpha = u16::from(alpha);
    for c in cast_slice_mut::<_, u8>(row) {
        *c = div_255(u16::from(*c) * alpha) as u8;
    }
}

/// Each pixel of `row` times its alpha of `alphas`; both of the same length.
#[inline]
pub fn mask(row: &mut [[u8; 4]], alphas: &[u8]) {
    for (pixel, &alpha) in row.iter_mut().zip(alphas) {
        *pixel = scale(*pixel, alpha);
    }
}

/// Each alpha of `row` times that of `by`, both of the same length.
#[inline]
pub fn mask_alphas(row: &mut [u8], by: &[u8]) {
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

    #[test]
    fn all_ways_of_over_agree() {
        for a in (0..=255u8).step_by(3) {
            for b in (0..=255u8).step_by(5) {
                let source = premultiply([a, 10, 255, b]);
                let backdrop = premultiply([b, 255, a, 255 - a / 2]);
                let one = over(source, backdrop);
                let mut row = [backdrop; 3];
                over_constant(&mut row, source);
                assert_eq!(row, [one; 3]);
                let mut row = [backdrop; 3];
                over_row(&mut row, &[source; 3]);
                assert_eq!(row, [one; 3]);
                let mut row = [backdrop; 3];
                over_row_faded(&mut row, &[source; 3], 100);
                let mut masked = [backdrop; 3];
                over_row_masked(&mut masked, &[source; 3], &[100; 3]);
                assert_eq!(row, masked);
                let mut constant = [backdrop; 3];
                over_constant_masked(&mut constant, source, &[100; 3]);
                assert_eq!(row, constant);
                assert!(one.iter().take(3).all(|c| *c <= one[3].saturating_add(1)), "{one:?}");
            }
        }
    }
}
