//! What a job can fill.

use schemars::JsonSchema;
use serde::Serialize;

/// What a slot takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum SlotKind {
    /// A text.
    Text,
    /// A picture, a film or a sound.
    Media,
    /// A colour.
    Color,
    /// A number, a point, an angle, a choice: a control effect or an Essential Graphics control.
    Control,
}

/// Something a job can fill.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SlotReport {
    /// What it takes.
    pub kind: SlotKind,
    /// What to call it: the layer's name, with the property's where a layer has several slots.
    pub label: String,
    /// Name of its composition.
    pub composition: String,
    /// Its id.
    pub composition_id: u32,
    /// Name of the layer; empty for Essential Graphics controls.
    pub layer: String,
    /// Index of the layer; 0 for Essential Graphics controls.
    pub layer_index: usize,
    /// The asset a job writes, but for its value (`value` or `src`).
    pub asset: SlotAsset,
    /// What is there now: a text, a number, a list of numbers (colours 0..1), the name of the footage; null where there
    /// is nothing to show.
    pub value: serde_json::Value,
    /// Whether keyframes change it over time: a value put in by a job replaces them.
    pub animated: bool,
    /// Whether an expression drives it: a value put in by a job is only what the expression starts from.
    pub has_expression: bool,
    /// The id of the slot in a Lottie file, where its author made it one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lottie_slot: Option<String>,
    /// How many layers the asset changes. More than 1 where compositions share their name.
    pub lands_on: usize,
}

/// An asset of a job without its value.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SlotAsset {
    /// `text`, `image`, `video`, `audio`, `data` or `essential`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The layer by name, or the control by its path of names for `essential`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer_name: Option<String>,
    /// The layer by index, where its name would mean others too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer_index: Option<usize>,
    /// The composition, or the way to it (`Main->Card`) where others share its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub composition: Option<String>,
    /// The property of a `data` asset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub property: Option<String>,
}
