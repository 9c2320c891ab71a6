//! Lottie animations.

use filmpress_composition::{Project, Warned};

use crate::ReadError;

/// Reads the bytes of one file.
pub fn read(_bytes: &[u8]) -> Result<Warned<Project>, ReadError> {
    Err(ReadError::Unsupported("this format is not read yet".to_owned()))
}
