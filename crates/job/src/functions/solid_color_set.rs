//! `nx:solid-color-set`: gives solids a colour. All layers that show the same solid change with it, as in After Effects.

use filmpress_composition::lookup::Selected;
use filmpress_composition::{Diagnostics, ItemKind, Place, Project};
use serde_json::{Value as Json, json};

use super::Function;
use super::on_layers::{Change, on_layers};
use crate::assets::fields::Fields;
use crate::assets::target::layer;
use crate::assets::value::color;
use crate::assets::{Asset, AssetError};

pub(super) const FUNCTION: Function = Function {
    name: "solid-color-set",
    parse,
    params: || {
        let part = json!({"type": "number", "minimum": 0, "maximum": 1});
        vec![
            json!({"type": "object", "required": ["color"], "properties": {"color": {"anyOf": [
                {"type": "array", "items": part, "minItems": 3, "maxItems": 4},
                {"type": "string", "pattern": "^#[0-9a-fA-F]{6}$"}]}}}),
        ]
    },
    is_for_layers: true,
};

#[derive(Debug)]
struct Color {
    rgb: [f64; 3],
}

fn parse(fields: &mut Fields<'_>) -> Option<Box<dyn Asset>> {
    let rgb = fields.within("params", |params| {
        let rgba = params.get("color").and_then(color);
        let rgba = rgba.filter(|rgba| rgba.iter().all(|c| (0.0..=1.0).contains(c)));
        if rgba.is_none() {
            params.problem("color", "must be [r, g, b] from 0 to 1, or \"#rrggbb\"");
        }
        rgba.map(|[r, g, b, _]| [r, g, b])
    });
    if rgb.is_none() && fields.get("params").is_none() {
        fields.problem("params", "is required");
    }
    on_layers(fields, rgb.flatten().map(|rgb| Color { rgb }))
}

impl Change for Color {
    fn apply(
        &self,
        project: &mut Project,
        selected: Selected,
        _: &Place,
        _: &mut Diagnostics,
    ) -> Result<(), AssetError> {
        let Some(layer) = layer(project, selected) else {
            return Ok(());
        };
        let (name, source) = (layer.name.clone(), layer.source());
        let item = source.and_then(|source| project.item_mut(source));
        if let Some(ItemKind::Solid(solid)) = item.map(|item| &mut item.kind) {
            solid.color = self.rgb;
            return Ok(());
        }
        Err(AssetError::Value {
            path: "source".to_owned(),
            layer: name,
            expected: "a colour only where the layer shows a solid".to_owned(),
            given: Json::from(self.rgb.to_vec()).to_string(),
        })
    }
}
