//! Black & White: grey by how much of six colours is in a colour.

use super::color::{by_pixel, byte, with_luma};
use super::{Definition, Draws, Parameters};

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Black&White"],
    read,
};

fn read(p: &Parameters) -> Box<dyn Draws> {
    // Reds, yellows, greens, cyans, blues, magentas.
    let defaults = [40.0, 60.0, 40.0, 60.0, 20.0, 80.0];
    let mut weights = [0.0_f32; 6];
    for ((number, weight), default) in (1..).zip(&mut weights).zip(defaults) {
        *weight = (p.number(number, default) / 100.0) as f32;
    }
    let [r, g, b, _] = p.color(8, [225.0 / 255.0, 211.0 / 255.0, 179.0 / 255.0, 1.0]);
    let tint = p.flag(7, false).then_some([r, g, b]);
    by_pixel(move |[r, g, b, a]| {
        let grey = grey([r, g, b].map(f32::from), &weights);
        let [r, g, b] = match tint {
            None => [grey; 3],
            Some(tint) => with_luma(tint, f32::from(grey) / 255.0).map(byte),
        };
        [r, g, b, a]
    })
}

/// A colour is its least channel of grey, a secondary of its two greater ones, and a primary of its greatest.
fn grey(rgb: [f32; 3], weights: &[f32; 6]) -> u8 {
    let mut order = [0, 1, 2];
    order.sort_by(|a, b| rgb[*b].total_cmp(&rgb[*a]));
    let [most, middle, least] = order;
    let primary = weights[2 * most];
    // The complement of the least.
    let secondary = weights[[3, 5, 1][least]];
    let grey = rgb[least] + (rgb[middle] - rgb[least]) * secondary + (rgb[most] - rgb[middle]) * primary;
    // Halves go down here.
    (grey + 0.5 - 1.0 / 1024.0).clamp(0.0, 255.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_colour_has_its_own_grey() {
        let weights = [0.4, 0.6, 0.4, 0.6, 0.2, 0.8];
        let of = |rgb: [f32; 3]| grey(rgb, &weights);
        assert_eq!(of([255.0, 0.0, 0.0]), 102);
        assert_eq!(of([255.0, 255.0, 0.0]), 153);
        assert_eq!(of([0.0, 255.0, 255.0]), 153);
        assert_eq!(of([255.0, 0.0, 255.0]), 204);
        assert_eq!(of([0.0, 0.0, 255.0]), 51);
        assert_eq!(of([77.0; 3]), 77);
    }

    #[test]
    fn tints_fit_between_black_and_white() {
        assert_eq!(with_luma([1.0, 0.0, 0.0], 0.0), [0.0; 3]);
        for v in with_luma([1.0, 0.2, 0.0], 0.9) {
            assert!((0.0..=1.0001).contains(&v));
        }
    }
}
