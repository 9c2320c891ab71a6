//! Where filmpress keeps its things when nobody says where.

use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The data folder asked for, else the platform's usual place (`~/.local/share/filmpress` on Linux).
pub fn data(asked: Option<&Path>) -> Result<PathBuf, Failure> {
    match asked {
        Some(folder) => Ok(folder.to_owned()),
        None => directories::ProjectDirs::from("", "", "filmpress")
            .map(|dirs| dirs.data_dir().to_owned())
            .ok_or_else(|| Failure::usage("there is no home folder to keep data in").hint("give --data DIR")),
    }
}
