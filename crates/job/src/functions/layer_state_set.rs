//! `nx:layer-state-set`: shows or hides layers.

use filmpress_composition::lookup::Selected;
use filmpress_composition::{Diagnostics, Place, Project};
use serde_json::json;

use super::Function;
use super::on_layers::{Change, on_layers};
use crate::assets::fields::Fields;
use crate::assets::target::layer_mut;
use crate::assets::{Asset, AssetError};

pub(super) const FUNCTION: Function = Function {
    name: "layer-state-set",
    parse,
    params: || {
        vec![
            json!({"type": "object", "required": ["visible"], "properties": {"visible": {"type": "boolean"}}}),
            json!({"type": "object", "required": ["enabled"], "properties": {"enabled": {"type": "boolean"},
                "visible": {"type": "null"}}}),
            json!({"type": "object", "required": ["state"], "properties": {"state": {"enum": ["visible", "hidden"]},
                "visible": {"type": "null"}, "enabled": {"type": "null"}}}),
        ]
    },
    is_for_layers: true,
};

#[derive(Debug)]
struct State {
    visible: bool,
}

fn parse(fields: &mut Fields<'_>) -> Option<Box<dyn Asset>> {
    let visible = fields.within("params", read).unwrap_or_else(|| {
        fields.problem("params", "is required");
        None
    });
    on_layers(fields, visible.map(|visible| State { visible }))
}

/// `visible` or `enabled` as true or false, `state` in words: sources of the contract differ.
fn read(params: &mut Fields<'_>) -> Option<bool> {
    for key in ["visible", "enabled"] {
        if params.get(key).is_some() {
            return params.get(key)?.as_bool().or_else(|| {
                params.problem(key, "must be true or false");
                None
            });
        }
    }
    match params.string("state").as_deref() {
        Some("visible") => Some(true),
        Some("hidden") => Some(false),
        Some(other) => {
            params.problem("state", format!("must be `visible` or `hidden`, not `{other}`"));
            None
        }
        None => {
            params.problem("visible", "is required: true or false");
            None
        }
    }
}

impl Change for State {
    fn apply(&self, project: &mut Project, layer: Selected, _: &Place, _: &mut Diagnostics) -> Result<(), AssetError> {
        if let Some(layer) = layer_mut(project, layer) {
            layer.switches.enabled = self.visible;
        }
        Ok(())
    }
}
