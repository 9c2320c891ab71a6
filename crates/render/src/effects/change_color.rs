//! Change Color: hue, lightness and saturation of colours near one.

use super::color::{by_pixel, byte, from_hls, mix3, to_hls, turned};
use super::linear_color_key::distance;
use super::{Definition, Draws, Parameters};

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Change Color"],
    read,
};

fn read(p: &Parameters) -> Box<dyn Draws> {
    let mask_only = p.menu(1, 1) == 2;
    let hue = (p.number(2, 0.0) / 360.0) as f32;
    let share = |number: u32, default: f64| (p.number(number, default) / 100.0).clamp(-1.0, 1.0) as f32;
    let (lightness, saturation) = (share(3, 0.0), share(4, 0.0));
    let [r, g, b, _] = p.color(5, [1.0, 0.0, 0.0, 1.0]);
    let (tolerance, softness) = (share(6, 15.0), share(7, 0.0));
    let match_by = p.menu(8, 1);
    let inverted = p.flag(9, false);
    by_pixel(move |pixel| {
        let rgb = [pixel[0], pixel[1], pixel[2]].map(|v| f32::from(v) / 255.0);
        let away = nearness(distance(rgb, [r, g, b], match_by), tolerance, softness);
        let amount = if inverted { 1.0 - away } else { away };
        let [r, g, b] = if mask_only {
            [byte(amount); 3]
        } else if amount > 0.0 {
            let [h, l, s] = to_hls(rgb);
            let part = |v: f32, by: f32| (v + by).clamp(0.0, 1.0);
            let s = if s > 0.0 { part(s, saturation) } else { s };
            mix3(rgb, from_hls([turned(h + hue), part(l, lightness), s]), amount).map(byte)
        } else {
            [pixel[0], pixel[1], pixel[2]]
        };
        [r, g, b, pixel[3]]
    })
}

/// 1 within the tolerance, 0 beyond the softness after it.
pub(super) fn nearness(distance: f32, tolerance: f32, softness: f32) -> f32 {
    let beyond = distance - tolerance;
    if beyond <= 1e-6 {
        1.0
    } else {
        (1.0 - beyond / softness.max(1e-6)).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn softness_follows_the_tolerance() {
        assert_eq!(
            [0.1, 0.2, 0.3, 0.4].map(|d| (nearness(d, 0.2, 0.2) * 2.0).round()),
            [2.0, 2.0, 1.0, 0.0]
        );
        assert_eq!(nearness(0.21, 0.2, 0.0), 0.0);
    }
}
