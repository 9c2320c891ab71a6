//! One layer, typed: when it shows, where it is and what it shows.

use std::sync::{Arc, OnceLock};

use filmpress_composition::{
    BlendingMode, Footage, Group, ItemId, ItemKind, Kind, LayerKind, MatteKind, Quality, schema,
};
use kurbo::{Affine, Rect};

use crate::camera::CameraOptions;
use crate::compile::Compile;
use crate::composition::{self, Composition};
use crate::effects::{self, EffectTracks};
use crate::frame::{self, FillRule, Image, ImageSource, Node, Outline, Paint, Path, PathStyle, Sampling};
use crate::interpolate::{self, Number, Track};
use crate::layer_styles::{self, StyleTracks};
use crate::mask::{self, MaskTracks};
use crate::shape::{self, Contents};
use crate::support::Topic;
use crate::text_layer::TextContent;
use crate::transform::Transform;
use crate::{FootageInfo, report};

/// A layer of a compiled composition.
#[derive(Debug)]
pub(crate) struct Layer {
    /// Number of its place.
    pub origin: u32,
    /// Whether it is drawn by itself, not only a matte or parent.
    pub drawn: bool,
    pub in_point: f64,
    pub out_point: f64,
    pub start_time: f64,
    pub stretch: f64,
    /// Index of the parent in the same composition; chains end.
    pub parent: Option<usize>,
    /// The matte layer; chains end.
    pub matte: Option<TrackMatte>,
    pub blending_mode: BlendingMode,
    pub preserve_transparency: bool,
    pub transform: Transform,
    /// Only cameras have them.
    pub camera: Option<CameraOptions>,
    /// Motion blur is on, here and in the composition.
    pub motion_blur: bool,
    /// Where it lies is the same at all times, seen by its composition's camera.
    pub is_still: bool,
    pub masks: Vec<MaskTracks>,
    pub effects: Vec<EffectTracks>,
    pub styles: StyleTracks,
    /// Applies its effects to what is below it.
    pub adjustment: bool,
    pub content: Content,
    /// The group drawn, when it is the same at all times it shows.
    pub fixed: Option<OnceLock<Option<Arc<frame::Group>>>>,
    /// The same as a matte.
    pub fixed_matte: OnceLock<Option<Arc<frame::Group>>>,
}

/// Which layer is the matte and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TrackMatte {
    pub layer: usize,
    pub kind: MatteKind,
    pub inverted: bool,
}

/// What a layer shows.
#[derive(Debug)]
pub(crate) enum Content {
    /// Nothing: a parent for others.
    Nothing,
    /// The same at all times.
    Still(Vec<Node>),
    /// Text.
    Text(Box<TextContent>),
    /// Shapes.
    Shapes {
        contents: Contents,
        /// The nodes of contents that do not change.
        fixed: Option<OnceLock<Vec<Node>>>,
    },
    /// A film.
    Film {
        item: ItemId,
        info: FootageInfo,
        size: [f64; 2],
        sampling: Sampling,
        remap: Option<Track<Number>>,
        loops: f64,
        /// Seconds of the file in a second of the footage.
        speed: f64,
    },
    /// A composition.
    Precomp {
        /// Index among the compiled compositions.
        index: usize,
        remap: Option<Track<Number>>,
        /// Part of the picture around it instead of a picture by itself.
        collapsed: bool,
    },
}

impl Layer {
    /// Compiles a layer of a composition. `parent` and `matte` are filled in by the caller.
    pub fn compile(c: &mut Compile, layer: &filmpress_composition::Layer, shows: bool) -> Self {
        let transform = Transform::compile(c, layer);
        let (masks, effects, styles, content) = if shows {
            report::layer(c, layer);
            (
                mask::compile(c, layer),
                effects::compile(c, layer),
                layer_styles::compile(c, layer),
                Content::compile(c, layer),
            )
        } else {
            (Vec::new(), Vec::new(), StyleTracks::default(), Content::Nothing)
        };
        let moves_inside = match &content {
            Content::Shapes { fixed, .. } => fixed.is_none(),
            Content::Text(text) => text.is_animated(),
            _ => false,
        };
        if layer.switches.motion_blur && moves_inside {
            c.feature(Topic::LayerSwitch, "motionBlurContents");
        }
        let number = |x: f64| if x.is_finite() { x } else { 0.0 };
        Self {
            origin: c.origin(),
            drawn: false,
            in_point: number(layer.in_point),
            out_point: number(layer.out_point),
            start_time: number(layer.start_time),
            stretch: if layer.stretch.is_finite() && layer.stretch != 0.0 {
                layer.stretch
            } else {
                1.0
            },
            parent: None,
            matte: None,
            blending_mode: layer.blending_mode,
            preserve_transparency: layer.switches.preserve_transparency,
            camera: CameraOptions::compile(c, layer),
            motion_blur: layer.switches.motion_blur,
            is_still: false,
            transform,
            masks,
            effects,
            styles,
            adjustment: layer.switches.adjustment,
            content,
            fixed: None,
            fixed_matte: OnceLock::new(),
        }
    }

    /// Composition time to the layer's own.
    pub fn layer_time(&self, time: f64) -> f64 {
        (time - self.start_time) / self.stretch
    }

    /// Its masks at a layer time.
    pub fn masks_at(&self, time: f64) -> Vec<frame::Mask> {
        self.masks.iter().filter_map(|mask| mask.at(time)).collect()
    }

    /// Whether it shows at this composition time.
    pub fn is_active(&self, time: f64) -> bool {
        time >= self.in_point - TINY && time < self.out_point - TINY
    }
}

impl Content {
    /// Width and height in pixels of what is a raster of its own; `None` for what is drawn in the composition's pixels
    /// (text, shapes, collapsed compositions): its effects come after its transform and go by the composition's size.
    pub fn raster_size(&self, all: &[Composition]) -> Option<[f64; 2]> {
        match self {
            Self::Nothing => Some([0.0; 2]),
            Self::Still(nodes) => nodes.iter().find_map(|node| match node {
                Node::Path(path) => path.outline.bounds.map(|b| [b.x1, b.y1]),
                Node::Image(image) => Some(image.size),
                Node::Group(_) => None,
            }),
            Self::Film { size, .. } => Some(*size),
            Self::Precomp { index, collapsed, .. } => {
                let nested = &all[*index];
                (!collapsed).then(|| [f64::from(nested.width), f64::from(nested.height)])
            }
            Self::Text(_) | Self::Shapes { .. } => None,
        }
    }
}

/// Times come from frame numbers and file fractions: room for the last bits, seconds.
pub(crate) const TINY: f64 = 1e-6;

impl Content {
    pub fn compile(c: &mut Compile, layer: &filmpress_composition::Layer) -> Self {
        match layer.kind {
            LayerKind::Av(item) => Self::compile_item(c, layer, item),
            LayerKind::Shape => {
                let empty = Group::default();
                let group = layer.properties.group(schema::CONTENTS).unwrap_or(&empty);
                let contents = shape::compile(c, group);
                let fixed = (!contents.is_animated()).then(OnceLock::new);
                Self::Shapes { contents, fixed }
            }
            LayerKind::Text => Self::Text(Box::new(TextContent::compile(c, layer))),
            LayerKind::Null | LayerKind::Camera | LayerKind::Light(_) | LayerKind::Audio(_) | LayerKind::Unknown => {
                Self::Nothing
            }
        }
    }

    fn compile_item(c: &mut Compile, layer: &filmpress_composition::Layer, id: ItemId) -> Self {
        let Some(item) = c.item(id) else {
            c.warn(
                Kind::Missing,
                format!("the layer's source, item {}, is not in the project", id.0),
            );
            return Self::Nothing;
        };
        match &item.kind {
            ItemKind::Folder => Self::Nothing,
            ItemKind::Solid(solid) => {
                let rect = Rect::new(0.0, 0.0, f64::from(solid.width), f64::from(solid.height));
                let [r, g, b] = solid.color.map(|x| x.clamp(0.0, 1.0) as f32);
                Self::Still(vec![Node::Path(Path::new(
                    Outline::rect(rect),
                    Affine::IDENTITY,
                    PathStyle::Fill(FillRule::NonZero),
                    Paint::Solid([r, g, b, 1.0]),
                    1.0,
                    BlendingMode::Normal,
                ))])
            }
            ItemKind::Composition(_) => match composition::compile_nested(c, id, layer) {
                Some(index) => Self::Precomp {
                    index,
                    remap: time_remap(c, layer),
                    collapsed: layer.switches.collapse,
                },
                None => Self::Nothing,
            },
            ItemKind::Footage(footage) => {
                let is_sound = footage.has_audio || footage.duration > 0.0;
                if footage.width == 0 && footage.height == 0 && footage.frame_rate == 0.0 && is_sound {
                    if layer.switches.audio {
                        c.feature(Topic::Footage, "sound");
                    }
                    return Self::Nothing;
                }
                report::footage(c, footage, layer);
                let Some(info) = c.world.footage(id) else {
                    c.warn(
                        Kind::Missing,
                        format!("footage `{}` is missing; the layer is not drawn", item.name),
                    );
                    return Self::Nothing;
                };
                let or = |known: u32, found: u32| f64::from(if known == 0 { found } else { known });
                let size = [or(footage.width, info.width), or(footage.height, info.height)];
                let sampling = match layer.quality {
                    Quality::Wireframe | Quality::Draft => Sampling::Nearest,
                    Quality::Best => Sampling::Bilinear,
                    Quality::BestBicubic => Sampling::Bicubic,
                };
                if info.frame_rate > 0.0 && info.duration > 0.0 {
                    return Self::Film {
                        item: id,
                        info,
                        size,
                        sampling,
                        remap: time_remap(c, layer),
                        loops: f64::from(footage.loops.max(1)),
                        speed: speed(footage),
                    };
                }
                let source = ImageSource {
                    item: id,
                    time: 0.0,
                    content: info.content,
                };
                Self::Still(vec![Node::Image(Image::new(
                    source,
                    size,
                    Affine::IDENTITY,
                    1.0,
                    sampling,
                ))])
            }
        }
    }

    /// Whether it is the same whenever the layer shows; `still` says so of compositions, for a range of their time.
    pub fn is_fixed(&self, still: impl FnOnce(usize) -> bool) -> bool {
        match self {
            Self::Nothing | Self::Still(_) => true,
            Self::Text(text) => !text.is_animated(),
            Self::Shapes { fixed, .. } => fixed.is_some(),
            Self::Film { .. } => false,
            Self::Precomp { index, remap, .. } => remap.as_ref().is_none_or(|r| !r.is_animated()) && still(*index),
        }
    }
}

/// How fast footage plays: another rate than the file's can be assumed for it.
fn speed(footage: &Footage) -> f64 {
    if footage.frame_rate > 0.0 && footage.native_frame_rate > 0.0 {
        footage.frame_rate / footage.native_frame_rate
    } else {
        1.0
    }
}

/// The time remapping, when it is switched on: readers leave out After Effects' unused one, and one without keyframes
/// is a freeze frame.
fn time_remap(c: &mut Compile, layer: &filmpress_composition::Layer) -> Option<Track<Number>> {
    let property = layer.properties.property(schema::TIME_REMAP)?;
    if property.expression.as_ref().is_some_and(|e| e.enabled) {
        c.given_number(property);
    }
    Some(interpolate::number(property))
}

/// The time of a film's own frame that shows at footage time `time`; `None` where there is none.
pub(crate) fn film_time(info: &FootageInfo, time: f64, loops: f64, remapped: bool) -> Option<f64> {
    let length = info.duration * loops;
    let time = if remapped { time.clamp(0.0, length) } else { time };
    if time < -TINY || (!remapped && time >= length - TINY) {
        return None;
    }
    let frames = (info.duration * info.frame_rate).round().max(1.0);
    let frame = (time * info.frame_rate + 1e-4).floor().max(0.0);
    let frame = if remapped && time >= length - TINY {
        frames - 1.0
    } else {
        frame % frames
    };
    Some(frame / info.frame_rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILM: FootageInfo = FootageInfo {
        width: 2,
        height: 2,
        frame_rate: 25.0,
        duration: 2.0,
        content: crate::digest::Digest(1),
    };

    #[test]
    fn films_show_their_own_frames() {
        assert_eq!(film_time(&FILM, 0.0, 1.0, false), Some(0.0));
        assert_eq!(film_time(&FILM, 0.05, 1.0, false), Some(0.04));
        assert_eq!(film_time(&FILM, 0.08 - 1e-9, 1.0, false), Some(0.08));
        assert_eq!(film_time(&FILM, 2.0, 1.0, false), None);
        assert_eq!(film_time(&FILM, -0.1, 1.0, false), None);
    }

    #[test]
    fn an_assumed_rate_plays_all_frames_at_that_rate() {
        let footage = |frame_rate: f64, native_frame_rate: f64| Footage {
            frame_rate,
            native_frame_rate,
            ..Footage::default()
        };
        assert_eq!(speed(&footage(12.5, 25.0)), 0.5);
        assert_eq!(speed(&footage(25.0, 0.0)), 1.0);
        assert_eq!(
            film_time(&FILM, 3.0 * speed(&footage(12.5, 25.0)), 1.0, false),
            Some(1.48)
        );
    }

    #[test]
    fn films_loop_and_remapped_ones_freeze() {
        assert_eq!(film_time(&FILM, 2.04, 2.0, false), Some(0.04));
        assert_eq!(film_time(&FILM, 5.0, 1.0, true), Some(1.96));
        assert_eq!(film_time(&FILM, -5.0, 1.0, true), Some(0.0));
    }
}
