//! `nx:layer-start-set`: moves layers on the timeline, in and out points with them.

use filmpress_composition::lookup::Selected;
use filmpress_composition::{Diagnostics, Place, Project};
use serde_json::json;

use super::on_layers::{Change, on_layers};
use super::{Function, MAX_SECONDS};
use crate::assets::fields::Fields;
use crate::assets::target::layer_mut;
use crate::assets::{Asset, AssetError};

pub(super) const FUNCTION: Function = Function {
    name: "layer-start-set",
    parse,
    params: || {
        vec![
            json!({"type": "object", "required": ["value"], "properties": {"value": {"type": "number", "minimum": -MAX_SECONDS, "maximum": MAX_SECONDS}}}),
        ]
    },
    is_for_layers: true,
};

#[derive(Debug)]
struct Start {
    seconds: f64,
}

fn parse(fields: &mut Fields<'_>) -> Option<Box<dyn Asset>> {
    let seconds = fields.within("params", |params| {
        if params.get("value").is_none() {
            params.problem("value", "is required: seconds");
        }
        params.number("value", -MAX_SECONDS..=MAX_SECONDS)
    });
    if seconds.is_none() && fields.get("params").is_none() {
        fields.problem("params", "is required");
    }
    on_layers(fields, seconds.flatten().map(|seconds| Start { seconds }))
}

impl Change for Start {
    fn apply(&self, project: &mut Project, layer: Selected, _: &Place, _: &mut Diagnostics) -> Result<(), AssetError> {
        if let Some(layer) = layer_mut(project, layer) {
            layer.set_start_time(self.seconds);
        }
        Ok(())
    }
}
