//! The one raster type of the house.

use std::fmt;

/// Largest width or height of a pixmap, in pixels; After Effects' own limit for a composition.
pub const MAX_SIDE: u32 = 30_000;

/// An image of 8-bit premultiplied RGBA pixels, rows top to bottom, without padding.
///
/// `data[y * width + x] == [r, g, b, a]` with `r, g, b <= a`, values as displayed (no linear light).
#[derive(Clone, PartialEq, Eq)]
pub struct Pixmap {
    width: u32,
    height: u32,
    data: Vec<[u8; 4]>,
}

/// A width or height of zero or over [`MAX_SIDE`], or data that does not fit the size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeError {
    /// Width asked for, in pixels.
    pub width: u32,
    /// Height asked for, in pixels.
    pub height: u32,
}

impl fmt::Display for SizeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "a picture of {}x{} is not possible; each side may be 1 to {MAX_SIDE}",
            self.width, self.height
        )
    }
}

impl std::error::Error for SizeError {}

impl Pixmap {
    /// A fully transparent pixmap of `width` x `height` pixels.
    pub fn new(width: u32, height: u32) -> Result<Self, SizeError> {
        Self::check(width, height)?;
        Ok(Self {
            width,
            height,
            data: vec![[0; 4]; width as usize * height as usize],
        })
    }

    /// A pixmap of premultiplied pixels; `data` holds `width * height` of them, row by row.
    pub fn from_premultiplied(width: u32, height: u32, data: Vec<[u8; 4]>) -> Result<Self, SizeError> {
        Self::check(width, height)?;
        if data.len() != width as usize * height as usize {
            return Err(SizeError { width, height });
        }
        Ok(Self { width, height, data })
    }

    /// A pixmap of straight-alpha pixels, premultiplied here with rounding.
    pub fn from_straight(width: u32, height: u32, mut data: Vec<[u8; 4]>) -> Result<Self, SizeError> {
        for p in &mut data {
            *p = premultiply(*p);
        }
        Self::from_premultiplied(width, height, data)
    }

    fn check(width: u32, height: u32) -> Result<(), SizeError> {
        if (1..=MAX_SIDE).contains(&width) && (1..=MAX_SIDE).contains(&height) {
            Ok(())
        } else {
            Err(SizeError { width, height })
        }
    }

    /// Width in pixels.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The premultiplied pixels, row by row.
    pub fn pixels(&self) -> &[[u8; 4]] {
        &self.data
    }

    /// The premultiplied pixels, row by row, for writing.
    pub fn pixels_mut(&mut self) -> &mut [[u8; 4]] {
        &mut self.data
    }

    /// One row of pixels; `y < height`.
    pub fn row(&self, y: u32) -> &[[u8; 4]] {
        let w = self.width as usize;
        &self.data[y as usize * w..][..w]
    }

    /// One row of pixels for writing; `y < height`.
    pub fn row_mut(&mut self, y: u32) -> &mut [[u8; 4]] {
        let w = self.width as usize;
        &mut self.data[y as usize * w..][..w]
    }

    /// The pixels as bytes, RGBA order.
    pub fn bytes(&self) -> &[u8] {
        bytemuck::cast_slice(&self.data)
    }

    /// Sets every pixel to `premultiplied`.
    pub fn fill(&mut self, premultiplied: [u8; 4]) {
        self.data.fill(premultiplied);
    }

    /// The pixels with straight alpha, as image files want them.
    pub fn to_straight(&self) -> Vec<[u8; 4]> {
        self.data.iter().map(|p| unpremultiply(*p)).collect()
    }
}

impl fmt::Debug for Pixmap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pixmap({}x{})", self.width, self.height)
    }
}

/// `a * b / 255`, rounded to nearest, exact for all 8-bit inputs.
#[inline]
pub fn mul_div_255(a: u8, b: u8) -> u8 {
    let t = u32::from(a) * u32::from(b) + 128;
    ((t + (t >> 8)) >> 8) as u8
}

/// Straight RGBA to premultiplied RGBA.
#[inline]
pub fn premultiply([r, g, b, a]: [u8; 4]) -> [u8; 4] {
    [mul_div_255(r, a), mul_div_255(g, a), mul_div_255(b, a), a]
}

/// Premultiplied RGBA to straight RGBA; a transparent pixel becomes transparent black.
#[inline]
pub fn unpremultiply([r, g, b, a]: [u8; 4]) -> [u8; 4] {
    match a {
        255 => [r, g, b, a],
        0 => [0; 4],
        _ => {
            let un = |c: u8| ((u32::from(c) * 255 + u32::from(a) / 2) / u32::from(a)).min(255) as u8;
            [un(r), un(g), un(b), a]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn straight_and_back_loses_nothing_visible() {
        for a in 1..=255u8 {
            for c in (0..=255u8).step_by(5) {
                let [r, ..] = unpremultiply(premultiply([c, 0, 0, a]));
                let step = 255.0 / f32::from(a);
                assert!(
                    (f32::from(r) - f32::from(c)).abs() <= step,
                    "{c} at alpha {a} came back as {r}"
                );
            }
        }
    }

    #[test]
    fn mul_div_is_exact() {
        for a in 0..=255u8 {
            for b in 0..=255u8 {
                let exact = (f64::from(a) * f64::from(b) / 255.0).round() as u8;
                assert_eq!(mul_div_255(a, b), exact);
            }
        }
    }

    #[test]
    fn refuses_sizes_and_data_that_do_not_fit() {
        assert!(Pixmap::new(0, 10).is_err());
        assert!(Pixmap::new(10, MAX_SIDE + 1).is_err());
        assert!(Pixmap::from_premultiplied(2, 2, vec![[0; 4]; 3]).is_err());
    }
}
