//! What the server tells clients about an uploaded template, and what it checks their jobs against.
//!
//! The report of `filmpress_inspect` in the words of the API ([`TemplateMetadata`]).
//!
//! | part | file |
//! |---|---|
//! | whether the file is what it was declared as | `declared` |
//! | compositions and their `data` | `compositions` |
//! | layers and their `data` | `layers` |
//! | paths of the properties a `data` asset can name | `properties` |

mod compositions;
mod declared;
mod layers;
mod properties;

use std::path::{Path, PathBuf};

use filmpress_composition::{Composition, LayerKind};
use filmpress_evaluate::text::FontBook;
use filmpress_formats::limits::MAX_TEMPLATE_BYTES;
use filmpress_inspect::report::{FontReport, FontState};
use filmpress_inspect::{FootageFile, Report, Surroundings};
use filmpress_job::TemplateMetadata;
use filmpress_job::metadata::FontNeed;
use filmpress_media::Programs;
use filmpress_worker::footage::Finder;

use crate::template;

/// Reads a template file declared to be of a kind (`aep`, `zip`, `mogrt`, `lottie` ...): what is in it, or why it cannot
/// be used. Texts are measured with the template's fonts and those in `fonts` and in this system's folders.
///
/// Takes no more than the readers and the report allow themselves: their limits are in `filmpress_formats::limits` and
/// `filmpress_inspect::limits`.
pub fn introspect(path: &Path, kind: &str, fonts: &[PathBuf]) -> Result<TemplateMetadata, String> {
    let unreadable = |error: std::io::Error| format!("the template cannot be read: {error}");
    if std::fs::metadata(path).map_err(unreadable)?.len() > MAX_TEMPLATE_BYTES {
        return Err("the template is larger than 2 GiB".to_owned());
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    declared::check(&bytes, kind)?;
    let read = filmpress_formats::read(&bytes, "the file").map_err(|error| error.to_string())?;
    drop(bytes);
    // Looking through the system's fonts takes longer than all the rest: only where there is text.
    let has_text = |c: &Composition| c.layers.iter().any(|layer| layer.kind == LayerKind::Text);
    let fonts = if read.value.project.compositions().any(|(_, c)| has_text(c)) {
        template::font_book(&read.value, fonts)
    } else {
        FontBook::default()
    };
    // Only what came with the template is there for its jobs: the author's folders are not.
    let finder = Finder::new(None, Programs::default());
    let around = Surroundings {
        fonts: &fonts,
        footage: &|name, footage| {
            let found = finder.find(name, footage);
            FootageFile {
                found: found.found,
                at: found.at,
                info: found.info,
                problem: found.problem,
            }
        },
    };
    let report = filmpress_inspect::inspect(&read, "the file", &around);
    let properties = properties::Paths::of(&read.value.project);
    Ok(metadata(&report, &properties))
}

fn metadata(report: &Report, properties: &properties::Paths) -> TemplateMetadata {
    let mut warnings: Vec<String> = report
        .warnings
        .iter()
        .filter(|w| !is_about_a_font(w))
        .map(said)
        .collect();
    warnings.extend(properties.warning());
    TemplateMetadata {
        compositions: compositions::list(report),
        layers: layers::list(report, properties),
        fonts: report.fonts.iter().filter(|font| is_needed(font)).map(need).collect(),
        controls: report
            .panels
            .iter()
            .flat_map(|panel| &panel.controls)
            .filter(|control| !matches!(control.kind, "group" | "comment" | "unknown"))
            .map(|control| control.path.clone())
            .collect(),
        warnings,
    }
}

fn said(warning: &filmpress_inspect::report::WarningReport) -> String {
    if warning.place.is_empty() {
        warning.message.clone()
    } else {
        format!("{}: {}", warning.place, warning.message)
    }
}

/// Which fonts there are is a job's matter: it brings the team's fonts, and its worker has others than this machine.
fn is_about_a_font(warning: &filmpress_inspect::report::WarningReport) -> bool {
    warning.kind == "missing" && warning.message.starts_with("font `")
}

/// Whether a font must come from outside of the template.
fn is_needed(font: &FontReport) -> bool {
    !font.in_template && font.state != FontState::Carried && !(font.name.is_empty() && font.family.is_empty())
}

fn need(font: &FontReport) -> FontNeed {
    let told = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    FontNeed {
        post_script_name: if font.name.is_empty() { &font.family } else { &font.name }.clone(),
        family: told(&font.family),
        style: told(&font.style),
    }
}

#[cfg(test)]
mod tests;
