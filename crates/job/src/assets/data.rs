//! `data`: sets any property or attribute of a layer to a value, or gives a property an expression.

use filmpress_composition::{Project, Warned};

use super::fields::Fields;
use super::media::Media;
use super::property::Change;
use super::{Asset, AssetError, Target, property};

#[derive(Debug)]
struct Data {
    target: Target,
    property: String,
    value: Option<serde_json::Value>,
    expression: Option<String>,
}

pub(super) fn parse(fields: &mut Fields<'_>) -> Option<Box<dyn Asset>> {
    let target = Target::parse(fields);
    let property = fields.required_string("property");
    let value = fields.get("value").cloned();
    let expression = fields.string("expression");
    if value.is_none() && expression.is_none() {
        fields.problem("value", "is required (or `expression`)");
        return None;
    }
    Some(Box::new(Data {
        target: target?,
        property: property?,
        value,
        expression,
    }))
}

impl Asset for Data {
    fn type_name(&self) -> &'static str {
        "data"
    }

    fn apply(&self, project: &mut Project, _: Option<Media>) -> Result<Warned<()>, AssetError> {
        self.target.each(project, |project, layer, place, warnings| {
            // Value first, then expression: both may be given, and the expression then starts from the value.
            for change in [
                self.value.as_ref().map(Change::Value),
                self.expression.as_deref().map(Change::Expression),
            ]
            .into_iter()
            .flatten()
            {
                property::change(project, layer, &self.property, change, place, warnings)?;
            }
            Ok(())
        })
    }
}
