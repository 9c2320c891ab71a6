//! Gradient colours as a property value.

/// A colour stop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ColorStop {
    /// Place along the gradient, 0..1.
    pub offset: f64,
    /// Where between this stop and the next the half-way colour lies, 0..1; 0.5 is even.
    pub midpoint: f64,
    /// Red, green, blue, 0..1.
    pub rgb: [f64; 3],
}

/// An opacity stop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AlphaStop {
    /// Place along the gradient, 0..1.
    pub offset: f64,
    /// Where between this stop and the next the half-way opacity lies, 0..1; 0.5 is even.
    pub midpoint: f64,
    /// Opacity 0..1.
    pub alpha: f64,
}

/// The value of a `Colors` property: stops sorted by offset, colour and opacity apart, as in After Effects' editor.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gradient {
    /// Colour stops, sorted by offset; empty means white.
    pub colors: Vec<ColorStop>,
    /// Opacity stops, sorted by offset; empty means opaque.
    pub alphas: Vec<AlphaStop>,
}

impl Gradient {
    /// The gradient of a gradient fill or stroke just added.
    pub fn white_to_black() -> Self {
        let stop = |offset: f64, level: f64| ColorStop {
            offset,
            midpoint: 0.5,
            rgb: [level; 3],
        };
        Self {
            colors: vec![stop(0.0, 1.0), stop(1.0, 0.0)],
            alphas: Vec::new(),
        }
    }
}
