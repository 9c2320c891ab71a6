//! What stencils and silhouettes leave of what is below.

/// Weights of red, green and blue in luma, of 256. After Effects' luma is that of standard-definition video.
const LUMA: [u32; 3] = [77, 150, 29];

/// Luma of a premultiplied pixel, 0..255; its alpha is already in it.
#[inline(always)]
pub fn luma([r, g, b, _]: [u8; 4]) -> u8 {
    ((u32::from(r) * LUMA[0] + u32::from(g) * LUMA[1] + u32::from(b) * LUMA[2] + 128) >> 8) as u8
}

/// The alpha of each pixel.
#[inline]
pub fn alphas(source: &[[u8; 4]], out: &mut [u8]) {
    for (pixel, out) in source.iter().zip(out) {
        *out = pixel[3];
    }
}

/// The luma of each pixel.
#[inline]
pub fn lumas(source: &[[u8; 4]], out: &mut [u8]) {
    for (pixel, out) in source.iter().zip(out) {
        *out = luma(*pixel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn luma_of_greys_is_the_grey() {
        for v in 0..=255u8 {
            assert_eq!(luma([v, v, v, 255]), v);
        }
        assert_eq!(luma([255, 0, 0, 255]), 77);
    }
}
