//! Color Balance: more or less red, green and blue in shadows, midtones and highlights.

use super::color::{by_color, extremes, from_hls, to_hls};
use super::{Definition, Draws, Parameters};

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Color Balance 2"],
    read,
};

/// Most that a slider moves a channel: 100 steps of 8 bits.
const MOST: f64 = 1.0 / 255.0;

fn read(p: &Parameters) -> Box<dyn Draws> {
    // Red, green, blue of shadows, midtones, highlights.
    let shifts: [[f32; 3]; 3] =
        [1, 4, 7].map(|first| [0, 1, 2].map(|i| (p.number(first + i, 0.0).clamp(-100.0, 100.0) * MOST) as f32));
    let keep_luminosity = p.flag(10, false);
    by_color(move |rgb| {
        let shares = shares(lightness(rgb));
        let moved = [0, 1, 2].map(|i| {
            let shift: f32 = (0..3).map(|tone| shifts[tone][i] * shares[tone]).sum();
            (rgb[i] + shift).clamp(0.0, 1.0)
        });
        if keep_luminosity {
            let [h, _, s] = to_hls(moved);
            from_hls([h, lightness(rgb), s])
        } else {
            moved
        }
    })
}

fn lightness(rgb: [f32; 3]) -> f32 {
    let (least, most) = extremes(rgb);
    f32::midpoint(least, most)
}

/// How much of a lightness is shadow, midtone and highlight; together 1.
fn shares(lightness: f32) -> [f32; 3] {
    let smooth = |v: f32| {
        let v = v.clamp(0.0, 1.0);
        v * v * (3.0 - 2.0 * v)
    };
    let shadow = 1.0 - smooth(lightness * 2.0);
    let highlight = smooth(lightness * 2.0 - 1.0);
    [shadow, 1.0 - shadow - highlight, highlight]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tones_add_up() {
        assert_eq!(shares(0.0), [1.0, 0.0, 0.0]);
        assert_eq!(shares(0.5), [0.0, 1.0, 0.0]);
        assert_eq!(shares(1.0), [0.0, 0.0, 1.0]);
        for v in [0.1, 0.3, 0.77] {
            assert!((shares(v).iter().sum::<f32>() - 1.0).abs() < 1e-6);
        }
    }
}
