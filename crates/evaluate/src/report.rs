//! What a layer has that is not drawn as After Effects draws it, said once when a scene is made.

use filmpress_composition::{Group, Kind, Layer, LayerKind, schema};

use crate::compile::Compile;

/// Effects that hold parameters for expressions and draw nothing.
const CONTROLS: &[&str] = &[
    "ADBE Slider Control",
    "ADBE Checkbox Control",
    "ADBE Color Control",
    "ADBE Point Control",
    "ADBE Point3D Control",
    "ADBE Angle Control",
    "ADBE Layer Control",
    "ADBE Dropdown Control",
];

/// Reports a layer's effects, layer styles and switches. The place is the layer.
pub(crate) fn layer(c: &mut Compile, layer: &Layer, motion_blur: bool) {
    if layer.switches.effects
        && let Some(effects) = layer.properties.group(schema::EFFECTS)
    {
        c.inside("Effects", |c| {
            for effect in effects.groups().filter(|e| e.enabled && !is_control(e)) {
                c.inside(&effect.name, |c| {
                    c.warn(
                        Kind::Unsupported,
                        format!("effect `{}` is not drawn", effect.match_name),
                    );
                });
            }
        });
    }
    if let Some(styles) = layer.properties.group("ADBE Layer Styles") {
        c.inside("Layer Styles", |c| {
            for style in styles.groups() {
                if style.enabled && style.match_name != "ADBE Blend Options Group" {
                    c.inside(&style.name, |c| c.warn(Kind::Unsupported, "layer style is not drawn"));
                }
            }
        });
    }
    if layer.switches.motion_blur && motion_blur {
        c.warn(Kind::Unsupported, "motion blur is not drawn");
    }
    if layer.switches.three_d {
        c.warn(
            Kind::Approximated,
            "3D layer is drawn flat: perspective is exact only for layers parallel to the camera; lights are ignored",
        );
    }
    if layer.switches.frame_blending && matches!(layer.kind, LayerKind::Av(_)) {
        c.warn(Kind::Unsupported, "frame blending is not drawn");
    }
    if layer.kind == LayerKind::Unknown {
        c.warn(Kind::Unsupported, "this kind of layer is not drawn");
    }
}

fn is_control(effect: &Group) -> bool {
    CONTROLS.contains(&&*effect.match_name) || effect.match_name.starts_with("Pseudo/")
}
