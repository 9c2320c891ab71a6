//! `nx:layer-duration-set`: sets how long layers show. Their start stays; a composition they show is made long enough.

use filmpress_composition::lookup::Selected;
use filmpress_composition::{Diagnostics, Place, Project};
use serde_json::json;

use super::on_layers::{Change, on_layers};
use super::{Function, MAX_SECONDS};
use crate::assets::fields::Fields;
use crate::assets::target::{composition_mut, layer_mut};
use crate::assets::{Asset, AssetError};

pub(super) const FUNCTION: Function = Function {
    name: "layer-duration-set",
    parse,
    params: || {
        vec![
            json!({"type": "object", "required": ["value"], "properties": {"value": {"type": "number", "minimum": 0.001, "maximum": MAX_SECONDS}}}),
        ]
    },
    is_for_layers: true,
};

#[derive(Debug)]
struct Duration {
    seconds: f64,
}

fn parse(fields: &mut Fields<'_>) -> Option<Box<dyn Asset>> {
    let seconds = fields.within("params", |params| {
        if params.get("value").is_none() {
            params.problem("value", "is required: seconds");
        }
        params.number("value", 0.001..=MAX_SECONDS)
    });
    if seconds.is_none() && fields.get("params").is_none() {
        fields.problem("params", "is required");
    }
    on_layers(fields, seconds.flatten().map(|seconds| Duration { seconds }))
}

impl Change for Duration {
    fn apply(&self, project: &mut Project, layer: Selected, _: &Place, _: &mut Diagnostics) -> Result<(), AssetError> {
        let Some(layer) = layer_mut(project, layer) else {
            return Ok(());
        };
        layer.out_point = layer.in_point + self.seconds;
        let needed = (layer.out_point - layer.start_time) / layer.stretch;
        if let Some(composition) = layer.source().and_then(|source| composition_mut(project, source))
            && needed > composition.duration
        {
            composition.duration = needed.min(MAX_SECONDS);
        }
        Ok(())
    }
}
