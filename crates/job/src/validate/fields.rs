//! Reading one field, and noting what is wrong with it.

use serde_json::{Map, Value};

use super::is_web_url;
use crate::problem::Problem;

/// Goes through a body and collects every problem on the way.
pub(super) struct Reader {
    pub(super) problems: Vec<Problem>,
}

impl Reader {
    pub(super) fn problem(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.problems.push(Problem::new(field, message));
    }

    pub(super) fn has_problem(&self, field: &str) -> bool {
        self.problems.iter().any(|problem| problem.field == field)
    }

    pub(super) fn only(&mut self, field: &str, object: &Map<String, Value>, keys: &[&str]) {
        for key in object.keys().filter(|key| !keys.contains(&key.as_str())) {
            self.problem(
                format!("{field}.{key}"),
                format!("is not a key of `{field}`; those are `{}`", keys.join("`, `")),
            );
        }
    }

    pub(super) fn object<'a>(&mut self, body: &'a Map<String, Value>, key: &str) -> Option<&'a Map<String, Value>> {
        self.object_of("", body, key)
    }

    pub(super) fn object_of<'a>(
        &mut self,
        outer: &str,
        body: &'a Map<String, Value>,
        key: &str,
    ) -> Option<&'a Map<String, Value>> {
        match body.get(key) {
            None | Some(Value::Null) => None,
            Some(Value::Object(object)) => Some(object),
            Some(_) => {
                self.problem(format!("{outer}{key}"), "must be an object");
                None
            }
        }
    }

    pub(super) fn array<'a>(&mut self, body: &'a Map<String, Value>, key: &str) -> &'a [Value] {
        match body.get(key) {
            None | Some(Value::Null) => &[],
            Some(Value::Array(items)) => items,
            Some(_) => {
                self.problem(key, "must be an array");
                &[]
            }
        }
    }

    pub(super) fn text(&mut self, outer: &str, object: &Map<String, Value>, key: &str) -> Option<String> {
        match object.get(key) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if text.is_empty() => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(_) => {
                self.problem(format!("{outer}{key}"), "must be a string");
                None
            }
        }
    }

    pub(super) fn boolean(&mut self, outer: &str, object: &Map<String, Value>, key: &str) -> bool {
        match object.get(key) {
            None | Some(Value::Null) => false,
            Some(Value::Bool(value)) => *value,
            Some(_) => {
                self.problem(format!("{outer}{key}"), "must be true or false");
                false
            }
        }
    }

    pub(super) fn web_url(&mut self, field: &str, text: &str) {
        if !is_web_url(text) {
            self.problem(field, "must be a complete http or https URL");
        }
    }
}
