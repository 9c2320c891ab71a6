//! Groups of layers that are neither transform, masks, shapes, text nor layer styles.

use super::{GroupDefinition, of, one};
use crate::ValueType::Color;

pub(super) const GROUPS: &[GroupDefinition] = &[
    GroupDefinition {
        match_name: super::EFFECTS,
        name: "Effects",
        properties: &[],
        groups: &[],
    },
    GroupDefinition {
        match_name: "ADBE Camera Options Group",
        name: "Camera Options",
        properties: &[
            one("ADBE Camera Zoom", "Zoom", &[1866.67]),
            one("ADBE Camera Depth of Field", "Depth of Field", &[0.0]),
            one("ADBE Camera Focus Distance", "Focus Distance", &[1866.67]),
            one("ADBE Camera Aperture", "Aperture", &[25.3]),
            one("ADBE Camera Blur Level", "Blur Level", &[100.0]),
        ],
        groups: &[],
    },
    GroupDefinition {
        match_name: "ADBE Light Options Group",
        name: "Light Options",
        properties: &[
            one("ADBE Light Intensity", "Intensity", &[100.0]),
            of(Color, "ADBE Light Color", "Color", &[1.0; 4]),
            one("ADBE Light Cone Angle", "Cone Angle", &[90.0]),
            one("ADBE Light Cone Feather 2", "Cone Feather", &[50.0]),
            one("ADBE Light Falloff Type", "Falloff", &[1.0]),
            one("ADBE Light Falloff Start", "Radius", &[500.0]),
            one("ADBE Light Falloff Distance", "Falloff Distance", &[500.0]),
            one("ADBE Casts Shadows", "Casts Shadows", &[0.0]),
            one("ADBE Light Shadow Darkness", "Shadow Darkness", &[100.0]),
            one("ADBE Light Shadow Diffusion", "Shadow Diffusion", &[0.0]),
        ],
        groups: &[],
    },
    GroupDefinition {
        match_name: "ADBE Audio Group",
        name: "Audio",
        properties: &[of(
            crate::ValueType::TwoD,
            "ADBE Audio Levels",
            "Audio Levels",
            &[0.0; 2],
        )],
        groups: &[],
    },
    // What nested compositions are shown with instead of their own values.
    GroupDefinition {
        match_name: super::ESSENTIAL_PROPERTIES,
        name: "Essential Properties",
        properties: &[],
        groups: &[],
    },
    GroupDefinition {
        match_name: "ADBE Source Options Group",
        name: "Replace Source",
        // Its name is what After Effects' scripting says.
        properties: &[of(
            crate::ValueType::NoValue,
            super::ALTERNATE_SOURCE,
            "Item Cache Entry",
            &[],
        )],
        groups: &[],
    },
];
