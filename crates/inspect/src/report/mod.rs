//! The report: plain data with a documented, versioned form. `docs/inspect.md` explains it, `docs/inspect.schema.json`
//! is generated from these types.
//!
//! Lists are cut where a template is absurdly large, with a warning of kind `limit`; see [`crate::limits`].

mod composition;
mod layer;
mod narrow;
mod parts;
mod slot;

use schemars::JsonSchema;
use serde::Serialize;

pub use composition::{
    CompositionReport, Finding, MarkerReport, MotionBlurReport, Outcome, SpanReport, UseReport, Verdict,
};
pub use layer::{BoundsReport, LayerReport, MatteReport, RunReport, TextBoxReport, TextReport};
pub use parts::{
    ControlReport, DrivenReport, EffectReport, ExpressionReport, FontReport, FontState, FootageReport, PanelReport,
    WarningReport,
};
pub use slot::{SlotAsset, SlotKind, SlotReport};

/// Raised when a member changes its meaning or goes away; new members do not raise it.
pub const SCHEMA: u32 = 2;

/// What is in a template.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The version of this form: 2.
    pub schema: u32,
    /// The file, as it was given.
    pub file: String,
    /// Program and version that wrote it, such as `After Effects 24.3`; empty when unknown.
    pub written_by: String,
    /// Colour depth of the project: 8, 16 or 32.
    pub bits_per_channel: u8,
    /// `javascript` or `extendscript`.
    pub expression_dialect: &'static str,
    /// What `filmpress render` draws when no composition is named; null when it would ask.
    pub main_composition: Option<String>,
    /// The id of that composition.
    pub main_composition_id: Option<u32>,
    /// Compositions in the order of the project panel.
    pub compositions: Vec<CompositionReport>,
    /// Everything a job can fill, with the asset to write for it; in the order of compositions and layers.
    pub slots: Vec<SlotReport>,
    /// Essential Graphics panels that hold controls.
    pub panels: Vec<PanelReport>,
    /// Text layers.
    pub texts: Vec<TextReport>,
    /// Fonts the texts ask for, by name.
    pub fonts: Vec<FontReport>,
    /// File footage and placeholders, in the order of the project panel.
    pub footage: Vec<FootageReport>,
    /// Every use of an effect.
    pub effects: Vec<EffectReport>,
    /// Every use of a layer style.
    pub layer_styles: Vec<EffectReport>,
    /// Expressions.
    pub expressions: Vec<ExpressionReport>,
    /// What is less than perfect: found while reading, missing, not drawn or drawn in another way.
    pub warnings: Vec<WarningReport>,
}
