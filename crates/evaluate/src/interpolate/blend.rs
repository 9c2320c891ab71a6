//! Colours, paths and gradients: one ease over the way from one value to the next.

use std::sync::Arc;

use filmpress_composition::{BezierPath, Gradient, Kind, Property, Value};

use super::curve::{Curve, HoldIn};
use super::numbers::components;
use super::{Segment, Track, sane, usable};
use crate::compile::Compile;

/// Values there is a way between.
pub(crate) trait Blend: Clone + PartialEq {
    /// The value at fraction `s` of the way; beyond 0..1 it goes on.
    fn blend(&self, to: &Self, s: f64) -> Self;
    /// Why there is no way from this value to `to`, if so.
    fn no_way(&self, _to: &Self) -> Option<&'static str> {
        None
    }
}

/// From one keyframe to the next.
#[derive(Debug)]
pub(crate) struct Blended<T> {
    curve: Curve,
    from: T,
    to: T,
}

impl<T: Blend> Segment for Blended<T> {
    type Value = T;
    fn at(&self, fraction: f64) -> T {
        let s = self.curve.at(fraction);
        if s == 0.0 {
            self.from.clone()
        } else if s == 1.0 {
            self.to.clone()
        } else {
            self.from.blend(&self.to, s)
        }
    }
}

pub(super) fn mix(a: f64, b: f64, s: f64) -> f64 {
    a + (b - a) * s
}

impl Blend for [f64; 4] {
    fn blend(&self, to: &Self, s: f64) -> Self {
        std::array::from_fn(|i| mix(self[i], to[i], s))
    }
}

impl Blend for Arc<BezierPath> {
    fn blend(&self, to: &Self, s: f64) -> Self {
        let list = |a: &[[f64; 2]], b: &[[f64; 2]]| {
            a.iter()
                .zip(b)
                .map(|(a, b)| [mix(a[0], b[0], s), mix(a[1], b[1], s)])
                .collect()
        };
        Arc::new(BezierPath {
            vertices: list(&self.vertices, &to.vertices),
            in_tangents: list(&self.in_tangents, &to.in_tangents),
            out_tangents: list(&self.out_tangents, &to.out_tangents),
            closed: self.closed,
        })
    }

    fn no_way(&self, to: &Self) -> Option<&'static str> {
        (self.vertices.len() != to.vertices.len()).then_some(
            "the path changes between keyframes with different numbers of vertices; it is held until the next one",
        )
    }
}

impl Blend for Arc<Gradient> {
    fn blend(&self, to: &Self, s: f64) -> Self {
        let mut blended = Gradient::clone(self);
        for (a, b) in blended.colors.iter_mut().zip(&to.colors) {
            a.offset = mix(a.offset, b.offset, s);
            a.midpoint = mix(a.midpoint, b.midpoint, s);
            a.rgb = std::array::from_fn(|i| mix(a.rgb[i], b.rgb[i], s));
        }
        for (a, b) in blended.alphas.iter_mut().zip(&to.alphas) {
            a.offset = mix(a.offset, b.offset, s);
            a.midpoint = mix(a.midpoint, b.midpoint, s);
            a.alpha = mix(a.alpha, b.alpha, s);
        }
        blended.colors.sort_by(|a, b| a.offset.total_cmp(&b.offset));
        blended.alphas.sort_by(|a, b| a.offset.total_cmp(&b.offset));
        Arc::new(blended)
    }

    fn no_way(&self, to: &Self) -> Option<&'static str> {
        (self.colors.len() != to.colors.len() || self.alphas.len() != to.alphas.len()).then_some(
            "the gradient changes between keyframes with different numbers of stops; it is held until the next one",
        )
    }
}

pub(super) fn blended<T: Blend>(
    c: &mut Compile,
    property: &Property,
    value: impl Fn(&Value) -> T,
) -> Track<Blended<T>> {
    let keys = usable(property);
    if keys.is_empty() {
        return Track::Fixed(value(&property.value));
    }
    let values: Vec<T> = keys.iter().map(|k| value(&k.value)).collect();
    let (first, last) = (values[0].clone(), values[values.len() - 1].clone());
    if values.iter().all(|v| *v == first) {
        return Track::Fixed(first);
    }
    let mut segments = Vec::with_capacity(keys.len() - 1);
    for (pair, ends) in keys.windows(2).zip(values.windows(2)) {
        let mut curve = Curve::new(pair[0], pair[1], 0, 0.0, 1.0, HoldIn::Stays);
        if let Some(why) = ends[0].no_way(&ends[1])
            && !matches!(curve, Curve::Constant(_))
        {
            curve = Curve::Constant(0.0);
            c.inside(&property.name, |c| c.warn(Kind::Approximated, why));
        }
        segments.push(Blended {
            curve,
            from: ends[0].clone(),
            to: ends[1].clone(),
        });
    }
    Track::keyed(keys.iter().map(|k| k.time).collect(), segments, first, last)
}

/// The track of a colour, straight RGBA 0..1.
pub(crate) fn color(c: &mut Compile, property: &Property) -> Track<Blended<[f64; 4]>> {
    blended(c, property, |value| components(value, 1.0))
}

/// The track of a path; broken ones (lists of different lengths, numbers that are none) are made harmless.
pub(crate) fn path(c: &mut Compile, property: &Property) -> Track<Blended<Arc<BezierPath>>> {
    blended(c, property, |value| match value {
        Value::Path(path) => {
            let lists = [&path.vertices, &path.in_tangents, &path.out_tangents];
            let n = path.vertices.len().min(crate::limits::PATH_VERTICES);
            let fine = |p: &[f64; 2]| p.iter().all(|x| sane(*x) == *x);
            if lists.iter().all(|list| list.len() == n && list.iter().all(fine)) {
                return path.clone();
            }
            let mended = |list: &[[f64; 2]]| (0..n).map(|i| list.get(i).map_or([0.0; 2], |p| p.map(sane))).collect();
            Arc::new(BezierPath {
                vertices: mended(&path.vertices),
                in_tangents: mended(&path.in_tangents),
                out_tangents: mended(&path.out_tangents),
                closed: path.closed,
            })
        }
        _ => Arc::default(),
    })
}

/// The track of a gradient.
pub(crate) fn gradient(c: &mut Compile, property: &Property) -> Track<Blended<Arc<Gradient>>> {
    blended(c, property, |value| match value {
        Value::Gradient(gradient) => gradient.clone(),
        _ => Arc::default(),
    })
}

#[cfg(test)]
mod tests {
    use filmpress_composition::{Keyframe, Project, ValueType};

    use super::*;

    fn with<T>(f: impl FnOnce(&mut Compile) -> T) -> (T, usize) {
        let (project, world) = (Project::default(), crate::world::Nowhere::default());
        let mut c = Compile::new(&project, &world);
        let value = f(&mut c);
        (value, c.warnings.len())
    }

    #[test]
    fn colours_mix_as_they_are() {
        let mut p = Property::new("c", "c", ValueType::Color, Value::None);
        p.keyframes = vec![
            Keyframe::linear(0.0, [1.0, 0.0, 0.0, 1.0]),
            Keyframe::linear(1.0, [0.0, 0.5, 0.0, 1.0]),
        ];
        let (track, _) = with(|c| color(c, &p));
        assert_eq!(track.at(0.5), [0.5, 0.25, 0.0, 1.0]);
    }

    #[test]
    fn paths_move_vertex_by_vertex_or_hold() {
        let square = |x: f64| BezierPath::polygon(vec![[x, 0.0], [x, 1.0], [0.0, 1.0]], true);
        let mut p = Property::new("p", "p", ValueType::Path, Value::None);
        let key = |time, path: BezierPath| {
            let mut key = Keyframe::linear(time, 0.0);
            key.value = Value::Path(path.into());
            key
        };
        p.keyframes = vec![
            key(0.0, square(2.0)),
            key(1.0, square(4.0)),
            key(2.0, BezierPath::polygon(vec![[0.0; 2]], true)),
        ];
        let (track, warnings) = with(|c| path(c, &p));
        assert_eq!(track.at(0.5).vertices[0], [3.0, 0.0]);
        assert_eq!(track.at(1.5).vertices[0], [4.0, 0.0]);
        assert_eq!(warnings, 1);
    }

    #[test]
    fn broken_paths_are_mended() {
        let mut broken = BezierPath::polygon(vec![[f64::NAN, 1.0], [2.0, f64::INFINITY]], true);
        broken.out_tangents.clear();
        let p = Property::new("p", "p", ValueType::Path, Value::Path(broken.into()));
        let (track, _) = with(|c| path(c, &p));
        let mended = track.at(0.0);
        assert_eq!(mended.vertices, [[0.0, 1.0], [2.0, 1e9]]);
        assert_eq!(mended.out_tangents.len(), 2);
    }
}
