//! The transform group of a layer: where the layer is in its parent's space.

use filmpress_composition::{AutoOrient, Group, GroupDetails, Layer, schema};
use kurbo::Affine;

use crate::angle;
use crate::compile::Compile;
use crate::interpolate::{Moving, Number, Numbers, Track};
use crate::space::Space;

/// A layer's transform over layer time.
#[derive(Debug)]
pub(crate) struct Transform {
    anchor: Track<Moving>,
    position: Position,
    scale: Track<Numbers<3>>,
    /// Amount and axis; only layers of Lottie files have it.
    skew: Option<[Track<Number>; 2]>,
    rotation: Track<Number>,
    opacity: Track<Number>,
    along_path: bool,
    three_d: Option<Box<Turns>>,
}

/// The turns only 3D layers have.
#[derive(Debug)]
struct Turns {
    orientation: Track<Moving>,
    x: Track<Number>,
    y: Track<Number>,
}

#[derive(Debug)]
enum Position {
    Together(Track<Moving>),
    Separated([Track<Number>; 3]),
}

impl Position {
    fn at(&self, time: f64) -> [f64; 3] {
        match self {
            Self::Together(track) => track.at(time),
            Self::Separated(tracks) => [tracks[0].at(time), tracks[1].at(time), tracks[2].at(time)],
        }
    }

    fn is_animated(&self) -> bool {
        match self {
            Self::Together(track) => track.is_animated(),
            Self::Separated(tracks) => tracks.iter().any(Track::is_animated),
        }
    }

    fn direction(&self, time: f64) -> Option<[f64; 2]> {
        match self {
            Self::Together(track) => track.direction(time),
            Self::Separated(_) => {
                let (a, b) = (self.at(time - 0.001), self.at(time + 0.001));
                let d = [b[0] - a[0], b[1] - a[1]];
                (d != [0.0; 2]).then_some(d)
            }
        }
    }
}

impl Transform {
    pub fn compile(c: &mut Compile, layer: &Layer) -> Self {
        let empty = Group::new(schema::TRANSFORM, "Transform");
        let group = layer.properties.group(schema::TRANSFORM).unwrap_or(&empty);
        c.inside("Transform", |c| {
            let mut number = |name| c.number(group, name);
            let position = if group.details == GroupDetails::SeparatedPosition {
                Position::Separated(["ADBE Position_0", "ADBE Position_1", "ADBE Position_2"].map(&mut number))
            } else {
                Position::Together(c.point(group, "ADBE Position"))
            };
            let mut number = |name| c.number(group, name);
            let rotation = number("ADBE Rotate Z");
            let is_skewed = group.property("ADBE Skew").is_some();
            let skew = is_skewed.then(|| ["ADBE Skew", "ADBE Skew Axis"].map(&mut number));
            let opacity = number("ADBE Opacity");
            let turns = layer
                .switches
                .three_d
                .then(|| (number("ADBE Rotate X"), number("ADBE Rotate Y")));
            Self {
                anchor: c.point(group, "ADBE Anchor Point"),
                position,
                scale: c.numbers(group, "ADBE Scale", 100.0),
                skew,
                rotation,
                opacity,
                along_path: layer.auto_orient == AutoOrient::AlongPath,
                three_d: turns.map(|(x, y)| {
                    let orientation = c.point(group, "ADBE Orientation");
                    Box::new(Turns { orientation, x, y })
                }),
            }
        })
    }

    /// Whether it is a 3D layer's.
    pub fn is_three_d(&self) -> bool {
        self.three_d.is_some()
    }

    /// Whether the place can differ between times.
    pub fn moves(&self) -> bool {
        self.anchor.is_animated()
            || self.position.is_animated()
            || self.scale.is_animated()
            || self.rotation.is_animated()
            || self.skew.iter().flatten().any(Track::is_animated)
            || self
                .three_d
                .as_ref()
                .is_some_and(|t| t.orientation.is_animated() || t.x.is_animated() || t.y.is_animated())
    }

    /// Whether the opacity can differ between times.
    pub fn fades(&self) -> bool {
        self.opacity.is_animated()
    }

    /// 0..1.
    pub fn opacity(&self, time: f64) -> f32 {
        (self.opacity.at(time) / 100.0).clamp(0.0, 1.0) as f32
    }

    fn turn(&self, time: f64) -> f64 {
        let along = if self.along_path {
            self.position.direction(time).map_or(0.0, angle::of_direction)
        } else {
            0.0
        };
        self.rotation.at(time) + along
    }

    fn skewed(&self, time: f64) -> Affine {
        self.skew.as_ref().map_or(Affine::IDENTITY, |[amount, axis]| {
            angle::skew(amount.at(time), axis.at(time))
        })
    }

    /// From layer space to the parent's, in the plane.
    pub fn affine(&self, time: f64) -> Affine {
        let a = self.anchor.at(time);
        let p = self.position.at(time);
        let s = self.scale.at(time);
        place(
            [a[0], a[1]],
            [p[0], p[1]],
            [s[0], s[1]],
            angle::rotation(self.turn(time)) * self.skewed(time),
        )
    }

    /// From layer space to the parent's, in space.
    pub fn space(&self, time: f64) -> Space {
        let a = self.anchor.at(time);
        let p = self.position.at(time);
        let s = self.scale.at(time).map(|s| s / 100.0);
        let mut turns = Space::turn(2, self.turn(time));
        if let Some(three_d) = &self.three_d {
            let o = three_d.orientation.at(time);
            turns = Space::turn(0, o[0])
                .then_inner(&Space::turn(1, o[1]))
                .then_inner(&Space::turn(2, o[2]))
                .then_inner(&Space::turn(0, three_d.x.at(time)))
                .then_inner(&Space::turn(1, three_d.y.at(time)))
                .then_inner(&turns);
        }
        if self.skew.is_some() {
            turns = turns.then_inner(&Space::flat(self.skewed(time)));
        }
        for (axis, s) in turns.axes.iter_mut().zip(s) {
            *axis = axis.map(|x| x * s);
        }
        let shift = turns.apply(a);
        turns.origin = std::array::from_fn(|i| p[i] - shift[i]);
        turns
    }

    /// The anchor point: where the layer turns around.
    pub fn anchor(&self, time: f64) -> [f64; 3] {
        self.anchor.at(time)
    }
}

/// T(position) * R * S(scale in percent) * T(-anchor).
pub(crate) fn place(anchor: [f64; 2], position: [f64; 2], scale: [f64; 2], turn: Affine) -> Affine {
    let [a, b, c, d, _, _] = turn.as_coeffs();
    let [sx, sy] = scale.map(|s| s / 100.0);
    let (a, b, c, d) = (a * sx, b * sx, c * sy, d * sy);
    Affine::new([
        a,
        b,
        c,
        d,
        position[0] - (a * anchor[0] + c * anchor[1]),
        position[1] - (b * anchor[0] + d * anchor[1]),
    ])
}

#[cfg(test)]
mod tests {
    use filmpress_composition::{Keyframe, LayerId, LayerKind, Node, Value};
    use kurbo::Point;

    use super::*;

    fn transform(change: impl FnOnce(&mut Layer)) -> Transform {
        let mut layer = Layer::new(LayerId(1), "L", LayerKind::Shape, 1.0);
        schema::complete_layer(&mut layer, (200, 100), None);
        change(&mut layer);
        let (project, world) = (
            filmpress_composition::Project::default(),
            crate::world::Nowhere::default(),
        );
        Transform::compile(&mut Compile::new(&project, &world), &layer)
    }

    fn set(layer: &mut Layer, name: &str, value: impl Into<Value>) {
        let group = layer.properties.group_mut(schema::TRANSFORM).unwrap();
        group.property_mut(name).unwrap().value = value.into();
    }

    #[test]
    fn anchor_scale_rotation_position_in_this_order() {
        let t = transform(|l| {
            set(l, "ADBE Anchor Point", [10.0, 0.0, 0.0]);
            set(l, "ADBE Position", [100.0, 50.0, 0.0]);
            set(l, "ADBE Scale", [200.0, 50.0, 100.0]);
            set(l, "ADBE Rotate Z", 90.0);
        });
        assert_eq!(t.affine(0.0) * Point::new(10.0, 0.0), Point::new(100.0, 50.0));
        assert_eq!(t.affine(0.0) * Point::new(11.0, 4.0), Point::new(98.0, 52.0));
        assert!(!t.moves() && !t.fades());
    }

    #[test]
    fn separated_positions_replace_the_position() {
        let t = transform(|l| {
            set(l, "ADBE Position_0", 7.0);
            set(l, "ADBE Position_1", 8.0);
            l.properties.group_mut(schema::TRANSFORM).unwrap().details = GroupDetails::SeparatedPosition;
        });
        assert_eq!(t.affine(0.0) * Point::ZERO, Point::new(7.0, 8.0));
    }

    #[test]
    fn auto_orient_adds_the_direction_of_travel() {
        let t = transform(|l| {
            l.auto_orient = AutoOrient::AlongPath;
            set(l, "ADBE Rotate Z", 90.0);
            let group = l.properties.group_mut(schema::TRANSFORM).unwrap();
            let Some(Node::Property(p)) = group.children.iter_mut().find(|n| n.match_name() == "ADBE Position") else {
                panic!()
            };
            p.keyframes = vec![
                Keyframe::linear(0.0, [0.0, 0.0, 0.0]),
                Keyframe::linear(1.0, [0.0, 100.0, 0.0]),
            ];
        });
        assert_eq!(t.affine(0.5) * Point::new(1.0, 0.0), Point::new(-1.0, 50.0));
    }

    #[test]
    fn a_3d_layer_further_away_is_smaller() {
        let t = transform(|l| {
            l.switches.three_d = true;
            set(l, "ADBE Position", [100.0, 50.0, 1000.0]);
        });
        let seen = t.space(0.0).projected(t.anchor(0.0), [100.0, 50.0], 1000.0).unwrap();
        assert_eq!(seen.as_coeffs(), [0.5, 0.0, 0.0, 0.5, 100.0, 50.0]);
        assert!(t.space(0.0).projected([0.0, 0.0, -2000.0], [0.0; 2], 1000.0).is_none());
    }

    #[test]
    fn turned_around_y_a_3d_layer_gets_narrow() {
        let t = transform(|l| {
            l.switches.three_d = true;
            set(l, "ADBE Rotate Y", 60.0);
        });
        let seen = t.space(0.0).projected(t.anchor(0.0), [100.0, 50.0], 1000.0).unwrap();
        let c = seen.as_coeffs();
        assert!((c[0] - 0.5).abs() < 1e-12 && c[3] == 1.0, "{c:?}");
    }
}
