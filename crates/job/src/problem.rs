//! One reason why a request is refused.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One reason why a request is refused: the field as a path from the body's root, and a sentence for a person.
///
/// Validation collects every problem before it answers, so that one round trip shows them all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// The field, as in `assets[2].layerName`; empty for the body itself.
    pub field: String,
    /// What is wrong and, where it helps, what would be right.
    pub message: String,
}

impl Problem {
    /// A problem of one field.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }

    /// The same problem seen from outside: `layerName` inside `assets[2]` becomes `assets[2].layerName`.
    #[must_use]
    pub fn inside(self, outer: &str) -> Self {
        let field = match self.field.as_str() {
            "" => outer.to_owned(),
            inner if inner.starts_with('[') => format!("{outer}{inner}"),
            inner => format!("{outer}.{inner}"),
        };
        Self {
            field,
            message: self.message,
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.field.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.field, self.message)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Problem;

    #[test]
    fn a_problem_moves_outwards() {
        let problem = Problem::new("layerName", "is missing").inside("assets[2]");
        assert_eq!(problem.to_string(), "assets[2].layerName: is missing");
        assert_eq!(Problem::new("[0]", "x").inside("fonts").field, "fonts[0]");
        assert_eq!(Problem::new("", "x").inside("upload").field, "upload");
    }
}
