//! Zip archives: one project with its footage and fonts beside it.
//!
//! | step | file |
//! |---|---|
//! | the entries, with every limit enforced | [`archive`], their names [`name`] |
//! | which entry is the project | [`project`]; for `.lottie` [`dot_lottie`] |
//! | footage of the project found among the entries | [`footage`] |
//!
//! A `.mogrt` is an archive too; what is special about it is in [`crate::mogrt`].

pub(crate) mod archive;
mod dot_lottie;
pub(crate) mod footage;
mod name;
pub(crate) mod project;

use filmpress_composition::{Diagnostics, Warned};

use crate::{FontFile, ReadError, Template, mogrt};
use archive::{Archive, Budget};
use project::Format;

/// Whether these bytes are a zip archive.
pub(crate) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// Reads an archive: a `.mogrt`, or a project with what it needs.
pub fn read(bytes: &[u8]) -> Result<Warned<Template>, ReadError> {
    let mut budget = Budget::of(bytes);
    let mut archive = Archive::open(bytes)?;
    if mogrt::is_mogrt(&archive) {
        return mogrt::read(&mut archive, &mut budget);
    }
    let chosen = match dot_lottie::choose(&mut archive, &mut budget)? {
        Some(chosen) => chosen,
        None => project::choose(&mut archive, &mut budget)?,
    };
    let bytes = archive.read(chosen.index, &mut budget)?;
    let read = match chosen.format {
        Format::Aep => crate::aep::read(&bytes)?.map(Template::of_project),
        Format::Aepx => crate::aepx::read(&bytes)?.map(Template::of_project),
        Format::Lottie => crate::lottie::read(&bytes)?.map(Template::of_lottie),
        Format::Mogrt => mogrt::read(&mut Archive::open(&bytes)?, &mut budget)?,
    };
    add_neighbours(read, &mut archive, &mut budget)
}

/// Puts an archive's footage and fonts into the template read from it.
pub(crate) fn add_neighbours(
    read: Warned<Template>,
    archive: &mut Archive<'_>,
    budget: &mut Budget,
) -> Result<Warned<Template>, ReadError> {
    let mut warnings: Diagnostics = read.warnings;
    let mut template = read.value;
    footage::embed(&mut template.project, archive, budget, &mut warnings)?;
    for entry in archive.entries() {
        let name = entry.file_name();
        let is_font = [".ttf", ".otf", ".ttc", ".otc"]
            .iter()
            .any(|end| name.to_ascii_lowercase().ends_with(end));
        if is_font {
            let bytes = archive.read(entry.index, budget)?;
            template.fonts.push(FontFile {
                name: name.to_owned(),
                bytes: bytes.into(),
            });
        }
    }
    Ok(Warned::new(template, warnings))
}
