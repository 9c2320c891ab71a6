//! Fast Blur, and the Gaussian Blur of older versions, which is the same: three box blurs.
//!
//! Measured on After Effects' output by others: each box reaches 0.369 of the blurriness to each side.

use super::Definition;
use super::blurred::{Blurred, in_dimensions};
use crate::blur::BoxBlur;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Fast Blur", "ADBE Gaussian Blur"],
    read: |p| {
        // Only Fast Blur has the setting.
        let fast = &*p.effect().match_name == "ADBE Fast Blur";
        Box::new(Blurred {
            amounts: in_dimensions(p.menu(2, 1), p.number(1, 0.0).max(0.0) * RADIUS),
            repeat_edges: fast && p.flag(3, true),
            boxes: |radius| BoxBlur::boxes(radius, 3),
        })
    },
};

/// Radius of each box for a blurriness of 1, pixels.
const RADIUS: f64 = 0.369;
