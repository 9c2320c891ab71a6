//! Fonts of the template that the team has not uploaded, and files the job names that are not there.

use super::{Finding, Severity};
use crate::creation::JobCreation;
use crate::error::ErrorCode;
use crate::metadata::{FontNeed, TemplateMetadata};

/// A font file of the team.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownFont {
    /// The name it was uploaded under.
    pub file_name: String,
    /// Its family.
    pub family: String,
    /// Its style.
    pub style: Option<String>,
    /// Its PostScript name.
    pub post_script_name: Option<String>,
}

impl KnownFont {
    fn is(&self, need: &FontNeed) -> bool {
        let same = |a: &str, b: &str| plain(a) == plain(b);
        let stem = self
            .file_name
            .rsplit_once('.')
            .map_or(self.file_name.as_str(), |(stem, _)| stem);
        let by_name = self
            .post_script_name
            .as_deref()
            .is_some_and(|name| same(name, &need.post_script_name));
        let by_family = need.family.as_deref().is_some_and(|family| {
            same(family, &self.family)
                && (need.style.is_none()
                    || self.style.is_none()
                    || need.style.as_deref().map(plain) == self.style.as_deref().map(plain))
        });
        by_name || by_family || same(stem, &need.post_script_name)
    }
}

/// Names as people and programs write them: `Open Sans`, `OpenSans`, `open-sans`.
fn plain(name: &str) -> String {
    let kept = name.chars().filter(|c| !matches!(c, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase).collect()
}

/// The fonts of a template that are not among the team's: file names are unknown then, so they are told as After Effects
/// does, `Soleil (Regular)`.
pub fn missing_fonts(template: &TemplateMetadata, fonts: &[KnownFont]) -> Vec<String> {
    let missing = template
        .fonts
        .iter()
        .filter(|need| !fonts.iter().any(|font| font.is(need)));
    missing.map(label).collect()
}

fn label(need: &FontNeed) -> String {
    match (&need.family, &need.style) {
        (Some(family), Some(style)) => format!("{family} ({style})"),
        (Some(family), None) => family.clone(),
        (None, _) => need.post_script_name.clone(),
    }
}

pub(super) fn check(job: &JobCreation, template: &TemplateMetadata, fonts: &[KnownFont], findings: &mut Vec<Finding>) {
    for (index, name) in job.fonts.iter().enumerate() {
        if !fonts.iter().any(|font| font.file_name.eq_ignore_ascii_case(name)) {
            findings.push(Finding::warning(
                ErrorCode::FontMissing,
                format!("fonts[{index}]"),
                format!("Font '{name}' not available: no font of that file name was uploaded"),
            ));
        }
    }
    for name in missing_fonts(template, fonts) {
        findings.push(Finding {
            severity: if job.fail_on_missing_font {
                Severity::Error
            } else {
                Severity::Warning
            },
            ..Finding::warning(
                ErrorCode::FontMissing,
                "fonts",
                format!("Font '{name}' not available: the template asks for it and no such font was uploaded"),
            )
        });
    }
}
