//! Group: contents with a transform of their own.

use filmpress_composition::{BlendingMode, Group};
use kurbo::Affine;

use super::{Contents, blending_mode, items};
use crate::angle;
use crate::compile::Compile;
use crate::interpolate::{Moving, Number, Numbers, Track};
use crate::transform::place;

#[derive(Debug)]
pub(super) struct ShapeGroup {
    pub contents: Contents,
    pub transform: ShapeTransform,
    pub blending_mode: BlendingMode,
}

impl ShapeGroup {
    pub fn compile(c: &mut Compile, item: &Group, depth: usize) -> Self {
        let empty = Group::default();
        let within = |name| item.group(name).unwrap_or(&empty);
        Self {
            contents: items(c, within("ADBE Vectors Group"), depth + 1),
            transform: ShapeTransform::compile(c, item),
            blending_mode: blending_mode(c, item),
        }
    }

    pub fn is_animated(&self) -> bool {
        self.transform.moves() || self.transform.opacity.is_animated() || self.contents.is_animated()
    }
}

/// The transform of a shape group: as a layer's, with skew between scale and rotation.
#[derive(Debug)]
pub(super) struct ShapeTransform {
    anchor: Track<Moving>,
    position: Track<Moving>,
    scale: Track<Numbers<2>>,
    skew: Track<Number>,
    skew_axis: Track<Number>,
    rotation: Track<Number>,
    pub opacity: Track<Number>,
}

impl ShapeTransform {
    fn compile(c: &mut Compile, item: &Group) -> Self {
        let default = Group::new("ADBE Vector Transform Group", "Transform");
        let group = item.group("ADBE Vector Transform Group").unwrap_or(&default);
        c.inside(&group.name, |c| Self {
            anchor: c.point(group, "ADBE Vector Anchor"),
            position: c.point(group, "ADBE Vector Position"),
            scale: c.numbers(group, "ADBE Vector Scale", 100.0),
            skew: c.number(group, "ADBE Vector Skew"),
            skew_axis: c.number(group, "ADBE Vector Skew Axis"),
            rotation: c.number(group, "ADBE Vector Rotation"),
            opacity: c.number(group, "ADBE Vector Group Opacity"),
        })
    }

    /// Whether the place can differ between times.
    pub fn moves(&self) -> bool {
        self.anchor.is_animated()
            || self.position.is_animated()
            || self.scale.is_animated()
            || self.skew.is_animated()
            || self.skew_axis.is_animated()
            || self.rotation.is_animated()
    }

    /// From the group's space to the one around it.
    pub fn affine(&self, time: f64) -> Affine {
        let [ax, ay, _] = self.anchor.at(time);
        let [px, py, _] = self.position.at(time);
        let mut turn = angle::rotation(self.rotation.at(time));
        let skew = self.skew.at(time);
        if skew != 0.0 {
            turn *= angle::skew(skew, self.skew_axis.at(time));
        }
        place([ax, ay], [px, py], self.scale.at(time), turn)
    }
}
