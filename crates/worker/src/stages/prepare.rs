//! Template read, assets applied, composition staged.

use filmpress_composition::lookup::main_composition;
use filmpress_composition::{Diagnostics, Project};
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
}

fn failed(code: ErrorCode, message: impl Into<String>) -> JobError {
    JobError::new(code, Phase::Prepare, message)
}

pub(super) fn prepare(shop: &Shop, claim: &Claim, fetched: Fetched) -> Result<Prepared, Ended> {
    let (job, source) = super::job(claim)?;
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
    for (asset, bytes) in &fetched.assets {
        asset
            .apply(&mut project, bytes.clone())
            .map_err(|error| failed(error.code(), error.to_string()))?
            .unpack(&mut warnings);
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
    let surroundings = Surroundings {
        fonts,
        folder: None,
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
    })
}

fn read_error(error: &ReadError) -> JobError {
    let code = match error {
        ReadError::Unsupported(_) => ErrorCode::Unsupported,
        _ => ErrorCode::TemplateInvalid,
    };
    failed(code, format!("the template cannot be read: {error}"))
}
