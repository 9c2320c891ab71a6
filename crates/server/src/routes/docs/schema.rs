//! Schemas: what they refer to, what they are called, and the rows that explain their members.

use serde_json::{Value, json};

use super::html;

/// Objects inside objects that are shown.
const DEPTH: usize = 6;

/// The schemas of a description.
#[derive(Clone, Copy)]
pub struct Schemas<'a>(&'a Value);

impl<'a> Schemas<'a> {
    pub fn of(document: &'a Value) -> Self {
        Self(document)
    }

    /// What a schema refers to, with the name it is known by; itself if it refers to nothing.
    pub fn resolve(self, schema: &'a Value) -> (Option<&'a str>, &'a Value) {
        let reference = schema.get("$ref").and_then(Value::as_str);
        match (reference.and_then(|at| at.rsplit('/').next()), self.referred(schema)) {
            (Some(name), Some(found)) => (Some(name), found),
            _ => (None, schema),
        }
    }

    /// What an answer refers to; itself if it refers to nothing.
    pub fn answer(self, answer: &'a Value) -> &'a Value {
        self.referred(answer).unwrap_or(answer)
    }

    fn referred(self, value: &Value) -> Option<&'a Value> {
        self.0.pointer(value.get("$ref")?.as_str()?.strip_prefix('#')?)
    }

    /// The variants of a schema that is one of several, without `null`.
    pub fn variants(schema: &'a Value) -> Vec<&'a Value> {
        let lists = ["oneOf", "anyOf"]
            .into_iter()
            .filter_map(|key| schema.get(key)?.as_array());
        lists
            .flatten()
            .filter(|variant| variant.get("type") != Some(&json!("null")))
            .collect()
    }

    /// The members of an object, those of all its parts: name, schema, whether it must be there.
    pub fn members(self, schema: &'a Value) -> Vec<(&'a str, &'a Value, bool)> {
        let (_, schema) = self.resolve(schema);
        let required = |name: &str| {
            let names = schema.get("required").and_then(Value::as_array);
            names.is_some_and(|names| names.iter().any(|required| required == name))
        };
        let own = schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        let mut members: Vec<_> = own
            .map(|(name, member)| (name.as_str(), member, required(name)))
            .collect();
        for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            members.extend(self.members(part));
        }
        members
    }

    /// What a value of this schema is, in a few words.
    pub fn kind(self, schema: &'a Value) -> String {
        let (name, found) = self.resolve(schema);
        let variants = Self::variants(found);
        if !variants.is_empty() {
            let is_simple = |variant: &&Value| variant.get("const").is_some() || variant.get("enum").is_some();
            if variants.iter().all(is_simple) {
                return "string".to_owned();
            }
            let mut kinds: Vec<String> = variants.into_iter().map(|variant| self.kind(variant)).collect();
            kinds.dedup();
            return kinds.join(" or ");
        }
        let kinds: Vec<&str> = match found.get("type") {
            Some(Value::String(kind)) => vec![kind],
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
            _ if found.get("properties").is_some() || found.get("allOf").is_some() => vec!["object"],
            _ if found.get("enum").is_some() || found.get("const").is_some() => vec!["string"],
            _ => vec!["any"],
        };
        let words = kinds
            .into_iter()
            .map(|kind| match (kind, name, found.get("items"), found.get("format")) {
                ("array", _, Some(items), _) => format!("array of {}", self.kind(items)),
                ("object", Some(name), ..) => name.to_owned(),
                ("string", ..) if found.get("contentSchema").is_some() => {
                    format!("{} as JSON", self.kind(&found["contentSchema"]))
                }
                (kind @ ("string" | "number"), _, _, Some(Value::String(format))) if !format.starts_with("double") => {
                    format!("{kind} ({format})")
                }
                (kind, ..) => kind.to_owned(),
            });
        words.collect::<Vec<_>>().join(" or ")
    }

    /// The rows for the members of a schema; empty where it has none.
    pub fn rows(self, schema: &'a Value) -> String {
        self.rows_inside(schema, &mut Vec::new())
    }

    fn rows_inside(self, schema: &'a Value, above: &mut Vec<&'a str>) -> String {
        let (name, found) = self.resolve(schema);
        if above.len() >= DEPTH || name.is_some_and(|name| above.contains(&name)) {
            return String::new();
        }
        above.push(name.unwrap_or_default());
        let rows = if let Some(inner) = found.get("items").or_else(|| found.get("contentSchema")) {
            self.rows_inside(inner, above)
        } else {
            let variants = Self::variants(found);
            if variants.is_empty() {
                self.member_rows(found, above)
            } else {
                self.variant_rows(&variants, above)
            }
        };
        above.pop();
        rows
    }

    fn member_rows(self, schema: &'a Value, above: &mut Vec<&'a str>) -> String {
        let mut members = self.members(schema);
        members.sort_by_key(|(_, _, required)| !required);
        let rows = members.into_iter().map(|(name, member, required)| {
            let inside = self.rows_inside(member, above);
            let inside = match inside.as_str() {
                "" => inside,
                rows => format!("<details><summary>members</summary><div class=rows>{rows}</div></details>"),
            };
            let head = row_head(
                name,
                &self.kind(member),
                required,
                member.get("deprecated") == Some(&json!(true)),
            );
            format!("<div class=row>{head}{}{inside}</div>", self.explained(member))
        });
        rows.collect()
    }

    fn variant_rows(self, variants: &[&'a Value], above: &mut Vec<&'a str>) -> String {
        let shown = variants
            .iter()
            .map(|variant| (variant, self.rows_inside(variant, above)));
        let shown: Vec<_> = shown.filter(|(_, rows)| !rows.is_empty()).collect();
        match shown.as_slice() {
            [(_, rows)] => rows.clone(),
            many => many
                .iter()
                .map(|(variant, rows)| {
                    format!(
                        "<div class=variant>{}</div>{rows}",
                        html::line(&format!("either `{}`", self.kind(variant)))
                    )
                })
                .collect(),
        }
    }

    /// What is said of a value, and what it must be.
    pub fn explained(self, schema: &'a Value) -> String {
        let (_, found) = self.resolve(schema);
        let description = [schema, found].iter().find_map(|s| s.get("description")?.as_str());
        let said = description.map_or_else(String::new, |text| {
            format!("<div class=said>{}</div>", html::line(text))
        });
        let rules = Self::rules(found);
        let rules = if rules.is_empty() {
            String::new()
        } else {
            format!("<div class=rules>{}</div>", rules.join(" · "))
        };
        said + &rules
    }

    fn rules(schema: &'a Value) -> Vec<String> {
        let code = |value: &Value| match value {
            Value::String(word) => format!("<code>{}</code>", html::text(word)),
            other => format!("<code>{}</code>", html::text(&other.to_string())),
        };
        let told = |key: &str| schema.get(key).filter(|value| !value.is_null()).map(code);
        let mut rules = Vec::new();
        let mut words: Vec<String> = Vec::new();
        for of in std::iter::once(schema).chain(Self::variants(schema)) {
            let listed = of.get("enum").and_then(Value::as_array).into_iter().flatten();
            words.extend(listed.chain(of.get("const")).filter(|word| !word.is_null()).map(code));
        }
        if !words.is_empty() {
            rules.push(format!("one of {}", words.join(" ")));
        }
        rules.extend(told("default").map(|value| format!("default {value}")));
        for (least, most, what) in [
            ("minimum", "maximum", ""),
            ("minLength", "maxLength", " characters"),
            ("minItems", "maxItems", " entries"),
        ] {
            rules.extend(match (told(least), told(most)) {
                (Some(least), Some(most)) => Some(format!("{least} to {most}{what}")),
                (Some(least), None) => Some(format!("at least {least}{what}")),
                (None, Some(most)) => Some(format!("at most {most}{what}")),
                (None, None) => None,
            });
        }
        rules.extend(told("pattern").map(|value| format!("matches {value}")));
        if schema.get("additionalProperties") == Some(&json!(false)) {
            rules.push("no other members".to_owned());
        }
        rules
    }
}

/// A member's or parameter's name and kind.
pub fn row_head(name: &str, kind: &str, required: bool, deprecated: bool) -> String {
    let mut marks = String::new();
    if required {
        marks += " <span class=must>required</span>";
    }
    if deprecated {
        marks += " <span class=old>deprecated</span>";
    }
    format!(
        "<div class=name><code>{}</code> <span class=kind>{}</span>{marks}</div>",
        html::text(name),
        html::text(kind)
    )
}
