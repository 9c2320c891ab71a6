//! Text layers.

use super::{GroupDefinition, of, one};
use crate::ValueType::{Mask, TextDocument, TwoD};

pub(super) const GROUPS: &[GroupDefinition] = &[
    GroupDefinition {
        match_name: super::TEXT,
        name: "Text",
        properties: &[of(TextDocument, super::SOURCE_TEXT, "Source Text", &[])],
        groups: &[
            "ADBE Text Path Options",
            "ADBE Text More Options",
            "ADBE Text Animators",
        ],
    },
    GroupDefinition {
        match_name: "ADBE Text Path Options",
        name: "Path Options",
        properties: &[of(Mask, "ADBE Text Path", "Path", &[])],
        groups: &[],
    },
    GroupDefinition {
        match_name: "ADBE Text More Options",
        name: "More Options",
        properties: &[
            one("ADBE Text Anchor Point Option", "Anchor Point Grouping", &[1.0]),
            of(TwoD, "ADBE Text Anchor Point Align", "Grouping Alignment", &[0.0; 2]),
            one("ADBE Text Render Order", "Fill & Stroke", &[1.0]),
            one("ADBE Text Character Blend Mode", "Inter-Character Blending", &[1.0]),
        ],
        groups: &[],
    },
    GroupDefinition {
        match_name: "ADBE Text Animators",
        name: "Animators",
        properties: &[],
        groups: &[],
    },
    GroupDefinition {
        match_name: "ADBE Text Animator",
        name: "Animator",
        properties: &[],
        groups: &["ADBE Text Selectors", "ADBE Text Animator Properties"],
    },
    GroupDefinition {
        match_name: "ADBE Text Selectors",
        name: "Selectors",
        properties: &[],
        groups: &[],
    },
    GroupDefinition {
        // Only the properties that were added count: nothing is filled in.
        match_name: "ADBE Text Animator Properties",
        name: "Properties",
        properties: &[],
        groups: &[],
    },
    GroupDefinition {
        match_name: "ADBE Text Selector",
        name: "Range Selector",
        properties: &[
            one("ADBE Text Percent Start", "Start", &[0.0]),
            one("ADBE Text Percent End", "End", &[100.0]),
            one("ADBE Text Percent Offset", "Offset", &[0.0]),
            one("ADBE Text Index Start", "Start", &[0.0]),
            one("ADBE Text Index End", "End", &[0.0]),
            one("ADBE Text Index Offset", "Offset", &[0.0]),
        ],
        groups: &["ADBE Text Range Advanced"],
    },
    GroupDefinition {
        match_name: "ADBE Text Range Advanced",
        name: "Advanced",
        properties: &[
            one("ADBE Text Range Units", "Units", &[1.0]),
            one("ADBE Text Range Type2", "Based On", &[1.0]),
            one("ADBE Text Selector Mode", "Mode", &[1.0]),
            one("ADBE Text Selector Max Amount", "Amount", &[100.0]),
            one("ADBE Text Range Shape", "Shape", &[1.0]),
            one("ADBE Text Selector Smoothness", "Smoothness", &[100.0]),
            one("ADBE Text Levels Max Ease", "Ease High", &[0.0]),
            one("ADBE Text Levels Min Ease", "Ease Low", &[0.0]),
            one("ADBE Text Randomize Order", "Randomize Order", &[0.0]),
            one("ADBE Text Random Seed", "Random Seed", &[0.0]),
        ],
        groups: &[],
    },
];
