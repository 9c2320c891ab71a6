//! Assets of type `function`: changes that have names, one file each.
//!
//! Names begin with `nx:` or `nx-`. What a function is for stands in its `params` (`layerName`, which may be a list, and
//! `composition`) or beside them; `params` win.
//!
//! To add one: a file with a `parse`, its `mod` line and its line in [`TABLE`]; take it off [`NOT_BUILT`].

mod comp_duration_set;
mod layer_duration_set;
mod layer_remove;
mod layer_start_set;
mod layer_state_set;
mod on_layers;
mod solid_color_set;
mod text_params_set;

use serde_json::{Value, json};

use crate::assets::Asset;
use crate::assets::fields::Fields;

/// Longest time a function may set, in seconds.
const MAX_SECONDS: f64 = 24.0 * 3600.0;

/// A function.
struct Function {
    /// Its name without `nx:`.
    name: &'static str,
    /// Reads it; `None` when the fields had problems.
    parse: fn(&mut Fields<'_>) -> Option<Box<dyn Asset>>,
    /// Sets of parameters it takes beside `layerName` and `composition`, in the words of JSON Schema; one of them must be
    /// there in full.
    params: fn() -> Vec<Value>,
    /// Whether it is for layers, else for compositions.
    is_for_layers: bool,
}

const TABLE: &[Function] = &[
    comp_duration_set::FUNCTION,
    layer_duration_set::FUNCTION,
    layer_remove::FUNCTION,
    layer_start_set::FUNCTION,
    layer_state_set::FUNCTION,
    solid_color_set::FUNCTION,
    text_params_set::FUNCTION,
];

/// The contract's other functions: refused, because ignoring one would give a wrong film.
const NOT_BUILT: &[&str] = &["layer-autoscale", "genai", "gen-ai"];

/// Reads an asset of type `function`.
pub(crate) fn parse(fields: &mut Fields<'_>) -> Option<Box<dyn Asset>> {
    let name = fields.required_string("name")?;
    let bare = name.strip_prefix("nx:").or_else(|| name.strip_prefix("nx-"));
    let known = TABLE.iter().find(|function| bare == Some(function.name));
    if fields.get("params").is_some_and(|params| !params.is_object()) {
        fields.problem("params", "must be an object");
        return None;
    }
    if let Some(function) = known {
        return (function.parse)(fields);
    }
    let all: Vec<_> = TABLE.iter().map(|function| format!("`nx:{}`", function.name)).collect();
    let all = all.join(", ");
    let is_planned = bare.is_some_and(|bare| NOT_BUILT.contains(&bare));
    fields.problem(
        "name",
        if is_planned {
            format!("the function `{name}` is not supported yet; supported are {all}")
        } else {
            format!("there is no function `{name}`; there are {all}")
        },
    );
    None
}

/// The forms of assets of type `function`, in the words of JSON Schema.
pub(crate) fn schemas() -> Vec<Value> {
    let some = json!({"type": "string", "minLength": 1});
    let maybe = json!({"type": ["string", "null"]});
    let mut all = Vec::new();
    for function in TABLE {
        let names = json!([format!("nx:{}", function.name), format!("nx-{}", function.name)]);
        for own in (function.params)() {
            let asset = |params: Value, needs_params: bool, beside: Value| {
                let mut needed = vec!["type", "name"];
                let mut properties = json!({"type": {"const": "function"}, "name": {"enum": names}, "params": params,
                    "continueOnMissing": {"type": ["boolean", "null"]}});
                if let (Some(properties), Value::Object(beside)) = (properties.as_object_mut(), beside) {
                    if beside.get("layerName") == Some(&some) {
                        needed.push("layerName");
                    }
                    properties.extend(beside);
                }
                if needs_params {
                    needed.push("params");
                }
                json!({"type": "object", "title": format!("nx:{}", function.name), "properties": properties, "required": needed})
            };
            let params = |more: Value, needed: &[&str]| {
                let mut params = own.clone();
                if let (Some(members), Value::Object(more)) = (params["properties"].as_object_mut(), more) {
                    members.extend(more);
                }
                if let Some(all) = params["required"].as_array_mut() {
                    all.extend(needed.iter().map(|key| json!(key)));
                }
                params
            };
            if function.is_for_layers {
                let list = json!({"type": "array", "minItems": 1, "items": some});
                let names = json!({"layerName": {"anyOf": [some, list]}, "composition": maybe});
                all.push(asset(
                    params(names, &["layerName"]),
                    true,
                    json!({"composition": maybe}),
                ));
                let none = json!({"layerName": {"type": "null"}, "composition": maybe});
                let is_needed = own["required"].as_array().is_some_and(|keys| !keys.is_empty());
                let beside = json!({"layerName": some, "layerIndex": {"type": "null"}, "composition": maybe});
                all.push(asset(params(none, &[]), is_needed, beside));
            } else {
                all.push(asset(
                    params(json!({"composition": some}), &["composition"]),
                    true,
                    json!({"composition": maybe}),
                ));
            }
        }
    }
    all
}
