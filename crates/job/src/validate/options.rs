//! What else a job may say about itself: its name, its words, its turn, and what to do where something is missing.

use serde_json::{Map, Value};

use super::fields::Reader;
use crate::number::{whole, whole_signed};

/// No job has more tags.
const MAX_TAGS: usize = 100;

/// No composition has so many frames.
const LAST_FRAME: u64 = 1_000_000_000_000;

/// No file's name is longer, its extension not counted.
const MAX_NAME: usize = 100;

impl Reader {
    pub(super) fn tags(&mut self, body: &Map<String, Value>) -> Vec<String> {
        let tags: Option<Vec<String>> = match body.get("tags") {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::String(list)) => Some(
                list.split(',')
                    .map(str::to_owned)
                    .filter(|tag| !tag.is_empty())
                    .collect(),
            ),
            Some(Value::Array(list)) => list.iter().map(|tag| tag.as_str().map(str::to_owned)).collect(),
            Some(_) => None,
        };
        match tags {
            Some(tags) if tags.iter().all(|tag| is_tag(tag)) && tags.len() <= MAX_TAGS => tags,
            Some(tags) if tags.len() > MAX_TAGS => {
                self.problem("tags", format!("must not be more than {MAX_TAGS}"));
                Vec::new()
            }
            _ => {
                self.problem(
                    "tags",
                    "must be tags of letters, digits, `-` and `_`: an array, or a text with commas between",
                );
                Vec::new()
            }
        }
    }

    pub(super) fn priority(&mut self, body: &Map<String, Value>) -> i64 {
        match body.get("priority") {
            None | Some(Value::Null) => 0,
            Some(value) => whole_signed(value)
                .filter(|n| (-1_000_000..=1_000_000).contains(n))
                .unwrap_or_else(|| {
                    self.problem("priority", "must be a whole number from -1000000 to 1000000");
                    0
                }),
        }
    }

    /// A name without folders that every file system and every URL takes as it is.
    pub(super) fn output_name(&mut self, body: &Map<String, Value>) -> Option<String> {
        let name = self.text("", body, "outputName")?;
        let is_plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
        let ends_well = name.bytes().next().is_some_and(|b| b != b'.' && b != b'-') && !name.ends_with('.');
        if is_plain && ends_well && name.len() <= MAX_NAME {
            return Some(name);
        }
        self.problem(
            "outputName",
            format!(
                "must be a file name of at most {MAX_NAME} letters (a-z, A-Z), digits, `.`, `_` and `-`, not beginning with \
                 `.` or `-` and not ending with `.`"
            ),
        );
        None
    }

    pub(super) fn poster_frame(&mut self, body: &Map<String, Value>) -> Option<u64> {
        let value = body.get("posterFrame").filter(|value| !value.is_null())?;
        let frame = whole(value).filter(|frame| *frame <= LAST_FRAME);
        if frame.is_none() {
            self.problem("posterFrame", format!("must be a frame number from 0 to {LAST_FRAME}"));
        }
        frame
    }

    pub(super) fn on_missing_font(&mut self, body: &Map<String, Value>) -> bool {
        match self.text("", body, "onMissingFont").as_deref() {
            None | Some("warn") => false,
            Some("fail") => true,
            Some(other) => {
                self.problem("onMissingFont", format!("must be `fail` or `warn`, not `{other}`"));
                false
            }
        }
    }
}

/// Whether a word may be a job's tag.
pub fn is_tag(word: &str) -> bool {
    !word.is_empty()
        && word.len() <= 100
        && word
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}
