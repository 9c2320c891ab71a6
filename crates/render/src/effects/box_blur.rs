//! Fast Box Blur: box blurs one after another.

use super::Definition;
use super::blurred::{Blurred, in_dimensions};
use crate::blur::BoxBlur;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Box Blur2"],
    read: |p| {
        let iterations = p.menu(2, 3).clamp(1, 50);
        Box::new(Blurred {
            amounts: in_dimensions(p.menu(3, 1), p.number(1, 0.0).max(0.0)),
            repeat_edges: p.flag(4, true),
            boxes: move |radius| boxes(radius, iterations),
        })
    },
};

/// So many boxes and more are drawn as the Gaussian they nearly are.
const MANY: u32 = 8;
/// Furthest that all boxes together reach, pixels.
const FURTHEST: f64 = 12_000.0;

/// Boxes of a radius that need not be whole.
fn boxes(radius: f64, times: u32) -> BoxBlur {
    if times < MANY {
        return BoxBlur::boxes(radius.min(FURTHEST / f64::from(times.max(1))), times);
    }
    let whole = radius.floor();
    let share = radius - whole;
    let next = (whole + 1.0) * (whole + 1.0);
    let variance =
        (whole * (whole + 1.0) * (2.0 * whole + 1.0) / 3.0 + 2.0 * share * next) / (2.0 * whole + 1.0 + 2.0 * share);
    BoxBlur::gaussian((variance * f64::from(times)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_boxes_reach_no_further_than_a_gaussian() {
        assert_eq!(boxes(8.0, 3).reach(), 24);
        assert!(boxes(1e7, 50).reach() <= 13_000);
        assert!(boxes(1e7, 7).reach() <= 13_000);
        assert!(boxes(0.0, 50).is_nothing());
    }
}
