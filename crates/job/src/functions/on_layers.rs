//! A function that changes layers: which ones, and what it does to each.

use std::fmt::Debug;

use filmpress_composition::lookup::Selected;
use filmpress_composition::{Diagnostics, Place, Project, Warned};
use serde_json::Value as Json;

use crate::assets::fields::Fields;
use crate::assets::target::{EVERYWHERE, LayerName, Target};
use crate::assets::{Asset, AssetError, Media};

/// What is done to one layer.
pub(super) trait Change: Debug + Send + Sync {
    fn apply(
        &self,
        project: &mut Project,
        layer: Selected,
        place: &Place,
        warnings: &mut Diagnostics,
    ) -> Result<(), AssetError>;
}

#[derive(Debug)]
struct OnLayers<C> {
    targets: Vec<Target>,
    change: C,
}

/// The function that does `change` to the layers the fields name.
pub(super) fn on_layers<C: Change + 'static>(fields: &mut Fields<'_>, change: Option<C>) -> Option<Box<dyn Asset>> {
    let targets = targets(fields);
    Some(Box::new(OnLayers {
        targets: targets?,
        change: change?,
    }))
}

impl<C: Change> Asset for OnLayers<C> {
    fn type_name(&self) -> &'static str {
        "function"
    }

    fn apply(&self, project: &mut Project, _: Option<Media>) -> Result<Warned<()>, AssetError> {
        let mut warnings = Diagnostics::new();
        for target in &self.targets {
            let done = target.each(project, |project, layer, place, warnings| {
                self.change.apply(project, layer, place, warnings)
            })?;
            done.unpack(&mut warnings);
        }
        Ok(Warned::new((), warnings))
    }
}

/// What the parameters say, else what stands beside them. A list of names is a target each.
fn targets(fields: &mut Fields<'_>) -> Option<Vec<Target>> {
    let continue_on_missing = fields.flag("continueOnMissing");
    let beside = fields.string("composition");
    let (composition, names) = fields
        .within("params", |params| (params.string("composition"), names(params)))
        .unwrap_or_default();
    let composition = composition.or(beside).filter(|name| !name.is_empty());
    let layers = match names {
        Names::None => vec![LayerName::parse(fields)?],
        Names::These(names) => names.into_iter().map(LayerName::Name).collect(),
        Names::Wrong => return None,
    };
    let target = |layer| Target {
        composition: composition.clone().unwrap_or_else(|| EVERYWHERE.to_owned()),
        layer,
        continue_on_missing,
    };
    Some(layers.into_iter().map(target).collect())
}

#[derive(Default)]
enum Names {
    #[default]
    None,
    These(Vec<String>),
    Wrong,
}

fn names(params: &mut Fields<'_>) -> Names {
    let is_name = |name: &str| !name.is_empty();
    let found = match params.get("layerName") {
        None => return Names::None,
        Some(Json::String(name)) if is_name(name) => Some(vec![name.clone()]),
        Some(Json::Array(list)) if !list.is_empty() => list
            .iter()
            .map(|name| name.as_str().filter(|name| is_name(name)).map(str::to_owned))
            .collect(),
        Some(_) => None,
    };
    found.map_or_else(
        || {
            params.problem("layerName", "must be a layer's name, or a list of such");
            Names::Wrong
        },
        Names::These,
    )
}
