//! The committed JSON Schema is the one of the types, and it is told where it is not. `BLESS=1` writes it anew.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use filmpress_inspect::{Surroundings, inspect_bytes, json_schema};
use serde_json::Value;

#[test]
fn the_committed_schema_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/inspect.schema.json");
    let made = format!("{}\n", serde_json::to_string_pretty(&json_schema()).unwrap());
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == made,
        "docs/inspect.schema.json is out of date: BLESS=1 cargo test -p filmpress-inspect --test schema"
    );
}

#[test]
fn every_member_of_the_output_is_in_the_schema_and_explained() {
    let schema = json_schema();
    let mut members = BTreeSet::new();
    described(&schema, &mut members);
    assert!(members.len() > 100, "{members:?}");
    let mut out = BTreeSet::new();
    for (name, bytes) in filmpress_fixtures::seeds::all() {
        if let Ok(report) = inspect_bytes(&bytes, &name, &Surroundings::nothing()) {
            let report = serde_json::to_value(report).unwrap();
            check(&schema, &schema, &report, "");
            keys(&report, &mut out);
        }
    }
    let unknown: Vec<_> = out.difference(&members).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn the_page_lists_every_member() {
    const BEGIN: &str = "<!-- members: made by `BLESS=1 cargo test -p filmpress-inspect --test schema` -->\n";
    const END: &str = "<!-- end of members -->\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/inspect.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let (listed, after) = rest.split_once(END).unwrap();
    let made = members_as_markdown(&json_schema());
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}{made}{END}{after}")).unwrap();
        return;
    }
    assert!(
        listed == made,
        "docs/inspect.md is out of date: BLESS=1 cargo test -p filmpress-inspect --test schema"
    );
}

/// A table for the report and for every object in it.
fn members_as_markdown(schema: &Value) -> String {
    let mut out = table("Report", schema);
    for (name, inner) in schema["$defs"].as_object().unwrap() {
        if inner.get("properties").is_some() {
            out += &table(name, inner);
        }
    }
    out
}

fn table(name: &str, schema: &Value) -> String {
    let title = name.trim_end_matches("Report");
    let title = if title.is_empty() { "The report" } else { title };
    let about = schema["description"].as_str().unwrap_or_default().replace('\n', " ");
    let mut out = format!("\n### {title}\n\n{about}\n\n| member | type | meaning |\n|---|---|---|\n");
    for (name, member) in schema["properties"].as_object().unwrap() {
        let meaning = member["description"].as_str().unwrap_or_default();
        let meaning = meaning.replace('\n', " ").replace('|', "\\|");
        let _ = writeln!(out, "| `{name}` | {} | {meaning} |", type_of(member));
    }
    out
}

/// A member's type for people.
fn type_of(schema: &Value) -> String {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        let name = name.trim_start_matches("#/$defs/");
        return name.trim_end_matches("Report").to_owned();
    }
    if let Some(list) = schema.get("anyOf").and_then(Value::as_array) {
        return list.iter().map(type_of).collect::<Vec<_>>().join(" or ");
    }
    let one = |name: &str| match name {
        "array" => format!("list of {}", type_of(&schema["items"])),
        other => other.to_owned(),
    };
    match &schema["type"] {
        Value::String(name) => one(name),
        Value::Array(list) => {
            let names = list.iter().filter_map(Value::as_str);
            names.map(one).collect::<Vec<_>>().join(" or ")
        }
        _ => "any".to_owned(),
    }
}

/// Names of all properties of a schema; every one has a description.
fn described(schema: &Value, members: &mut BTreeSet<String>) {
    let Some(object) = schema.as_object() else { return };
    for (name, property) in object
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        assert!(property.get("description").is_some(), "`{name}` has no description");
        members.insert(name.clone());
    }
    for inner in object
        .get("$defs")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(|defs| defs.values())
    {
        described(inner, members);
    }
}

fn keys(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (name, inner) in object {
                into.insert(name.clone());
                keys(inner, into);
            }
        }
        Value::Array(list) => list.iter().for_each(|inner| keys(inner, into)),
        _ => {}
    }
}

/// A small part of JSON Schema, all that is used here: types, references, properties, items, enums, either-or.
fn check(root: &Value, schema: &Value, value: &Value, at: &str) {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        let name = name.trim_start_matches("#/$defs/");
        return check(root, &root["$defs"][name], value, at);
    }
    if let Some(list) = schema.get("anyOf").or(schema.get("oneOf")).and_then(Value::as_array) {
        let fits = |schema: &&Value| {
            schema.get("const").map_or_else(
                || schema.get("type") != Some(&"null".into()) || value.is_null(),
                |only| only == value,
            )
        };
        assert!(list.iter().any(|s| fits(&s)), "{at}: {value}");
        if let Some(schema) = list
            .iter()
            .find(|s| s.get("$ref").is_some())
            .filter(|_| !value.is_null())
        {
            check(root, schema, value, at);
        }
        return;
    }
    let types: Vec<&str> = match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => return,
    };
    let is = |name: &str| match name {
        "null" => value.is_null(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    };
    assert!(types.iter().any(|name| is(name)), "{at}: {value} is no {types:?}");
    if let Some(object) = value.as_object() {
        for required in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
            assert!(
                object.contains_key(required.as_str().unwrap()),
                "{at}: {required} is missing"
            );
        }
        for (name, inner) in object {
            let schema = &schema["properties"][name];
            assert!(!schema.is_null(), "{at}: `{name}` is not in the schema");
            check(root, schema, inner, &format!("{at}.{name}"));
        }
    }
    for inner in value.as_array().into_iter().flatten() {
        check(root, &schema["items"], inner, &format!("{at}[]"));
    }
}
