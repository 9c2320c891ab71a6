//! Shift Channels: each channel takes its values from another one.

use super::color::{by_pixel, byte, luma_byte, to_hls};
use super::{Definition, Draws, Parameters};

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Shift Channels"],
    read,
};

fn read(p: &Parameters) -> Box<dyn Draws> {
    // The file's order: alpha, red, green, blue; so is the menus'.
    let [alpha, red, green, blue] = [1, 2, 3, 4].map(|number| p.menu(number, number));
    by_pixel(move |pixel| [red, green, blue, alpha].map(|source| value(pixel, source)))
}

/// What the menu's entry stands for, in a straight pixel.
fn value([r, g, b, a]: [u8; 4], source: u32) -> u8 {
    match source {
        1 => a,
        2 => r,
        3 => g,
        4 => b,
        5 => luma_byte([r, g, b]),
        6..=8 => byte(to_hls([r, g, b].map(|v| f32::from(v) / 255.0))[source as usize - 6]),
        9 => 255,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_alpha_colours_luminance_hls_full_and_off() {
        let pixel = [0, 255, 0, 99];
        let values: Vec<u8> = (1..=10).map(|source| value(pixel, source)).collect();
        assert_eq!(values, [99, 0, 255, 0, 150, 85, 128, 255, 255, 0]);
    }
}
