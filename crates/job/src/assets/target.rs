//! Which layers an asset is for.

use filmpress_composition::lookup::{self, LayerSpec, Selected};
use filmpress_composition::{Composition, Diagnostics, ItemId, ItemKind, Kind, Layer, Place, Project, Warned};

use super::AssetError;
use super::fields::Fields;

/// Which layers an asset is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Composition specification: `*` (all), a name, or `A->B->C`.
    pub composition: String,
    /// Name or index of the layer.
    pub layer: LayerName,
    /// Whether nothing found is a warning instead of the job's end.
    pub continue_on_missing: bool,
}

/// How a job names a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LayerName {
    /// `layerName`.
    Name(String),
    /// `layerIndex`, 1 is the topmost.
    Index(usize),
}

/// Every composition.
pub(crate) const EVERYWHERE: &str = "*";

impl LayerName {
    /// Reads `layerName` or `layerIndex`.
    pub(crate) fn parse(fields: &mut Fields<'_>) -> Option<Self> {
        if fields.get("layerIndex").is_some() {
            Some(Self::Index(fields.index("layerIndex")?))
        } else if fields.get("layerName").is_some() {
            Some(Self::Name(fields.required_string("layerName")?))
        } else {
            fields.problem("layerName", "is required (or `layerIndex`)");
            None
        }
    }
}

impl std::fmt::Display for LayerName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Index(index) => write!(f, "{index}"),
        }
    }
}

impl Target {
    /// Reads `layerName`, `layerIndex`, `composition` and `continueOnMissing`.
    pub(crate) fn parse(fields: &mut Fields<'_>) -> Option<Self> {
        let composition = fields.string("composition").filter(|name| !name.is_empty());
        let continue_on_missing = fields.flag("continueOnMissing");
        let layer = LayerName::parse(fields)?;
        Some(Self {
            composition: composition.unwrap_or_else(|| EVERYWHERE.into()),
            layer,
            continue_on_missing,
        })
    }

    /// The layers it means; an error if there are none.
    pub(crate) fn find(&self, project: &Project) -> Result<Vec<Selected>, AssetError> {
        let compositions = lookup::compositions(project, &self.composition);
        if compositions.is_empty() {
            return Err(AssetError::CompositionNotFound {
                name: self.composition.clone(),
                there: project.compositions().map(|(item, _)| item.name.clone()).collect(),
            });
        }
        let layer = match &self.layer {
            LayerName::Name(name) => LayerSpec::Name(name),
            LayerName::Index(index) => LayerSpec::Index(*index),
        };
        let found = lookup::layers(project, &compositions, layer);
        if found.is_empty() {
            let mut there: Vec<String> = Vec::new();
            for layer in compositions
                .iter()
                .filter_map(|id| project.composition(*id))
                .flat_map(|c| &c.layers)
            {
                if !there.contains(&layer.name) {
                    there.push(layer.name.clone());
                }
            }
            return Err(AssetError::LayerNotFound {
                name: self.layer.to_string(),
                composition: self.composition.clone(),
                there,
            });
        }
        Ok(found)
    }

    /// Does `change` to every layer it means.
    ///
    /// Where several layers share the name (a composition and the text inside it, say) those that cannot take the
    /// change are warnings, as long as one can.
    pub(crate) fn each(
        &self,
        project: &mut Project,
        mut change: impl FnMut(&mut Project, Selected, &Place, &mut Diagnostics) -> Result<(), AssetError>,
    ) -> Result<Warned<()>, AssetError> {
        let mut warnings = Diagnostics::new();
        let mut changed = 0;
        let mut first_error = None;
        let selected = match self.find(project) {
            Ok(selected) => selected,
            Err(error) => return self.forgive(error, warnings),
        };
        for layer in selected {
            let place = place(project, layer);
            match change(project, layer, &place, &mut warnings) {
                Ok(()) => changed += 1,
                Err(error) => {
                    warnings.push(&place, Kind::Missing, error.to_string());
                    first_error.get_or_insert(error);
                }
            }
        }
        match first_error {
            Some(error) if changed == 0 => self.forgive(error, Diagnostics::new()),
            _ => Ok(Warned::new((), warnings)),
        }
    }

    fn forgive(&self, error: AssetError, mut warnings: Diagnostics) -> Result<Warned<()>, AssetError> {
        if self.continue_on_missing && error.is_missing() {
            warnings.push(&Place::default(), Kind::Missing, error.to_string());
            return Ok(Warned::new((), warnings));
        }
        Err(error)
    }
}

/// The composition with this id, for editing.
pub(crate) fn composition_mut(project: &mut Project, id: ItemId) -> Option<&mut Composition> {
    match &mut project.item_mut(id)?.kind {
        ItemKind::Composition(composition) => Some(composition),
        _ => None,
    }
}

/// The layer selected, for editing.
pub(crate) fn layer_mut(project: &mut Project, selected: Selected) -> Option<&mut Layer> {
    composition_mut(project, selected.composition)?
        .layers
        .iter_mut()
        .find(|layer| layer.id == selected.layer)
}

/// The layer selected.
pub(crate) fn layer(project: &Project, selected: Selected) -> Option<&Layer> {
    project.composition(selected.composition)?.layer(selected.layer)
}

fn place(project: &Project, selected: Selected) -> Place {
    let composition = project.item(selected.composition).map(|item| item.name.clone());
    let layer = layer(project, selected).map(|layer| layer.name.clone());
    composition.into_iter().chain(layer).collect()
}
