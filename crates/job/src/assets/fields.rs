//! Reading the fields of one JSON object and keeping account of what is wrong with them.

use serde_json::{Map, Value};

use super::Sources;
use crate::Problem;
use crate::number::whole;
use crate::secrets;

/// The fields of an asset.
pub(crate) struct Fields<'a> {
    object: &'a Map<String, Value>,
    path: &'a str,
    sources: Sources,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(
        object: &'a Map<String, Value>,
        path: &'a str,
        sources: Sources,
        problems: &'a mut Vec<Problem>,
    ) -> Self {
        Self {
            object,
            path,
            sources,
            problems,
        }
    }

    /// Records a problem with a field.
    pub(crate) fn problem(&mut self, field: &str, message: impl Into<String>) {
        self.problems
            .push(Problem::new(format!("{}.{field}", self.path), message));
    }

    /// The field, `null` counting as absent.
    pub(crate) fn get(&self, field: &str) -> Option<&'a Value> {
        self.object.get(field).filter(|value| !value.is_null())
    }

    /// What `read` makes of an object among the fields; `None` if it is not there.
    pub(crate) fn within<T>(&mut self, field: &str, read: impl FnOnce(&mut Fields<'_>) -> T) -> Option<T> {
        let Some(object) = self.get(field)?.as_object() else {
            self.problem(field, "must be an object");
            return None;
        };
        let path = format!("{}.{field}", self.path);
        Some(read(&mut Fields::new(object, &path, self.sources, self.problems)))
    }

    /// A number in a range, if it is there.
    pub(crate) fn number(&mut self, field: &str, range: std::ops::RangeInclusive<f64>) -> Option<f64> {
        let number = self.get(field)?.as_f64().filter(|number| range.contains(number));
        if number.is_none() {
            self.problem(
                field,
                format!("must be a number from {} to {}", range.start(), range.end()),
            );
        }
        number
    }

    /// A string, if it is there; a problem if it is something else.
    pub(crate) fn string(&mut self, field: &str) -> Option<String> {
        let text = self.get(field)?.as_str();
        if text.is_none() {
            self.problem(field, "must be a string");
        }
        text.map(str::to_owned)
    }

    /// A string that must be there and not be empty.
    pub(crate) fn required_string(&mut self, field: &str) -> Option<String> {
        if self.get(field).is_none() {
            self.problem(field, "is required");
            return None;
        }
        let text = self.string(field)?;
        if text.is_empty() {
            self.problem(field, "must not be empty");
            return None;
        }
        Some(text)
    }

    /// A boolean, absent meaning false.
    pub(crate) fn flag(&mut self, field: &str) -> bool {
        match self.get(field) {
            None => false,
            Some(Value::Bool(on)) => *on,
            Some(_) => {
                self.problem(field, "must be true or false");
                false
            }
        }
    }

    /// A counting number from 1, if it is there.
    pub(crate) fn index(&mut self, field: &str) -> Option<usize> {
        let index = whole(self.get(field)?)
            .filter(|n| *n >= 1)
            .and_then(|n| usize::try_from(n).ok());
        if index.is_none() {
            self.problem(field, "must be a whole number from 1 (the topmost layer)");
        }
        index
    }

    /// The `src` of something to download: must be there and be of an allowed kind.
    pub(crate) fn src(&mut self) -> Option<String> {
        let src = self.required_string("src")?;
        let scheme = src.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
        // What begins with a secret is looked at once that is filled in.
        let web = matches!(scheme.as_deref(), Some("http" | "https" | "data")) || secrets::leads(&src);
        if !web && self.sources == Sources::Web {
            self.problem("src", "must be a http:, https: or data: URL");
            return None;
        }
        Some(src)
    }
}
