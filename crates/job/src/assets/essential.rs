//! `essential`: gives a control of the Essential Graphics panel a value, and with it the properties the control drives.

use filmpress_composition::lookup::{self, Selected};
use filmpress_composition::{
    Control, ControlKind, Diagnostics, DrivenProperty, EssentialGraphics, ItemId, Kind, Place, Project, Warned,
};
use serde_json::{Value as Json, json};

use super::fields::Fields;
use super::media::Media;
use super::property::{self, Change};
use super::target::EVERYWHERE;
use super::{Asset, AssetError};

#[derive(Debug)]
struct Essential {
    /// The control's name, or the names of its groups and its own.
    control: String,
    composition: String,
    value: Json,
    continue_on_missing: bool,
}

pub(super) fn parse(fields: &mut Fields<'_>) -> Option<Box<dyn Asset>> {
    let control = fields.required_string("layerName");
    let composition = fields.string("composition").filter(|name| !name.is_empty());
    let continue_on_missing = fields.flag("continueOnMissing");
    let value = fields.get("value").cloned();
    if value.is_none() {
        fields.problem("value", "is required");
    }
    Some(Box::new(Essential {
        control: control?,
        composition: composition.unwrap_or_else(|| EVERYWHERE.to_owned()),
        value: value?,
        continue_on_missing,
    }))
}

impl Asset for Essential {
    fn type_name(&self) -> &'static str {
        "essential"
    }

    fn apply(&self, project: &mut Project, _: Option<Media>) -> Result<Warned<()>, AssetError> {
        let mut warnings = Diagnostics::new();
        match self.set(project, &mut warnings) {
            Err(error) if self.continue_on_missing && error.is_missing() => {
                warnings.push(&Place::default(), Kind::Missing, error.to_string());
            }
            other => other?,
        }
        Ok(Warned::new((), warnings))
    }
}

impl Essential {
    fn set(&self, project: &mut Project, warnings: &mut Diagnostics) -> Result<(), AssetError> {
        let found = self.find(project)?;
        for (driven, value) in found {
            let resolved = lookup::driven_property(project, &driven).map_err(|fault| AssetError::ControlNotFound {
                name: format!("{}, whose property is gone: {fault}", self.control),
                there: Vec::new(),
            })?;
            let selected = Selected {
                composition: resolved.composition,
                layer: resolved.layer,
            };
            let place = Place(vec![self.control.clone()]);
            property::change(
                project,
                selected,
                &resolved.path,
                Change::Value(&value),
                &place,
                warnings,
            )?;
        }
        Ok(())
    }

    /// The properties that the control drives, each with what it is to become.
    fn find(&self, project: &Project) -> Result<Vec<(DrivenProperty, Json)>, AssetError> {
        let compositions = lookup::compositions(project, &self.composition);
        if compositions.is_empty() {
            return Err(AssetError::CompositionNotFound {
                name: self.composition.clone(),
                there: project.compositions().map(|(item, _)| item.name.clone()).collect(),
            });
        }
        let panel = |id: &ItemId| project.composition(*id)?.essential_graphics.as_ref();
        let panels: Vec<&EssentialGraphics> = compositions.iter().filter_map(panel).collect();
        let all: Vec<(String, &Control)> = panels.iter().flat_map(|panel| paths(panel)).collect();
        let wanted = plain(&self.control);
        let mut meant: Vec<_> = all.iter().filter(|(path, _)| *path == wanted).collect();
        if meant.is_empty() {
            // The control's own name, where it is in a group; or its name in another language.
            meant = all
                .iter()
                .filter(|(_, control)| {
                    control.name == self.control || control.names.values().any(|name| *name == self.control)
                })
                .collect();
        }
        if meant.is_empty() {
            return Err(AssetError::ControlNotFound {
                name: self.control.clone(),
                there: all.into_iter().map(|(path, _)| path).collect(),
            });
        }
        let mut found = Vec::new();
        for (_, control) in meant {
            let value = self.value_for(control)?;
            found.extend(control.drives.iter().map(|driven| (driven.clone(), value.clone())));
        }
        Ok(found)
    }

    /// The value as the driven property takes it.
    fn value_for(&self, control: &Control) -> Result<Json, AssetError> {
        let wrong = |expected: String| AssetError::Value {
            path: self.control.clone(),
            layer: "Essential Graphics".to_owned(),
            expected,
            given: self.value.to_string().chars().take(80).collect(),
        };
        Ok(match (&control.kind, &self.value) {
            (ControlKind::Group { .. } | ControlKind::Comment | ControlKind::Unknown(_), _) => {
                return Err(wrong(format!("no value: it is a {}", control.kind.as_str())));
            }
            (ControlKind::Media(_), _) => {
                return Err(AssetError::Unsupported(format!(
                    "the control `{}` replaces media, which an asset of type `essential` cannot do yet: use `image` or \
                     `video` on the layer",
                    self.control
                )));
            }
            (ControlKind::Dropdown { choices }, Json::String(choice)) => {
                let place = choices.iter().position(|known| known == choice);
                let place =
                    place.ok_or_else(|| wrong(format!("one of `{}`, or its number from 1", choices.join("`, `"))))?;
                json!(place + 1)
            }
            // One number is a scale in all directions.
            (ControlKind::Scale { .. }, Json::Number(percent)) => json!([percent, percent]),
            (ControlKind::Text(_), Json::Number(number)) => Json::String(number.to_string()),
            (_, value) => value.clone(),
        })
    }
}

/// Ways to controls are written with `.` or, where names have dots, with `->`.
fn plain(path: &str) -> String {
    path.replace("->", ".")
}

/// Every control that is none for reading only, with the names on the way to it.
fn paths(panel: &EssentialGraphics) -> Vec<(String, &Control)> {
    let mut names: Vec<&str> = Vec::new();
    let all = panel.iter().map(|(depth, control)| {
        names.truncate(depth);
        names.push(&control.name);
        (names.join("."), control)
    });
    all.filter(|(_, control)| !matches!(control.kind, ControlKind::Group { .. } | ControlKind::Comment))
        .collect()
}
