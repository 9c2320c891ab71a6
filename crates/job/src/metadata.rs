//! What is known of a template once it has been read: the answers of `/v3/templates/{id}/compositions` and `/layers`, and
//! what a job is checked against before it is accepted.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// What is in a template.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TemplateMetadata {
    /// Its compositions, in the project's order.
    pub compositions: Vec<CompositionInfo>,
    /// Their layers, by composition and then by stacking order.
    pub layers: Vec<LayerInfo>,
    /// The fonts its texts ask for.
    pub fonts: Vec<FontNeed>,
    /// The controls of a Motion Graphics template: names by which `essential` assets find them.
    pub controls: Vec<String>,
    /// What will be missing or drawn differently, one sentence each.
    pub warnings: Vec<String>,
}

/// A composition, as v3 tells it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CompositionInfo {
    /// After Effects' id of the item, as text.
    pub aeid: String,
    /// Its name.
    pub name: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Seconds.
    pub duration: f64,
    /// Frames a second.
    pub frame_rate: f64,
    /// What the contract leaves empty: background, fonts, slots ...
    #[schema(value_type = Object)]
    pub data: Map<String, Value>,
}

/// A layer, as v3 tells it. Bounds are those at the layer's first frame, in pixels of its composition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LayerInfo {
    /// The composition's `aeid`, as a number.
    pub composition_id: i64,
    /// After Effects' id of the layer.
    pub aeid: i64,
    /// Its name: its own, or its source's where it has none.
    pub name: String,
    /// Pixels from the top.
    pub top: f64,
    /// Pixels from the left.
    pub left: f64,
    /// Pixels.
    pub width: f64,
    /// Pixels.
    pub height: f64,
    /// Seconds.
    pub start_time: f64,
    /// Seconds.
    pub in_point: f64,
    /// Seconds.
    pub out_point: f64,
    /// `text`, `av`, `shape`, `null`, `camera`, `light` or `adjustment`.
    pub layer_type: String,
    /// `file`, `comp`, `solid` or null.
    pub source_type: Option<String>,
    /// The `aeid` of the composition it shows.
    pub source_comp_id: Option<i64>,
    /// The `aeid` of its parent.
    pub parent_id: Option<i64>,
    /// What the contract leaves empty: `index` (1 is the topmost), `nameIsSet`, `sourceName`, fonts, text, properties,
    /// effects ...
    #[schema(value_type = Object)]
    pub data: Map<String, Value>,
}

/// A font that a template's texts ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FontNeed {
    /// The PostScript name, as stored in the template.
    pub post_script_name: String,
    /// The family, where the template tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// The style, where the template tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub style: Option<String>,
}
