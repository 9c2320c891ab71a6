//! What a property can hold.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use crate::{BezierPath, CustomValue, Gradient, LayerId, Marker, TextDocument};

/// One to four numbers, kept inline.
#[derive(Clone, Copy, PartialEq)]
pub struct Vector {
    len: u8,
    v: [f64; 4],
}

impl Vector {
    /// A vector of the first four numbers of `numbers`.
    pub fn new(numbers: &[f64]) -> Self {
        let len = numbers.len().min(4);
        let mut v = [0.0; 4];
        v[..len].copy_from_slice(&numbers[..len]);
        Self { len: len as u8, v }
    }

    /// Component `i`, or 0 where there is none.
    pub fn get_or_zero(&self, i: usize) -> f64 {
        if i < self.len as usize { self.v[i] } else { 0.0 }
    }
}

impl std::fmt::Debug for Vector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Deref for Vector {
    type Target = [f64];
    fn deref(&self) -> &[f64] {
        &self.v[..self.len as usize]
    }
}

impl DerefMut for Vector {
    fn deref_mut(&mut self) -> &mut [f64] {
        &mut self.v[..self.len as usize]
    }
}

impl From<f64> for Vector {
    fn from(x: f64) -> Self {
        Self::new(&[x])
    }
}

impl<const N: usize> From<[f64; N]> for Vector {
    fn from(v: [f64; N]) -> Self {
        Self::new(&v)
    }
}

/// The type of a property's value; After Effects' `PropertyValueType` with its paths, gradients and text spelt out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValueType {
    /// No value (a button, a label, opaque data).
    NoValue,
    /// One number, also check boxes (0 or 1) and menus (1-based).
    OneD,
    /// Two numbers with separate eases.
    TwoD,
    /// Three numbers with separate eases.
    ThreeD,
    /// A point that moves along a path, pixels.
    TwoDSpatial,
    /// A point in space that moves along a path, pixels.
    ThreeDSpatial,
    /// Red, green, blue, alpha; 0..1.
    Color,
    /// A mask or shape path.
    Path,
    /// Gradient colours.
    Gradient,
    /// A text document.
    TextDocument,
    /// A reference to a layer of the same composition.
    Layer,
    /// A reference to a mask of the same layer, by mask id.
    Mask,
    /// A marker.
    Marker,
    /// Data of an effect's own ([`CustomValue`]).
    Custom,
}

impl ValueType {
    /// True for types that move along a motion path with one ease for all dimensions.
    pub fn is_spatial(self) -> bool {
        matches!(self, Self::TwoDSpatial | Self::ThreeDSpatial)
    }

    /// How many numbers a value has; 0 for values that are not numbers.
    pub fn dimensions(self) -> usize {
        match self {
            Self::OneD => 1,
            Self::TwoD | Self::TwoDSpatial => 2,
            Self::ThreeD | Self::ThreeDSpatial => 3,
            Self::Color => 4,
            _ => 0,
        }
    }
}

/// A property's value at one time.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// No value.
    #[default]
    None,
    /// One to four numbers, in the units of this crate.
    Vector(Vector),
    /// A mask or shape path.
    Path(Arc<BezierPath>),
    /// Gradient colours.
    Gradient(Arc<Gradient>),
    /// A text document.
    Text(Arc<TextDocument>),
    /// A layer of the same composition, or none.
    Layer(Option<LayerId>),
    /// A mask of the same layer by its id, or none.
    Mask(Option<u32>),
    /// A marker.
    Marker(Arc<Marker>),
    /// Data of an effect's own.
    Custom(Arc<CustomValue>),
}

impl Value {
    /// A one-number value.
    pub fn number(x: f64) -> Self {
        Self::Vector(x.into())
    }

    /// The numbers, when the value is made of numbers.
    pub fn as_vector(&self) -> Option<Vector> {
        match self {
            Self::Vector(v) => Some(*v),
            _ => None,
        }
    }

    /// The first number, when the value is made of numbers.
    pub fn as_number(&self) -> Option<f64> {
        self.as_vector().and_then(|v| v.first().copied())
    }
}

impl<const N: usize> From<[f64; N]> for Value {
    fn from(v: [f64; N]) -> Self {
        Self::Vector(v.into())
    }
}

impl From<f64> for Value {
    fn from(x: f64) -> Self {
        Self::number(x)
    }
}
