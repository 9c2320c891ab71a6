//! Frame rates as films store them.

use std::fmt;

use crate::MediaError;

/// Frames per second as a fraction in lowest terms, as film files store it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FrameRate {
    /// Frames ...
    pub numerator: u32,
    /// ... in this many seconds.
    pub denominator: u32,
}

/// The highest frame rate, After Effects' own limit.
const MAX: f64 = 999.0;

impl FrameRate {
    /// The fraction meant by a number of frames per second.
    ///
    /// Projects write 29.97 or 23.976 and mean 30000/1001 and 24000/1001, and exporters leave the last bits of floats
    /// (25.000001) behind; other rates are kept to a thousandth.
    pub fn new(frames_per_second: f64) -> Result<Self, MediaError> {
        if !(0.001..=MAX).contains(&frames_per_second) {
            return Err(MediaError::Limit(format!(
                "a frame rate of {frames_per_second} is not possible; it may be 0.001 to {MAX}"
            )));
        }
        let near = |x: f64| ((x - x.round()).abs() < 0.0005 && x.round() >= 1.0).then(|| x.round() as u32);
        let ntsc = frames_per_second * 1.001;
        let (numerator, denominator) = if let Some(whole) = near(frames_per_second) {
            (whole, 1)
        } else if let Some(whole) = near(ntsc) {
            (whole * 1000, 1001)
        } else {
            ((frames_per_second * 1000.0).round() as u32, 1000)
        };
        let divisor = gcd(numerator, denominator);
        Ok(Self {
            numerator: numerator / divisor,
            denominator: denominator / divisor,
        })
    }

    /// Frames per second.
    pub fn per_second(self) -> f64 {
        f64::from(self.numerator) / f64::from(self.denominator)
    }
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

impl fmt::Display for FrameRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.numerator, self.denominator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_the_fractions_they_mean() {
        for (number, text) in [
            (30.0, "30/1"),
            (29.97, "30000/1001"),
            (29.970_029_97, "30000/1001"),
            (29.970_001_220_703_1, "30000/1001"),
            (23.976, "24000/1001"),
            (59.94, "60000/1001"),
            (25.000_001_018, "25/1"),
            (12.5, "25/2"),
            (14.985, "15000/1001"),
            (14.98, "749/50"),
            (0.5, "1/2"),
        ] {
            assert_eq!(FrameRate::new(number).unwrap().to_string(), text, "{number}");
        }
        for number in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e9] {
            assert!(FrameRate::new(number).is_err(), "{number}");
        }
    }
}
