//! Server-sent events: a handler names what their data is, the description says what an event is.

use serde_json::{Map, Value, json};

/// Where in an answer the schema of a stream of events is.
const SCHEMA: &str = "/content/text~1event-stream/schema";

/// Describes each event of a stream as its lines say it: `event`, `id` and `data`, which is JSON in a string.
pub fn complete(document: &mut Value) {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    let operations = paths
        .into_iter()
        .flat_map(Map::values_mut)
        .filter_map(Value::as_object_mut);
    for operation in operations.flat_map(Map::values_mut) {
        let answers = operation.get_mut("responses").and_then(Value::as_object_mut);
        for answer in answers.into_iter().flat_map(Map::values_mut) {
            if let Some(schema) = answer.pointer_mut(SCHEMA) {
                *schema = event(schema);
            }
        }
    }
}

/// An event whose data is described by `data`.
fn event(data: &Value) -> Value {
    json!({
        "type": "object",
        "description": "An event of the stream.",
        "required": ["event", "id", "data"],
        "properties": {
            "event": { "type": "string", "enum": ["job"], "description": "What it is about." },
            "id": { "type": "string", "description": "For `Last-Event-ID`." },
            "data": {
                "type": "string",
                "description": "How the job stands.",
                "contentMediaType": "application/json",
                "contentSchema": data,
            },
        },
    })
}
