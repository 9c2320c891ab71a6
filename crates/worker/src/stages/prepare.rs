//! Template read, assets applied, composition staged.

use std::path::Path;

use filmpress_composition::lookup::main_composition;
use filmpress_composition::{Diagnostics, Kind, Place, Project};
use filmpress_evaluate::text::FontBook;
use filmpress_formats::ReadError;
use filmpress_job::protocol::Claim;
use filmpress_job::{ErrorCode, JobError, Phase};

use super::fetch::{Fetched, TemplateFile};
use super::{Ended, Shop};
use crate::fonts::font_sources;
use crate::missing_fonts::missing_fonts;
use crate::stage::{Stage, Surroundings};

/// A job ready to be drawn.
pub(super) struct Prepared {
    pub stage: Stage,
    pub warnings: Diagnostics,
    pub missing_fonts: Vec<String>,
    /// What fetching found.
    pub notes: Vec<String>,
}

fn failed(code: ErrorCode, message: impl Into<String>) -> JobError {
    JobError::new(code, Phase::Prepare, message)
}

pub(super) fn prepare(shop: &Shop, claim: &Claim, scratch: &Path, fetched: Fetched) -> Result<Prepared, Ended> {
    let (job, source) = super::render_of(claim)?;
    let read = match fetched.template {
        TemplateFile::Read(read) => read,
        TemplateFile::Bytes { sha256, bytes } => shop
            .templates
            .read(&sha256, &bytes, &source.file_name)
            .map_err(|error| read_error(&error))?,
    };
    let mut warnings = read.warnings.clone();
    let template = &read.value;
    // The job's own copy to edit; texts, outlines and files in it are shared.
    let mut project: Project = template.project.clone();
    for (asset, media) in fetched.assets {
        match asset.apply(&mut project, media) {
            Ok(applied) => applied.unpack(&mut warnings),
            Err(error) if job.continue_on_missing && error.is_missing() => {
                warnings.push(&Place::default(), Kind::Missing, error.to_string());
            }
            Err(error) => return Err(failed(error.code(), error.to_string()).into()),
        }
    }
    let wanted = job.template.composition.as_deref();
    let composition = main_composition(&project, wanted, template.main_composition)
        .map_err(|error| failed(ErrorCode::CompositionNotFound, error.to_string()))?;
    let mut supplied = fetched.fonts;
    supplied.extend(
        template
            .fonts
            .iter()
            .map(|font| (font.name.clone(), font.bytes.clone())),
    );
    let fonts = FontBook::new(font_sources(&shop.config.font_folders, &supplied));
    let missing_fonts = missing_fonts(&project, composition, &fonts);
    if let ([font, others @ ..], true) = (missing_fonts.as_slice(), job.fail_on_missing_font) {
        let mut message = format!("Font '{font}' not available");
        if !others.is_empty() {
            message = format!("{message}, nor '{}'", others.join("', '"));
        }
        let error = failed(ErrorCode::FontMissing, message);
        return Err(error
            .hint("upload it with `POST /fonts`, or let the job go on without it")
            .into());
    }
    let surroundings = Surroundings {
        fonts,
        folder: None,
        scratch: Some(scratch.to_owned()),
        pictures: shop.pictures.clone(),
        programs: shop.config.programs.clone(),
    };
    let stage = Stage::new(&project, composition, &surroundings)
        .map_err(|error| failed(ErrorCode::RenderFailed, error.to_string()))?
        .unpack(&mut warnings);
    Ok(Prepared {
        stage,
        warnings,
        missing_fonts,
        notes: fetched.warnings,
    })
}

fn read_error(error: &ReadError) -> JobError {
    let code = match error {
        ReadError::Unsupported(_) => ErrorCode::Unsupported,
        _ => ErrorCode::TemplateInvalid,
    };
    failed(code, format!("the template cannot be read: {error}"))
}
