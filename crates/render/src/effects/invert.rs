//! Invert: channels, or what colours are made of, turned into their opposites.

use super::color::{by_pixel, byte, from_hls, mix, to_hls, turned, with_hue};
use super::{Definition, Draws, Parameters};

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Invert"],
    read,
};

/// What is inverted: entries of the menu, which counts its three lines too.
mod channel {
    pub const RGB: u32 = 1;
    pub const RED: u32 = 2;
    pub const GREEN: u32 = 3;
    pub const BLUE: u32 = 4;
    pub const HLS: u32 = 6;
    pub const HUE: u32 = 7;
    pub const LIGHTNESS: u32 = 8;
    pub const SATURATION: u32 = 9;
    pub const YIQ: u32 = 11;
    pub const LUMINANCE: u32 = 12;
    pub const IN_PHASE: u32 = 13;
    pub const QUADRATURE: u32 = 14;
    pub const ALPHA: u32 = 16;
}

fn read(p: &Parameters) -> Box<dyn Draws> {
    let channel = p.menu(1, channel::RGB);
    let original = (p.number(2, 0.0) / 100.0).clamp(0.0, 1.0) as f32;
    by_pixel(move |pixel| {
        if original == 0.0 && channel == channel::RGB {
            return [255 - pixel[0], 255 - pixel[1], 255 - pixel[2], pixel[3]];
        }
        let straight = pixel.map(|v| f32::from(v) / 255.0);
        let inverted = inverted(straight, channel);
        [0, 1, 2, 3].map(|i| byte(mix(inverted[i], straight[i], original)))
    })
}

fn inverted([r, g, b, a]: [f32; 4], channel: u32) -> [f32; 4] {
    let rgb = [r, g, b];
    let [r, g, b] = match channel {
        channel::RGB => rgb.map(|v| 1.0 - v),
        channel::RED => [1.0 - r, g, b],
        channel::GREEN => [r, 1.0 - g, b],
        channel::BLUE => [r, g, 1.0 - b],
        // Hues are mirrored, not turned: red and cyan change places, the hues between stay in their order.
        channel::HUE => with_hue(rgb, turned(0.5 - to_hls(rgb)[0])),
        channel::HLS | channel::LIGHTNESS | channel::SATURATION => {
            let [mut h, mut l, mut s] = to_hls(rgb);
            if channel == channel::HLS {
                h = turned(0.5 - h);
            }
            if channel != channel::SATURATION {
                l = 1.0 - l;
            }
            if channel != channel::LIGHTNESS {
                s = 1.0 - s;
            }
            from_hls([h, l, s])
        }
        channel::YIQ | channel::LUMINANCE | channel::IN_PHASE | channel::QUADRATURE => {
            let [mut y, mut i, mut q] = to_yiq(rgb);
            let all = channel == channel::YIQ;
            if all || channel == channel::LUMINANCE {
                y = 1.0 - y;
            }
            if all || channel == channel::IN_PHASE {
                i = -i;
            }
            if all || channel == channel::QUADRATURE {
                q = -q;
            }
            from_yiq([y, i, q])
        }
        channel::ALPHA => return [r, g, b, 1.0 - a],
        _ => rgb,
    };
    [r, g, b, a]
}

/// NTSC's luminance and two chrominances.
fn to_yiq([r, g, b]: [f32; 3]) -> [f32; 3] {
    [
        0.299 * r + 0.587 * g + 0.114 * b,
        0.596 * r - 0.274 * g - 0.322 * b,
        0.211 * r - 0.523 * g + 0.312 * b,
    ]
}

fn from_yiq([y, i, q]: [f32; 3]) -> [f32; 3] {
    [
        y + 0.956_170_7 * i + 0.621_432_6 * q,
        y - 0.272_688_6 * i - 0.646_813_2 * q,
        y - 1.103_744_1 * i + 1.700_623_1 * q,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(channel: u32, pixel: [u8; 4]) -> [u8; 4] {
        inverted(pixel.map(|v| f32::from(v) / 255.0), channel).map(byte)
    }

    #[test]
    fn each_entry_inverts_what_it_says() {
        let pixel = [255, 3, 0, 200];
        assert_eq!(of(1, pixel), [0, 252, 255, 200]);
        assert_eq!(of(3, pixel), [255, 252, 0, 200]);
        assert_eq!(of(7, pixel), [0, 255, 252, 200]);
        assert_eq!(of(11, [10, 200, 90, 255]), [245, 55, 165, 255]);
        assert_eq!(of(12, [40; 4]), [215, 215, 215, 40]);
        assert_eq!(of(16, pixel), [255, 3, 0, 55]);
        for line in [0, 5, 10, 15, 99] {
            assert_eq!(of(line, pixel), pixel);
        }
    }
}
