//! The description of the API: OpenAPI 3.1, made from the handlers and completed with what holds for all of them.
//!
//! | part | file |
//! |---|---|
//! | what the API is, where, its tags, its tokens | `about` |
//! | the answers that every call of a kind can give | `answers` |
//! | bodies worth showing whole | `examples` |
//! | what an event of a stream is | `streams` |

mod about;
mod answers;
mod examples;
mod streams;

use serde_json::{Map, Value};
use utoipa::openapi::OpenApi as Description;

/// The words for the methods of a path in the description.
pub const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The description of the API, complete.
pub fn document(described: &Description) -> Value {
    // What utoipa makes can always be written: its maps have strings for keys.
    let mut document = serde_json::to_value(described).unwrap_or_default();
    about::complete(&mut document);
    answers::complete(&mut document);
    examples::complete(&mut document);
    streams::complete(&mut document);
    document
}

/// The operations of a description: path, method, operation.
pub fn operations(document: &Value) -> impl Iterator<Item = (&str, &'static str, &Map<String, Value>)> {
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    paths.flat_map(|(path, item)| {
        METHODS
            .iter()
            .filter_map(move |method| Some((path.as_str(), *method, item.get(method)?.as_object()?)))
    })
}
