//! Template files to Projects. Bytes in, [`Template`] out; no IO.
//!
//! To add a format: a folder with `mod.rs` (and `raw`, `convert` where the format is big), its line in [`read`].

pub mod aep;
pub mod aepx;
mod error;
mod json;
pub mod limits;
pub mod lottie;
mod mogrt;
mod nesting;
mod package;
pub mod support;

use std::sync::Arc;

use filmpress_composition::{ItemId, Project, Warned};

pub use error::ReadError;

/// A font file that came with a template.
#[derive(Clone, Debug)]
pub struct FontFile {
    /// Its file name.
    pub name: String,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
}

/// A template as read.
#[derive(Clone, Debug, Default)]
pub struct Template {
    /// The project. Footage found beside the project in an archive is [`filmpress_composition::FootageSource::Embedded`].
    pub project: Project,
    /// Fonts found in the archive.
    pub fonts: Vec<FontFile>,
    /// The composition the format itself names as the main one (Lottie, mogrt).
    pub main_composition: Option<ItemId>,
}

impl Template {
    /// A template without fonts whose format names no main composition.
    fn of_project(project: Project) -> Self {
        Self {
            project,
            ..Self::default()
        }
    }

    /// A Lottie animation: the animation itself is the main composition, whatever else lies unused in the file.
    fn of_lottie(project: Project) -> Self {
        let main = project.compositions().next().map(|(item, _)| item.id);
        Self {
            main_composition: main,
            ..Self::of_project(project)
        }
    }
}

/// Reads a template of any supported format, recognised by content; `file_name` only helps error texts.
pub fn read(bytes: &[u8], file_name: &str) -> Result<Warned<Template>, ReadError> {
    if bytes.len() as u64 > limits::MAX_TEMPLATE_BYTES {
        return Err(ReadError::Limit(format!(
            "`{file_name}` has {} bytes, more than {}",
            bytes.len(),
            limits::MAX_TEMPLATE_BYTES
        )));
    }
    let template = read_any(bytes, file_name)?;
    nesting::check(&template.value.project)?;
    Ok(template)
}

fn read_any(bytes: &[u8], file_name: &str) -> Result<Warned<Template>, ReadError> {
    if bytes.starts_with(b"RIFX") {
        return Ok(aep::read(bytes)?.map(Template::of_project));
    }
    if aepx::is_aepx(bytes) {
        return Ok(aepx::read(bytes)?.map(Template::of_project));
    }
    if package::is_zip(bytes) {
        return package::read(bytes);
    }
    if bytes.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{') || bytes.starts_with(b"\xEF\xBB\xBF{") {
        return Ok(lottie::read(bytes)?.map(Template::of_lottie));
    }
    Err(ReadError::Unsupported(format!(
        "`{file_name}` is not a template: expected .aep, .aepx, .mogrt, .zip, .lottie or Lottie .json"
    )))
}
