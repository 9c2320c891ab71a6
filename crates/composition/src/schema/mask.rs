//! Masks.

use super::{GroupDefinition, of, one};
use crate::ValueType::{Path, TwoD};

pub(super) const GROUPS: &[GroupDefinition] = &[
    GroupDefinition {
        match_name: super::MASKS,
        name: "Masks",
        properties: &[],
        groups: &[],
        optional: &[],
    },
    GroupDefinition {
        match_name: "ADBE Mask Atom",
        name: "Mask",
        properties: &[
            of(Path, "ADBE Mask Shape", "Mask Path", &[]),
            of(TwoD, "ADBE Mask Feather", "Mask Feather", &[0.0; 2]),
            one("ADBE Mask Opacity", "Mask Opacity", &[100.0]),
            one("ADBE Mask Offset", "Mask Expansion", &[0.0]),
        ],
        groups: &[],
        optional: &[],
    },
];
