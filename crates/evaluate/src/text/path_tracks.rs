//! Path options over time: the mask a text follows and how.

use std::sync::Arc;

use filmpress_composition::{BezierPath, Group, GroupDetails, Kind, Value};
use kurbo::Affine;

use super::layout::TextLayout;
use super::path_options::{PathOptions, place_on_path};
use crate::compile::Compile;
use crate::interpolate::{Blended, Number, Track};
use crate::shape::contour::Contour;

/// The path a text layer follows.
#[derive(Debug)]
pub(crate) struct TextPath {
    path: Track<Blended<Arc<BezierPath>>>,
    reverse: Track<Number>,
    perpendicular: Track<Number>,
    force_alignment: Track<Number>,
    first_margin: Track<Number>,
    last_margin: Track<Number>,
}

impl TextPath {
    /// The path of a text group; `masks` is the layer's group of masks. `None` where the text follows none.
    pub fn compile(c: &mut Compile, text: &Group, masks: Option<&Group>) -> Option<Self> {
        let options = text.group("ADBE Text Path Options")?;
        let Value::Mask(Some(id)) = options.property("ADBE Text Path")?.value else {
            return None;
        };
        c.inside("Path Options", |c| {
            let is_it = |group: &&Group| matches!(group.details, GroupDetails::Mask(mask) if mask.id == id);
            let Some(mask) = masks.and_then(|masks| masks.groups().find(is_it)) else {
                c.warn(
                    Kind::Missing,
                    format!("the path of the text, mask {id}, is not in the layer; it is drawn in straight lines"),
                );
                return None;
            };
            let mut number = |match_name: &'static str, usual: f64| match options.property(match_name) {
                Some(_) => c.number(options, match_name),
                None => Track::Fixed(usual),
            };
            Some(Self {
                reverse: number("ADBE Text Reverse Path", 0.0),
                perpendicular: number("ADBE Text Perpendicular To Path", 1.0),
                force_alignment: number("ADBE Text Force Align Path", 0.0),
                first_margin: number("ADBE Text First Margin", 0.0),
                last_margin: number("ADBE Text Last Margin", 0.0),
                path: c.path(mask, "ADBE Mask Shape"),
            })
        })
    }

    /// Whether it can be another one at another time.
    pub fn is_animated(&self) -> bool {
        let numbers = [
            &self.reverse,
            &self.perpendicular,
            &self.force_alignment,
            &self.first_margin,
            &self.last_margin,
        ];
        self.path.is_animated() || numbers.into_iter().any(Track::is_animated)
    }

    /// For each glyph what takes it from its line to the path at layer time `time`.
    pub fn place(&self, layout: &TextLayout, time: f64) -> Vec<Affine> {
        let path = self.path.at(time);
        let mut outline = kurbo::BezPath::new();
        Contour::from_path(&path).append_to(&mut outline, Affine::IDENTITY);
        let on = |track: &Track<Number>| track.at(time) >= 0.5;
        let options = PathOptions {
            reverse: on(&self.reverse),
            perpendicular: on(&self.perpendicular),
            force_alignment: on(&self.force_alignment),
            first_margin: self.first_margin.at(time),
            last_margin: self.last_margin.at(time),
        };
        place_on_path(layout, &outline, path.closed, options)
    }
}
