//! Layers and the texts in them.

use schemars::JsonSchema;
use serde::Serialize;

use super::MarkerReport;

/// A layer.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LayerReport {
    /// Place in the stack, 1 is the topmost: a job's `layerIndex`.
    pub index: usize,
    /// Its id, unique in its composition.
    pub id: u32,
    /// The name shown: a job's `layerName`. Blanks at its ends are part of it.
    pub name: String,
    /// Whether the designer set the name; otherwise it is the source's or an automatic one.
    pub name_is_set: bool,
    /// `composition`, `solid`, `footage`, `text`, `shape`, `null`, `camera`, `light`, `audio` or `unknown`.
    pub kind: &'static str,
    /// Name of the item it shows; a job's `layerName` too where no layer shows that name.
    pub source: Option<String>,
    /// The item's id.
    pub source_id: Option<u32>,
    /// `composition`, `solid`, `still`, `film`, `sequence`, `sound` or `placeholder`; null where it shows no item.
    pub source_kind: Option<&'static str>,
    /// The eye.
    pub enabled: bool,
    /// First moment shown, composition time in seconds.
    pub in_point: f64,
    /// First moment no longer shown, composition time in seconds.
    pub out_point: f64,
    /// Composition time at which its source's time 0 shows, seconds.
    pub start_time: f64,
    /// How much longer than its source it lasts: 1 is 100 %, negative is backwards.
    pub stretch: f64,
    /// Whether time remapping is on.
    pub time_remap: bool,
    /// Name of the layer its transform is relative to.
    pub parent: Option<String>,
    /// That layer's index.
    pub parent_index: Option<usize>,
    /// Its track matte.
    pub track_matte: Option<MatteReport>,
    /// After Effects' English name of its blending mode.
    pub blending_mode: &'static str,
    /// Switches that are on: `motionBlur`, `threeDLayer`, `adjustmentLayer`, `guideLayer`, `collapseTransformation`,
    /// `preserveTransparency`, `frameBlending`, `solo`, `shy`, `locked`.
    pub switches: Vec<&'static str>,
    /// How many masks it has.
    pub masks: usize,
    /// Names of its effects in order.
    pub effects: Vec<String>,
    /// Paths of the properties with keyframes or an expression, as a `data` asset writes them.
    pub animated: Vec<String>,
    /// Layer markers in order of time.
    pub markers: Vec<MarkerReport>,
    /// Where it lies; null where it shows nothing or that is not known.
    pub bounds: Option<BoundsReport>,
}

/// Where a layer lies in its composition, in pixels, y down: before masks, effects and mattes, with its strokes,
/// whether or not it is hidden.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BoundsReport {
    /// Left edge.
    pub left: f64,
    /// Top edge.
    pub top: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
    /// The composition time looked at, seconds: 0, or the layer's in point when it does not show at 0.
    pub time: f64,
    /// Whether it is the in point.
    pub at_in_point: bool,
}

/// A track matte.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MatteReport {
    /// Name of the matte layer.
    pub layer: Option<String>,
    /// Its index.
    pub layer_index: Option<usize>,
    /// `alpha` or `luma`.
    pub kind: &'static str,
    /// Whether it is inverted.
    pub inverted: bool,
}

/// A text layer's text, as it is at the beginning.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TextReport {
    /// Name of its composition.
    pub composition: String,
    /// Its id.
    pub composition_id: u32,
    /// Name of the layer.
    pub layer: String,
    /// Its index.
    pub layer_index: usize,
    /// The text, lines ended by `\n`; cut after 2000 characters.
    pub text: String,
    /// PostScript name of its first font.
    pub font: String,
    /// Size of its first characters, pixels per em.
    pub font_size: f64,
    /// Fill of its first characters: red, green, blue, alpha 0..1; null when the fill is off.
    pub fill: Option<[f64; 4]>,
    /// `left`, `right`, `center`, `fullLastLeft`, `fullLastRight`, `fullLastCenter` or `full`: its first paragraph.
    pub justification: &'static str,
    /// The frame of paragraph text; null for point text.
    #[serde(rename = "box")]
    pub text_box: Option<TextBoxReport>,
    /// Whether its lines run from top to bottom.
    pub vertical: bool,
    /// Stretches of one look.
    pub runs: Vec<RunReport>,
    /// How many keyframes its `Source Text` has.
    pub keyframes: usize,
    /// Whether an expression drives its `Source Text`: a text put in by a job is what the expression starts from.
    pub has_expression: bool,
    /// How many animators it has.
    pub animators: usize,
    /// Characters no font at hand has a glyph for.
    pub without_glyph: String,
}

/// The frame of paragraph text, in the layer's own pixels.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TextBoxReport {
    /// Left edge.
    pub left: f64,
    /// Top edge.
    pub top: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
    /// Where its lines are: `top`, `center`, `bottom` or `justify`.
    pub alignment: &'static str,
}

/// Characters of one look.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RunReport {
    /// How many characters.
    pub length: usize,
    /// PostScript name of the font.
    pub font: String,
    /// Pixels per em.
    pub font_size: f64,
    /// Red, green, blue, alpha 0..1; null when the fill is off.
    pub fill: Option<[f64; 4]>,
    /// Red, green, blue, alpha 0..1; null when the stroke is off.
    pub stroke: Option<[f64; 4]>,
    /// Stroke width in pixels.
    pub stroke_width: f64,
    /// Extra space after each character, 1/1000 em.
    pub tracking: f64,
    /// Distance between baselines in pixels; null is automatic.
    pub leading: Option<f64>,
}
