//! Extract: alpha from a range of one channel's values.

use super::color::{by_pixel, luma_byte};
use super::{Definition, Draws, Parameters};

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Extract"],
    read,
};

fn read(p: &Parameters) -> Box<dyn Draws> {
    let channel = p.menu(2, 1);
    let number = |number: u32, default: f64| p.number(number, default).clamp(0.0, 255.0) as f32;
    let (points, softness) = ([number(3, 0.0), number(4, 255.0)], [number(5, 0.0), number(6, 0.0)]);
    let inverted = p.flag(7, false);
    by_pixel(move |[r, g, b, a]| {
        let value = match channel {
            2 => r,
            3 => g,
            4 => b,
            5 => a,
            _ => luma_byte([r, g, b]),
        };
        let kept = kept(f32::from(value), points, softness);
        let kept = if inverted { 1.0 - kept } else { kept };
        [r, g, b, (f32::from(a) * kept + 0.5) as u8]
    })
}

/// 1 between the two points, less within the softness beyond them.
fn kept(value: f32, [black, white]: [f32; 2], [below, above]: [f32; 2]) -> f32 {
    let beyond = |distance: f32, softness: f32| {
        if distance <= 0.0 {
            1.0
        } else {
            (1.0 - distance / softness.max(1e-3)).max(0.0)
        }
    };
    beyond(black - value, below).min(beyond(value - white, above))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_have_soft_ends() {
        let at = |v: f32| kept(v, [100.0, 200.0], [50.0, 0.0]);
        assert_eq!(
            [0.0, 50.0, 75.0, 100.0, 200.0, 201.0].map(at),
            [0.0, 0.0, 0.5, 1.0, 1.0, 0.0]
        );
    }
}
