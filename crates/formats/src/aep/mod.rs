//! After Effects projects: `.aep`, binary chunks ("RIFX"). `.aepx` is the same tree in XML and meets us at [`raw`].
//!
//! | step | file |
//! |---|---|
//! | bytes to a tree of chunks, one to one with the file | [`raw`] |
//! | chunks to a Project: ids resolved, defaults made explicit, units normalised | [`convert`] |
//!
//! To read one more thing: find its chunk, read it in the file of `convert` that owns its neighbours.

pub(crate) mod convert;
pub(crate) mod raw;
#[cfg(test)]
pub(crate) mod testing;

use filmpress_composition::{ItemId, Project, Warned};

use crate::ReadError;

/// Reads the bytes of one `.aep` file. Damaged files are read as far as possible, with warnings.
pub fn read(bytes: &[u8]) -> Result<Warned<Project>, ReadError> {
    Ok(read_exported(bytes, None)?.map(|(project, _)| project))
}

/// Reads the bytes of one `.aep` file and finds the composition that the motion graphics template of this name was
/// exported from.
pub(crate) fn read_exported(
    bytes: &[u8],
    template: Option<&str>,
) -> Result<Warned<(Project, Option<ItemId>)>, ReadError> {
    let raw = raw::rifx::read(bytes)?;
    let main = template.and_then(|name| convert::essential_graphics::composition(&raw.value, name));
    let mut warnings = raw.warnings;
    let project = convert::project(&raw.value).unpack(&mut warnings);
    Ok(Warned::new((project, main), warnings))
}
