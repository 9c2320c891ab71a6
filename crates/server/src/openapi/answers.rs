//! The answers that every call of a kind can give, said once for all of them.

use serde_json::{Map, Value, json};

use super::METHODS;

/// The answers that calls share by name: status, name, what it means.
static SHARED: [(&str, &str, &str); 10] = [
    (
        "400",
        "BadRequest",
        "The request is refused; `details` names everything that is wrong with it",
    ),
    ("401", "Unauthorized", "No token, or none that is good"),
    ("403", "Forbidden", "The token may not do this"),
    ("404", "NotFound", "There is no such thing, or it is another team's"),
    ("409", "Conflict", "Not in the state that things are in"),
    ("410", "Gone", "It was there once and is gone"),
    ("413", "PayloadTooLarge", "The body is too large"),
    ("429", "TooManyRequests", "Too many requests, or too many jobs waiting"),
    ("500", "InternalError", "Something went wrong on our side"),
    ("503", "Unavailable", "Not now"),
];

pub fn complete(document: &mut Value) {
    if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
        for item in paths.values_mut() {
            for method in METHODS {
                if let Some(operation) = item.get_mut(method).and_then(Value::as_object_mut) {
                    complete_operation(operation);
                }
            }
        }
    }
    let answers = SHARED
        .iter()
        .map(|(status, name, _)| ((*name).to_owned(), shared(status)));
    let headers = json!({
        "X-Request-Id": {"description": "The request's id, for questions about it", "schema": {"type": "string"}},
        "Retry-After": {"description": "Seconds until it is worth trying again", "schema": {"type": "integer"}},
    });
    if let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) {
        components.insert("responses".to_owned(), Value::Object(answers.collect()));
        components.insert("headers".to_owned(), headers);
    }
}

fn complete_operation(operation: &mut Map<String, Value>) {
    let is_secured = operation.contains_key("security");
    let has_body = operation.contains_key("requestBody");
    let has_parameters = operation.contains_key("parameters");
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else {
        return;
    };
    let always = [
        ("400", has_body || has_parameters),
        ("401", is_secured),
        ("403", is_secured),
        ("413", has_body),
        ("429", is_secured),
        ("500", true),
    ];
    for (status, _) in always.into_iter().filter(|(_, can_be)| *can_be) {
        responses
            .entry(status)
            .or_insert_with(|| json!({"content": error(status)}));
    }
    for (status, response) in responses.iter_mut() {
        let Some(members) = response.as_object_mut() else {
            continue;
        };
        let is_said = |text: Option<&Value>| text.and_then(Value::as_str).is_some_and(|text| !text.is_empty());
        if !is_said(members.get("description")) {
            members.insert("description".to_owned(), json!(meaning(status)));
        }
        if status == "429" {
            // Whatever else it means there, it may also mean too many requests.
            members.insert("content".to_owned(), error(status));
        }
        match members.get_mut("headers").and_then(Value::as_object_mut) {
            Some(there) => there.extend(headers(status)),
            None => _ = members.insert("headers".to_owned(), Value::Object(headers(status))),
        }
        if let Some((_, name, _)) = SHARED.iter().find(|(known, ..)| known == status)
            && *response == shared(status)
        {
            *response = json!({"$ref": format!("#/components/responses/{name}")});
        }
    }
}

/// An error as most calls tell it.
fn shared(status: &str) -> Value {
    json!({"description": meaning(status), "content": error(status), "headers": headers(status)})
}

fn headers(status: &str) -> Map<String, Value> {
    let names: &[&str] = if status == "429" {
        &["X-Request-Id", "Retry-After"]
    } else {
        &["X-Request-Id"]
    };
    names
        .iter()
        .map(|name| {
            let header = json!({"$ref": format!("#/components/headers/{name}")});
            ((*name).to_owned(), header)
        })
        .collect()
}

/// The body of an error. Too many requests are told in the contract's older form, with an object under `error`.
fn error(status: &str) -> Value {
    let usual = json!({"$ref": "#/components/schemas/ErrorBody"});
    let schema = if status == "429" {
        json!({"anyOf": [usual, too_many()]})
    } else {
        usual
    };
    json!({"application/json": {"schema": schema}})
}

fn too_many() -> Value {
    json!({"type": "object", "required": ["error", "code"], "properties": {
        "error": {"type": "object", "required": ["message", "code"], "properties": {
            "message": {"type": "string", "description": "A sentence for a person."},
            "code": {"type": "string", "const": "RATE_LIMIT"}}},
        "code": {"type": "string", "const": "RATE_LIMIT"},
        "requestId": {"type": "string", "description": "The same as the header `X-Request-Id`."}}})
}

fn meaning(status: &str) -> &'static str {
    let shared = SHARED.iter().find(|(known, ..)| *known == status);
    match (status, shared) {
        (_, Some((_, _, meaning))) => meaning,
        ("200", _) => "Done",
        ("201", _) => "Made",
        ("202", _) => "Accepted",
        ("204", _) => "Done; the answer has no body",
        _ => "See `error`",
    }
}
