//! Contents of shape layers.
//!
//! To add a kind of item: its line in [`ITEMS`] when it is a plain list of properties, else an arm in `shape_item`.

use std::borrow::Cow;
use std::sync::Arc;

use crate::json::Value as Json;
use filmpress_composition::ValueType::{self, Color, OneD, TwoD, TwoDSpatial};
use filmpress_composition::schema::CONTENTS;
use filmpress_composition::{Group, Kind, Node, Property, Value};

use crate::limits::MAX_SHAPE_ITEMS;

use super::json::{self, Object};
use super::path;
use super::reader::Reader;

/// A property of an item: its key in the file, its match name, its type.
type Field = (&'static str, &'static str, ValueType);

/// Kinds of items: `ty`, match name, properties.
const ITEMS: &[(&str, &str, &[Field])] = &[
    (
        "rc",
        "ADBE Vector Shape - Rect",
        &[
            ("s", "ADBE Vector Rect Size", TwoD),
            ("p", "ADBE Vector Rect Position", TwoDSpatial),
            ("r", "ADBE Vector Rect Roundness", OneD),
        ],
    ),
    (
        "el",
        "ADBE Vector Shape - Ellipse",
        &[
            ("s", "ADBE Vector Ellipse Size", TwoD),
            ("p", "ADBE Vector Ellipse Position", TwoDSpatial),
        ],
    ),
    (
        "sr",
        "ADBE Vector Shape - Star",
        &[
            ("sy", "ADBE Vector Star Type", OneD),
            ("pt", "ADBE Vector Star Points", OneD),
            ("p", "ADBE Vector Star Position", TwoDSpatial),
            ("r", "ADBE Vector Star Rotation", OneD),
            ("ir", "ADBE Vector Star Inner Radius", OneD),
            ("or", "ADBE Vector Star Outer Radius", OneD),
            ("is", "ADBE Vector Star Inner Roundess", OneD),
            ("os", "ADBE Vector Star Outer Roundess", OneD),
        ],
    ),
    (
        "fl",
        "ADBE Vector Graphic - Fill",
        &[
            ("r", "ADBE Vector Fill Rule", OneD),
            ("c", "ADBE Vector Fill Color", Color),
            ("o", "ADBE Vector Fill Opacity", OneD),
        ],
    ),
    (
        "st",
        "ADBE Vector Graphic - Stroke",
        &[
            ("c", "ADBE Vector Stroke Color", Color),
            ("o", "ADBE Vector Stroke Opacity", OneD),
            ("w", "ADBE Vector Stroke Width", OneD),
            ("lc", "ADBE Vector Stroke Line Cap", OneD),
            ("lj", "ADBE Vector Stroke Line Join", OneD),
        ],
    ),
    (
        "gf",
        "ADBE Vector Graphic - G-Fill",
        &[
            ("r", "ADBE Vector Fill Rule", OneD),
            ("t", "ADBE Vector Grad Type", OneD),
            ("s", "ADBE Vector Grad Start Pt", TwoDSpatial),
            ("e", "ADBE Vector Grad End Pt", TwoDSpatial),
            ("h", "ADBE Vector Grad HiLite Length", OneD),
            ("a", "ADBE Vector Grad HiLite Angle", OneD),
            ("o", "ADBE Vector Fill Opacity", OneD),
        ],
    ),
    (
        "gs",
        "ADBE Vector Graphic - G-Stroke",
        &[
            ("t", "ADBE Vector Grad Type", OneD),
            ("s", "ADBE Vector Grad Start Pt", TwoDSpatial),
            ("e", "ADBE Vector Grad End Pt", TwoDSpatial),
            ("h", "ADBE Vector Grad HiLite Length", OneD),
            ("a", "ADBE Vector Grad HiLite Angle", OneD),
            ("o", "ADBE Vector Stroke Opacity", OneD),
            ("w", "ADBE Vector Stroke Width", OneD),
            ("lc", "ADBE Vector Stroke Line Cap", OneD),
            ("lj", "ADBE Vector Stroke Line Join", OneD),
        ],
    ),
    (
        "tm",
        "ADBE Vector Filter - Trim",
        &[
            ("s", "ADBE Vector Trim Start", OneD),
            ("e", "ADBE Vector Trim End", OneD),
            ("o", "ADBE Vector Trim Offset", OneD),
            ("m", "ADBE Vector Trim Type", OneD),
        ],
    ),
    (
        "rp",
        "ADBE Vector Filter - Repeater",
        &[
            ("c", "ADBE Vector Repeater Copies", OneD),
            ("o", "ADBE Vector Repeater Offset", OneD),
            ("m", "ADBE Vector Repeater Order", OneD),
        ],
    ),
    (
        "rd",
        "ADBE Vector Filter - RC",
        &[("r", "ADBE Vector RoundCorner Radius", OneD)],
    ),
    (
        "op",
        "ADBE Vector Filter - Offset",
        &[
            ("a", "ADBE Vector Offset Amount", OneD),
            ("lj", "ADBE Vector Offset Line Join", OneD),
            ("ml", "ADBE Vector Offset Miter Limit", OneD),
        ],
    ),
    (
        "pb",
        "ADBE Vector Filter - PB",
        &[("a", "ADBE Vector PuckerBloat Amount", OneD)],
    ),
    (
        "zz",
        "ADBE Vector Filter - Zigzag",
        &[
            ("s", "ADBE Vector Zigzag Size", OneD),
            ("r", "ADBE Vector Zigzag Detail", OneD),
            ("pt", "ADBE Vector Zigzag Points", OneD),
        ],
    ),
    (
        "tw",
        "ADBE Vector Filter - Twist",
        &[
            ("a", "ADBE Vector Twist Angle", OneD),
            ("c", "ADBE Vector Twist Center", TwoDSpatial),
        ],
    ),
    (
        "mm",
        "ADBE Vector Filter - Merge",
        &[("mm", "ADBE Vector Merge Type", OneD)],
    ),
];

const GROUP_TRANSFORM: &[Field] = &[
    ("a", "ADBE Vector Anchor", TwoDSpatial),
    ("p", "ADBE Vector Position", TwoDSpatial),
    ("s", "ADBE Vector Scale", TwoD),
    ("sk", "ADBE Vector Skew", OneD),
    ("sa", "ADBE Vector Skew Axis", OneD),
    ("r", "ADBE Vector Rotation", OneD),
    ("o", "ADBE Vector Group Opacity", OneD),
];

const REPEATER_TRANSFORM: &[Field] = &[
    ("a", "ADBE Vector Repeater Anchor", TwoDSpatial),
    ("p", "ADBE Vector Repeater Position", TwoDSpatial),
    ("s", "ADBE Vector Repeater Scale", TwoD),
    ("r", "ADBE Vector Repeater Rotation", OneD),
    ("so", "ADBE Vector Repeater Opacity 1", OneD),
    ("eo", "ADBE Vector Repeater Opacity 2", OneD),
];

impl Reader<'_> {
    /// The contents of a shape layer.
    pub fn contents(&mut self, layer: &Object) -> Group {
        let mut contents = Group::new(CONTENTS, "");
        contents.children = self.shape_items(layer, "shapes");
        contents
    }

    fn shape_items(&mut self, holder: &Object, key: &str) -> Vec<Node> {
        let mut nodes = Vec::new();
        for item in self.objects(holder, key) {
            let kind = json::text(item, "ty").unwrap_or_default();
            // A group's transform stands among its items; the group has taken it.
            if kind == "tr" {
                continue;
            }
            if self.shape_items_read >= MAX_SHAPE_ITEMS {
                self.warn(
                    Kind::Limit,
                    format!("shape items after the first {MAX_SHAPE_ITEMS} of the file are not read"),
                );
                break;
            }
            self.shape_items_read += 1;
            let name = json::name(item, "nm").unwrap_or_default();
            let step = if name.is_empty() { kind.clone() } else { name.clone() };
            let node = self.within(&step, |reader| reader.shape_item(item, &kind));
            if let Some(mut group) = node {
                if !name.is_empty() {
                    group.name = Cow::Owned(name);
                }
                group.enabled = !json::flag(item, "hd");
                nodes.push(group.into());
            }
        }
        nodes
    }

    fn shape_item(&mut self, item: &Object, kind: &str) -> Option<Group> {
        if kind == "gr" {
            return Some(self.shape_group(item));
        }
        if kind == "sh" {
            return Some(self.shape_path(item));
        }
        let Some((_, match_name, fields)) = ITEMS.iter().find(|(ty, ..)| *ty == kind) else {
            self.warn(Kind::Unsupported, format!("shape item `{kind}` is not read"));
            return None;
        };
        let mut group = Group::new(*match_name, "");
        self.fields(&mut group, item, fields);
        match kind {
            "rc" | "el" | "sr" if self.number(item, "d") == Some(3.0) => {
                group.children.push(constant("ADBE Vector Shape Direction", 3.0).into());
            }
            "fl" | "st" | "gf" | "gs" => self.paint(&mut group, item, kind),
            "rp" => {
                let mut transform = Group::new("ADBE Vector Repeater Transform", "");
                if let Some(tr) = item.get("tr").and_then(Json::as_object) {
                    self.fields(&mut transform, tr, REPEATER_TRANSFORM);
                    // The file's default is no offset, After Effects' is (100, 0).
                    if !tr.contains_key("p") {
                        transform.children.push(
                            Property::new("ADBE Vector Repeater Position", "", TwoDSpatial, [0.0, 0.0].into()).into(),
                        );
                    }
                }
                group.children.push(transform.into());
            }
            _ => {}
        }
        Some(group)
    }

    fn shape_group(&mut self, item: &Object) -> Group {
        let mut group = Group::new("ADBE Vector Group", "");
        self.blend(&mut group, item);
        let mut contents = Group::new("ADBE Vectors Group", "");
        contents.children = self.shape_items(item, "it");
        group.children.push(contents.into());
        let transform = json::objects(item, "it").find(|i| json::text(i, "ty").as_deref() == Some("tr"));
        if let Some(tr) = transform {
            let mut transform = Group::new("ADBE Vector Transform Group", "");
            self.fields(&mut transform, tr, GROUP_TRANSFORM);
            group.children.push(transform.into());
        }
        group
    }

    /// A path. Its direction is already in the order of its vertices.
    fn shape_path(&mut self, item: &Object) -> Group {
        let mut group = Group::new("ADBE Vector Shape - Group", "");
        let closed = json::flag(item, "closed");
        let decode = |value: &Json| Some(Value::Path(Arc::new(path::path(value, closed)?)));
        if let Some(property) = self.property(item.get("ks"), "ADBE Vector Shape", ValueType::Path, &decode) {
            group.children.push(property.into());
        }
        group
    }

    /// What fills and strokes have beside their plain properties.
    fn paint(&mut self, group: &mut Group, item: &Object, kind: &str) {
        self.blend(group, item);
        if matches!(kind, "gf" | "gs") {
            let colors = self.gradient(item.get("g"), "ADBE Vector Grad Colors".to_owned());
            group.children.extend(colors.map(Into::into));
        }
        if matches!(kind, "st" | "gs") {
            let limit = item.get("ml2").or(item.get("ml"));
            if let Some(property) = self.numeric(limit, "ADBE Vector Stroke Miter Limit", OneD, &[]) {
                group.children.push(property.into());
            }
            let dashes = self.dashes(item);
            if !dashes.children.is_empty() {
                group.children.push(dashes.into());
            }
        }
    }

    fn dashes(&mut self, item: &Object) -> Group {
        let mut group = Group::new("ADBE Vector Stroke Dashes", "");
        let (mut dashes, mut gaps) = (0, 0);
        for dash in self.objects(item, "d") {
            let kind = json::text(dash, "n").unwrap_or_default();
            let (match_name, name) = match kind.as_str() {
                "d" => {
                    dashes += 1;
                    (
                        Cow::Owned(format!("ADBE Vector Stroke Dash {dashes}")),
                        if dashes == 1 {
                            "Dash".to_owned()
                        } else {
                            format!("Dash {dashes}")
                        },
                    )
                }
                "g" => {
                    gaps += 1;
                    (
                        Cow::Owned(format!("ADBE Vector Stroke Gap {gaps}")),
                        if gaps == 1 {
                            "Gap".to_owned()
                        } else {
                            format!("Gap {gaps}")
                        },
                    )
                }
                "o" => (Cow::Borrowed("ADBE Vector Stroke Offset"), "Offset".to_owned()),
                other => {
                    self.warn(Kind::Malformed, format!("dash item `{other}` is not read"));
                    continue;
                }
            };
            if let Some(mut property) = self.numeric(dash.get("v"), match_name, OneD, &[]) {
                property.name = Cow::Owned(name);
                group.children.push(property.into());
            }
        }
        group
    }

    fn blend(&mut self, group: &mut Group, item: &Object) {
        let (_, number) = self.blending_mode(item);
        if number != 1.0 {
            group.children.push(constant("ADBE Vector Blend Mode", number).into());
        }
    }

    fn fields(&mut self, group: &mut Group, object: &Object, fields: &[Field]) {
        for (key, match_name, value_type) in fields {
            let property = match value_type {
                Color => self.color(object.get(key), *match_name),
                _ => self.numeric(object.get(key), *match_name, *value_type, &[100.0, 100.0]),
            };
            group.children.extend(property.map(Into::into));
        }
    }
}

fn constant(match_name: &'static str, value: f64) -> Property {
    Property::new(match_name, "", OneD, value.into())
}
