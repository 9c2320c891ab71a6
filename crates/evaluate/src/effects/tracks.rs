//! Parameters of effects over time, whatever they are.

use std::sync::Arc;

use filmpress_composition::{
    BezierPath, CustomValue, Group, GroupDetails, Layer, LayerId, Node, Property, Value, ValueType, schema,
};

use crate::compile::Compile;
use crate::frame::{LayerPicture, Outline, Parameter};
use crate::interpolate::{self, Blended, Moving, Number, Track};
use crate::shape::contour::Contour;

/// The path of a mask over layer time, open or closed.
#[derive(Debug)]
pub(crate) struct MaskPath(Track<Blended<Arc<BezierPath>>>);

impl MaskPath {
    pub fn is_animated(&self) -> bool {
        self.0.is_animated()
    }

    pub fn at(&self, time: f64) -> Arc<Outline> {
        let mut outline = kurbo::BezPath::new();
        Contour::from_path(&self.0.at(time)).append_to(&mut outline, kurbo::Affine::IDENTITY);
        Outline::new(outline)
    }
}

/// A parameter over layer time.
#[derive(Debug)]
pub(crate) enum ParameterTrack {
    Number(Track<Number>),
    Point(Track<Moving>),
    Color(Track<Blended<[f64; 4]>>),
    /// A layer, and which of the compiled ones it is.
    Layer {
        id: Option<LayerId>,
        index: Option<usize>,
    },
    Mask(Option<MaskPath>),
    Custom(Track<Blended<Arc<CustomValue>>>),
}

/// Where parameters find what they refer to.
pub(crate) trait References {
    /// What the compiled layer of this index shows by itself now.
    fn layer(&self, index: usize) -> Option<LayerPicture>;
}

/// The number of a parameter: what its match name ends with.
pub(super) fn number(match_name: &str) -> Option<u32> {
    let (_, number) = match_name.rsplit_once('-')?;
    number.parse().ok()
}

/// Calls `f` with every property of an effect, those in groups included.
pub(super) fn each_property<'a>(effect: &'a Group, f: &mut dyn FnMut(&'a Property)) {
    for child in &effect.children {
        match child {
            Node::Property(property) => f(property),
            Node::Group(group) => each_property(group, f),
        }
    }
}

pub(super) fn compile(c: &mut Compile, layer: &Layer, property: &Property) -> Option<ParameterTrack> {
    Some(match property.value_type {
        ValueType::OneD => ParameterTrack::Number(c.given_number(property)),
        ValueType::TwoD | ValueType::ThreeD | ValueType::TwoDSpatial | ValueType::ThreeDSpatial => {
            ParameterTrack::Point(c.given_point(property))
        }
        ValueType::Color => ParameterTrack::Color(c.given_color(property)),
        ValueType::Layer => ParameterTrack::Layer {
            id: match property.value {
                Value::Layer(id) => id,
                _ => None,
            },
            index: None,
        },
        ValueType::Mask => ParameterTrack::Mask(match property.value {
            Value::Mask(Some(id)) => mask_path(c, layer, id),
            _ => None,
        }),
        ValueType::Custom => match &property.value {
            Value::Custom(value) => ParameterTrack::Custom(interpolate::custom(c, property, value)),
            _ => return None,
        },
        _ => return None,
    })
}

/// The path of the mask with this id.
fn mask_path(c: &mut Compile, layer: &Layer, id: u32) -> Option<MaskPath> {
    let masks = layer.properties.group(schema::MASKS)?;
    let mask = masks
        .groups()
        .find(|mask| matches!(&mask.details, GroupDetails::Mask(settings) if settings.id == id))?;
    Some(MaskPath(c.path(mask, "ADBE Mask Shape")))
}

/// The paths of all masks of a layer.
pub(super) fn mask_paths(c: &mut Compile, layer: &Layer) -> Vec<MaskPath> {
    let masks = layer.properties.group(schema::MASKS);
    masks
        .iter()
        .flat_map(|masks| masks.groups())
        .map(|mask| MaskPath(c.path(mask, "ADBE Mask Shape")))
        .collect()
}

impl ParameterTrack {
    /// Whether it can differ between times; another layer can always.
    pub fn is_animated(&self) -> bool {
        match self {
            Self::Number(track) => track.is_animated(),
            Self::Point(track) => track.is_animated(),
            Self::Color(track) => track.is_animated(),
            Self::Layer { index, .. } => index.is_some(),
            Self::Mask(path) => path.as_ref().is_some_and(MaskPath::is_animated),
            Self::Custom(track) => track.is_animated(),
        }
    }

    pub fn at(&self, time: f64, references: &impl References) -> Parameter {
        match self {
            Self::Number(track) => Parameter::Number(track.at(time)),
            Self::Point(track) => Parameter::Point(track.at(time)),
            Self::Color(track) => Parameter::Color(track.at(time).map(|c| c as f32)),
            Self::Layer { index, .. } => Parameter::Layer(index.and_then(|index| references.layer(index))),
            Self::Mask(path) => Parameter::Path(path.as_ref().map(|path| path.at(time))),
            Self::Custom(track) => Parameter::Custom(track.at(time)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered_by_the_end_of_their_match_names() {
        assert_eq!(number("ADBE Tint-0002"), Some(2));
        assert_eq!(number("CC Radial Blur-0011"), Some(11));
        assert_eq!(number("ADBE Effect Mask Opacity"), None);
    }
}
