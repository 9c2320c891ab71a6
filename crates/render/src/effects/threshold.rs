//! Threshold: white where it is lighter than a level, black elsewhere.

use super::color::{by_pixel, luma_byte};
use super::{Definition, Draws, Parameters};

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Threshold2"],
    read,
};

fn read(p: &Parameters) -> Box<dyn Draws> {
    // 0..1 in files, 0..255 in the panel.
    let level = (p.number(1, 0.5) * 255.0 - 1e-3) as f32;
    by_pixel(move |[r, g, b, a]| {
        let v = if f32::from(luma_byte([r, g, b])) >= level {
            255
        } else {
            0
        };
        [v, v, v, a]
    })
}
