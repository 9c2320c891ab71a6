//! Shape layers' contents.

use super::{GroupDefinition, PropertyDefinition, of, one};
use crate::ValueType::{Color, Gradient, Path, TwoD, TwoDSpatial};

const DIRECTION: PropertyDefinition = one("ADBE Vector Shape Direction", "Shape Direction", &[1.0]);
const BLEND: PropertyDefinition = one("ADBE Vector Blend Mode", "Blend Mode", &[1.0]);
const COMPOSITE: PropertyDefinition = one("ADBE Vector Composite Order", "Composite", &[1.0]);
const RULE: PropertyDefinition = one("ADBE Vector Fill Rule", "Fill Rule", &[1.0]);
const FILL_OPACITY: PropertyDefinition = one("ADBE Vector Fill Opacity", "Opacity", &[100.0]);
const STROKE_OPACITY: PropertyDefinition = one("ADBE Vector Stroke Opacity", "Opacity", &[100.0]);
const STROKE_WIDTH: PropertyDefinition = one("ADBE Vector Stroke Width", "Stroke Width", &[2.0]);
const CAP: PropertyDefinition = one("ADBE Vector Stroke Line Cap", "Line Cap", &[1.0]);
const JOIN: PropertyDefinition = one("ADBE Vector Stroke Line Join", "Line Join", &[1.0]);
const MITER: PropertyDefinition = one("ADBE Vector Stroke Miter Limit", "Miter Limit", &[4.0]);
const GRADIENT_TYPE: PropertyDefinition = one("ADBE Vector Grad Type", "Type", &[1.0]);
const GRADIENT_START: PropertyDefinition = of(TwoDSpatial, "ADBE Vector Grad Start Pt", "Start Point", &[0.0; 2]);
const GRADIENT_END: PropertyDefinition = of(TwoDSpatial, "ADBE Vector Grad End Pt", "End Point", &[100.0, 0.0]);
const HIGHLIGHT_LENGTH: PropertyDefinition = one("ADBE Vector Grad HiLite Length", "Highlight Length", &[0.0]);
const HIGHLIGHT_ANGLE: PropertyDefinition = one("ADBE Vector Grad HiLite Angle", "Highlight Angle", &[0.0]);
const GRADIENT_COLORS: PropertyDefinition = of(Gradient, "ADBE Vector Grad Colors", "Colors", &[]);
const CORRELATION: PropertyDefinition = one("ADBE Vector Correlation", "Correlation", &[50.0]);
const TEMPORAL_PHASE: PropertyDefinition = one("ADBE Vector Temporal Phase", "Temporal Phase", &[0.0]);
const SPATIAL_PHASE: PropertyDefinition = one("ADBE Vector Spatial Phase", "Spatial Phase", &[0.0]);
const RANDOM_SEED: PropertyDefinition = one("ADBE Vector Random Seed", "Random Seed", &[0.0]);
/// Of gradients since version 26.
const GRADIENT_TRANSFORM: &[PropertyDefinition] = &[
    of(TwoD, "ADBE Vector Grad Scale", "Scale", &[100.0; 2]),
    one("ADBE Vector Grad Rotation", "Rotation", &[0.0]),
];
const STROKE_GROUPS: &[&str] = &[
    "ADBE Vector Stroke Dashes",
    "ADBE Vector Stroke Taper",
    "ADBE Vector Stroke Wave",
];

const fn group(
    match_name: &'static str,
    name: &'static str,
    properties: &'static [PropertyDefinition],
    groups: &'static [&'static str],
) -> GroupDefinition {
    GroupDefinition {
        match_name,
        name,
        properties,
        groups,
        optional: &[],
    }
}

/// The same with properties that are named where they are, not filled in.
const fn with_optional(group: GroupDefinition, optional: &'static [PropertyDefinition]) -> GroupDefinition {
    GroupDefinition { optional, ..group }
}

pub(super) const GROUPS: &[GroupDefinition] = &[
    group(super::CONTENTS, "Contents", &[], &[]),
    group("ADBE Vectors Group", "Contents", &[], &[]),
    group(
        "ADBE Vector Group",
        "Group",
        &[BLEND],
        &["ADBE Vectors Group", "ADBE Vector Transform Group"],
    ),
    group(
        "ADBE Vector Transform Group",
        "Transform",
        &[
            of(TwoDSpatial, "ADBE Vector Anchor", "Anchor Point", &[0.0; 2]),
            of(TwoDSpatial, "ADBE Vector Position", "Position", &[0.0; 2]),
            of(TwoD, "ADBE Vector Scale", "Scale", &[100.0; 2]),
            one("ADBE Vector Skew", "Skew", &[0.0]),
            one("ADBE Vector Skew Axis", "Skew Axis", &[0.0]),
            one("ADBE Vector Rotation", "Rotation", &[0.0]),
            one("ADBE Vector Group Opacity", "Opacity", &[100.0]),
        ],
        &[],
    ),
    group(
        "ADBE Vector Shape - Group",
        "Path",
        &[DIRECTION, of(Path, "ADBE Vector Shape", "Path", &[])],
        &[],
    ),
    group(
        "ADBE Vector Shape - Rect",
        "Rectangle Path",
        &[
            DIRECTION,
            of(TwoD, "ADBE Vector Rect Size", "Size", &[100.0; 2]),
            of(TwoDSpatial, "ADBE Vector Rect Position", "Position", &[0.0; 2]),
            one("ADBE Vector Rect Roundness", "Roundness", &[0.0]),
        ],
        &[],
    ),
    group(
        "ADBE Vector Shape - Ellipse",
        "Ellipse Path",
        &[
            DIRECTION,
            of(TwoD, "ADBE Vector Ellipse Size", "Size", &[100.0; 2]),
            of(TwoDSpatial, "ADBE Vector Ellipse Position", "Position", &[0.0; 2]),
        ],
        &[],
    ),
    group(
        "ADBE Vector Shape - Star",
        "Polystar Path",
        &[
            DIRECTION,
            one("ADBE Vector Star Type", "Type", &[1.0]),
            one("ADBE Vector Star Points", "Points", &[5.0]),
            of(TwoDSpatial, "ADBE Vector Star Position", "Position", &[0.0; 2]),
            one("ADBE Vector Star Rotation", "Rotation", &[0.0]),
            one("ADBE Vector Star Inner Radius", "Inner Radius", &[50.0]),
            one("ADBE Vector Star Outer Radius", "Outer Radius", &[100.0]),
            one("ADBE Vector Star Inner Roundess", "Inner Roundness", &[0.0]),
            one("ADBE Vector Star Outer Roundess", "Outer Roundness", &[0.0]),
        ],
        &[],
    ),
    group(
        "ADBE Vector Graphic - Fill",
        "Fill",
        &[
            BLEND,
            COMPOSITE,
            RULE,
            of(Color, "ADBE Vector Fill Color", "Color", &[1.0, 0.0, 0.0, 1.0]),
            FILL_OPACITY,
        ],
        &[],
    ),
    group(
        "ADBE Vector Graphic - Stroke",
        "Stroke",
        &[
            BLEND,
            COMPOSITE,
            of(Color, "ADBE Vector Stroke Color", "Color", &[1.0; 4]),
            STROKE_OPACITY,
            STROKE_WIDTH,
            CAP,
            JOIN,
            MITER,
        ],
        STROKE_GROUPS,
    ),
    with_optional(
        group(
            "ADBE Vector Graphic - G-Fill",
            "Gradient Fill",
            &[
                BLEND,
                COMPOSITE,
                RULE,
                GRADIENT_TYPE,
                GRADIENT_START,
                GRADIENT_END,
                HIGHLIGHT_LENGTH,
                HIGHLIGHT_ANGLE,
                GRADIENT_COLORS,
                FILL_OPACITY,
            ],
            &[],
        ),
        GRADIENT_TRANSFORM,
    ),
    with_optional(
        group(
            "ADBE Vector Graphic - G-Stroke",
            "Gradient Stroke",
            &[
                BLEND,
                COMPOSITE,
                GRADIENT_TYPE,
                GRADIENT_START,
                GRADIENT_END,
                HIGHLIGHT_LENGTH,
                HIGHLIGHT_ANGLE,
                GRADIENT_COLORS,
                STROKE_OPACITY,
                STROKE_WIDTH,
                CAP,
                JOIN,
                MITER,
            ],
            STROKE_GROUPS,
        ),
        GRADIENT_TRANSFORM,
    ),
    with_optional(
        group("ADBE Vector Stroke Dashes", "Dashes", &[], &[]),
        &[
            one("ADBE Vector Stroke Dash 1", "Dash", &[10.0]),
            one("ADBE Vector Stroke Gap 1", "Gap", &[10.0]),
            one("ADBE Vector Stroke Dash 2", "Dash 2", &[10.0]),
            one("ADBE Vector Stroke Gap 2", "Gap 2", &[10.0]),
            one("ADBE Vector Stroke Dash 3", "Dash 3", &[10.0]),
            one("ADBE Vector Stroke Gap 3", "Gap 3", &[10.0]),
            one("ADBE Vector Stroke Offset", "Offset", &[0.0]),
        ],
    ),
    group(
        "ADBE Vector Stroke Taper",
        "Taper",
        &[
            // 1 percent, 2 pixels; in pixels the lengths are those whose match names speak of widths.
            one("ADBE Vector Taper Length Units", "Length Units", &[1.0]),
            one("ADBE Vector Taper Start Length", "Start Length", &[0.0]),
            one("ADBE Vector Taper End Length", "End Length", &[0.0]),
            one("ADBE Vector Taper StartWidthPx", "Start Length", &[0.0]),
            one("ADBE Vector Taper EndWidthPx", "End Length", &[0.0]),
            one("ADBE Vector Taper Start Width", "Start Width", &[0.0]),
            one("ADBE Vector Taper End Width", "End Width", &[0.0]),
            one("ADBE Vector Taper Start Ease", "Start Ease", &[0.0]),
            one("ADBE Vector Taper End Ease", "End Ease", &[0.0]),
        ],
        &[],
    ),
    group(
        "ADBE Vector Stroke Wave",
        "Wave",
        &[
            one("ADBE Vector Taper Wave Amount", "Amount", &[0.0]),
            // 1 pixels, 2 cycles.
            one("ADBE Vector Taper Wave Units", "Units", &[1.0]),
            one("ADBE Vector Taper Wavelength", "Wavelength", &[100.0]),
            one("ADBE Vector Taper Wave Cycles", "Cycles", &[10.0]),
            one("ADBE Vector Taper Wave Phase", "Phase", &[0.0]),
        ],
        &[],
    ),
    group(
        "ADBE Vector Filter - Trim",
        "Trim Paths",
        &[
            one("ADBE Vector Trim Start", "Start", &[0.0]),
            one("ADBE Vector Trim End", "End", &[100.0]),
            one("ADBE Vector Trim Offset", "Offset", &[0.0]),
            one("ADBE Vector Trim Type", "Trim Multiple Shapes", &[1.0]),
        ],
        &[],
    ),
    group(
        "ADBE Vector Filter - Repeater",
        "Repeater",
        &[
            one("ADBE Vector Repeater Copies", "Copies", &[3.0]),
            one("ADBE Vector Repeater Offset", "Offset", &[0.0]),
            one("ADBE Vector Repeater Order", "Composite", &[1.0]),
        ],
        &["ADBE Vector Repeater Transform"],
    ),
    group(
        "ADBE Vector Repeater Transform",
        "Transform",
        &[
            of(TwoDSpatial, "ADBE Vector Repeater Anchor", "Anchor Point", &[0.0; 2]),
            of(TwoDSpatial, "ADBE Vector Repeater Position", "Position", &[100.0, 0.0]),
            of(TwoD, "ADBE Vector Repeater Scale", "Scale", &[100.0; 2]),
            one("ADBE Vector Repeater Rotation", "Rotation", &[0.0]),
            one("ADBE Vector Repeater Opacity 1", "Start Opacity", &[100.0]),
            one("ADBE Vector Repeater Opacity 2", "End Opacity", &[100.0]),
        ],
        &[],
    ),
    group(
        "ADBE Vector Filter - RC",
        "Round Corners",
        &[one("ADBE Vector RoundCorner Radius", "Radius", &[10.0])],
        &[],
    ),
    group(
        "ADBE Vector Filter - Offset",
        "Offset Paths",
        &[
            one("ADBE Vector Offset Amount", "Amount", &[10.0]),
            one("ADBE Vector Offset Line Join", "Line Join", &[1.0]),
            one("ADBE Vector Offset Miter Limit", "Miter Limit", &[4.0]),
            one("ADBE Vector Offset Copies", "Copies", &[1.0]),
            one("ADBE Vector Offset Copy Offset", "Copy Offset", &[0.0]),
        ],
        &[],
    ),
    group(
        "ADBE Vector Filter - PB",
        "Pucker & Bloat",
        &[one("ADBE Vector PuckerBloat Amount", "Amount", &[0.0])],
        &[],
    ),
    group(
        "ADBE Vector Filter - Zigzag",
        "Zig Zag",
        &[
            one("ADBE Vector Zigzag Size", "Size", &[5.0]),
            one("ADBE Vector Zigzag Detail", "Ridges per segment", &[10.0]),
            one("ADBE Vector Zigzag Points", "Points", &[1.0]),
        ],
        &[],
    ),
    group(
        "ADBE Vector Filter - Merge",
        "Merge Paths",
        &[one("ADBE Vector Merge Type", "Mode", &[2.0])],
        &[],
    ),
    group(
        "ADBE Vector Filter - Twist",
        "Twist",
        &[
            one("ADBE Vector Twist Angle", "Angle", &[10.0]),
            of(TwoDSpatial, "ADBE Vector Twist Center", "Center", &[0.0; 2]),
        ],
        &[],
    ),
    group(
        "ADBE Vector Filter - Roughen",
        "Wiggle Paths",
        &[
            one("ADBE Vector Roughen Size", "Size", &[10.0]),
            one("ADBE Vector Roughen Detail", "Detail", &[10.0]),
            one("ADBE Vector Roughen Points", "Points", &[1.0]),
            one("ADBE Vector Temporal Freq", "Wiggles/Second", &[2.0]),
            CORRELATION,
            TEMPORAL_PHASE,
            SPATIAL_PHASE,
            RANDOM_SEED,
        ],
        &[],
    ),
    group(
        "ADBE Vector Filter - Wiggler",
        "Wiggle Transform",
        &[
            one("ADBE Vector Xform Temporal Freq", "Wiggles/Second", &[2.0]),
            CORRELATION,
            TEMPORAL_PHASE,
            SPATIAL_PHASE,
            RANDOM_SEED,
        ],
        &["ADBE Vector Wiggler Transform"],
    ),
    group(
        "ADBE Vector Wiggler Transform",
        "Transform",
        &[
            of(TwoDSpatial, "ADBE Vector Wiggler Anchor", "Anchor Point", &[0.0; 2]),
            of(TwoDSpatial, "ADBE Vector Wiggler Position", "Position", &[0.0; 2]),
            of(TwoD, "ADBE Vector Wiggler Scale", "Scale", &[0.0; 2]),
            one("ADBE Vector Wiggler Rotation", "Rotation", &[0.0]),
        ],
        &[],
    ),
    group("ADBE Vector Materials Group", "Material Options", &[], &[]),
];
