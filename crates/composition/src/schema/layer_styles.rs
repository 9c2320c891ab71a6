//! Layer styles. Defaults are After Effects' for a style just added; angles in degrees, sizes in pixels.

use super::{GroupDefinition, PropertyDefinition, of, one};
use crate::ValueType::{Color, Gradient, TwoDSpatial};

/// Menu positions of the blending mode menu.
const NORMAL: &[f64] = &[1.0];
const MULTIPLY: &[f64] = &[5.0];
const SCREEN: &[f64] = &[11.0];
const BLACK: &[f64] = &[0.0, 0.0, 0.0, 1.0];
const WHITE: &[f64] = &[1.0; 4];
const RED: &[f64] = &[1.0, 0.0, 0.0, 1.0];
/// The pale yellow of glows: 255, 255, 190.
const PALE: &[f64] = &[1.0, 1.0, 190.0 / 255.0, 1.0];

const fn style(
    match_name: &'static str,
    name: &'static str,
    properties: &'static [PropertyDefinition],
) -> GroupDefinition {
    GroupDefinition {
        match_name,
        name,
        properties,
        groups: &[],
        optional: &[],
    }
}

pub(super) const GROUPS: &[GroupDefinition] = &[
    style("ADBE Layer Styles", "Layer Styles", &[]),
    GroupDefinition {
        match_name: "ADBE Blend Options Group",
        name: "Blending Options",
        properties: &[],
        groups: &[],
        optional: &[
            one("ADBE Global Angle2", "Global Light Angle", &[120.0]),
            one("ADBE Global Altitude2", "Global Light Altitude", &[30.0]),
        ],
    },
    GroupDefinition {
        match_name: "ADBE Adv Blend Group",
        name: "Advanced Blending",
        properties: &[],
        groups: &[],
        optional: &[
            one("ADBE Layer Fill Opacity2", "Fill Opacity", &[100.0]),
            one("ADBE R Channel Blend", "Red", &[1.0]),
            one("ADBE G Channel Blend", "Green", &[1.0]),
            one("ADBE B Channel Blend", "Blue", &[1.0]),
            one("ADBE Blend Interior", "Blend Interior Styles as Group", &[1.0]),
            one("ADBE Blend Ranges", "Use Blend Ranges from Source", &[1.0]),
        ],
    },
    style(
        "dropShadow/enabled",
        "Drop Shadow",
        &[
            one("dropShadow/mode2", "Blend Mode", MULTIPLY),
            of(Color, "dropShadow/color", "Color", BLACK),
            one("dropShadow/opacity", "Opacity", &[75.0]),
            one("dropShadow/useGlobalAngle", "Use Global Light", &[0.0]),
            one("dropShadow/localLightingAngle", "Angle", &[120.0]),
            one("dropShadow/distance", "Distance", &[5.0]),
            one("dropShadow/chokeMatte", "Spread", &[0.0]),
            one("dropShadow/blur", "Size", &[5.0]),
            one("dropShadow/noise", "Noise", &[0.0]),
            one("dropShadow/layerConceals", "Layer Knocks Out Drop Shadow", &[1.0]),
        ],
    ),
    style(
        "innerShadow/enabled",
        "Inner Shadow",
        &[
            one("innerShadow/mode2", "Blend Mode", MULTIPLY),
            of(Color, "innerShadow/color", "Color", BLACK),
            one("innerShadow/opacity", "Opacity", &[75.0]),
            one("innerShadow/useGlobalAngle", "Use Global Light", &[0.0]),
            one("innerShadow/localLightingAngle", "Angle", &[120.0]),
            one("innerShadow/distance", "Distance", &[5.0]),
            one("innerShadow/chokeMatte", "Choke", &[0.0]),
            one("innerShadow/blur", "Size", &[5.0]),
            one("innerShadow/noise", "Noise", &[0.0]),
        ],
    ),
    style(
        "outerGlow/enabled",
        "Outer Glow",
        &[
            one("outerGlow/mode2", "Blend Mode", SCREEN),
            one("outerGlow/opacity", "Opacity", &[75.0]),
            one("outerGlow/noise", "Noise", &[0.0]),
            one("outerGlow/AEColorChoice", "Color Type", &[1.0]),
            of(Color, "outerGlow/color", "Color", PALE),
            of(Gradient, "outerGlow/gradient", "Colors", &[]),
            one("outerGlow/gradientSmoothness", "Gradient Smoothness", &[100.0]),
            one("outerGlow/glowTechnique", "Technique", &[1.0]),
            one("outerGlow/chokeMatte", "Spread", &[0.0]),
            one("outerGlow/blur", "Size", &[5.0]),
            one("outerGlow/inputRange", "Range", &[50.0]),
            one("outerGlow/shadingNoise", "Jitter", &[0.0]),
        ],
    ),
    style(
        "innerGlow/enabled",
        "Inner Glow",
        &[
            one("innerGlow/mode2", "Blend Mode", SCREEN),
            one("innerGlow/opacity", "Opacity", &[75.0]),
            one("innerGlow/noise", "Noise", &[0.0]),
            one("innerGlow/AEColorChoice", "Color Type", &[1.0]),
            of(Color, "innerGlow/color", "Color", PALE),
            of(Gradient, "innerGlow/gradient", "Colors", &[]),
            one("innerGlow/gradientSmoothness", "Gradient Smoothness", &[100.0]),
            one("innerGlow/glowTechnique", "Technique", &[1.0]),
            one("innerGlow/innerGlowSource", "Source", &[1.0]),
            one("innerGlow/chokeMatte", "Choke", &[0.0]),
            one("innerGlow/blur", "Size", &[5.0]),
            one("innerGlow/inputRange", "Range", &[50.0]),
            one("innerGlow/shadingNoise", "Jitter", &[0.0]),
        ],
    ),
    style(
        "bevelEmboss/enabled",
        "Bevel and Emboss",
        &[
            one("bevelEmboss/bevelStyle", "Style", &[2.0]),
            one("bevelEmboss/bevelTechnique", "Technique", &[1.0]),
            one("bevelEmboss/strengthRatio", "Depth", &[100.0]),
            one("bevelEmboss/bevelDirection", "Direction", &[1.0]),
            one("bevelEmboss/blur", "Size", &[5.0]),
            one("bevelEmboss/softness", "Soften", &[0.0]),
            one("bevelEmboss/useGlobalAngle", "Use Global Light", &[0.0]),
            one("bevelEmboss/localLightingAngle", "Angle", &[120.0]),
            one("bevelEmboss/localLightingAltitude", "Altitude", &[30.0]),
            one("bevelEmboss/highlightMode", "Highlight Mode", SCREEN),
            of(Color, "bevelEmboss/highlightColor", "Highlight Color", WHITE),
            one("bevelEmboss/highlightOpacity", "Highlight Opacity", &[75.0]),
            one("bevelEmboss/shadowMode", "Shadow Mode", MULTIPLY),
            of(Color, "bevelEmboss/shadowColor", "Shadow Color", BLACK),
            one("bevelEmboss/shadowOpacity", "Shadow Opacity", &[75.0]),
        ],
    ),
    style(
        "chromeFX/enabled",
        "Satin",
        &[
            one("chromeFX/mode2", "Blend Mode", MULTIPLY),
            of(Color, "chromeFX/color", "Color", BLACK),
            one("chromeFX/opacity", "Opacity", &[50.0]),
            one("chromeFX/localLightingAngle", "Angle", &[19.0]),
            one("chromeFX/distance", "Distance", &[11.0]),
            one("chromeFX/blur", "Size", &[14.0]),
            one("chromeFX/invert", "Invert", &[1.0]),
        ],
    ),
    style(
        "solidFill/enabled",
        "Color Overlay",
        &[
            one("solidFill/mode2", "Blend Mode", NORMAL),
            of(Color, "solidFill/color", "Color", RED),
            one("solidFill/opacity", "Opacity", &[100.0]),
        ],
    ),
    style(
        "gradientFill/enabled",
        "Gradient Overlay",
        &[
            one("gradientFill/mode2", "Blend Mode", NORMAL),
            one("gradientFill/opacity", "Opacity", &[100.0]),
            of(Gradient, "gradientFill/gradient", "Colors", &[]),
            one("gradientFill/gradientSmoothness", "Gradient Smoothness", &[100.0]),
            one("gradientFill/angle", "Angle", &[90.0]),
            one("gradientFill/type", "Style", &[1.0]),
            one("gradientFill/reverse", "Reverse", &[0.0]),
            one("gradientFill/align", "Align with Layer", &[1.0]),
            one("gradientFill/scale", "Scale", &[100.0]),
            of(TwoDSpatial, "gradientFill/offset", "Offset", &[0.0; 2]),
        ],
    ),
    style(
        "patternFill/enabled",
        "Pattern Overlay",
        &[
            one("patternFill/mode2", "Blend Mode", NORMAL),
            one("patternFill/opacity", "Opacity", &[100.0]),
            one("patternFill/align", "Link with Layer", &[1.0]),
            one("patternFill/scale", "Scale", &[100.0]),
            of(TwoDSpatial, "patternFill/phase", "Offset", &[0.0; 2]),
        ],
    ),
    style(
        "frameFX/enabled",
        "Stroke",
        &[
            one("frameFX/mode2", "Blend Mode", NORMAL),
            of(Color, "frameFX/color", "Color", RED),
            one("frameFX/size", "Size", &[3.0]),
            one("frameFX/opacity", "Opacity", &[100.0]),
            one("frameFX/style", "Position", &[1.0]),
        ],
    ),
];
