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

use filmpress_composition::{Project, Warned};

use crate::ReadError;

/// Reads the bytes of one `.aep` file. Damaged files are read as far as possible, with warnings.
pub fn read(bytes: &[u8]) -> Result<Warned<Project>, ReadError> {
    let raw = raw::rifx::read(bytes)?;
    let read = convert::project(&raw.value);
    let mut warnings = raw.warnings;
    let project = read.unpack(&mut warnings);
    Ok(Warned::new(project, warnings))
}
