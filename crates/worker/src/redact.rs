//! Values that no log and no error may show.

use std::borrow::Cow;
use std::fmt::Write;
use std::sync::Arc;

use filmpress_job::JobError;
use filmpress_job::protocol::Secrets;

/// What stands in a value's place.
const MASK: &str = "***";
/// Characters of a value that are enough to know it again where it is cut.
const TELLING: usize = 8;

/// Takes the values of a job's secrets out of texts. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Redactor(Arc<[String]>);

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Redactor of {} values", self.0.len())
    }
}

impl Redactor {
    /// Of a job's secrets, in every way of writing that texts may have them in.
    pub(crate) fn of(secrets: &Secrets) -> Self {
        let mut values = Vec::new();
        for value in secrets.0.values().filter(|value| !value.is_empty()) {
            values.extend([value.clone(), percent_encoded(value), escaped(value)]);
        }
        // The longest first: one value may be a part of another.
        values.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        values.dedup();
        Self(values.into())
    }

    /// A text without values, and without beginnings of them: errors cut what is long.
    pub(crate) fn clean<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut clean = Cow::Borrowed(text);
        for value in self.0.iter() {
            if clean.contains(beginning(value)) {
                clean = Cow::Owned(without(&clean, value));
            }
        }
        clean
    }

    /// An error without values.
    pub(crate) fn error(&self, error: JobError) -> JobError {
        JobError {
            message: self.clean(&error.message).into_owned(),
            hint: error.hint.map(|hint| self.clean(&hint).into_owned()),
            ..error
        }
    }
}

/// So much of a value that it is told by it.
fn beginning(value: &str) -> &str {
    let end = value.char_indices().nth(TELLING).map_or(value.len(), |(end, _)| end);
    value.get(..end).unwrap_or(value)
}

/// A text with a mask in place of a value and of every beginning of it.
fn without(text: &str, value: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, _)) = rest.split_once(beginning(value)) {
        out.push_str(before);
        out.push_str(MASK);
        let found = rest.get(before.len()..).unwrap_or_default();
        let same = found.chars().zip(value.chars()).take_while(|(a, b)| a == b);
        let length: usize = same.map(|(c, _)| c.len_utf8()).sum();
        rest = found.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// As in addresses.
fn percent_encoded(value: &str) -> String {
    value.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

/// As in JSON and in Rust's debug texts.
fn escaped(value: &str) -> String {
    let quoted = serde_json::to_string(value).unwrap_or_default();
    quoted.trim_matches('"').to_owned()
}

#[cfg(test)]
mod tests {
    use filmpress_job::{ErrorCode, JobError, Phase};

    use super::*;

    #[test]
    fn values_vanish_however_they_are_written() {
        let secrets = [("A", "pass"), ("B", "pass word/1"), ("C", ""), ("D", "a\"b\n")];
        let secrets = Secrets(secrets.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
        let redactor = Redactor::of(&secrets);
        assert_eq!(redactor.clean("nothing here"), "nothing here");
        assert_eq!(redactor.clean("x pass word/1 pass"), "x *** ***");
        assert_eq!(redactor.clean("http://h/?k=pass%20word%2F1"), "http://h/?k=***");
        assert_eq!(redactor.clean(r#"{"k":"a\"b\n"}"#), r#"{"k":"***"}"#);
        assert_eq!(
            redactor.clean("given \"pass wor...\" and pass"),
            "given \"***...\" and ***"
        );
        let error = JobError::new(ErrorCode::Internal, Phase::Fetch, "at pass").hint("not pass");
        let error = redactor.error(error);
        assert_eq!(
            (error.message.as_str(), error.hint.as_deref()),
            ("at ***", Some("not ***"))
        );
        assert_eq!(format!("{redactor:?}"), "Redactor of 6 values");
    }
}
