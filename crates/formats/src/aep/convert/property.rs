//! Properties of numbers (`tdbs`), and what all properties share: names, keyframes, expression.

use std::borrow::Cow;
use std::sync::Arc;

use filmpress_composition::{Expression, LayerId, Property, Value, ValueType, schema};

use super::keyframes::{self, Axis};
use super::layer::Scope;
use super::units::Unit;
use crate::aep::raw::{Chunk, Fields};

/// The description of a property's values (`tdb4`).
#[derive(Clone, Copy, Debug)]
pub(super) struct Stream<'a>(Fields<'a>);

impl<'a> Stream<'a> {
    pub fn of(tdbs: &'a Chunk<'_>) -> Self {
        Self(tdbs.fields(*b"tdb4"))
    }

    pub fn dimensions(self) -> usize {
        self.0.u16(2).into()
    }

    pub fn is_spatial(self) -> bool {
        self.0.bit(5, 3)
    }

    pub fn is_color(self) -> bool {
        self.0.bit(0x3B, 0) && self.dimensions() == 4
    }

    pub fn has_no_value(self) -> bool {
        self.0.bit(0x39, 0)
    }

    /// Ticks per second of its keyframes.
    pub fn ticks_per_second(self) -> f64 {
        match self.0.u32(0x0C) {
            0 => 1.0,
            ticks => ticks.into(),
        }
    }

    fn expression_is_off(self) -> bool {
        self.0.bit(0x77, 0)
    }

    /// What After Effects multiplies each dimension by when it measures speed along the motion path: the aspect of
    /// the layer where a point is stored as a fraction of it.
    pub fn path_multipliers(self) -> [f64; 3] {
        [0x18, 0x20, 0x28].map(|at| match self.0.f64(at) {
            m if m > 0.0 => m,
            _ => 1.0,
        })
    }

    pub fn value_type(self) -> ValueType {
        match (self.dimensions(), self.is_spatial()) {
            _ if self.has_no_value() => ValueType::NoValue,
            _ if self.is_color() => ValueType::Color,
            (1, _) => ValueType::OneD,
            (2, false) => ValueType::TwoD,
            (2, true) => ValueType::TwoDSpatial,
            (3, false) => ValueType::ThreeD,
            (3, true) => ValueType::ThreeDSpatial,
            (4, _) => ValueType::Color,
            _ => ValueType::NoValue,
        }
    }
}

/// A property of a layer.
pub(super) fn convert(tdbs: &Chunk<'_>, match_name: &str, scope: &Scope<'_>) -> Property {
    if tdbs.child(*b"tdli").is_some() {
        return reference(tdbs, match_name, ValueType::Mask);
    }
    let value_type = Stream::of(tdbs).value_type();
    numbers(tdbs, match_name, value_type, Unit::of(match_name, value_type, scope))
}

/// A layer or mask of the same composition or layer, by id.
pub(super) fn reference(tdbs: &Chunk<'_>, match_name: &str, value_type: ValueType) -> Property {
    let mut property = bare(tdbs, match_name, value_type);
    let id = |chunk| match tdbs.fields(chunk).u32(0) {
        // Nothing chosen, whatever the version.
        0 | u32::MAX => None,
        id => Some(id),
    };
    property.value = match value_type {
        ValueType::Layer => Value::Layer(id(*b"tdpi").map(LayerId)),
        _ => Value::Mask(id(*b"tdli")),
    };
    property
}

/// A property of numbers in a given unit.
pub(super) fn numbers(tdbs: &Chunk<'_>, match_name: &str, value_type: ValueType, unit: Unit) -> Property {
    let stream = Stream::of(tdbs);
    let mut property = bare(tdbs, match_name, value_type);
    let dimensions = value_type.dimensions();
    if dimensions == 0 {
        return property;
    }
    let stored = tdbs.fields(*b"cdat");
    let numbers: Vec<f64> = (0..dimensions).map(|i| stored.f64(8 * i)).collect();
    property.value = unit.value(&numbers);
    let axis = match value_type {
        ValueType::Color => Axis::Color,
        _ if value_type.is_spatial() => Axis::Spatial(stream.path_multipliers()),
        _ => Axis::Numbers,
    };
    let keys = keyframes::read(tdbs, dimensions, axis);
    let values = keys.iter().map(|k| unit.value(&k.numbers)).collect();
    property.keyframes = keyframes::finish(&keys, values, axis, unit);
    // The static value of a keyframed property is never shown; the first keyframe's is the sensible one to find there.
    if let Some(first) = property.keyframes.first() {
        property.value = first.value.clone();
    }
    property
}

/// The orientation of 3D layers: little-endian where everything else is not, keyframes' values in a list of their own.
pub(super) fn orientation(otst: &Chunk<'_>, match_name: &str) -> Property {
    let tdbs = otst.child_list(*b"tdbs");
    let keyed = otst
        .child_list(*b"otky")
        .filter(|_| tdbs.is_some_and(|t| t.child_list(*b"list").is_some()));
    let values = match (keyed, tdbs) {
        (Some(list), _) => list
            .leaves(*b"otda")
            .map(|c| [0, 8, 16].map(|at| Fields(&c.data).f64(at)).into())
            .collect(),
        (None, Some(tdbs)) => vec![[0, 8, 16].map(|at| tdbs.fields(*b"cdat").f64_le(at)).into()],
        (None, None) => Vec::new(),
    };
    listed(tdbs, match_name, ValueType::ThreeDSpatial, values, Axis::Relative)
}

/// A property whose values are kept beside it, in order: one, or one a keyframe.
pub(super) fn listed(
    tdbs: Option<&Chunk<'_>>,
    match_name: &str,
    value_type: ValueType,
    mut values: Vec<Value>,
    axis: Axis,
) -> Property {
    let first = values.first().cloned().unwrap_or_else(|| empty(value_type));
    let Some(tdbs) = tdbs else {
        return Property::new(schema::match_name(match_name), "", value_type, first);
    };
    let mut property = bare(tdbs, match_name, value_type);
    let keys = keyframes::read(tdbs, 0, axis);
    let last = values.last().unwrap_or(&first).clone();
    values.resize(keys.len(), last);
    property.keyframes = keyframes::finish(&keys, values, axis, Unit::Plain);
    property.value = first;
    property
}

/// What a property without any value holds.
fn empty(value_type: ValueType) -> Value {
    match value_type {
        ValueType::Path => Value::Path(Arc::default()),
        ValueType::Gradient => Value::Gradient(Arc::default()),
        ValueType::TextDocument => Value::Text(Arc::default()),
        ValueType::ThreeDSpatial => [0.0; 3].into(),
        _ => Value::None,
    }
}

/// A property with its names and expression, without value and keyframes.
pub(super) fn bare(tdbs: &Chunk<'_>, match_name: &str, value_type: ValueType) -> Property {
    let name = tdbs.name(*b"tdsn").map_or(Cow::Borrowed(""), Cow::Owned);
    let mut property = Property::new(schema::match_name(match_name), name, value_type, Value::None);
    property.expression = expression(tdbs);
    property
}

/// Texts are a `Utf8` chunk, in older files `expr`.
fn expression(tdbs: &Chunk<'_>) -> Option<Expression> {
    let chunk = tdbs.child(*b"Utf8").or_else(|| tdbs.child(*b"expr"))?;
    let text = chunk.text().replace("\r\n", "\n").replace('\r', "\n");
    (!text.is_empty()).then(|| Expression {
        text,
        enabled: !Stream::of(tdbs).expression_is_off(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aep::raw::rifx;
    use crate::aep::testing::property::{Key, Stream as Written};
    use crate::aep::testing::{leaf, list, numbers, rifx as file};

    fn with_chunk<T>(bytes: &[u8], f: impl FnOnce(&Chunk<'_>) -> T) -> T {
        let file = file(&[bytes.to_vec()]);
        let root = rifx::read(&file).unwrap().value;
        f(&root.children[0])
    }

    fn angles(values: &[[f64; 3]]) -> Vec<u8> {
        let all: Vec<Vec<u8>> = values.iter().map(|v| leaf(*b"otda", &numbers(v))).collect();
        list(*b"otky", &all)
    }

    #[test]
    fn keyframes_of_an_orientation_take_their_angles_from_the_list_beside_them() {
        let keys = Written::without_value()
            .keys(&[Key::eased(0.0, &[]), Key::new(2.0, &[])])
            .expression("value");
        let otst = list(
            *b"otst",
            &[keys.build(), angles(&[[10.0, 20.0, 30.0], [0.0, 90.0, 0.0]])],
        );
        let property = with_chunk(&otst, |chunk| orientation(chunk, "ADBE Orientation"));
        assert_eq!(property.value_type, ValueType::ThreeDSpatial);
        assert_eq!(property.keyframes.len(), 2);
        assert_eq!(property.keyframes[0].value, [10.0, 20.0, 30.0].into());
        assert_eq!(
            (property.keyframes[1].time, &property.keyframes[1].value),
            (2.0, &[0.0, 90.0, 0.0].into())
        );
        assert_eq!(property.expression.unwrap().text, "value");
    }

    #[test]
    fn values_that_are_missing_repeat_the_last() {
        let keys = Written::without_value().keys(&[Key::new(0.0, &[]), Key::new(1.0, &[])]);
        let otst = list(*b"otst", &[keys.build(), angles(&[[1.0, 2.0, 3.0]])]);
        let property = with_chunk(&otst, |chunk| orientation(chunk, "ADBE Orientation"));
        assert_eq!(property.keyframes[1].value, [1.0, 2.0, 3.0].into());
        let property = with_chunk(&list(*b"otst", &[]), |chunk| orientation(chunk, "ADBE Orientation"));
        assert_eq!(property.value, [0.0; 3].into());
    }

    #[test]
    fn expressions_have_plain_line_ends_and_their_switch() {
        let written = |on: bool| Written {
            expression: Some(("a;\r\nb;\rc".to_owned(), on)),
            ..Written::without_value()
        };
        for on in [true, false] {
            let found = with_chunk(&written(on).build(), expression).unwrap();
            assert_eq!((found.text.as_str(), found.enabled), ("a;\nb;\nc", on));
        }
        // As versions before 2015 wrote them, ended by a NUL.
        let old = list(*b"tdbs", &[leaf(*b"expr", b"time*10\0")]);
        assert_eq!(with_chunk(&old, expression).unwrap().text, "time*10");
        assert_eq!(with_chunk(&list(*b"tdbs", &[]), expression), None);
    }
}
