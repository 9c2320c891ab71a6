//! What went less than perfectly: placed, sorted, never fatal.

use std::collections::HashSet;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

/// What sort of shortcoming a [`Diagnostic`] reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The file breaks its own format; the rest was read.
    Malformed,
    /// A feature that is not drawn, or not read.
    Unsupported,
    /// A feature that is drawn in a simpler way than After Effects does.
    Approximated,
    /// Footage, a font or a referenced object that is not there.
    Missing,
    /// A documented limit was reached and something was cut.
    Limit,
}

impl Kind {
    /// The lower-case word used in reports and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Unsupported => "unsupported",
            Self::Approximated => "approximated",
            Self::Missing => "missing",
            Self::Limit => "limit",
        }
    }
}

/// Where in a project something is: the names from the composition inwards, shown as `Main > Title > Effects > Glow`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place(pub Vec<String>);

impl Place {
    /// A place one step further in.
    #[must_use]
    pub fn join(&self, name: impl Into<String>) -> Self {
        let mut steps = self.0.clone();
        steps.push(name.into());
        Self(steps)
    }
}

impl<S: Into<String>> FromIterator<S> for Place {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        Self(names.into_iter().map(Into::into).collect())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" > "))
    }
}

/// One warning: where, what sort, and a sentence for a person.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Diagnostic {
    /// Where it is.
    pub place: Place,
    /// What sort it is.
    pub kind: Kind,
    /// What is wrong, naming the feature or file.
    pub message: String,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place.0.is_empty() {
            write!(f, "{}: {}", self.kind.as_str(), self.message)
        } else {
            write!(f, "{}: {}: {}", self.place, self.kind.as_str(), self.message)
        }
    }
}

/// Most diagnostics kept; what a person would never read to the end must not fill memory either.
const MAX_KEPT: usize = 10_000;

/// An ordered collection of diagnostics without repeats, cut after 10 000 with a [`Kind::Limit`] that says so.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    /// Digests of those in the list.
    seen: HashSet<u64>,
}

impl PartialEq for Diagnostics {
    fn eq(&self, other: &Self) -> bool {
        self.list == other.list
    }
}

impl Eq for Diagnostics {}

impl Diagnostics {
    /// An empty collection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a diagnostic unless the very same one is there.
    pub fn push(&mut self, place: &Place, kind: Kind, message: impl Into<String>) {
        self.add(Diagnostic {
            place: place.clone(),
            kind,
            message: message.into(),
        });
    }

    /// Adds all of `other`.
    pub fn extend(&mut self, other: Self) {
        for diagnostic in other.list {
            self.add(diagnostic);
        }
    }

    fn add(&mut self, diagnostic: Diagnostic) {
        if self.list.len() > MAX_KEPT {
            return;
        }
        let mut hasher = DefaultHasher::new();
        diagnostic.hash(&mut hasher);
        if !self.seen.insert(hasher.finish()) {
            return;
        }
        if self.list.len() < MAX_KEPT {
            self.list.push(diagnostic);
        } else {
            self.list.push(Diagnostic {
                place: Place::default(),
                kind: Kind::Limit,
                message: format!("more than {MAX_KEPT} warnings; the rest is not listed"),
            });
        }
    }

    /// The diagnostics in the order they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.list.iter()
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}

/// A value with the warnings that came with making it.
#[derive(Clone, Debug, Default)]
pub struct Warned<T> {
    /// What was made.
    pub value: T,
    /// What was less than perfect about it.
    pub warnings: Diagnostics,
}

impl<T> Warned<T> {
    /// A value with warnings.
    pub fn new(value: T, warnings: Diagnostics) -> Self {
        Self { value, warnings }
    }

    /// Takes the value and moves its warnings into `into`.
    pub fn unpack(self, into: &mut Diagnostics) -> T {
        into.extend(self.warnings);
        self.value
    }

    /// Changes the value, keeps the warnings.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Warned<U> {
        Warned {
            value: f(self.value),
            warnings: self.warnings,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_count_once_and_floods_are_cut_with_a_word() {
        let mut all = Diagnostics::new();
        for i in 0..3 * MAX_KEPT {
            for _ in 0..2 {
                all.push(&Place(vec!["C".to_owned()]), Kind::Missing, format!("file {i}"));
            }
        }
        assert_eq!(all.len(), MAX_KEPT + 1);
        let last = all.iter().last().map(ToString::to_string);
        assert_eq!(
            last.as_deref(),
            Some("limit: more than 10000 warnings; the rest is not listed")
        );
        let mut again = all.clone();
        again.extend(all.clone());
        assert_eq!(again, all);
    }
}
