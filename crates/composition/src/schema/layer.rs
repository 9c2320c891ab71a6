//! Groups of layers that are neither transform, masks, shapes, text nor layer styles.

use super::{GroupDefinition, PropertyDefinition, of, one};
use crate::ValueType::{Color, TwoD};

pub(super) const GROUPS: &[GroupDefinition] = &[
    GroupDefinition {
        match_name: super::EFFECTS,
        name: "Effects",
        properties: &[],
        groups: &[],
        optional: &[],
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
        optional: &[
            one("ADBE Camera Focus Area Width", "Focus Area Width", &[0.0]),
            of(
                TwoD,
                "ADBE Camera Split Blur Level",
                "Near, Far Blur Level",
                &[100.0; 2],
            ),
            one("ADBE Iris Shape", "Iris Shape", &[1.0]),
            one("ADBE Iris Rotation", "Iris Rotation", &[0.0]),
            one("ADBE Iris Roundness", "Iris Roundness", &[0.0]),
            one("ADBE Iris Aspect Ratio", "Iris Aspect Ratio", &[1.0]),
            one("ADBE Iris Diffraction Fringe", "Iris Diffraction Fringe", &[0.0]),
            one("ADBE Iris Highlight Gain", "Highlight Gain", &[0.0]),
            one("ADBE Iris Highlight Threshold", "Highlight Threshold", &[1.0]),
            one("ADBE Iris Hightlight Saturation", "Highlight Saturation", &[0.0]),
        ],
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
        optional: &[],
    },
    GroupDefinition {
        match_name: "ADBE Audio Group",
        name: "Audio",
        properties: &[of(TwoD, "ADBE Audio Levels", "Audio Levels", &[0.0; 2])],
        groups: &[],
        optional: &[],
    },
    // What nested compositions are shown with instead of their own values.
    GroupDefinition {
        match_name: super::ESSENTIAL_PROPERTIES,
        name: "Essential Properties",
        properties: &[],
        groups: &[],
        optional: &[],
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
        optional: &[],
    },
    named(
        "ADBE Material Options Group",
        "Material Options",
        &[
            one("ADBE Casts Shadows", "Casts Shadows", &[0.0]),
            one("ADBE Light Transmission", "Light Transmission", &[0.0]),
            one("ADBE Accepts Shadows", "Accepts Shadows", &[1.0]),
            one("ADBE Accepts Lights", "Accepts Lights", &[1.0]),
            of(Color, "ADBE Shadow Color", "Shadow Color", &[0.0, 0.0, 0.0, 1.0]),
            one("ADBE Appears in Reflections", "Appears in Reflections", &[1.0]),
            one("ADBE Ambient Coefficient", "Ambient", &[100.0]),
            one("ADBE Diffuse Coefficient", "Diffuse", &[50.0]),
            one("ADBE Specular Coefficient", "Specular Intensity", &[50.0]),
            one("ADBE Shininess Coefficient", "Specular Shininess", &[5.0]),
            one("ADBE Metal Coefficient", "Metal", &[100.0]),
            one("ADBE Reflection Coefficient", "Reflection Intensity", &[0.0]),
            one("ADBE Glossiness Coefficient", "Reflection Sharpness", &[100.0]),
            one("ADBE Fresnel Coefficient", "Reflection Rolloff", &[0.0]),
            one("ADBE Transparency Coefficient", "Transparency", &[0.0]),
            one("ADBE Transp Rolloff", "Transparency Rolloff", &[0.0]),
            one("ADBE Index of Refraction", "Index of Refraction", &[1.0]),
        ],
    ),
    named(
        "ADBE Plane Options Group",
        "Geometry Options",
        &[
            one("ADBE Plane Curvature", "Curvature", &[0.0]),
            one("ADBE Plane Subdivision", "Segments", &[4.0]),
        ],
    ),
    named(
        "ADBE Extrsn Options Group",
        "Geometry Options",
        &[
            one("ADBE Bevel Styles", "Bevel Style", &[1.0]),
            one("ADBE Bevel Depth", "Bevel Depth", &[2.0]),
            one("ADBE Hole Bevel Depth", "Hole Bevel Depth", &[100.0]),
            one("ADBE Bevel Direction", "Bevel Direction", &[1.0]),
            one("ADBE Extrsn Depth", "Extrusion Depth", &[0.0]),
        ],
    ),
    named("ADBE Data Group", "Data", &[]),
    named("ADBE Layer Sets", "Sets", &[]),
    named("ADBE MTrackers", "Motion Trackers", &[]),
    named(
        "ADBE Effect Built In Params",
        "Compositing Options",
        &[one("ADBE Effect Mask Opacity", "Effect Opacity", &[100.0])],
    ),
];

/// A group whose properties are named where they are, not filled in: every layer has it, few use it.
const fn named(
    match_name: &'static str,
    name: &'static str,
    optional: &'static [PropertyDefinition],
) -> GroupDefinition {
    GroupDefinition {
        match_name,
        name,
        properties: &[],
        groups: &[],
        optional,
    }
}
