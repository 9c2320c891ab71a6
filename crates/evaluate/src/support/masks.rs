//! Masks and track mattes.

use super::Topic::Mask;
use super::{Feature, close, drawn, not_drawn};

pub(super) const MASKS: &[Feature] = &[
    drawn(Mask, "ADBE Mask Shape", "Mask Path"),
    drawn(
        Mask,
        "mode",
        "Modes None, Add, Subtract, Intersect, Lighten, Darken, Difference",
    ),
    drawn(Mask, "inverted", "Inverted"),
    close(
        Mask,
        "ADBE Mask Feather",
        "Mask Feather",
        "it falls off as a Gaussian does, close to After Effects'",
    ),
    drawn(Mask, "ADBE Mask Opacity", "Mask Opacity"),
    drawn(Mask, "ADBE Mask Offset", "Mask Expansion"),
    drawn(
        Mask,
        "rotoBezier",
        "RotoBezier (between keyframes its curves are blended)",
    ),
    not_drawn(
        Mask,
        "featherPoints",
        "Variable-width feather points",
        "the mask's even feather is used",
    ),
    not_drawn(
        Mask,
        "motionBlur",
        "Motion blur of a mask",
        "the mask is not blurred by its motion",
    ),
    close(
        Mask,
        "linearFalloff",
        "Feather with linear falloff",
        "over the width of the feather",
    ),
    drawn(Mask, "alphaMatte", "Alpha matte, inverted too"),
    drawn(Mask, "lumaMatte", "Luma matte, inverted too"),
    drawn(
        Mask,
        "anyMatte",
        "A matte layer anywhere in the stack (After Effects 2023)",
    ),
];
