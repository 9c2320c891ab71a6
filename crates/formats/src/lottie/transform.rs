//! Transform groups of layers.

use crate::json::Value as Json;
use filmpress_composition::schema::TRANSFORM;
use filmpress_composition::{Group, GroupDetails, Property, ValueType};

use super::json::{self, Object};
use super::reader::Reader;

impl Reader<'_> {
    /// The transform group of a layer from its `ks`.
    pub fn layer_transform(&mut self, ks: &Object, three_d: bool) -> Group {
        let mut group = Group::new(TRANSFORM, "");
        let mut add = |property: Option<Property>| {
            if let Some(property) = property {
                group.children.push(property.into());
            }
        };
        add(self.numeric(ks.get("a"), "ADBE Anchor Point", ValueType::ThreeDSpatial, &[]));
        let position = ks.get("p").and_then(Json::as_object);
        let separated = position.is_some_and(|p| json::flag(p, "s") && p.contains_key("x"));
        match position {
            Some(p) if separated => {
                for (axis, name) in [
                    ("x", "ADBE Position_0"),
                    ("y", "ADBE Position_1"),
                    ("z", "ADBE Position_2"),
                ] {
                    add(self.numeric(p.get(axis), name, ValueType::OneD, &[]));
                }
            }
            _ => add(self.numeric(ks.get("p"), "ADBE Position", ValueType::ThreeDSpatial, &[])),
        }
        add(self.numeric(ks.get("s"), "ADBE Scale", ValueType::ThreeD, &[100.0; 3]));
        if three_d {
            add(self.numeric(ks.get("or"), "ADBE Orientation", ValueType::ThreeDSpatial, &[]));
            add(self.numeric(ks.get("rx"), "ADBE Rotate X", ValueType::OneD, &[]));
            add(self.numeric(ks.get("ry"), "ADBE Rotate Y", ValueType::OneD, &[]));
        }
        let rotation = ks
            .get("rz")
            .filter(|_| three_d || !ks.contains_key("r"))
            .or(ks.get("r"));
        add(self.numeric(rotation, "ADBE Rotate Z", ValueType::OneD, &[]));
        add(self.numeric(ks.get("o"), "ADBE Opacity", ValueType::OneD, &[]));
        // Layers of After Effects cannot be skewed, layers of a Lottie file can: kept under names of our own, applied
        // after the scale like the skew of a shape group.
        let skew = self.numeric(ks.get("sk"), "ADBE Skew", ValueType::OneD, &[]);
        if let Some(skew) = skew.filter(|p| p.is_animated() || p.value.as_number() != Some(0.0)) {
            add(Some(skew));
            add(self.numeric(ks.get("sa"), "ADBE Skew Axis", ValueType::OneD, &[]));
        }
        if separated {
            group.details = GroupDetails::SeparatedPosition;
        }
        group
    }
}
