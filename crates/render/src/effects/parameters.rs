//! Reading an effect's parameters.

use std::sync::Arc;

use filmpress_composition::CustomValue;
use filmpress_evaluate::frame::{Effect, Group, LayerPicture, Outline, Parameter};

/// The values of an effect; what is missing is at its default, numbers that are none are 0.
pub(crate) struct Parameters<'a>(&'a Effect);

/// Numbers beyond this are cut to it, so that products of a few stay finite.
const LIMIT: f64 = 1e7;

fn sane(x: f64) -> f64 {
    if x.is_nan() { 0.0 } else { x.clamp(-LIMIT, LIMIT) }
}

impl<'a> Parameters<'a> {
    pub fn new(effect: &'a Effect) -> Self {
        Self(effect)
    }

    /// The effect itself.
    pub fn effect(&self) -> &'a Effect {
        self.0
    }

    /// A number or angle.
    pub fn number(&self, number: u32, default: f64) -> f64 {
        match self.0.parameter(number) {
            Some(Parameter::Number(x)) => sane(*x),
            _ => default,
        }
    }

    /// A check box.
    pub fn flag(&self, number: u32, default: bool) -> bool {
        match self.0.parameter(number) {
            Some(Parameter::Number(x)) => *x >= 0.5,
            _ => default,
        }
    }

    /// The 1-based entry of a menu.
    pub fn menu(&self, number: u32, default: u32) -> u32 {
        self.number(number, f64::from(default)).round().clamp(0.0, 1000.0) as u32
    }

    /// A colour, straight RGBA 0..1.
    pub fn color(&self, number: u32, default: [f32; 4]) -> [f32; 4] {
        match self.0.parameter(number) {
            Some(Parameter::Color(c)) => c.map(|c| if c.is_nan() { 0.0 } else { c.clamp(0.0, 1.0) }),
            _ => default,
        }
    }

    /// A point of the layer, pixels; `None` where the file has none (its default depends on the layer's size).
    pub fn point(&self, number: u32) -> Option<[f64; 2]> {
        match self.0.parameter(number) {
            Some(Parameter::Point([x, y, _])) => Some([sane(*x), sane(*y)]),
            _ => None,
        }
    }

    /// Another layer.
    pub fn layer(&self, number: u32) -> Option<&'a LayerPicture> {
        match self.0.parameter(number) {
            Some(Parameter::Layer(layer)) => layer.as_ref(),
            _ => None,
        }
    }

    /// The path of a mask.
    pub fn path(&self, number: u32) -> Option<&'a Outline> {
        match self.0.parameter(number) {
            Some(Parameter::Path(outline)) => outline.as_deref(),
            _ => None,
        }
    }

    /// The paths of all masks of the layer.
    pub fn outlines(&self) -> &'a [Arc<Outline>] {
        &self.0.outlines
    }

    /// What the layer was at other times, nearest first.
    pub fn echoes(&self) -> &'a [Arc<Group>] {
        &self.0.echoes
    }

    /// Data of the effect's own.
    pub fn custom(&self, number: u32) -> Option<&'a CustomValue> {
        match self.0.parameter(number) {
            Some(Parameter::Custom(value)) => Some(value),
            _ => None,
        }
    }
}
