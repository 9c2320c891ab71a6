//! Panels, fonts, footage, effects, expressions, warnings.

use schemars::JsonSchema;
use serde::Serialize;

/// The Essential Graphics panel of a composition.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PanelReport {
    /// Name of the composition.
    pub composition: String,
    /// Its id.
    pub composition_id: u32,
    /// The name the template is exported under.
    pub name: String,
    /// Controls from top to bottom, groups before what is in them.
    pub controls: Vec<ControlReport>,
}

/// A control of an Essential Graphics panel.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ControlReport {
    /// Its id, unique in the template.
    pub id: String,
    /// The name shown.
    pub name: String,
    /// Names of the groups it is in and its own, joined by `.`, or by `->` where a name has a dot: an `essential`
    /// asset's `layerName`.
    pub path: String,
    /// How many groups it is in.
    pub depth: usize,
    /// `checkbox`, `slider`, `angle`, `color`, `point`, `text`, `comment`, `scale`, `group`, `dropdown`, `media` or
    /// `unknown`.
    pub kind: &'static str,
    /// Its value as the panel shows it; null for groups and media. Colours are red, green, blue, alpha 0..1; a
    /// dropdown's counts from 1.
    pub value: serde_json::Value,
    /// Smallest number that can be chosen.
    pub min: Option<f64>,
    /// Largest number that can be chosen.
    pub max: Option<f64>,
    /// The choices of a dropdown.
    pub choices: Vec<String>,
    /// The properties it drives.
    pub drives: Vec<DrivenReport>,
}

/// A property a control drives.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DrivenReport {
    /// Name of the composition.
    pub composition: String,
    /// Its id.
    pub composition_id: u32,
    /// Name of the layer.
    pub layer: String,
    /// Its index.
    pub layer_index: usize,
    /// The property's path, as a `data` asset writes it; null when it could not be found.
    pub property: Option<String>,
    /// Match names on the way to it.
    pub match_names: Vec<String>,
    /// Why it could not be found.
    pub problem: Option<String>,
}

/// What becomes of a font.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum FontState {
    /// It is there.
    Present,
    /// The template carries the outlines of its characters.
    Carried,
    /// Another one is used.
    Substituted,
    /// There is no font at all; its text is not drawn.
    Missing,
}

/// A font the texts ask for.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FontReport {
    /// Its PostScript name, as the template has it.
    pub name: String,
    /// Its family, where the template tells.
    pub family: String,
    /// Its style, where the template tells.
    pub style: String,
    /// What becomes of it.
    pub state: FontState,
    /// PostScript name of the face used; null where there is none.
    pub face: Option<String>,
    /// The file of that face, where it is the one asked for.
    pub font_file: Option<String>,
    /// Whether that file came with the template.
    pub in_template: bool,
    /// How many text layers ask for it.
    pub layers: usize,
    /// The first of them, such as `Main > Title`.
    pub used_by: Vec<String>,
    /// Characters of its texts that no font at hand has a glyph for.
    pub without_glyph: String,
}

/// File footage or a placeholder.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FootageReport {
    /// Its item id.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// Folders of the project panel it is in, outermost first.
    pub folders: Vec<String>,
    /// `still`, `film`, `sequence`, `sound` or `placeholder`, as the project knows it.
    pub kind: &'static str,
    /// `file`, `embedded` (its bytes are in the template) or `placeholder`.
    pub source: &'static str,
    /// The author's path.
    pub path: Option<String>,
    /// Whether its file was found (relative path, then file name, in the template's folder) and can be read.
    pub found: bool,
    /// The file found, relative to the template's folder.
    pub found_at: Option<String>,
    /// Why there is no picture.
    pub problem: Option<String>,
    /// Width in pixels as the project knows it, else of the file found.
    pub width: u32,
    /// Height in pixels as the project knows it, else of the file found.
    pub height: u32,
    /// Seconds; 0 for stills.
    pub duration: f64,
    /// Frames per second; 0 for stills.
    pub frame_rate: f64,
    /// How its alpha is read: `straight`, `premultiplied` or `ignore`.
    pub alpha: &'static str,
    /// How often it plays.
    pub loops: u32,
    /// How many layers show it.
    pub layers: usize,
}

/// A use of an effect or a layer style.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EffectReport {
    /// Name of the composition.
    pub composition: String,
    /// Its id.
    pub composition_id: u32,
    /// Name of the layer.
    pub layer: String,
    /// Its index.
    pub layer_index: usize,
    /// Its name on this layer.
    pub name: String,
    /// After Effects' match name.
    pub match_name: String,
    /// Whether it is switched on.
    pub enabled: bool,
    /// `supported`, `approximate` or `unsupported`.
    pub support: &'static str,
    /// What is drawn instead.
    pub why: Option<&'static str>,
}

/// An expression.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExpressionReport {
    /// Name of the composition.
    pub composition: String,
    /// Its id.
    pub composition_id: u32,
    /// Name of the layer.
    pub layer: String,
    /// Its index.
    pub layer_index: usize,
    /// The property's path, as a `data` asset writes it.
    pub property: String,
    /// Whether it is switched on.
    pub enabled: bool,
    /// `javascript` or `extendscript`.
    pub dialect: &'static str,
    /// After Effects' functions and attributes it uses, such as `wiggle`, `thisComp.layer`; sorted.
    pub functions: Vec<String>,
    /// Functions it calls that are neither After Effects', JavaScript's nor its own; sorted.
    pub unknown: Vec<String>,
    /// Its text; cut after 4000 characters.
    pub text: String,
}

/// A warning.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WarningReport {
    /// Where, such as `Main > Title > Effects > Glow`; may be empty.
    pub place: String,
    /// `malformed`, `unsupported`, `approximated`, `missing` or `limit`.
    pub kind: &'static str,
    /// What.
    pub message: String,
}
