//! Blending modes by number.

use filmpress_composition::{BlendingMode as B, Kind};

use super::json::Object;
use super::reader::Reader;

/// Mode of a layer and the number of the same mode in the blending menu of shape contents, by Lottie's `bm`.
const MODES: [(B, f64); 18] = [
    (B::Normal, 1.0),
    (B::Multiply, 4.0),
    (B::Screen, 10.0),
    (B::Overlay, 15.0),
    (B::Darken, 3.0),
    (B::Lighten, 9.0),
    (B::ColorDodge, 11.0),
    (B::ColorBurn, 5.0),
    (B::HardLight, 17.0),
    (B::SoftLight, 16.0),
    (B::Difference, 23.0),
    (B::Exclusion, 24.0),
    (B::Hue, 26.0),
    (B::Saturation, 27.0),
    (B::Color, 28.0),
    (B::Luminosity, 29.0),
    // Shape contents have no Add; Linear Dodge is the same sum.
    (B::Add, 12.0),
    (B::HardMix, 21.0),
];

impl Reader<'_> {
    /// The blending mode `bm` of a layer or shape item, and its number in the menu of shape contents.
    pub fn blending_mode(&mut self, object: &Object) -> (B, f64) {
        let number = self.number(object, "bm").unwrap_or(0.0);
        if let Some(mode) = MODES.get(number.max(0.0) as usize).filter(|_| number >= 0.0) {
            return *mode;
        }
        self.warn(Kind::Unsupported, format!("blending mode {number} is read as Normal"));
        (B::Normal, 1.0)
    }
}
