//! From the units of the file to those of the composition crate.

use filmpress_composition::{Value, ValueType, Vector};

use super::layer::Scope;

/// How stored numbers become ours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Unit {
    /// As they are.
    Plain,
    /// Each dimension times a factor.
    Factors([f64; 3]),
    /// Alpha, red, green, blue 0..255 to red, green, blue, alpha 0..1.
    Color,
}

impl Unit {
    /// The unit of a layer's property. Most percentages are stored as such; these three as fractions.
    pub fn of(match_name: &str, value_type: ValueType, scope: &Scope<'_>) -> Self {
        match match_name {
            _ if value_type == ValueType::Color => Self::Color,
            "ADBE Opacity" | "ADBE Scale" | "ADBE Mask Opacity" => Self::Factors([100.0; 3]),
            "ADBE Anchor Point" => match scope.source {
                Some([w, h]) => Self::Factors([w, h, 1.0]),
                None => Self::Plain,
            },
            _ => Self::Plain,
        }
    }

    /// The unit of an effect's parameter: points are fractions of the layer.
    pub fn of_parameter(value_type: ValueType, scope: &Scope<'_>) -> Self {
        let [w, h] = scope.size;
        match value_type {
            ValueType::Color => Self::Color,
            ValueType::TwoDSpatial | ValueType::ThreeDSpatial => Self::Factors([w, h, h]),
            _ => Self::Plain,
        }
    }

    /// What dimension `i` is multiplied by.
    pub fn factor(self, i: usize) -> f64 {
        match self {
            Self::Plain => 1.0,
            Self::Factors(factors) => factors.get(i).copied().unwrap_or(1.0),
            Self::Color => 1.0 / 255.0,
        }
    }

    pub fn value(self, stored: &[f64]) -> Value {
        if self == Self::Color {
            let part = |i: usize| stored.get(i).copied().unwrap_or(0.0) / 255.0;
            return [part(1), part(2), part(3), part(0)].into();
        }
        let mut value = Vector::new(stored);
        for (i, x) in value.iter_mut().enumerate() {
            *x *= self.factor(i);
        }
        Value::Vector(value)
    }

    /// A tangent, which has three dimensions whatever the property has.
    pub fn tangent(self, stored: [f64; 3]) -> [f64; 3] {
        let [x, y, z] = stored;
        [x * self.factor(0), y * self.factor(1), z * self.factor(2)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_have_alpha_last() {
        let color = Unit::Color.value(&[255.0, 51.0, 0.0, 102.0]);
        assert_eq!(color, [0.2, 0.0, 0.4, 1.0].into());
    }

    #[test]
    fn factors_are_per_dimension() {
        let unit = Unit::Factors([200.0, 100.0, 1.0]);
        assert_eq!(unit.value(&[0.5, 0.5, 7.0]), [100.0, 50.0, 7.0].into());
        assert_eq!(unit.tangent([0.1, -0.1, 0.0]), [20.0, -10.0, 0.0]);
    }
}
