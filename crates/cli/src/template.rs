//! Templates from files.

use std::path::Path;

use filmpress_composition::{Diagnostics, ItemId, lookup};
use filmpress_formats::Template;

use crate::failure::Failure;

/// Largest template read, in bytes: the service's own limit.
const MAX_BYTES: u64 = 2 << 30;

/// Reads a template; what is less than perfect about it goes into `warnings`.
pub fn read(path: &Path, warnings: &mut Diagnostics) -> Result<Template, Failure> {
    let unreadable = |error: std::io::Error| Failure::new(format!("{}: {error}", path.display()));
    let details = std::fs::metadata(path).map_err(unreadable)?;
    if details.is_dir() {
        return Err(Failure::new(format!("{} is a folder", path.display())).hint("name the template in it"));
    }
    if details.len() > MAX_BYTES {
        return Err(Failure::new(format!("{} is larger than 2 GiB", path.display())));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let template =
        filmpress_formats::read(&bytes, &name).map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
    Ok(template.unpack(warnings))
}

/// The composition meant by `--composition`, or by its absence.
pub fn composition(template: &Template, name: Option<&str>) -> Result<ItemId, Failure> {
    lookup::main_composition(&template.project, name, template.main_composition)
        .map_err(|error| Failure::new(error).hint("choose with --composition; `filmpress inspect` lists them"))
}
