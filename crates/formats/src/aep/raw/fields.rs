//! Numbers at fixed places of a chunk.

/// The bytes of a chunk, read by offset, big-endian. What lies past the end reads as 0: older versions write shorter
/// chunks, and a file cut short must not stop the rest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields<'a>(pub &'a [u8]);

impl<'a> Fields<'a> {
    fn at<const N: usize>(self, offset: usize) -> [u8; N] {
        self.get(offset).unwrap_or([0; N])
    }

    fn get<const N: usize>(self, offset: usize) -> Option<[u8; N]> {
        self.0.get(offset..offset.checked_add(N)?)?.try_into().ok()
    }

    pub fn len(self) -> usize {
        self.0.len()
    }

    pub fn u8(self, offset: usize) -> u8 {
        u8::from_be_bytes(self.at(offset))
    }

    /// Bit `bit` (0 = lowest) of the byte at `offset`.
    pub fn bit(self, offset: usize, bit: u8) -> bool {
        self.u8(offset) >> bit & 1 == 1
    }

    pub fn u16(self, offset: usize) -> u16 {
        u16::from_be_bytes(self.at(offset))
    }

    pub fn i16(self, offset: usize) -> i16 {
        i16::from_be_bytes(self.at(offset))
    }

    pub fn u32(self, offset: usize) -> u32 {
        u32::from_be_bytes(self.at(offset))
    }

    pub fn i32(self, offset: usize) -> i32 {
        i32::from_be_bytes(self.at(offset))
    }

    /// Little-endian, as the records of importers have them.
    pub fn i32_le(self, offset: usize) -> i32 {
        i32::from_le_bytes(self.at(offset))
    }

    pub fn f32(self, offset: usize) -> f64 {
        finite(f64::from(f32::from_be_bytes(self.at(offset))))
    }

    pub fn f64(self, offset: usize) -> f64 {
        finite(f64::from_be_bytes(self.at(offset)))
    }

    /// Little-endian, as orientations are kept.
    pub fn f64_le(self, offset: usize) -> f64 {
        finite(f64::from_le_bytes(self.at(offset)))
    }

    /// A signed 16.16 fixed-point number.
    pub fn fixed(self, offset: usize) -> f64 {
        f64::from(self.i32(offset)) / 65536.0
    }

    /// A signed dividend over an unsigned divisor, 8 bytes; 0 when the divisor is 0.
    pub fn fraction(self, offset: usize) -> f64 {
        let divisor = self.u32(offset.saturating_add(4));
        if divisor == 0 {
            0.0
        } else {
            f64::from(self.i32(offset)) / f64::from(divisor)
        }
    }

    /// Up to `length` bytes as text, ended by the first NUL.
    pub fn c_string(self, offset: usize, length: usize) -> String {
        let from = self.0.get(offset..).unwrap_or_default();
        let bytes = from.get(..length.min(from.len())).unwrap_or_default();
        let text = bytes.split(|b| *b == 0).next().unwrap_or_default();
        String::from_utf8_lossy(text).into_owned()
    }

    /// The bytes from `offset` on, at most `length`.
    pub fn slice(self, offset: usize, length: usize) -> Fields<'a> {
        let from = self.0.get(offset..).unwrap_or_default();
        Fields(from.get(..length).unwrap_or(from))
    }
}

/// Not-a-number and infinities never enter the tree.
fn finite(x: f64) -> f64 {
    if x.is_finite() { x } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn past_the_end_is_zero() {
        let fields = Fields(&[0, 0, 0, 9]);
        assert_eq!(fields.u32(0), 9);
        assert_eq!(fields.u32(1), 0);
        assert_eq!(fields.f64(usize::MAX), 0.0);
        assert_eq!(fields.fraction(usize::MAX), 0.0);
        assert_eq!(fields.c_string(2, usize::MAX), "");
        assert_eq!(fields.slice(2, 100).len(), 2);
    }

    #[test]
    fn numbers_are_big_endian_and_finite() {
        assert_eq!(Fields(&[0, 1, 0x80, 0]).fixed(0), 1.5);
        assert_eq!(Fields(&[0xff, 0xff, 0xff, 0xff, 0, 0, 0, 2]).fraction(0), -0.5);
        assert_eq!(Fields(&f64::NAN.to_be_bytes()).f64(0), 0.0);
        assert_eq!(Fields(&2.5f64.to_le_bytes()).f64_le(0), 2.5);
    }
}
