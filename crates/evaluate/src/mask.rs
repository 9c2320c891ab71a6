//! A layer's masks: tracks of each, passed on with the numbers of one time.

use std::sync::{Arc, OnceLock};

use filmpress_composition::{BezierPath, Group, GroupDetails, Layer, MaskMode, MaskMotionBlur, MaskSettings, schema};

use crate::compile::Compile;
use crate::frame::{Mask, Outline};
use crate::interpolate::{Blended, Number, Numbers, Track};
use crate::shape::contour::Contour;
use crate::support::Topic;

/// One mask over layer time.
#[derive(Debug)]
pub(crate) struct MaskTracks {
    settings: MaskSettings,
    path: Track<Blended<Arc<BezierPath>>>,
    feather: Track<Numbers<2>>,
    opacity: Track<Number>,
    expansion: Track<Number>,
    /// The outline of a path that does not change.
    fixed: OnceLock<Arc<Outline>>,
}

/// The masks of a layer that do something, in the order they combine.
pub(crate) fn compile(c: &mut Compile, layer: &Layer) -> Vec<MaskTracks> {
    let Some(parade) = layer.properties.group(schema::MASKS) else {
        return Vec::new();
    };
    c.inside("Masks", |c| {
        parade
            .groups()
            .filter(|group| group.enabled)
            .filter_map(|group| c.inside(&group.name, |c| one(c, group)))
            .collect()
    })
}

fn one(c: &mut Compile, group: &Group) -> Option<MaskTracks> {
    let GroupDetails::Mask(settings) = group.details else {
        return None;
    };
    if settings.mode == MaskMode::None {
        return None;
    }
    if settings.motion_blur == MaskMotionBlur::On {
        c.feature(Topic::Mask, "motionBlur");
    }
    let feather = c.numbers(group, "ADBE Mask Feather", 0.0);
    Some(MaskTracks {
        settings,
        path: c.path(group, "ADBE Mask Shape"),
        feather,
        opacity: c.number(group, "ADBE Mask Opacity"),
        expansion: c.number(group, "ADBE Mask Offset"),
        fixed: OnceLock::new(),
    })
}

impl MaskTracks {
    /// Whether it can differ between times.
    pub fn is_animated(&self) -> bool {
        self.path.is_animated()
            || self.feather.is_animated()
            || self.opacity.is_animated()
            || self.expansion.is_animated()
    }

    /// The mask at a layer time; `None` while its path is open, which masks nothing in After Effects.
    pub fn at(&self, time: f64) -> Option<Mask> {
        let outline = || {
            let path = self.path.at(time);
            let mut bez = kurbo::BezPath::new();
            if path.closed {
                Contour::from_path(&path).append_to(&mut bez, kurbo::Affine::IDENTITY);
            }
            Outline::new(bez)
        };
        let outline = if self.path.is_animated() {
            outline()
        } else {
            self.fixed.get_or_init(outline).clone()
        };
        outline.bounds?;
        Some(Mask {
            outline,
            mode: self.settings.mode,
            inverted: self.settings.inverted,
            opacity: (self.opacity.at(time) / 100.0).clamp(0.0, 1.0) as f32,
            linear_falloff: self.settings.linear_falloff,
            feather: self.feather.at(time).map(|f| f.max(0.0) as f32),
            expansion: self.expansion.at(time) as f32,
        })
    }
}
