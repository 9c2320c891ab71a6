//! The answers that every call of a kind can give, said once for all of them.

use serde_json::{Map, Value, json};

use super::METHODS;

pub fn complete(document: &mut Value) {
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else {
        return;
    };
    for item in paths.values_mut() {
        for method in METHODS {
            if let Some(operation) = item.get_mut(method).and_then(Value::as_object_mut) {
                complete_operation(operation);
            }
        }
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
    for (status, can_be) in always {
        if can_be && !responses.contains_key(status) {
            let answer = if status == "429" { too_many() } else { error() };
            responses.insert(status.to_owned(), answer);
        }
    }
    for (status, response) in responses.iter_mut() {
        let Some(response) = response.as_object_mut() else {
            continue;
        };
        let is_said = |text: Option<&Value>| text.and_then(Value::as_str).is_some_and(|text| !text.is_empty());
        if !is_said(response.get("description")) {
            response.insert("description".to_owned(), json!(meaning(status)));
        }
        let mut headers = Map::new();
        headers.insert(
            "X-Request-Id".to_owned(),
            header("The request's id, for questions about it", "string"),
        );
        if status == "429" {
            headers.insert(
                "Retry-After".to_owned(),
                header("Seconds until it is worth trying again", "integer"),
            );
        }
        match response.get_mut("headers").and_then(Value::as_object_mut) {
            Some(there) => there.extend(headers),
            None => _ = response.insert("headers".to_owned(), Value::Object(headers)),
        }
    }
}

fn error() -> Value {
    json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorBody"}}}})
}

/// Too many requests are told in the contract's older form, with an object under `error`.
fn too_many() -> Value {
    let requests = json!({"type": "object", "required": ["error", "code"], "properties": {
        "error": {"type": "object", "required": ["message", "code"], "properties": {
            "message": {"type": "string", "description": "A sentence for a person."},
            "code": {"type": "string", "const": "RATE_LIMIT"}}},
        "code": {"type": "string", "const": "RATE_LIMIT"},
        "requestId": {"type": "string", "description": "The same as the header `X-Request-Id`."}}});
    let jobs = json!({"$ref": "#/components/schemas/ErrorBody"});
    json!({"content": {"application/json": {"schema": {"anyOf": [jobs, requests]}}}})
}

fn header(description: &str, kind: &str) -> Value {
    json!({"description": description, "schema": {"type": kind}})
}

fn meaning(status: &str) -> &'static str {
    match status {
        "200" => "Done",
        "201" => "Made",
        "202" => "Accepted",
        "204" => "Done; the answer has no body",
        "400" => "The request is refused; `details` names everything that is wrong with it",
        "401" => "No token, or none that is good",
        "403" => "The token may not do this",
        "404" => "There is no such thing, or it is another team's",
        "409" => "Not in the state that things are in",
        "410" => "It was there once and is gone",
        "413" => "The body is too large",
        "429" => "Too many requests, or too many jobs waiting",
        "503" => "Not now",
        "500" => "Something went wrong on our side",
        _ => "See `error`",
    }
}
