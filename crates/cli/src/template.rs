//! Templates from files, made ready to be drawn.

use std::path::{Path, PathBuf};

use clap::Args;
use filmpress_composition::{Diagnostics, ItemId, lookup};
use filmpress_evaluate::text::FontBook;
use filmpress_formats::Template;
use filmpress_formats::limits::MAX_TEMPLATE_BYTES;
use filmpress_worker::fonts::{default_font_dirs, font_sources};
use filmpress_worker::stage::{Stage, Surroundings};

use crate::failure::Failure;

/// Arguments of every command that draws a template.
#[derive(Debug, Args)]
pub struct TemplateArguments {
    /// The template: .aep, .aepx, .mogrt, .zip or Lottie .json.
    pub template: PathBuf,
    /// The composition to draw; without it the only one, else the one no other composition uses.
    #[arg(long)]
    pub composition: Option<String>,
    /// A folder with font files, searched before the system's; may be given several times.
    #[arg(long, value_name = "DIR", env = "FILMPRESS_FONTS", value_delimiter = ':')]
    pub fonts: Vec<PathBuf>,
}

/// Reads a template; what is less than perfect about it goes into `warnings`.
pub fn read(path: &Path, warnings: &mut Diagnostics) -> Result<Template, Failure> {
    let unreadable = |error: std::io::Error| Failure::new(format!("{}: {error}", path.display()));
    let details = std::fs::metadata(path).map_err(unreadable)?;
    if details.is_dir() {
        return Err(Failure::new(format!("{} is a folder", path.display())).hint("name the template in it"));
    }
    if details.len() > MAX_TEMPLATE_BYTES {
        return Err(Failure::new(format!("{} is larger than 2 GiB", path.display())));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let template =
        filmpress_formats::read(&bytes, &name).map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
    Ok(template.unpack(warnings))
}

/// The composition of that name, or the one meant when none is named.
pub fn composition(template: &Template, name: Option<&str>) -> Result<ItemId, Failure> {
    lookup::main_composition(&template.project, name, template.main_composition).map_err(|error| {
        let hint = match error {
            lookup::MainCompositionError::Empty => "there is nothing in it to draw",
            _ => "choose with --composition; `filmpress inspect` lists them",
        };
        Failure::new(error).hint(hint)
    })
}

/// Makes a composition ready. Footage is looked for beside the template; fonts in the template, in `fonts` and where
/// the system has them.
pub fn stage(
    path: &Path,
    template: &Template,
    composition: ItemId,
    fonts: &[PathBuf],
    warnings: &mut Diagnostics,
) -> Result<Stage, Failure> {
    let surroundings = Surroundings {
        scratch: None,
        fonts: font_book(template, fonts),
        folder: Some(folder(path)),
        ..Surroundings::default()
    };
    let stage = Stage::new(&template.project, composition, &surroundings).map_err(Failure::new)?;
    Ok(stage.unpack(warnings))
}

/// The fonts of the template, those in `dirs` and those of the system.
pub fn font_book(template: &Template, dirs: &[PathBuf]) -> FontBook {
    let supplied: Vec<_> = template
        .fonts
        .iter()
        .map(|font| (font.name.clone(), font.bytes.clone()))
        .collect();
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let mut dirs = dirs.to_vec();
    dirs.extend(default_font_dirs(home.as_deref()));
    FontBook::new(font_sources(&dirs, &supplied))
}

/// The folder a template is in.
pub fn folder(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if folder.as_os_str().is_empty() => PathBuf::from("."),
        Some(folder) => folder.to_owned(),
        None => PathBuf::from("."),
    }
}
