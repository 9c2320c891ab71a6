//! What a layer has that is not drawn as After Effects draws it, said once when a scene is made. What is said is in
//! the table of `support`.

use filmpress_composition::{
    AutoFit, BoxAlignment, CharacterStyle, Composition, FirstBaseline, Footage, Kind, Layer, LayerKind, ParagraphStyle,
    TextDocument, schema,
};

use crate::compile::Compile;
use crate::support::{self, Topic};

/// Reports a layer's effects, layer styles and switches. The place is the layer.
pub(crate) fn layer(c: &mut Compile, layer: &Layer) {
    if layer.switches.effects
        && let Some(effects) = layer.properties.group(schema::EFFECTS)
    {
        c.inside("Effects", |c| {
            for effect in effects.groups().filter(|e| e.enabled) {
                c.inside(&effect.name, |c| self::effect(c, &effect.match_name));
            }
        });
    }
    if let Some(styles) = layer.properties.group("ADBE Layer Styles") {
        c.inside("Layer Styles", |c| {
            for style in styles.groups() {
                if style.enabled {
                    c.inside(&style.name, |c| c.feature(Topic::LayerStyle, &style.match_name));
                }
            }
        });
    }
    if layer.switches.adjustment {
        c.feature(Topic::LayerSwitch, "adjustmentLayer");
    }
    if layer.switches.motion_blur {
        c.feature(Topic::LayerSwitch, "motionBlur");
    }
    if layer.switches.three_d {
        c.feature(Topic::LayerSwitch, "threeDLayer");
    }
    if layer.switches.frame_blending && matches!(layer.kind, LayerKind::Av(_)) {
        c.feature(Topic::LayerSwitch, "frameBlending");
    }
    if layer.switches.per_character_3d {
        c.feature(Topic::LayerSwitch, "perCharacter3d");
    }
    if layer.kind == LayerKind::Unknown {
        c.feature(Topic::LayerKind, "unknown");
    }
    c.feature(Topic::BlendingMode, layer.blending_mode.name());
}

/// Reports what a text has that is set in a simpler way.
pub(crate) fn text(c: &mut Compile, document: &TextDocument) {
    let run = |is: &dyn Fn(&CharacterStyle) -> bool| document.runs.iter().any(|run| run.length > 0 && is(&run.style));
    let paragraph =
        |is: &dyn Fn(&ParagraphStyle) -> bool| document.paragraphs.iter().any(|p| p.length > 0 && is(&p.style));
    let frame = document.frame.as_ref();
    let found = [
        ("vertical", document.is_vertical),
        ("tsume", run(&|style| style.tsume > 0.0)),
        // Only lines of a box break by themselves.
        ("noBreak", frame.is_some() && run(&|style| style.no_break)),
        ("hyphenate", frame.is_some() && paragraph(&|p| p.hyphenate)),
        (
            "everyLineComposer",
            frame.is_some() && paragraph(&|p| p.every_line_composer),
        ),
        ("hangingPunctuation", paragraph(&|p| p.hanging_punctuation)),
        ("topToTopLeading", paragraph(&|p| p.top_to_top_leading)),
        (
            "firstBaseline",
            frame.is_some_and(|f| f.first_baseline != FirstBaseline::Ascent),
        ),
        (
            "boxJustify",
            frame.is_some_and(|f| f.alignment == BoxAlignment::Justify),
        ),
        ("boxInset", frame.is_some_and(|f| f.inset != 0.0)),
        ("autoFit", frame.is_some_and(|f| f.auto_fit != AutoFit::None)),
    ];
    for (name, _) in found.into_iter().filter(|(_, found)| *found) {
        c.feature(Topic::Text, name);
    }
}

/// Reports how footage is interpreted that is not done.
pub(crate) fn footage(c: &mut Compile, footage: &Footage, layer: &Layer) {
    let is_moving = footage.duration > 0.0 && footage.frame_rate > 0.0;
    let assumed = footage.native_frame_rate > 0.0 && (footage.native_frame_rate - footage.frame_rate).abs() > 0.01;
    let found = [
        ("invertAlpha", footage.invert_alpha),
        ("fields", footage.fields.is_some()),
        ("pulldown", footage.remove_pulldown),
        ("frameRate", is_moving && assumed && footage.sequence.is_none()),
        ("pixelAspect", (footage.pixel_aspect - 1.0).abs() > 1e-6),
        ("layer", footage.layer.is_some()),
        ("sound", footage.has_audio && layer.switches.audio),
    ];
    for (name, _) in found.into_iter().filter(|(_, found)| *found) {
        c.feature(Topic::Footage, name);
    }
}

/// Reports the settings of a composition and of its project that are not followed. The place is the composition.
pub(crate) fn composition(c: &mut Compile, source: &Composition) {
    let color = &c.project.color;
    let is_srgb = |name: &String| name.to_lowercase().contains("srgb");
    let found = [
        ("pixelAspect", (source.pixel_aspect - 1.0).abs() > 1e-6),
        (
            "workingSpace",
            color.working_space.as_ref().is_some_and(|name| !is_srgb(name)),
        ),
        ("linearBlending", color.linear_blending || color.linear_working_space),
        ("depth", c.project.bits_per_channel > 8),
    ];
    for (name, _) in found.into_iter().filter(|(_, found)| *found) {
        c.feature(Topic::Composition, name);
    }
    let has_space = source.layers.iter().any(|l| l.switches.enabled && l.switches.three_d);
    let in_space = || {
        let flat =
            |l: &&Layer| l.switches.enabled && l.switches.three_d && !l.switches.guide && l.kind != LayerKind::Null;
        source.layers.iter().filter(flat)
    };
    if in_space().count() > 1 && in_space().any(is_turned) {
        c.feature(Topic::LayerSwitch, "intersection");
    }
    for layer in source.layers.iter().filter(|l| l.switches.enabled) {
        let kind = match layer.kind {
            LayerKind::Camera if has_space && has_depth_of_field(layer) => "depthOfField",
            LayerKind::Light(_) if has_space => "light",
            LayerKind::Audio(_) if layer.switches.audio => "audio",
            _ => continue,
        };
        c.inside(&layer.name, |c| c.feature(Topic::LayerKind, kind));
    }
}

/// Whether a 3D layer may not be parallel to others: only then can they cut through each other.
fn is_turned(layer: &Layer) -> bool {
    let transform = layer.properties.group(schema::TRANSFORM);
    let turns = ["ADBE Orientation", "ADBE Rotate X", "ADBE Rotate Y"];
    transform.is_some_and(|transform| {
        turns.iter().filter_map(|name| transform.property(name)).any(|turn| {
            let [x, y] = match &turn.value {
                filmpress_composition::Value::Vector(v) => [v.first(), v.get(1)].map(|n| n.copied().unwrap_or(0.0)),
                _ => [0.0; 2],
            };
            !turn.keyframes.is_empty() || x != 0.0 || y != 0.0
        })
    })
}

fn has_depth_of_field(camera: &Layer) -> bool {
    let options = camera.properties.group(crate::camera::OPTIONS);
    options
        .and_then(|options| options.property("ADBE Camera Depth of Field"))
        .is_some_and(|switch| !switch.keyframes.is_empty() || switch.value.as_number().is_some_and(|on| on != 0.0))
}

/// Says which effect it is, as its display name may be anything.
fn effect(c: &mut Compile, match_name: &str) {
    match support::support(Topic::Effect, match_name).warning() {
        None => {}
        Some((Kind::Unsupported, _)) => c.warn(Kind::Unsupported, format!("effect `{match_name}` is not drawn")),
        Some((kind, how)) => c.warn(kind, format!("effect `{match_name}`: {how}")),
    }
}
