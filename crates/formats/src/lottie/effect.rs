//! Effects and layer styles.

use std::borrow::Cow;

use crate::json::Value as Json;
use filmpress_composition::schema::EFFECTS;
use filmpress_composition::{Group, Kind, Property, Value, ValueType};

use super::json::{self, Object};
use super::reader::Reader;

/// Match names of effects by `ty`, for files that do not write them.
const EFFECT_NAMES: &[(i64, &str)] = &[
    (20, "ADBE Tint"),
    (21, "ADBE Fill"),
    (22, "ADBE Stroke"),
    (23, "ADBE Tritone"),
    (24, "ADBE Pro Levels2"),
    (25, "ADBE Drop Shadow"),
    (26, "ADBE Radial Wipe"),
    (27, "ADBE Displacement Map"),
    (28, "ADBE Set Matte3"),
    (29, "ADBE Gaussian Blur 2"),
    (30, "ADBE Twirl"),
    (31, "ADBE MESH WARP"),
    (32, "ADBE Ripple"),
    (33, "ADBE Spherize"),
    (34, "ADBE FreePin3"),
];

impl Reader<'_> {
    /// The group of effects of a layer; `None` when it has none.
    pub fn effects(&mut self, layer: &Object) -> Option<Group> {
        let effects = self.objects(layer, "ef");
        if effects.is_empty() {
            return None;
        }
        let mut parade = Group::new(EFFECTS, "");
        for effect in effects {
            let number = self.number(effect, "ty").unwrap_or(5.0) as i64;
            let match_name = json::name(effect, "mn").filter(|n| !n.is_empty()).unwrap_or_else(|| {
                let known = EFFECT_NAMES.iter().find(|(ty, _)| *ty == number);
                known.map_or_else(|| control_name(effect), |(_, name)| (*name).to_owned())
            });
            let name = json::name(effect, "nm").unwrap_or_else(|| match_name.clone());
            let group = self.within(&name, |reader| reader.effect(effect, &match_name, &name));
            parade.children.push(group.into());
        }
        Some(parade)
    }

    fn effect(&mut self, effect: &Object, match_name: &str, name: &str) -> Group {
        let mut group = Group::new(match_name.to_owned(), name.to_owned());
        group.enabled = !effect.contains_key("en") || json::flag(effect, "en");
        for (index, parameter) in self.objects(effect, "ef").into_iter().enumerate() {
            let own_name = json::name(parameter, "mn").filter(|n| !n.is_empty());
            let own_name = own_name.unwrap_or_else(|| format!("{match_name}-{:04}", index + 1));
            let name = json::name(parameter, "nm").unwrap_or_default();
            if parameter.contains_key("ef") {
                group.children.push(self.effect(parameter, &own_name, &name).into());
                continue;
            }
            if let Some(mut property) = self.parameter(parameter, own_name) {
                if !name.is_empty() {
                    property.name = Cow::Owned(name);
                }
                group.children.push(property.into());
            }
        }
        group
    }

    fn parameter(&mut self, parameter: &Object, match_name: String) -> Option<Property> {
        let value = parameter.get("v");
        match self.number(parameter, "ty").unwrap_or(0.0) as i64 {
            2 => self.color(value, match_name),
            3 => {
                // "Which mask" parameters are written as points or layers; they hold a number.
                if is_mask_reference(&match_name) {
                    return Some(mask_reference(value, match_name));
                }
                self.numeric(value, match_name, ValueType::TwoDSpatial, &[])
            }
            10 => {
                if is_mask_reference(&match_name) {
                    return Some(mask_reference(value, match_name));
                }
                let ind = value.and_then(json::number).unwrap_or(0.0) as i64;
                let layer = self.layer_ids.get(&ind).copied();
                if layer.is_none() && ind != 0 {
                    self.warn(
                        Kind::Missing,
                        format!("layer {ind} that `{match_name}` refers to is missing"),
                    );
                }
                Some(Property::new(match_name, "", ValueType::Layer, Value::Layer(layer)))
            }
            6 => Some(Property::new(match_name, "", ValueType::NoValue, Value::None)),
            _ => {
                if value.is_none() {
                    return Some(Property::new(match_name, "", ValueType::NoValue, Value::None));
                }
                self.numeric(value, match_name, ValueType::OneD, &[])
            }
        }
    }
}

/// The match name of an expression control without one, told from its only parameter.
fn control_name(effect: &Object) -> String {
    let parameter = json::objects(effect, "ef").next();
    let kind = parameter.and_then(|p| p.get("ty")).and_then(json::number);
    let name = match kind.map(|k| k as i64) {
        Some(0) => "ADBE Slider Control",
        Some(1) => "ADBE Angle Control",
        Some(2) => "ADBE Color Control",
        Some(3) => "ADBE Point Control",
        Some(4) => "ADBE Checkbox Control",
        Some(7) => "ADBE Dropdown Control",
        Some(10) => "ADBE Layer Control",
        _ => "Pseudo/Unnamed",
    };
    if json::objects(effect, "ef").count() > 1 {
        "Pseudo/Unnamed".to_owned()
    } else {
        name.to_owned()
    }
}

fn is_mask_reference(match_name: &str) -> bool {
    matches!(match_name, "ADBE Fill-0001" | "ADBE Stroke-0001")
}

fn mask_reference(value: Option<&Json>, match_name: String) -> Property {
    let mask = value.and_then(json::number).filter(|n| *n >= 1.0).map(|n| n as u32);
    Property::new(match_name, "", ValueType::Mask, Value::Mask(mask))
}
