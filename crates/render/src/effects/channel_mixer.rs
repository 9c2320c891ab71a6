//! Channel Mixer: each channel a sum of all three and a constant.

use super::color::by_color;
use super::{Definition, Draws, Parameters};

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE CHANNEL MIXER"],
    read,
};

fn read(p: &Parameters) -> Box<dyn Draws> {
    // Red, green, blue and constant for red, then for green and for blue, percent.
    let mut rows: [[f32; 4]; 3] = [0, 1, 2].map(|row| {
        [0, 1, 2, 3].map(|column| {
            let default = if row == column { 100.0 } else { 0.0 };
            (p.number(1 + 4 * row + column, default) / 100.0) as f32
        })
    });
    if p.flag(13, false) {
        rows = [rows[0]; 3];
    }
    by_color(move |[r, g, b]| rows.map(|[red, green, blue, constant]| r * red + g * green + b * blue + constant))
}
