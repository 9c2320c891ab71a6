//! `text`: puts a text into text layers. Short for `data` on `Source Text`.

use filmpress_composition::{Project, Warned};

use super::fields::Fields;
use super::media::Media;
use super::property::Change;
use super::{Asset, AssetError, Target, property};

#[derive(Debug)]
struct Text {
    target: Target,
    value: String,
}

pub(super) fn parse(fields: &mut Fields<'_>) -> Option<Box<dyn Asset>> {
    let target = Target::parse(fields);
    let value = match fields.get("value") {
        Some(serde_json::Value::String(text)) => Some(text.clone()),
        Some(number @ serde_json::Value::Number(_)) => Some(number.to_string()),
        Some(_) => {
            fields.problem("value", "must be a string");
            None
        }
        None => {
            fields.problem("value", "is required");
            None
        }
    };
    Some(Box::new(Text {
        target: target?,
        value: value?,
    }))
}

impl Asset for Text {
    fn type_name(&self) -> &'static str {
        "text"
    }

    fn apply(&self, project: &mut Project, _: Option<Media>) -> Result<Warned<()>, AssetError> {
        let value = serde_json::Value::String(self.value.clone());
        self.target.each(project, |project, layer, place, warnings| {
            property::change(project, layer, "Source Text", Change::Value(&value), place, warnings)
        })
    }
}
