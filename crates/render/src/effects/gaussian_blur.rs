//! Gaussian Blur.

use super::Definition;
use super::blurred::{Blurred, in_dimensions};
use crate::blur::BoxBlur;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Gaussian Blur 2"],
    read: |p| {
        Box::new(Blurred {
            amounts: in_dimensions(p.menu(2, 1), p.number(1, 0.0).max(0.0) * SIGMA),
            repeat_edges: p.flag(3, false),
            boxes: BoxBlur::gaussian,
        })
    },
};

/// Standard deviation for a blurriness of 1, pixels. Measured by renderers on After Effects' output.
pub(super) const SIGMA: f64 = 0.3;
