//! Brightness & Contrast: a curve that keeps black and white, or the shift and stretch of the first versions (Use Legacy).

use super::color::{by_tables, table, unchanged};
use super::{Definition, Draws, Parameters};

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Brightness & Contrast", "ADBE Brightness & Contrast 2"],
    read,
};

fn read(p: &Parameters) -> Box<dyn Draws> {
    let first_version = !p.effect().match_name.ends_with('2');
    let [brightness, contrast] = [p.number(1, 0.0) as f32, p.number(2, 0.0) as f32];
    let table = if first_version || p.flag(3, false) {
        table(|v| legacy(v, brightness, contrast))
    } else {
        let brighten = Brighten::new(brightness.clamp(-150.0, 150.0));
        table(|v| contrasted(brighten.at(v), contrast.clamp(-100.0, 100.0)))
    };
    by_tables(Box::new([table, table, table, unchanged()]))
}

/// A shift by `brightness` steps of 8 bits and a stretch around the middle, the one that loses less first.
fn legacy(v: f32, brightness: f32, contrast: f32) -> f32 {
    let shift = brightness.clamp(-100.0, 100.0) / 255.0;
    let contrast = contrast.clamp(-100.0, 100.0) / 100.0;
    if contrast > 0.0 {
        (v + shift - 0.5) / (1.0 - contrast).max(1e-4) + 0.5
    } else {
        (v - 0.5) * (1.0 + contrast) + 0.5 + shift
    }
}

/// The curve of a brightness above 0: a straight line up to half, then a shoulder that ends flat at white. One below 0
/// is the same curve read backwards. Its numbers were measured on what After Effects draws.
struct Brighten {
    slope: f32,
    /// Slope at white.
    end: f32,
    darker: bool,
}

impl Brighten {
    fn new(brightness: f32) -> Self {
        let slope = libm::expf(0.0063 * brightness.abs());
        Self {
            slope,
            end: 1.0 / (1.0 + 12.0 * (slope - 1.0)),
            darker: brightness < 0.0,
        }
    }

    fn at(&self, v: f32) -> f32 {
        if !self.darker {
            return self.brighter(v);
        }
        if v <= 0.5 {
            return v / self.slope;
        }
        // It rises everywhere.
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..24 {
            let middle = f32::midpoint(low, high);
            if self.brighter(middle) < v {
                low = middle;
            } else {
                high = middle;
            }
        }
        f32::midpoint(low, high)
    }

    fn brighter(&self, v: f32) -> f32 {
        let knee = 0.5 / self.slope;
        if v <= knee {
            return v * self.slope;
        }
        // A cubic from the knee at half to white, its slopes at both ends given.
        let width = 1.0 - knee;
        let u = (v - knee) / width;
        let rest = 1.0 - u;
        let (half, white) = (rest * rest * (1.0 + 2.0 * u) * 0.5, u * u * (3.0 - 2.0 * u));
        // Steeper than this it would rise beyond white and come back.
        let slope = self.slope.min(1.5 / width);
        half + white + width * u * rest * (rest * slope - u * self.end)
    }
}

/// Two parabolas, mirrored in the middle.
fn contrasted(v: f32, contrast: f32) -> f32 {
    let bend = 0.0076 * contrast;
    let lower = |u: f32| u * (1.0 - bend + bend * u) / 2.0;
    if v <= 0.5 {
        lower(2.0 * v)
    } else {
        1.0 - lower(2.0 * (1.0 - v))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_keep_black_and_white_and_rise() {
        for brightness in [-150.0, -40.0, 0.0, 40.0, 150.0] {
            for contrast in [-100.0, 0.0, 100.0] {
                let brighten = Brighten::new(brightness);
                let table = table(|v| contrasted(brighten.at(v), contrast));
                assert_eq!((table[0], table[255]), (0, 255), "{brightness} {contrast}");
                assert!(table.is_sorted(), "{brightness} {contrast}");
            }
        }
        let back = Brighten::new(-40.0);
        let forth = Brighten::new(40.0);
        assert!((back.at(forth.at(0.7)) - 0.7).abs() < 1e-4);
    }

    #[test]
    fn legacy_shifts_and_stretches() {
        assert_eq!(table(|v| legacy(v, 20.0, 0.0))[100], 120);
        assert_eq!(table(|v| legacy(v, 0.0, -100.0))[7], 128);
        assert_eq!(table(|v| legacy(v, 0.0, 50.0))[64], 1);
        assert_eq!(table(|v| legacy(v, 0.0, 100.0))[200], 255);
    }
}
