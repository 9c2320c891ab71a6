//! Photo Filter: a coloured glass before the lens.

use super::color::{by_color, luma, mix, with_luma};
use super::{Definition, Draws, Parameters};

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Photo Filter"],
    read,
};

/// The filters of the menu in its order; what comes after is the colour that is set.
const FILTERS: [[u8; 3]; 20] = [
    // Warming 85, LBA and 81; cooling 80, LBB and 82.
    [236, 138, 0],
    [250, 150, 0],
    [235, 177, 19],
    [0, 109, 255],
    [0, 93, 255],
    [0, 181, 255],
    // Red, orange, yellow, green, cyan, blue.
    [234, 26, 26],
    [243, 132, 23],
    [249, 227, 28],
    [25, 201, 25],
    [29, 203, 234],
    [29, 53, 234],
    // Violet, magenta, sepia.
    [155, 29, 234],
    [227, 24, 227],
    [172, 122, 51],
    // Deep red, blue, emerald and yellow; underwater.
    [255, 0, 0],
    [0, 34, 205],
    [0, 140, 0],
    [255, 213, 0],
    [0, 193, 177],
];

fn read(p: &Parameters) -> Box<dyn Draws> {
    let filter = FILTERS.get((p.menu(1, 1) as usize).wrapping_sub(1));
    let [r, g, b] = if let Some(rgb) = filter {
        rgb.map(|v| f32::from(v) / 255.0)
    } else {
        let [r, g, b, _] = p.color(2, [236.0 / 255.0, 138.0 / 255.0, 0.0, 1.0]);
        [r, g, b]
    };
    let density = (p.number(3, 25.0) / 100.0).clamp(0.0, 1.0) as f32;
    let keep_luminosity = p.flag(4, true);
    by_color(move |rgb| {
        let filtered = [(rgb[0], r), (rgb[1], g), (rgb[2], b)].map(|(v, glass)| mix(v, v * glass, density));
        if keep_luminosity {
            with_luma(filtered, luma(rgb))
        } else {
            filtered
        }
    })
}
