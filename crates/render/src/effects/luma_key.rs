//! Luma Key: light, dark or similar luminances are keyed out.

use super::edge_key::EdgeKey;
use super::{Definition, Draws, Parameters};

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Luma Key"],
    read,
};

fn read(p: &Parameters) -> Box<dyn Draws> {
    let kind = p.menu(1, 1);
    let threshold = p.number(2, 0.0);
    let tolerance = p.number(3, 0.0).max(0.0);
    Box::new(EdgeKey::new(p, 4, move |rgb| {
        keyed(luminance(rgb), kind, threshold, tolerance)
    }))
}

/// 0..255. These weights, not those of the other effects.
fn luminance([r, g, b]: [u8; 3]) -> f64 {
    f64::from(u32::from(r) * 30 + u32::from(g) * 59 + u32::from(b) * 11) / 100.0
}

/// By the entry of the menu: brighter, darker, similar, not similar.
fn keyed(luminance: f64, kind: u32, threshold: f64, tolerance: f64) -> bool {
    let above = luminance - threshold;
    match kind {
        2 => above < -1e-3,
        3 => above.abs() <= tolerance + 1e-3,
        4 => above.abs() > tolerance + 1e-3,
        _ => above > 1e-3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_at_the_threshold_is_kept() {
        assert_eq!(luminance([255; 3]), 255.0);
        assert_eq!(
            [99.0, 100.0, 101.0].map(|l| keyed(l, 1, 100.0, 50.0)),
            [false, false, true]
        );
        assert_eq!(
            [99.0, 100.0, 101.0].map(|l| keyed(l, 2, 100.0, 50.0)),
            [true, false, false]
        );
        assert_eq!([50.0, 49.0].map(|l| keyed(l, 3, 100.0, 50.0)), [true, false]);
        assert_eq!([50.0, 49.0].map(|l| keyed(l, 4, 100.0, 50.0)), [false, true]);
    }
}
