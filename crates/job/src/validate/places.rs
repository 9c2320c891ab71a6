//! Where `${secrets.NAME}` may stand: in `upload`, in the webhook, and in the members of assets that give content.
//! Elsewhere it would be taken by its letters, so it is refused.

use serde_json::{Map, Value};

use super::fields::Reader;
use crate::secrets;

/// Members of assets that secrets may be in.
const CONTENT: [&str; 6] = ["src", "value", "params", "parameters", "data", "key"];

/// Members of assets in which `${` may mean something else: expressions and nested jobs, which are looked at by themselves.
const NOT_LOOKED_AT: [&str; 2] = ["expression", "assets"];

impl Reader {
    /// Notes every place in an object that has none.
    pub(super) fn no_places(&mut self, field: &str, object: &Map<String, Value>) {
        let mut found = Vec::new();
        for (key, value) in object {
            secrets::each(value, &format!("{field}.{key}"), &mut |field, _| {
                found.push(field.to_owned());
            });
        }
        for field in found {
            self.problem(
                field,
                "secrets are replaced in `upload`, `webhook` and the `src`, `value` and `params` of assets only",
            );
        }
    }

    /// Notes every place whose name cannot be a secret's.
    pub(super) fn places(&mut self, field: &str, value: &Value) {
        let mut found = Vec::new();
        secrets::each(value, field, &mut |field, name| {
            if !secrets::is_name(name) {
                let shown: String = name.chars().take(40).collect();
                found.push((field.to_owned(), shown));
            }
        });
        for (field, name) in found {
            self.problem(
                field,
                format!(
                    "`{name}` names no secret: write `${{secrets.NAME}}`, the name of letters, digits, `_`, `-` and `.`"
                ),
            );
        }
    }

    pub(super) fn places_of_assets(&mut self, assets: &[Value]) {
        for (index, asset) in assets.iter().enumerate() {
            let Value::Object(asset) = asset else { continue };
            let field = format!("assets[{index}]");
            let (content, rest): (Map<_, _>, Map<_, _>) = asset
                .iter()
                .filter(|(key, _)| !NOT_LOOKED_AT.contains(&key.as_str()))
                .map(|(key, value)| (key.clone(), value.clone()))
                .partition(|(key, _)| CONTENT.contains(&key.as_str()));
            for (key, value) in &content {
                self.places(&format!("{field}.{key}"), value);
            }
            self.no_places(&field, &rest);
        }
    }
}
