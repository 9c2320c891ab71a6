//! Text animators and their selectors.

use crate::json::Value as Json;
use filmpress_composition::ValueType::{self, Color, OneD, ThreeD, ThreeDSpatial};
use filmpress_composition::{Group, Kind, Property};

use super::json::Object;
use super::reader::Reader;

/// Properties of an animator: key in the file, match name, type, what fills missing numbers.
const ANIMATED: &[(&str, &str, ValueType, &[f64])] = &[
    ("a", "ADBE Text Anchor Point 3D", ThreeDSpatial, &[]),
    ("p", "ADBE Text Position 3D", ThreeDSpatial, &[]),
    ("s", "ADBE Text Scale 3D", ThreeD, &[100.0; 3]),
    ("sk", "ADBE Text Skew", OneD, &[]),
    ("sa", "ADBE Text Skew Axis", OneD, &[]),
    ("rx", "ADBE Text Rotation X", OneD, &[]),
    ("ry", "ADBE Text Rotation Y", OneD, &[]),
    ("r", "ADBE Text Rotation", OneD, &[]),
    ("o", "ADBE Text Opacity", OneD, &[]),
    ("fc", "ADBE Text Fill Color", Color, &[]),
    ("fo", "ADBE Text Fill Opacity", OneD, &[]),
    ("fh", "ADBE Text Fill Hue", OneD, &[]),
    ("fs", "ADBE Text Fill Saturation", OneD, &[]),
    ("fb", "ADBE Text Fill Brightness", OneD, &[]),
    ("sc", "ADBE Text Stroke Color", Color, &[]),
    ("so", "ADBE Text Stroke Opacity", OneD, &[]),
    ("sw", "ADBE Text Stroke Width", OneD, &[]),
    ("t", "ADBE Text Tracking Amount", OneD, &[]),
    ("ls", "ADBE Text Line Spacing", ValueType::TwoD, &[]),
    ("bl", "ADBE Text Blur", ValueType::TwoD, &[]),
];

/// Properties of a range selector's `Advanced` group.
const ADVANCED: &[(&str, &str)] = &[
    ("r", "ADBE Text Range Units"),
    ("b", "ADBE Text Range Type2"),
    ("m", "ADBE Text Selector Mode"),
    ("a", "ADBE Text Selector Max Amount"),
    ("sh", "ADBE Text Range Shape"),
    ("sm", "ADBE Text Selector Smoothness"),
    ("xe", "ADBE Text Levels Max Ease"),
    ("ne", "ADBE Text Levels Min Ease"),
    ("rn", "ADBE Text Randomize Order"),
];

impl Reader<'_> {
    /// An animator of a text layer.
    pub fn text_animator(&mut self, animator: &Object, name: &str) -> Group {
        let mut group = Group::new("ADBE Text Animator", name.to_owned());
        let mut selectors = Group::new("ADBE Text Selectors", "");
        for selector in self.objects(animator, "s") {
            let selector = self.selector(selector);
            selectors.children.push(selector.into());
        }
        let mut properties = Group::new("ADBE Text Animator Properties", "");
        if let Some(a) = animator.get("a").and_then(Json::as_object) {
            for (key, match_name, value_type, fill) in ANIMATED {
                let property = match value_type {
                    Color => self.color(a.get(key), *match_name),
                    _ => self.numeric(a.get(key), *match_name, *value_type, fill),
                };
                properties.children.extend(property.map(Into::into));
            }
        }
        group.children.extend([selectors.into(), properties.into()]);
        group
    }

    fn selector(&mut self, s: &Object) -> Group {
        if self.number(s, "t").unwrap_or(0.0) != 0.0 {
            self.warn(
                Kind::Approximated,
                "a text selector that is not a range is read as a range",
            );
        }
        let mut group = Group::new("ADBE Text Selector", "");
        let by_index = self.number(s, "r") == Some(2.0);
        let [start, end, offset] = if by_index {
            ["ADBE Text Index Start", "ADBE Text Index End", "ADBE Text Index Offset"]
        } else {
            [
                "ADBE Text Percent Start",
                "ADBE Text Percent End",
                "ADBE Text Percent Offset",
            ]
        };
        let end = match self.numeric(s.get("e"), end, OneD, &[]) {
            None if by_index => Some(Property::new(end, "", OneD, 100.0.into())),
            found => found,
        };
        let properties = [
            self.numeric(s.get("s"), start, OneD, &[]),
            end,
            self.numeric(s.get("o"), offset, OneD, &[]),
        ];
        group.children.extend(properties.into_iter().flatten().map(Into::into));
        let mut advanced = Group::new("ADBE Text Range Advanced", "");
        for (key, match_name) in ADVANCED {
            let property = self.numeric(s.get(key), *match_name, OneD, &[]);
            advanced.children.extend(property.map(Into::into));
        }
        group.children.push(advanced.into());
        group
    }
}
