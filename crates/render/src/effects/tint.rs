//! Tint: black and white become two colours, everything between lies between them.

use super::color::{by_pixel, byte, luma_byte, mix};
use super::{Definition, Draws, Parameters};

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Tint"],
    read,
};

fn read(p: &Parameters) -> Box<dyn Draws> {
    let black = p.color(1, [0.0, 0.0, 0.0, 1.0]).map(byte);
    let white = p.color(2, [1.0; 4]).map(byte);
    let amount = (p.number(3, 100.0) / 100.0).clamp(0.0, 1.0) as f32;
    let ramp = ramp([black[0], black[1], black[2]], [white[0], white[1], white[2]]);
    by_pixel(move |[r, g, b, a]| {
        let tinted = ramp[usize::from(luma_byte([r, g, b]))];
        let [r, g, b] = [(r, tinted[0]), (g, tinted[1]), (b, tinted[2])]
            .map(|(own, tinted)| byte(mix(f32::from(own), f32::from(tinted), amount) / 255.0));
        [r, g, b, a]
    })
}

/// The colour of each luminance. After Effects rounds the luminance and both colours to 8 bits before it mixes.
fn ramp(black: [u8; 3], white: [u8; 3]) -> Box<[[u8; 3]; 256]> {
    Box::new(std::array::from_fn(|luma| {
        [0, 1, 2].map(|i| byte(mix(f32::from(black[i]), f32::from(white[i]), luma as f32 / 255.0) / 255.0))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_exact_and_the_middle_is_between() {
        let ramp = ramp([26, 0, 77], [255, 230, 153]);
        assert_eq!((ramp[0], ramp[255]), ([26, 0, 77], [255, 230, 153]));
        assert_eq!(ramp[128], [141, 115, 115]);
    }
}
