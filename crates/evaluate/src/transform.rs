//! The transform group of a layer: where the layer is in its parent's space.

use filmpress_composition::{AutoOrient, Group, GroupDetails, Layer, LayerKind, schema};
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
    auto_orient: AutoOrient,
    /// A camera or light: its anchor point is what it points at, its point of interest.
    points: bool,
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

    fn direction(&self, time: f64) -> Option<[f64; 3]> {
        match self {
            Self::Together(track) => track.direction(time),
            Self::Separated(_) => {
                let (a, b) = (self.at(time - 0.001), self.at(time + 0.001));
                let d = std::array::from_fn(|i| b[i] - a[i]);
                (d != [0.0; 3]).then_some(d)
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
            // Cameras and lights are in space whatever their switch says.
            let points = matches!(layer.kind, LayerKind::Camera | LayerKind::Light(_));
            let is_three_d = layer.switches.three_d || points;
            let turns = is_three_d.then(|| (number("ADBE Rotate X"), number("ADBE Rotate Y")));
            Self {
                anchor: c.point(group, "ADBE Anchor Point"),
                position,
                scale: c.numbers(group, "ADBE Scale", 100.0),
                skew,
                rotation,
                opacity,
                auto_orient: layer.auto_orient,
                points,
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

    /// Whether it turns towards the camera.
    pub fn faces_camera(&self) -> bool {
        self.three_d.is_some() && !self.points && self.auto_orient == AutoOrient::TowardsCamera
    }

    /// How it turns by itself, in space: its z axis points along its path or to its point of interest.
    fn heading(&self, time: f64) -> Space {
        let direction = match self.auto_orient {
            AutoOrient::AlongPath => self.position.direction(time),
            AutoOrient::TowardsPointOfInterest if self.points => {
                let (from, to) = (self.position.at(time), self.anchor.at(time));
                Some(std::array::from_fn(|i| to[i] - from[i]))
            }
            _ => None,
        };
        direction.map_or(Space::IDENTITY, Space::facing)
    }

    fn skewed(&self, time: f64) -> Affine {
        self.skew.as_ref().map_or(Affine::IDENTITY, |[amount, axis]| {
            angle::skew(amount.at(time), axis.at(time))
        })
    }

    /// From layer space to the parent's, in the plane.
    pub fn affine(&self, time: f64) -> Affine {
        let [x, y, _] = self.anchor(time);
        let p = self.position.at(time);
        let s = self.scale.at(time);
        let along = match self.auto_orient {
            AutoOrient::AlongPath => self
                .position
                .direction(time)
                .map_or(0.0, |[x, y, _]| angle::of_direction([x, y])),
            _ => 0.0,
        };
        place(
            [x, y],
            [p[0], p[1]],
            [s[0], s[1]],
            angle::rotation(self.rotation.at(time) + along) * self.skewed(time),
        )
    }

    /// From layer space to the parent's, in space. `outside` is where the parent's space lies and where the camera is
    /// in the space around that; without it nothing turns towards a camera.
    pub fn space(&self, time: f64, outside: Option<(&Space, [f64; 3])>) -> Space {
        let a = self.anchor(time);
        let p = self.position.at(time);
        let s = self.scale.at(time).map(|s| s / 100.0);
        let mut turns = match outside.filter(|_| self.faces_camera()) {
            Some((parent, camera)) => {
                let here = parent.point(p);
                let away = Space::facing(std::array::from_fn(|i| here[i] - camera[i]));
                Space {
                    origin: [0.0; 3],
                    ..parent.rigid().back().then_inner(&away)
                }
            }
            None if self.three_d.is_some() => self.heading(time),
            None => Space::IDENTITY,
        };
        if let Some(three_d) = &self.three_d {
            let o = three_d.orientation.at(time);
            turns = turns
                .then_inner(&Space::turn(0, o[0]))
                .then_inner(&Space::turn(1, o[1]))
                .then_inner(&Space::turn(2, o[2]))
                .then_inner(&Space::turn(0, three_d.x.at(time)))
                .then_inner(&Space::turn(1, three_d.y.at(time)));
        }
        turns = turns.then_inner(&Space::turn(2, self.rotation.at(time)));
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

    /// The point of the layer that is put on its position and that it turns around.
    pub fn anchor(&self, time: f64) -> [f64; 3] {
        if self.points { [0.0; 3] } else { self.anchor.at(time) }
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
    fn turns_of_3d_layers_are_around_the_anchor_point() {
        let t = transform(|l| {
            l.switches.three_d = true;
            set(l, "ADBE Anchor Point", [100.0, 50.0, 0.0]);
            set(l, "ADBE Position", [100.0, 50.0, 70.0]);
            set(l, "ADBE Rotate Y", 90.0);
        });
        let space = t.space(0.0, None);
        assert_eq!(space.point([100.0, 50.0, 0.0]), [100.0, 50.0, 70.0]);
        assert_eq!(space.point([200.0, 50.0, 0.0]), [100.0, 50.0, -30.0]);
    }

    #[test]
    fn orientation_is_outside_and_the_turns_go_z_first() {
        let t = transform(|l| {
            l.switches.three_d = true;
            set(l, "ADBE Position", [0.0; 3]);
            set(l, "ADBE Orientation", [0.0, 0.0, 90.0]);
            set(l, "ADBE Rotate X", 90.0);
        });
        // Down, turned by x: away from the viewer; clockwise turns do not change that.
        assert_eq!(t.space(0.0, None).point([0.0, 1.0, 0.0]), [0.0, 0.0, 1.0]);
        let t = transform(|l| {
            l.switches.three_d = true;
            set(l, "ADBE Position", [0.0; 3]);
            set(l, "ADBE Rotate X", 90.0);
            set(l, "ADBE Rotate Z", 90.0);
        });
        // Right, turned by z: down; by x: away.
        assert_eq!(t.space(0.0, None).point([1.0, 0.0, 0.0]), [0.0, 0.0, 1.0]);
    }

    #[test]
    fn cameras_point_at_their_point_of_interest() {
        let mut layer = Layer::new(LayerId(1), "Camera", LayerKind::Camera, 1.0);
        schema::complete_layer(&mut layer, (200, 100), None);
        set(&mut layer, "ADBE Position", [0.0, 0.0, 0.0]);
        set(&mut layer, "ADBE Anchor Point", [50.0, 0.0, 0.0]);
        layer.auto_orient = AutoOrient::TowardsPointOfInterest;
        let (project, world) = (
            filmpress_composition::Project::default(),
            crate::world::Nowhere::default(),
        );
        let t = Transform::compile(&mut Compile::new(&project, &world), &layer);
        let space = t.space(0.0, None);
        assert_eq!((space.origin, space.axes[2]), ([0.0; 3], [1.0, 0.0, 0.0]));
        layer.auto_orient = AutoOrient::Off;
        let t = Transform::compile(&mut Compile::new(&project, &world), &layer);
        assert_eq!(t.space(0.0, None), Space::IDENTITY);
    }

    #[test]
    fn a_layer_turns_towards_the_camera_whatever_its_parent_does() {
        let t = transform(|l| {
            l.switches.three_d = true;
            l.auto_orient = AutoOrient::TowardsCamera;
            set(l, "ADBE Position", [0.0, 0.0, 100.0]);
        });
        let parent = Space::turn(1, 40.0);
        let world = parent.then_inner(&t.space(0.0, Some((&parent, [10.0, 20.0, -500.0]))));
        let away = crate::space::unit(std::array::from_fn(|i| world.origin[i] - [10.0, 20.0, -500.0][i])).unwrap();
        for (axis, away) in world.axes[2].iter().zip(away) {
            assert!((axis - away).abs() < 1e-12, "{world:?}");
        }
    }
}
