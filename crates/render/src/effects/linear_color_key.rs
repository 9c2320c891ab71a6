//! Linear Color Key: alpha by how far a colour is from another one.

use super::color::{by_pixel, byte, to_hls};
use super::{Definition, Draws, Parameters};

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Linear Color Key2"],
    read,
};

struct Key {
    color: [f32; 3],
    /// Entry of the menu: RGB, hue, chroma.
    match_by: u32,
    /// 0..1.
    tolerance: f32,
    softness: f32,
    keep: bool,
}

fn read(p: &Parameters) -> Box<dyn Draws> {
    let [r, g, b, _] = p.color(3, [0.0, 0.0, 1.0, 1.0]);
    let share = |number: u32, default: f64| (p.number(number, default) / 100.0).clamp(0.0, 1.0) as f32;
    let key = Key {
        color: [r, g, b],
        match_by: p.menu(4, 1),
        tolerance: share(5, 5.0),
        softness: share(6, 0.0),
        keep: p.menu(7, 1) == 2,
    };
    let view = p.menu(2, 1);
    by_pixel(move |pixel| {
        let [r, g, b, a] = pixel;
        let matte = key.matte([r, g, b].map(|v| f32::from(v) / 255.0));
        match view {
            2 => pixel,
            3 => {
                let v = byte(matte * f32::from(a) / 255.0);
                [v, v, v, 255]
            }
            _ => [r, g, b, byte(matte * f32::from(a) / 255.0)],
        }
    })
}

impl Key {
    /// How opaque a colour is, 0..1.
    fn matte(&self, rgb: [f32; 3]) -> f32 {
        let beyond = distance(rgb, self.color, self.match_by) - self.tolerance;
        let away = if beyond <= 1e-6 {
            0.0
        } else {
            (beyond / self.softness.max(1e-6)).min(1.0)
        };
        if self.keep { 1.0 - away } else { away }
    }
}

/// How far two colours are from each other: 0 the same, 1 as far as can be.
pub(super) fn distance(a: [f32; 3], b: [f32; 3], match_by: u32) -> f32 {
    match match_by {
        2 => {
            let [from, to] = [a, b].map(to_hls);
            // Greys have no hue to match.
            if (from[2] == 0.0) != (to[2] == 0.0) {
                return 1.0;
            }
            let apart = (from[0] - to[0]).abs();
            apart.min(1.0 - apart) * 2.0
        }
        3 => {
            let chroma = |[r, g, b]: [f32; 3]| {
                let y = 0.299 * r + 0.587 * g + 0.114 * b;
                [(b - y) / 1.772, (r - y) / 1.402]
            };
            let ([a0, a1], [b0, b1]) = (chroma(a), chroma(b));
            ((a0 - b0).powi(2) + (a1 - b1).powi(2)).sqrt().min(1.0)
        }
        _ => {
            let squares: f32 = a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum();
            (squares / 3.0).sqrt()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_by_colour_hue_and_chroma() {
        assert_eq!(distance([0.0; 3], [1.0; 3], 1), 1.0);
        assert!(distance([1.0, 0.0, 0.0], [0.4, 0.2, 0.2], 2) < 1e-6);
        assert_eq!(distance([1.0, 0.0, 0.0], [0.0, 1.0, 1.0], 2), 1.0);
        assert!(distance([0.1; 3], [0.9; 3], 3) < 1e-6);
    }

    #[test]
    fn tolerance_and_softness_make_a_ramp() {
        let mut key = Key {
            color: [0.0; 3],
            match_by: 1,
            tolerance: 0.2,
            softness: 0.4,
            keep: false,
        };
        let at = |key: &Key, v: f32| (key.matte([v; 3]) * 100.0).round();
        assert_eq!(
            [0.1, 0.2, 0.4, 0.6, 0.9].map(|v| at(&key, v)),
            [0.0, 0.0, 50.0, 100.0, 100.0]
        );
        key.keep = true;
        assert_eq!(at(&key, 0.1), 100.0);
    }
}
