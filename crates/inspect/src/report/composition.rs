//! Compositions and what can be said of them.

use schemars::JsonSchema;
use serde::Serialize;

use super::LayerReport;

/// A composition.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CompositionReport {
    /// Its item id, unique in the project.
    pub id: u32,
    /// A job's `composition`.
    pub name: String,
    /// Folders of the project panel it is in, outermost first.
    pub folders: Vec<String>,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Width of a pixel over its height.
    pub pixel_aspect: f64,
    /// Frames per second.
    pub frame_rate: f64,
    /// Seconds.
    pub duration: f64,
    /// How many frames a film of all of it has.
    pub frames: u32,
    /// The work area; null when it is the whole composition.
    pub work_area: Option<SpanReport>,
    /// Background colour: red, green, blue 0..1.
    pub background: [f64; 3],
    /// Motion blur of the composition; null when it is off.
    pub motion_blur: Option<MotionBlurReport>,
    /// Composition markers in order of time.
    pub markers: Vec<MarkerReport>,
    /// Compositions that have it as a layer.
    pub used_by: Vec<UseReport>,
    /// Whether it can be drawn.
    pub verdict: Verdict,
    /// Layers in stacking order, topmost first.
    pub layers: Vec<LayerReport>,
}

/// A stretch of time in seconds.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SpanReport {
    /// Where it starts.
    pub start: f64,
    /// How long it is.
    pub duration: f64,
}

/// The shutter of a composition.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MotionBlurReport {
    /// Degrees, 0..720.
    pub shutter_angle: f64,
    /// Degrees.
    pub shutter_phase: f64,
    /// Samples of a frame.
    pub samples: u32,
}

/// A marker.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MarkerReport {
    /// When, seconds: composition time, for a layer's markers layer time.
    pub time: f64,
    /// How long, seconds.
    pub duration: f64,
    /// Its comment.
    pub comment: String,
}

/// A composition that uses another.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UseReport {
    /// Its item id.
    pub id: u32,
    /// Its name.
    pub name: String,
}

/// Whether all of something is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// As After Effects draws it.
    #[default]
    Full,
    /// All of it, some of it in a simpler way.
    Approximate,
    /// Something is missing or not drawn.
    Incomplete,
}

/// Whether a composition can be drawn, with everything nested in it.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// In one word.
    pub outcome: Outcome,
    /// In one line: `draws fully`, or `missing: ...; not drawn: ...; approximately: ...`.
    pub summary: String,
    /// Footage and fonts that are not there.
    pub missing: Vec<Finding>,
    /// What is not drawn.
    pub not_drawn: Vec<Finding>,
    /// What is drawn in a simpler way, or cut by a limit.
    pub approximated: Vec<Finding>,
}

/// A shortcoming and where it is.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// What it is.
    pub feature: String,
    /// In how many places.
    pub count: usize,
    /// The first of them, such as `Main > Title`.
    pub layers: Vec<String>,
}
