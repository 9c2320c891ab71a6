//! Layer styles.

use super::Topic::LayerStyle;
use super::{Feature, approximated, close, not_drawn};

const fn like(match_name: &'static str, name: &'static str, how: &'static str) -> Feature {
    close(LayerStyle, match_name, name, how)
}

const fn simpler(match_name: &'static str, name: &'static str, how: &'static str) -> Feature {
    approximated(LayerStyle, match_name, name, how)
}

const FALL_OFF: &str = "blurs fall off as a Gaussian does";

pub(super) const STYLES: &[Feature] = &[
    like(
        "ADBE Blend Options Group",
        "Blending Options: global light, fill opacity, interior styles as group",
        "channels and ranges are not followed",
    ),
    like("dropShadow/enabled", "Drop Shadow", FALL_OFF),
    like("innerShadow/enabled", "Inner Shadow", FALL_OFF),
    like("outerGlow/enabled", "Outer Glow", FALL_OFF),
    like("innerGlow/enabled", "Inner Glow", FALL_OFF),
    not_drawn(
        LayerStyle,
        "bevelEmboss/enabled",
        "Bevel and Emboss",
        "layer style is not drawn",
    ),
    like("chromeFX/enabled", "Satin", FALL_OFF),
    like("solidFill/enabled", "Color Overlay", "edges keep the layer's alpha"),
    like(
        "gradientFill/enabled",
        "Gradient Overlay",
        "gradients are aligned with the box of what the layer shows",
    ),
    not_drawn(
        LayerStyle,
        "patternFill/enabled",
        "Pattern Overlay",
        "layer style is not drawn",
    ),
    like("frameFX/enabled", "Stroke", "outer corners are round"),
    simpler("noise", "Noise of shadows and glows", "its noise is not drawn"),
    simpler("jitter", "Jitter of glows", "its jitter is not drawn"),
    simpler(
        "gradientGlow",
        "Glows in a gradient",
        "the glow is drawn in its colour instead of its gradient",
    ),
];
