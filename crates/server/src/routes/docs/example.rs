//! Examples made from schemas: a body to send, an answer to expect, a command that sends it.

use serde_json::{Map, Value, json};

use super::html;
use super::schema::Schemas;

/// Objects inside objects of an example.
const DEPTH: usize = 5;

const ID: &str = "01J9ZK3V5YQ2W8N4R6T0B1C2D3";

/// Which members of an object an example has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Members {
    /// All that an answer can have.
    All,
    /// What must be sent, and what has an example of its own.
    Needed,
}

/// A value of a schema.
pub fn of(schemas: Schemas<'_>, schema: &Value, members: Members) -> Value {
    value(schemas, schema, members, "", 0)
}

fn value(schemas: Schemas<'_>, schema: &Value, members: Members, name: &str, depth: usize) -> Value {
    let (_, found) = schemas.resolve(schema);
    for told in [schema, found] {
        let first = told.get("examples").and_then(|examples| examples.get(0));
        if let Some(example) = told.get("example").or(first).or_else(|| told.get("const")) {
            return example.clone();
        }
    }
    if let Some(default) = found.get("default").filter(|value| !value.is_null()) {
        return default.clone();
    }
    if let Some(first) = found.get("enum").and_then(|words| words.get(0)) {
        return first.clone();
    }
    if let Some(variant) = Schemas::variants(found).first() {
        return value(schemas, variant, members, name, depth);
    }
    let inside = schemas.members(found);
    if !inside.is_empty() {
        if depth >= DEPTH {
            return json!({});
        }
        let wanted = inside.into_iter().filter(|(_, member, required)| {
            members == Members::All || *required || member.get("example").is_some() || member.get("examples").is_some()
        });
        let object: Map<String, Value> = wanted
            .map(|(name, member, _)| (name.to_owned(), value(schemas, member, members, name, depth + 1)))
            .collect();
        return Value::Object(object);
    }
    match kind(found) {
        "array" if depth < DEPTH => match found.get("items") {
            Some(items) => json!([value(schemas, items, members, name, depth + 1)]),
            None => json!([]),
        },
        "array" => json!([]),
        "object" => json!({}),
        "boolean" => json!(false),
        "integer" => found.get("minimum").cloned().unwrap_or_else(|| json!(0)),
        "number" => json!(0.0),
        "string" => json!(word(found, name)),
        _ => Value::Null,
    }
}

fn kind(schema: &Value) -> &str {
    let first = schema.get("type").and_then(|kinds| match kinds {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
        kind => kind.as_str(),
    });
    first.unwrap_or_default()
}

fn word(schema: &Value, name: &str) -> &'static str {
    match (schema.get("format").and_then(Value::as_str), name) {
        (Some("date"), _) => "2026-01-31",
        (Some("date-time"), _) | (_, "createdAt" | "updatedAt" | "startedAt" | "finishedAt" | "errorAt") => {
            "2026-01-31T12:00:00.000Z"
        }
        (Some("uri"), _) | (_, "url" | "src" | "uploadUrl" | "outputUrl") => "https://example.org/…",
        (_, "id" | "templateId" | "batchId" | "requestId" | "jobId") => ID,
        (_, "code") => "VALIDATION_FAILED",
        (_, "error" | "message") => "what is wrong, in a sentence",
        _ => "…",
    }
}

/// The command that makes a call, as HTML.
pub fn curl(schemas: Schemas<'_>, path: &str, method: &str, operation: &Map<String, Value>) -> String {
    let mut address = path.to_owned();
    let mut query = Vec::new();
    for parameter in operation
        .get("parameters")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
        let place = parameter.get("in").and_then(Value::as_str).unwrap_or_default();
        if place == "path" {
            address = address.replace(&format!("{{{name}}}"), &format!("${}", name.to_uppercase()));
        } else if place == "query" && parameter.get("required") == Some(&json!(true)) {
            query.push(format!("{name}=…"));
        }
    }
    if !query.is_empty() {
        address = format!("{address}?{}", query.join("&"));
    }
    let mut lines = vec![match method {
        "get" => format!("curl \"$SERVER{address}\""),
        other => format!("curl -X {} \"$SERVER{address}\"", other.to_uppercase()),
    }];
    if operation.contains_key("security") {
        lines.push("-H \"Authorization: Bearer $TOKEN\"".to_owned());
    }
    let content = operation
        .get("requestBody")
        .and_then(|body| body.get("content")?.as_object());
    let (kind, media) = content.and_then(|content| content.iter().next()).unzip();
    let schema = media.and_then(|media| media.get("schema"));
    let mut shown = String::new();
    match (kind.map(String::as_str), schema) {
        (Some("multipart/form-data"), Some(schema)) => {
            for (name, member, required) in schemas.members(schema) {
                let is_file =
                    member.get("format") == Some(&json!("binary")) || member.get("contentMediaType").is_some();
                if is_file && (required || lines.len() < 3) {
                    lines.push(format!("-F {name}=@FILE"));
                }
            }
        }
        (Some("application/json"), Some(schema)) => {
            let example = media.and_then(|media| media.get("example")).cloned();
            let body = example.unwrap_or_else(|| of(schemas, schema, Members::Needed));
            lines.push("-H \"Content-Type: application/json\"".to_owned());
            shown = format!(" \\\n  -d '{}'", html::json(&body));
        }
        (Some(kind), _) => {
            lines.push(format!("-H \"Content-Type: {kind}\""));
            lines.push("--data-binary @FILE".to_owned());
        }
        (None, _) => {}
    }
    let lines: Vec<String> = lines.iter().map(|line| html::text(line)).collect();
    lines.join(" \\\n  ") + &shown
}
