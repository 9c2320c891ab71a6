//! A job checked against its template before it is accepted: everything that is known to go wrong, at once.
//!
//! What a worker finds while it renders is found here without the project, from what was noted of the template when it was
//! read. It knows less (not every property is noted), so an empty answer promises nothing; what it does say is so.
//!
//! - `layers`: compositions, layers, and whether an asset fits its layer
//! - `fonts`: fonts that will be replaced; `names`: secrets that are not there

mod fonts;
mod layers;
mod names;

use std::collections::BTreeSet;

use crate::creation::JobCreation;
use crate::error::ErrorCode;
use crate::metadata::TemplateMetadata;
use crate::problem::Problem;

pub use fonts::{KnownFont, missing_fonts};
pub use names::{named_secrets, unknown_secrets};

/// More than these are not told of one job.
const MOST: usize = 200;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The job would end in an error.
    Error,
    /// The film would be other than asked for.
    Warning,
}

/// Something known to go wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The code of the error the job would end in, or of what the warning is about.
    pub code: ErrorCode,
    /// Where, and what.
    pub problem: Problem,
}

/// Checks a job against its template and the team's fonts.
pub fn preflight(job: &JobCreation, template: &TemplateMetadata, fonts: &[KnownFont]) -> Vec<Finding> {
    let mut findings = Vec::new();
    // A template nobody has read yet says nothing.
    if !template.compositions.is_empty() {
        layers::check(job, template, &mut findings);
        fonts::check(job, template, fonts, &mut findings);
    }
    let mut told = BTreeSet::new();
    findings.retain(|finding| told.insert((finding.problem.field.clone(), finding.problem.message.clone())));
    findings.truncate(MOST);
    findings
}

impl Finding {
    fn error(code: ErrorCode, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            problem: Problem::new(field, message),
        }
    }

    fn warning(code: ErrorCode, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(code, field, message)
        }
    }

    /// The same seen from the parent: a finding of the child in `assets[2]`.
    #[must_use]
    pub fn inside(self, outer: &str) -> Self {
        Self {
            problem: self.problem.inside(outer),
            ..self
        }
    }
}

#[cfg(test)]
mod tests;
