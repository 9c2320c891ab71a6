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

use filmpress_composition::{Diagnostics, Kind, Place, Warned};

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
    let mut warnings = Diagnostics::new();
    let chosen = match dot_lottie::choose(&mut archive, &mut budget, &mut warnings)? {
        Some(chosen) => chosen,
        None => project::choose(&mut archive, &mut budget, &mut warnings)?,
    };
    let bytes = archive.read(chosen.index, &mut budget)?;
    let mut read = match chosen.format {
        Format::Aep => crate::aep::read(&bytes)?.map(Template::of_project),
        Format::Aepx => crate::aepx::read(&bytes)?.map(Template::of_project),
        Format::Lottie => crate::lottie::read(&bytes)?.map(Template::of_lottie),
        Format::Mogrt => mogrt::read(&mut Archive::open(&bytes)?, &mut budget)?,
    };
    warnings.extend(std::mem::take(&mut read.warnings));
    read.warnings = warnings;
    add_neighbours(read, &mut archive, chosen.index, &mut budget)
}

/// Puts an archive's footage and fonts into the template read from its entry `project`.
pub(crate) fn add_neighbours(
    read: Warned<Template>,
    archive: &mut Archive<'_>,
    project: usize,
    budget: &mut Budget,
) -> Result<Warned<Template>, ReadError> {
    let mut warnings: Diagnostics = read.warnings;
    let mut template = read.value;
    let entries = archive.entries();
    let path = entries
        .iter()
        .find(|e| e.index == project)
        .map_or("", |e| e.path.as_str());
    footage::embed(&mut template.project, archive, path, budget, &mut warnings)?;
    for entry in &entries {
        let name = entry.file_name();
        match extension(name).as_str() {
            "ttf" | "otf" | "ttc" | "otc" => {}
            packed @ ("woff" | "woff2" | "pfb" | "dfont") => {
                warnings.push(
                    &Place::default(),
                    Kind::Unsupported,
                    format!(
                        "the font file `{}` is not used: .{packed} is not read, .ttf and .otf are",
                        entry.path
                    ),
                );
                continue;
            }
            _ => continue,
        }
        match archive.read(entry.index, budget) {
            Ok(bytes) => template.fonts.push(FontFile {
                name: name.to_owned(),
                bytes: bytes.into(),
            }),
            // A damaged font is no reason to refuse the rest.
            Err(ReadError::Malformed(fault)) => warnings.push(&Place::default(), Kind::Malformed, fault),
            Err(other) => return Err(other),
        }
    }
    Ok(Warned::new(template, warnings))
}

/// A file name's last part in lower case, without the dot.
fn extension(file_name: &str) -> String {
    file_name
        .rsplit_once('.')
        .map(|(_, end)| end.to_ascii_lowercase())
        .unwrap_or_default()
}
