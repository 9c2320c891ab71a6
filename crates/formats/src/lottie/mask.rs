//! Masks.

use std::sync::Arc;

use crate::json::Value as Json;
use filmpress_composition::schema::MASKS;
use filmpress_composition::{Group, GroupDetails, Kind, MaskMode, MaskSettings, Value, ValueType};

use super::json::{self, Object};
use super::path;
use super::reader::Reader;

impl Reader<'_> {
    /// The group of masks of a layer; `None` when it has none.
    pub fn masks(&mut self, layer: &Object) -> Option<Group> {
        if layer.contains_key("hasMask") && !json::flag(layer, "hasMask") {
            return None;
        }
        let masks = self.objects(layer, "masksProperties");
        if masks.is_empty() {
            return None;
        }
        let mut parade = Group::new(MASKS, "");
        for (index, mask) in masks.into_iter().enumerate() {
            let name = json::name(mask, "nm").unwrap_or_else(|| format!("Mask {}", index + 1));
            let group = self.within(&name, |reader| reader.mask(mask, &name, index));
            parade.children.push(group.into());
        }
        Some(parade)
    }

    fn mask(&mut self, mask: &Object, name: &str, index: usize) -> Group {
        let mut group = Group::new("ADBE Mask Atom", name.to_owned());
        let mode = json::text(mask, "mode");
        let mode = match mode.as_deref() {
            Some("a") | None => MaskMode::Add,
            Some("s") => MaskMode::Subtract,
            Some("i") => MaskMode::Intersect,
            Some("l") => MaskMode::Lighten,
            Some("d") => MaskMode::Darken,
            Some("f") => MaskMode::Difference,
            Some("n") => MaskMode::None,
            Some(other) => {
                self.warn(Kind::Unsupported, format!("mask mode `{other}` is read as add"));
                MaskMode::Add
            }
        };
        group.details = GroupDetails::Mask(MaskSettings {
            id: index as u32 + 1,
            mode,
            inverted: json::flag(mask, "inv"),
            ..MaskSettings::default()
        });
        let closed = !mask.contains_key("cl") || json::flag(mask, "cl");
        let decode = |value: &Json| Some(Value::Path(Arc::new(path::path(value, closed)?)));
        let properties = [
            self.property(mask.get("pt"), "ADBE Mask Shape", ValueType::Path, &decode),
            self.feather(mask.get("f")),
            self.numeric(mask.get("o"), "ADBE Mask Opacity", ValueType::OneD, &[]),
            self.numeric(mask.get("x"), "ADBE Mask Offset", ValueType::OneD, &[]),
        ];
        group.children.extend(properties.into_iter().flatten().map(Into::into));
        group
    }

    /// Feather: one number counts for both directions.
    fn feather(&mut self, json: Option<&Json>) -> Option<filmpress_composition::Property> {
        let decode = |value: &Json| {
            let numbers = json::numbers(value)?;
            let x = *numbers.first()?;
            Some([x, numbers.get(1).copied().unwrap_or(x)].into())
        };
        self.property(json, "ADBE Mask Feather", ValueType::TwoD, &decode)
    }
}
