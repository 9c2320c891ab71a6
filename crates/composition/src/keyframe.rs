//! Keyframes and their easing.

use crate::Value;

/// How a value leaves or arrives at a keyframe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Interpolation {
    /// Constant speed.
    #[default]
    Linear,
    /// Eased by the [`Handle`] on that side.
    Bezier,
    /// The value stays until the next keyframe.
    Hold,
}

/// One side of a keyframe's ease: a handle of the cubic that maps time to value.
///
/// Over an interval of `dt` seconds between two keyframes the outgoing handle of the first lies at
/// `(influence * dt, offset)` from its key, the incoming handle of the second at `(-influence * dt, -offset)` from
/// *its* key. The value axis is, by the property's type:
/// - numbers that are neither spatial nor a colour: each dimension has its own handle, `offset` in the property's units;
/// - spatial values, colours, paths, gradients: one handle, `offset` as a fraction of the way from one key's value to
///   the next (for spatial values, of the distance along the motion path).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Handle {
    /// Reach along time as a fraction of the interval, 0..1.
    pub influence: f64,
    /// Reach along the value axis, see above. After Effects' "speed" is `offset / (influence * dt)`.
    pub offset: f64,
}

/// A keyframe.
#[derive(Clone, Debug, PartialEq)]
pub struct Keyframe {
    /// When, in **layer time**: seconds since the layer's start, unstretched. Composition time is
    /// `layer.start_time + time * layer.stretch`.
    pub time: f64,
    /// The value here.
    pub value: Value,
    /// How the value arrives.
    pub interpolation_in: Interpolation,
    /// How the value leaves.
    pub interpolation_out: Interpolation,
    /// Incoming handles: one per dimension, or a single one (see [`Handle`]). Empty unless `interpolation_in` is Bezier.
    pub ease_in: Vec<Handle>,
    /// Outgoing handles: one per dimension, or a single one (see [`Handle`]). Empty unless `interpolation_out` is Bezier.
    pub ease_out: Vec<Handle>,
    /// Tangent of the motion path arriving here, relative to the value; spatial properties only.
    pub tangent_in: Option<[f64; 3]>,
    /// Tangent of the motion path leaving here, relative to the value; spatial properties only.
    pub tangent_out: Option<[f64; 3]>,
    /// The time follows from the path's length between the neighbours that do not rove.
    pub roving: bool,
}

impl Keyframe {
    /// A keyframe with linear interpolation on both sides.
    pub fn linear(time: f64, value: impl Into<Value>) -> Self {
        Self {
            time,
            value: value.into(),
            interpolation_in: Interpolation::Linear,
            interpolation_out: Interpolation::Linear,
            ease_in: Vec::new(),
            ease_out: Vec::new(),
            tangent_in: None,
            tangent_out: None,
            roving: false,
        }
    }
}
