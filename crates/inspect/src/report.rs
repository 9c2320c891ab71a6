//! What is in a template.

use std::collections::{BTreeMap, BTreeSet};

use filmpress_composition::{
    Composition, Diagnostics, Dialect, FootageSource, Item, ItemId, ItemKind, Layer, LayerKind, MatteKind, Place,
    Project, TextDocument, Value, Warned, lookup, schema,
};
use filmpress_evaluate::text::FontBook;
use filmpress_evaluate::{FootageInfo, Scene, World};
use filmpress_formats::Template;
use serde::Serialize;

use crate::Surroundings;

/// Raised when a member changes its meaning or goes away; new members do not raise it.
pub const SCHEMA: u32 = 1;

/// What is in a template.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The version of this form.
    pub schema: u32,
    /// The name of the file.
    pub file: String,
    /// Program and version that wrote it; empty when unknown.
    pub written_by: String,
    /// 8, 16 or 32.
    pub bits_per_channel: u8,
    /// `javascript` or `extendscript`.
    pub expression_dialect: &'static str,
    /// What `render` draws without `--composition`; null when it would ask.
    pub main_composition: Option<String>,
    /// In project panel order.
    pub compositions: Vec<CompositionReport>,
    /// Text layers.
    pub texts: Vec<TextReport>,
    /// Fonts the texts ask for.
    pub fonts: Vec<FontReport>,
    /// File footage and placeholders.
    pub footage: Vec<FootageReport>,
    /// Effects by match name.
    pub effects: Vec<EffectReport>,
    /// Expressions.
    pub expressions: Vec<ExpressionReport>,
    /// What is less than perfect.
    pub warnings: Vec<WarningReport>,
}

/// A part of the report.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CompositionReport {
    /// Id.
    pub id: u32,
    /// Name.
    pub name: String,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
    /// Frame rate.
    pub frame_rate: f64,
    /// Seconds.
    pub duration: f64,
    /// Frames.
    pub frames: u32,
    /// Background.
    pub background: [f64; 3],
    /// Names of the compositions that use it.
    pub used_by: Vec<String>,
    /// Layers.
    pub layers: Vec<LayerReport>,
}

/// A part of the report.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LayerReport {
    /// Place in the stack, 1 is the topmost: a job's `layerIndex`.
    pub index: usize,
    /// Id.
    pub id: u32,
    /// A job's `layerName`.
    pub name: String,
    /// Name is set.
    pub name_is_set: bool,
    /// Kind.
    pub kind: &'static str,
    /// Source.
    pub source: Option<String>,
    /// Enabled.
    pub enabled: bool,
    /// In point.
    pub in_point: f64,
    /// Out point.
    pub out_point: f64,
    /// Start time.
    pub start_time: f64,
    /// Stretch.
    pub stretch: f64,
    /// Parent.
    pub parent: Option<String>,
    /// Track matte.
    pub track_matte: Option<MatteReport>,
    /// Blending mode.
    pub blending_mode: String,
    /// Switches that are on, by After Effects' names.
    pub switches: Vec<&'static str>,
    /// Masks.
    pub masks: usize,
    /// Effects by match name.
    pub effects: Vec<String>,
    /// Paths of the properties with keyframes or an expression, as a `data` asset writes them.
    pub animated: Vec<String>,
}

/// A part of the report.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MatteReport {
    /// Layer.
    pub layer: Option<String>,
    /// Kind.
    pub kind: &'static str,
    /// Inverted.
    pub inverted: bool,
}

/// A part of the report.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TextReport {
    /// Composition.
    pub composition: String,
    /// Layer.
    pub layer: String,
    /// Text.
    pub text: String,
    /// Font.
    pub font: String,
    /// Font size.
    pub font_size: f64,
}

/// A part of the report.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FontReport {
    /// Name.
    pub name: String,
    /// Family.
    pub family: String,
    /// Style.
    pub style: String,
    /// How many text layers ask for it.
    pub layers: usize,
    /// Whether its file came with the template.
    pub in_template: bool,
}

/// A part of the report.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FootageReport {
    /// Id.
    pub id: u32,
    /// Name.
    pub name: String,
    /// `file`, `embedded` (its bytes are in the template) or `placeholder`.
    pub source: &'static str,
    /// Path.
    pub path: Option<String>,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
    /// Seconds; 0 for stills.
    pub duration: f64,
    /// Layers.
    pub layers: usize,
}

/// A part of the report.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EffectReport {
    /// Match name.
    pub match_name: String,
    /// Name.
    pub name: String,
    /// Uses.
    pub uses: usize,
}

/// A part of the report.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExpressionReport {
    /// Composition.
    pub composition: String,
    /// Layer.
    pub layer: String,
    /// Property.
    pub property: String,
    /// Enabled.
    pub enabled: bool,
    /// Text.
    pub text: String,
}

/// A part of the report.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WarningReport {
    /// Place.
    pub place: String,
    /// Kind.
    pub kind: &'static str,
    /// Message.
    pub message: String,
}

impl Report {
    /// Gathers everything.
    pub(crate) fn new(read: &Warned<Template>, name: &str, around: &Surroundings<'_>) -> Self {
        let template = &read.value;
        let warnings = &warnings(read, around);
        let project = &template.project;
        let main = lookup::main_composition(project, None, template.main_composition).ok();
        let mut report = Self {
            schema: SCHEMA,
            file: name.to_owned(),
            written_by: project.written_by.clone(),
            bits_per_channel: project.bits_per_channel,
            expression_dialect: match project.dialect {
                Dialect::JavaScript => "javascript",
                Dialect::ExtendScript => "extendscript",
            },
            main_composition: main.and_then(|id| Some(project.item(id)?.name.clone())),
            compositions: project
                .compositions()
                .map(|(item, c)| composition(project, item, c))
                .collect(),
            texts: Vec::new(),
            fonts: Vec::new(),
            footage: project.items.iter().filter_map(|item| footage(project, item)).collect(),
            effects: Vec::new(),
            expressions: Vec::new(),
            warnings: warnings
                .iter()
                .map(|w| WarningReport {
                    place: w.place.to_string(),
                    kind: w.kind.as_str(),
                    message: w.message.clone(),
                })
                .collect(),
        };
        let mut effects = BTreeMap::new();
        let mut fonts: BTreeMap<String, FontReport> = BTreeMap::new();
        for (item, composition) in project.compositions() {
            for layer in &composition.layers {
                for effect in layer
                    .properties
                    .group(schema::EFFECTS)
                    .into_iter()
                    .flat_map(filmpress_composition::Group::groups)
                {
                    let entry = effects
                        .entry(effect.match_name.to_string())
                        .or_insert((effect.name.to_string(), 0));
                    entry.1 += 1;
                }
                report.add_texts(item, layer, template, &mut fonts);
                report.add_expressions(item, layer);
            }
        }
        report.fonts = fonts.into_values().collect();
        report.effects = effects
            .into_iter()
            .map(|(match_name, (name, uses))| EffectReport { match_name, name, uses })
            .collect();
        report
    }

    fn add_texts(&mut self, item: &Item, layer: &Layer, template: &Template, fonts: &mut BTreeMap<String, FontReport>) {
        let Some(document) = document(layer) else { return };
        let style = document.first_style();
        self.texts.push(TextReport {
            composition: item.name.clone(),
            layer: layer.name.clone(),
            text: document.text.replace(['\r', '\u{3}'], "\n"),
            font: style.font.clone(),
            font_size: style.size,
        });
        let mut counted: Vec<&str> = Vec::new();
        for style in document.runs.iter().map(|run| &run.style) {
            if counted.contains(&style.font.as_str()) {
                continue;
            }
            counted.push(&style.font);
            let plain = |name: &str| name.to_lowercase().replace([' ', '-', '_'], "");
            let in_template = || {
                let stem = |name: &str| plain(name.rsplit_once('.').map_or(name, |(stem, _)| stem));
                template.fonts.iter().any(|file| stem(&file.name) == plain(&style.font))
            };
            fonts
                .entry(style.font.clone())
                .or_insert_with(|| FontReport {
                    name: style.font.clone(),
                    family: style.font_family.clone(),
                    style: style.font_style.clone(),
                    layers: 0,
                    in_template: in_template(),
                })
                .layers += 1;
        }
    }

    fn add_expressions(&mut self, item: &Item, layer: &Layer) {
        layer.properties.visit(&mut |above, property| {
            if let Some(expression) = &property.expression {
                self.expressions.push(ExpressionReport {
                    composition: item.name.clone(),
                    layer: layer.name.clone(),
                    property: path(above.iter().skip(1).map(|g| &*g.name), &property.name),
                    enabled: expression.enabled,
                    text: expression.text.clone(),
                });
            }
        });
    }
}

/// Most compositions looked into for warnings; a project may hold thousands that have nothing to do with each other.
const MAX_STAGED: usize = 50;

/// What was found less than perfect while reading, and what would be while drawing.
fn warnings(read: &Warned<Template>, around: &Surroundings<'_>) -> Diagnostics {
    struct Outside<'a> {
        fonts: &'a FontBook,
        footage: BTreeMap<ItemId, FootageInfo>,
    }
    impl World for Outside<'_> {
        fn fonts(&self) -> &FontBook {
            self.fonts
        }
        fn footage(&self, item: ItemId) -> Option<FootageInfo> {
            self.footage.get(&item).copied()
        }
    }
    let mut warnings = read.warnings.clone();
    let mut world = Outside {
        fonts: around.fonts,
        footage: BTreeMap::new(),
    };
    for item in &read.value.project.items {
        let ItemKind::Footage(footage) = &item.kind else {
            continue;
        };
        match (around.footage)(&item.name, footage) {
            Ok(info) => {
                world.footage.insert(item.id, info);
            }
            Err((kind, message)) => warnings.push(&Place(vec![item.name.clone()]), kind, message),
        }
    }
    for id in outermost(&read.value) {
        // Only its warnings are wanted: they say what is missing, and what would be drawn in another way.
        if let Ok(scene) = Scene::new(&read.value.project, id, &world) {
            warnings.extend(scene.warnings);
        }
    }
    warnings
}

/// The main composition, or where there is none the compositions no other uses.
fn outermost(template: &Template) -> Vec<ItemId> {
    if let Ok(main) = lookup::main_composition(&template.project, None, template.main_composition) {
        return vec![main];
    }
    let layers = template.project.compositions().flat_map(|(_, c)| &c.layers);
    let used: BTreeSet<ItemId> = layers.filter_map(Layer::source).collect();
    let all = template.project.compositions().map(|(item, _)| item.id);
    all.filter(|id| !used.contains(id)).take(MAX_STAGED).collect()
}

/// The text document at the beginning.
fn document(layer: &Layer) -> Option<&TextDocument> {
    let property = layer.properties.group(schema::TEXT)?.property(schema::SOURCE_TEXT)?;
    match property.keyframes.first().map_or(&property.value, |key| &key.value) {
        Value::Text(document) => Some(document),
        _ => None,
    }
}

fn path<'a>(groups: impl Iterator<Item = &'a str>, property: &'a str) -> String {
    let names: Vec<&str> = groups.chain([property]).collect();
    names.join(if names.iter().any(|name| name.contains('.')) {
        "->"
    } else {
        "."
    })
}

fn composition(project: &Project, item: &Item, composition: &Composition) -> CompositionReport {
    let uses = |other: &Composition| other.layers.iter().any(|layer| layer.source() == Some(item.id));
    CompositionReport {
        id: item.id.0,
        name: item.name.clone(),
        width: composition.width,
        height: composition.height,
        frame_rate: composition.frame_rate,
        duration: composition.duration,
        frames: composition.frame_count(),
        background: composition.background,
        used_by: project
            .compositions()
            .filter(|(_, c)| uses(c))
            .map(|(item, _)| item.name.clone())
            .collect(),
        layers: composition
            .layers
            .iter()
            .enumerate()
            .map(|(i, layer)| report_layer(project, composition, i + 1, layer))
            .collect(),
    }
}

fn report_layer(project: &Project, composition: &Composition, index: usize, layer: &Layer) -> LayerReport {
    let name_of = |id| composition.layer(id).map(|layer| layer.name.clone());
    let mut animated = Vec::new();
    layer.properties.visit(&mut |above, property| {
        if property.is_animated() {
            animated.push(path(above.iter().skip(1).map(|g| &*g.name), &property.name));
        }
    });
    let s = &layer.switches;
    let switches = [
        ("motionBlur", s.motion_blur),
        ("threeDLayer", s.three_d),
        ("adjustmentLayer", s.adjustment),
        ("guideLayer", s.guide),
        ("collapseTransformation", s.collapse),
        ("preserveTransparency", s.preserve_transparency),
        ("frameBlending", s.frame_blending),
        ("solo", s.solo),
        ("shy", s.shy),
        ("locked", s.locked),
    ];
    LayerReport {
        index,
        id: layer.id.0,
        name: layer.name.clone(),
        name_is_set: layer.name_is_set,
        kind: kind(project, layer),
        source: layer.source().and_then(|id| Some(project.item(id)?.name.clone())),
        enabled: s.enabled,
        in_point: layer.in_point,
        out_point: layer.out_point,
        start_time: layer.start_time,
        stretch: layer.stretch,
        parent: layer.parent.and_then(name_of),
        track_matte: layer.track_matte.map(|matte| MatteReport {
            layer: name_of(matte.layer),
            kind: match matte.kind {
                MatteKind::Alpha => "alpha",
                MatteKind::Luma => "luma",
            },
            inverted: matte.inverted,
        }),
        blending_mode: format!("{:?}", layer.blending_mode),
        switches: switches
            .into_iter()
            .filter(|(_, on)| *on)
            .map(|(name, _)| name)
            .collect(),
        masks: layer.properties.group(schema::MASKS).map_or(0, |g| g.groups().count()),
        effects: layer
            .properties
            .group(schema::EFFECTS)
            .map(|g| g.groups().map(|effect| effect.name.to_string()).collect())
            .unwrap_or_default(),
        animated,
    }
}

fn kind(project: &Project, layer: &Layer) -> &'static str {
    match layer.kind {
        LayerKind::Av(id) => match project.item(id).map(|item| &item.kind) {
            Some(ItemKind::Composition(_)) => "composition",
            Some(ItemKind::Solid(_)) => "solid",
            _ => "footage",
        },
        LayerKind::Null => "null",
        LayerKind::Text => "text",
        LayerKind::Shape => "shape",
        LayerKind::Camera => "camera",
        LayerKind::Light(_) => "light",
        LayerKind::Audio(_) => "audio",
        LayerKind::Unknown => "unknown",
    }
}

fn footage(project: &Project, item: &Item) -> Option<FootageReport> {
    let ItemKind::Footage(footage) = &item.kind else {
        return None;
    };
    let (source, path) = match &footage.source {
        FootageSource::File(path) => ("file", Some(path.clone())),
        FootageSource::Embedded(_) => ("embedded", None),
        FootageSource::Placeholder => ("placeholder", None),
    };
    let layers = project.compositions().flat_map(|(_, c)| &c.layers);
    Some(FootageReport {
        id: item.id.0,
        name: item.name.clone(),
        source,
        path,
        width: footage.width,
        height: footage.height,
        duration: footage.duration,
        layers: layers.filter(|layer| layer.source() == Some(item.id)).count(),
    })
}
