//! Layer styles.

use filmpress_composition::ValueType::{self, Color, Gradient, OneD, TwoD};
use filmpress_composition::{Group, Kind};

use super::json::{self, Object};
use super::reader::Reader;

/// A property of a style: its key in the file, the last part of its match name, its type.
type Field = (&'static str, &'static str, ValueType);

const SHADOW: &[Field] = &[
    ("bm", "mode2", OneD),
    ("c", "color", Color),
    ("o", "opacity", OneD),
    ("a", "localLightingAngle", OneD),
    ("d", "distance", OneD),
    ("ch", "chokeMatte", OneD),
    ("s", "blur", OneD),
    ("no", "noise", OneD),
    ("lc", "layerConceals", OneD),
];

const GLOW: &[Field] = &[
    ("bm", "mode2", OneD),
    ("o", "opacity", OneD),
    ("no", "noise", OneD),
    ("c", "color", Color),
    ("gt", "glowTechnique", OneD),
    ("ch", "chokeMatte", OneD),
    ("s", "blur", OneD),
    ("r", "inputRange", OneD),
    ("j", "shadingNoise", OneD),
    ("sr", "innerGlowSource", OneD),
];

/// Styles by `ty`: match name without `/enabled`, display name, properties.
const STYLES: [(&str, &str, &[Field]); 9] = [
    (
        "frameFX",
        "Stroke",
        &[
            ("bm", "mode2", OneD),
            ("c", "color", Color),
            ("s", "size", OneD),
            ("o", "opacity", OneD),
            ("p", "style", OneD),
        ],
    ),
    ("dropShadow", "Drop Shadow", SHADOW),
    ("innerShadow", "Inner Shadow", SHADOW),
    ("outerGlow", "Outer Glow", GLOW),
    ("innerGlow", "Inner Glow", GLOW),
    (
        "bevelEmboss",
        "Bevel and Emboss",
        &[
            ("bs", "bevelStyle", OneD),
            ("bt", "bevelTechnique", OneD),
            ("sr", "strengthRatio", OneD),
            ("d", "bevelDirection", OneD),
            ("s", "blur", OneD),
            ("sf", "softness", OneD),
            ("a", "localLightingAngle", OneD),
            ("ll", "localLightingAltitude", OneD),
            ("hm", "highlightMode", OneD),
            ("hc", "highlightColor", Color),
            ("ho", "highlightOpacity", OneD),
            ("sm", "shadowMode", OneD),
            ("sc", "shadowColor", Color),
            ("so", "shadowOpacity", OneD),
        ],
    ),
    (
        "chromeFX",
        "Satin",
        &[
            ("bm", "mode2", OneD),
            ("c", "color", Color),
            ("o", "opacity", OneD),
            ("a", "localLightingAngle", OneD),
            ("d", "distance", OneD),
            ("s", "blur", OneD),
            ("in", "invert", OneD),
        ],
    ),
    (
        "solidFill",
        "Color Overlay",
        &[
            ("bm", "mode2", OneD),
            ("c", "color", Color),
            ("so", "opacity", OneD),
            ("o", "opacity", OneD),
        ],
    ),
    (
        "gradientFill",
        "Gradient Overlay",
        &[
            ("bm", "mode2", OneD),
            ("o", "opacity", OneD),
            ("gf", "gradient", Gradient),
            ("gs", "gradientSmoothness", OneD),
            ("a", "angle", OneD),
            ("gt", "type", OneD),
            ("re", "reverse", OneD),
            ("al", "align", OneD),
            ("s", "scale", OneD),
            ("of", "offset", TwoD),
        ],
    ),
];

impl Reader<'_> {
    /// The group of layer styles; `None` when the layer has none.
    pub fn layer_styles(&mut self, layer: &Object) -> Option<Group> {
        let styles = self.objects(layer, "sy");
        if styles.is_empty() {
            return None;
        }
        let mut all = Group::new("ADBE Layer Styles", "");
        for style in styles {
            let kind = self.number(style, "ty").unwrap_or(-1.0);
            let Some((stem, name, fields)) = STYLES.get(kind.max(0.0) as usize).filter(|_| kind >= 0.0) else {
                self.warn(Kind::Unsupported, format!("layer style {kind} is not read"));
                continue;
            };
            let mut group = Group::new(format!("{stem}/enabled"), *name);
            group.enabled = !json::flag(style, "hd") && (!style.contains_key("en") || json::flag(style, "en"));
            self.within(name, |reader| reader.style_properties(&mut group, stem, style, fields));
            all.children.push(group.into());
        }
        Some(all)
    }

    fn style_properties(&mut self, group: &mut Group, stem: &str, style: &Object, fields: &[Field]) {
        for (key, end, value_type) in fields {
            let match_name = format!("{stem}/{end}");
            let json = style.get(key);
            let property = match value_type {
                Color => self.color(json, match_name),
                Gradient => self.gradient(json, match_name),
                _ => self.numeric(json, match_name, *value_type, &[]),
            };
            group.children.extend(property.map(Into::into));
        }
    }
}
