//! Layer styles.

use super::Topic::LayerStyle;
use super::{Feature, drawn, not_drawn};

const fn no(match_name: &'static str, name: &'static str) -> Feature {
    not_drawn(LayerStyle, match_name, name, "layer style is not drawn")
}

pub(super) const STYLES: &[Feature] = &[
    drawn(LayerStyle, "ADBE Blend Options Group", "Blending Options: the group"),
    no("dropShadow/enabled", "Drop Shadow"),
    no("innerShadow/enabled", "Inner Shadow"),
    no("outerGlow/enabled", "Outer Glow"),
    no("innerGlow/enabled", "Inner Glow"),
    no("bevelEmboss/enabled", "Bevel and Emboss"),
    no("chromeFX/enabled", "Satin"),
    no("solidFill/enabled", "Color Overlay"),
    no("gradientFill/enabled", "Gradient Overlay"),
    no("patternFill/enabled", "Pattern Overlay"),
    no("frameFX/enabled", "Stroke"),
];
