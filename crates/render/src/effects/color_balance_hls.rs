//! Color Balance (HLS): hue, lightness and saturation of all colours.

use super::color::{by_color, from_hls, lightened, mix, to_hls, turned, with_hue};
use super::{Definition, Draws, Parameters};

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Color Balance (HLS)"],
    read,
};

fn read(p: &Parameters) -> Box<dyn Draws> {
    let hue = turned((p.number(1, 0.0) / 360.0) as f32);
    let [lightness, saturation] = [2, 3].map(|number| (p.number(number, 0.0) / 100.0).clamp(-1.0, 1.0) as f32);
    by_color(move |rgb| balanced(rgb, hue, lightness, saturation))
}

fn balanced(rgb: [f32; 3], hue: f32, lightness: f32, saturation: f32) -> [f32; 3] {
    let mut rgb = rgb;
    if hue != 0.0 {
        rgb = with_hue(rgb, turned(to_hls(rgb)[0] + hue));
    }
    if saturation != 0.0 {
        let [h, l, s] = to_hls(rgb);
        // Greys have no hue to become of.
        if s > 0.0 {
            let s = if saturation > 0.0 {
                mix(s, 1.0, saturation)
            } else {
                s * (1.0 + saturation)
            };
            rgb = from_hls([h, l, s]);
        }
    }
    lightened(rgb, lightness)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effects::color::byte;

    #[test]
    fn hue_turns_saturation_fills_lightness_whitens() {
        let of = |rgb: [u8; 3], h, l, s| balanced(rgb.map(|v| f32::from(v) / 255.0), h, l, s).map(byte);
        assert_eq!(of([200, 40, 90], 1.0 / 3.0, 0.0, 0.0), [90, 200, 40]);
        assert_eq!(of([200, 100, 150], 0.0, 0.0, 1.0), [255, 45, 150]);
        assert_eq!(of([200, 100, 150], 0.0, 0.0, -1.0), [150, 150, 150]);
        assert_eq!(of([90; 3], 0.2, 0.0, 1.0), [90; 3]);
        assert_eq!(of([0, 255, 100], 0.0, 0.4, 0.0), [102, 255, 162]);
    }
}
