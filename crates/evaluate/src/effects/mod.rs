//! A layer's effects: tracks of their parameters, passed on with the numbers of one time.
//!
//! Every parameter goes to the renderer under the number at the end of its match name, so nothing is to be done here for
//! a new effect, except its line in `support/effects.rs` (and in [`moves_by_itself`] when it needs to know the time, in
//! [`takes_masks`] when it goes by all masks).
//! Effects that change time, Posterize Time and Echo, are done here: see `time`.

mod tracks;

use std::sync::Arc;

use filmpress_composition::{Group, Layer, LayerId, Value, schema};

use crate::compile::Compile;
use crate::interpolate::{Number, Track};
use crate::support::{self, Support, Topic};

use tracks::MaskPath;
pub(crate) use tracks::{ParameterTrack, References};

/// The effect that holds time for whole fractions of a second.
const POSTERIZE_TIME: &str = "ADBE Posterize Time";
/// The effect that shows what was before.
pub(crate) const ECHO: &str = "ADBE Echo";
/// Most pictures of other times one effect shows.
const MOST_ECHOES: f64 = 100.0;

/// One effect over layer time.
#[derive(Debug)]
pub(crate) struct EffectTracks {
    /// Number of its place.
    origin: u32,
    pub match_name: Arc<str>,
    /// By rising number.
    pub parameters: Vec<(u32, ParameterTrack)>,
    /// The masks of the layer, where the effect can take all of them.
    masks: Vec<MaskPath>,
    opacity: Track<Number>,
    moves_by_itself: bool,
}

/// The effects of a layer that are drawn, in the order they are applied.
pub(crate) fn compile(c: &mut Compile, layer: &Layer) -> Vec<EffectTracks> {
    let Some(parade) = drawn(layer) else {
        return Vec::new();
    };
    c.inside("Effects", |c| {
        parade
            .groups()
            .filter(|effect| is_drawn(effect))
            .map(|effect| c.inside(&effect.name, |c| one(c, layer, effect)))
            .collect()
    })
}

/// The layers that the effects of a layer take pictures from.
pub(crate) fn references(layer: &Layer) -> Vec<LayerId> {
    let mut found = Vec::new();
    let parade = drawn(layer);
    for effect in parade.iter().flat_map(|p| p.groups()).filter(|e| is_drawn(e)) {
        tracks::each_property(effect, &mut |property| {
            found.extend(match &property.value {
                Value::Layer(id) => *id,
                _ => None,
            });
        });
    }
    found
}

fn drawn(layer: &Layer) -> Option<&Group> {
    layer
        .properties
        .group(schema::EFFECTS)
        .filter(|_| layer.switches.effects)
}

fn is_drawn(effect: &Group) -> bool {
    effect.enabled
        && !support::is_control(&effect.match_name)
        && !matches!(
            support::support(Topic::Effect, &effect.match_name),
            Support::NotDrawn(_)
        )
}

/// Whether an effect changes from frame to frame though none of its parameters does.
fn moves_by_itself(match_name: &str) -> bool {
    matches!(
        match_name,
        "ADBE Wave Warp"
            | "ADBE Noise"
            | "ADBE Noise2"
            | "ADBE Noise Alpha2"
            | "ADBE Noise HLS2"
            | "ADBE Ripple"
            | ECHO
    )
}

/// Whether an effect can go by all masks of its layer.
fn takes_masks(match_name: &str) -> bool {
    matches!(match_name, "ADBE Stroke" | "ADBE Fill")
}

fn one(c: &mut Compile, layer: &Layer, effect: &Group) -> EffectTracks {
    let mut parameters = Vec::new();
    let mut opacity = Track::Fixed(100.0);
    tracks::each_property(effect, &mut |property| {
        if property.match_name == "ADBE Effect Mask Opacity" {
            opacity = c.given_number(property);
        }
        if let Some(number) = tracks::number(&property.match_name)
            && let Some(track) = tracks::compile(c, layer, property)
        {
            c.ignored_setting(&effect.match_name, number, property);
            parameters.push((number, track));
        }
    });
    parameters.sort_by_key(|(number, _)| *number);
    parameters.dedup_by_key(|(number, _)| *number);
    let masks = if takes_masks(&effect.match_name) {
        tracks::mask_paths(c, layer)
    } else {
        Vec::new()
    };
    EffectTracks {
        origin: c.origin(),
        masks,
        moves_by_itself: moves_by_itself(&effect.match_name),
        match_name: effect.match_name.as_ref().into(),
        parameters,
        opacity,
    }
}

impl EffectTracks {
    /// Finds the layers it refers to among the compiled ones.
    pub fn link(&mut self, index: impl Fn(LayerId) -> Option<usize>) {
        for (_, parameter) in &mut self.parameters {
            if let ParameterTrack::Layer { id, index: found } = parameter {
                *found = id.and_then(&index);
            }
        }
    }

    /// Whether it can differ between times.
    pub fn is_animated(&self) -> bool {
        self.moves_by_itself
            || self.opacity.is_animated()
            || self.masks.iter().any(MaskPath::is_animated)
            || self.parameters.iter().any(|(_, parameter)| parameter.is_animated())
    }

    /// A parameter that is a number, at a time.
    pub fn number(&self, number: u32, time: f64) -> Option<f64> {
        let (_, track) = self.parameters.iter().find(|(n, _)| *n == number)?;
        match track {
            ParameterTrack::Number(track) => Some(track.at(time)),
            _ => None,
        }
    }

    /// The frames per second it holds time to, if it does.
    pub fn posterized(&self, time: f64) -> Option<f64> {
        let rate = (*self.match_name == *POSTERIZE_TIME).then(|| self.number(1, time).unwrap_or(24.0))?;
        (rate > 0.0).then_some(rate)
    }

    /// How far away in seconds the pictures of other times are that it shows, nearest first.
    pub fn echo_times(&self, time: f64) -> Vec<f64> {
        if *self.match_name != *ECHO {
            return Vec::new();
        }
        let step = self.number(1, time).unwrap_or(-1.0 / 30.0);
        let count = self.number(2, time).unwrap_or(1.0).round().clamp(0.0, MOST_ECHOES);
        (1..=count as u32).map(|i| step * f64::from(i)).collect()
    }

    /// The effect at a layer time; pictures of other layers and times come from `references`.
    pub fn at(&self, time: f64, references: &impl References) -> crate::frame::Effect {
        crate::frame::Effect {
            origin: self.origin,
            match_name: Arc::clone(&self.match_name),
            parameters: self
                .parameters
                .iter()
                .map(|(number, track)| (*number, track.at(time, references)))
                .collect(),
            opacity: (self.opacity.at(time) / 100.0).clamp(0.0, 1.0) as f32,
            time: if self.moves_by_itself { time } else { 0.0 },
            echoes: Vec::new(),
            outlines: self.masks.iter().map(|mask| mask.at(time)).collect(),
        }
    }
}
