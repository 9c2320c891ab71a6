//! `nx:text-params-set`: sets the text and the looks of text layers; what is not given stays.

use filmpress_composition::lookup::Selected;
use filmpress_composition::{Diagnostics, Place, Project};
use serde_json::{Map, Value as Json, json};

use super::Function;
use super::on_layers::{self, on_layers};
use crate::assets::fields::Fields;
use crate::assets::property::{self, Change};
use crate::assets::{Asset, AssetError};
use crate::schema;

/// Parameters and the members of a text's value they are.
const MEMBERS: [(&str, &str); 6] = [
    ("textValue", "text"),
    ("font", "font"),
    ("fontSize", "fontSize"),
    ("fillColor", "fillColor"),
    ("tracking", "tracking"),
    ("leading", "leading"),
];

pub(super) const FUNCTION: Function = Function {
    name: "text-params-set",
    parse,
    params: || {
        let all: Map<_, _> = MEMBERS
            .iter()
            .map(|(param, _)| ((*param).to_owned(), schema::anything()))
            .collect();
        let one = |(param, _): &(&str, &str)| {
            let mut properties = all.clone();
            properties.insert((*param).to_owned(), schema::given());
            json!({"type": "object", "required": [param], "properties": properties})
        };
        MEMBERS.iter().map(one).collect()
    },
    is_for_layers: true,
};

#[derive(Debug)]
struct Text {
    value: Json,
}

fn parse(fields: &mut Fields<'_>) -> Option<Box<dyn Asset>> {
    let value = fields.within("params", |params| {
        let given = MEMBERS.iter().filter_map(|(param, member)| {
            let value = params.get(param)?;
            Some(((*member).to_owned(), value.clone()))
        });
        let given: Map<_, _> = given.collect();
        if given.is_empty() {
            let all = MEMBERS.map(|(param, _)| param).join("`, `");
            params.problem("textValue", format!("is required, or another of `{all}`"));
        }
        (!given.is_empty()).then_some(Json::Object(given))
    });
    if value.is_none() && fields.get("params").is_none() {
        fields.problem("params", "is required");
    }
    on_layers(fields, value.flatten().map(|value| Text { value }))
}

impl on_layers::Change for Text {
    fn apply(
        &self,
        project: &mut Project,
        layer: Selected,
        place: &Place,
        warnings: &mut Diagnostics,
    ) -> Result<(), AssetError> {
        property::change(
            project,
            layer,
            "Source Text",
            Change::Value(&self.value),
            place,
            warnings,
        )
    }
}
