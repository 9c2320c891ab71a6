//! `nx:layer-remove`: deletes layers, and what others have of them: parents and track mattes.

use filmpress_composition::lookup::Selected;
use filmpress_composition::{Diagnostics, Kind, Place, Project};
use serde_json::json;

use super::Function;
use super::on_layers::{Change, on_layers};
use crate::assets::fields::Fields;
use crate::assets::target::composition_mut;
use crate::assets::{Asset, AssetError};

pub(super) const FUNCTION: Function = Function {
    name: "layer-remove",
    parse,
    params: || vec![json!({"type": "object", "required": [], "properties": {}})],
    is_for_layers: true,
};

#[derive(Debug)]
struct Remove;

fn parse(fields: &mut Fields<'_>) -> Option<Box<dyn Asset>> {
    on_layers(fields, Some(Remove))
}

impl Change for Remove {
    fn apply(
        &self,
        project: &mut Project,
        selected: Selected,
        place: &Place,
        warnings: &mut Diagnostics,
    ) -> Result<(), AssetError> {
        let Some(composition) = composition_mut(project, selected.composition) else {
            return Ok(());
        };
        composition.layers.retain(|layer| layer.id != selected.layer);
        let mut children = 0;
        for layer in &mut composition.layers {
            if layer.parent == Some(selected.layer) {
                layer.parent = None;
                children += 1;
            }
            if layer
                .track_matte
                .as_ref()
                .is_some_and(|matte| matte.layer == selected.layer)
            {
                layer.track_matte = None;
            }
        }
        if children > 0 {
            let message = format!("was the parent of {children} layers, which no longer move with it");
            warnings.push(place, Kind::Approximated, message);
        }
        Ok(())
    }
}
