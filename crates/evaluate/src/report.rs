//! What a layer has that is not drawn as After Effects draws it, said once when a scene is made. What is said is in
//! the table of `support`.

use filmpress_composition::{Kind, Layer, LayerKind, schema};

use crate::compile::Compile;
use crate::support::{self, Topic};

/// Reports a layer's effects, layer styles and switches. The place is the layer.
pub(crate) fn layer(c: &mut Compile, layer: &Layer, motion_blur: bool) {
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
    if layer.switches.motion_blur && motion_blur {
        c.feature(Topic::LayerSwitch, "motionBlur");
    }
    if layer.switches.three_d {
        c.feature(Topic::LayerSwitch, "threeDLayer");
    }
    if layer.switches.frame_blending && matches!(layer.kind, LayerKind::Av(_)) {
        c.feature(Topic::LayerSwitch, "frameBlending");
    }
    if layer.kind == LayerKind::Unknown {
        c.feature(Topic::LayerKind, "unknown");
    }
    c.feature(Topic::BlendingMode, layer.blending_mode.name());
}

/// Says which effect it is, as its display name may be anything.
fn effect(c: &mut Compile, match_name: &str) {
    match support::support(Topic::Effect, match_name).warning() {
        None => {}
        Some((Kind::Unsupported, _)) => c.warn(Kind::Unsupported, format!("effect `{match_name}` is not drawn")),
        Some((kind, how)) => c.warn(kind, format!("effect `{match_name}`: {how}")),
    }
}
