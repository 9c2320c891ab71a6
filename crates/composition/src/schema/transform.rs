//! The transform group of layers.

use super::{GroupDefinition, of, one};
use crate::ValueType::{ThreeD, ThreeDSpatial};

pub(super) const GROUPS: &[GroupDefinition] = &[GroupDefinition {
    match_name: super::TRANSFORM,
    name: "Transform",
    properties: &[
        of(ThreeDSpatial, "ADBE Anchor Point", "Anchor Point", &[0.0; 3]),
        of(ThreeDSpatial, "ADBE Position", "Position", &[0.0; 3]),
        one("ADBE Position_0", "X Position", &[0.0]),
        one("ADBE Position_1", "Y Position", &[0.0]),
        one("ADBE Position_2", "Z Position", &[0.0]),
        of(ThreeD, "ADBE Scale", "Scale", &[100.0; 3]),
        of(ThreeDSpatial, "ADBE Orientation", "Orientation", &[0.0; 3]),
        one("ADBE Rotate X", "X Rotation", &[0.0]),
        one("ADBE Rotate Y", "Y Rotation", &[0.0]),
        one("ADBE Rotate Z", "Rotation", &[0.0]),
        one("ADBE Opacity", "Opacity", &[100.0]),
    ],
    groups: &[],
    optional: &[one("ADBE Envir Appear in Reflect", "Appears in Reflections", &[1.0])],
}];
