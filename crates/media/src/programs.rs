//! The programs that encode and check films.

use std::path::PathBuf;

/// Where the programs are that encode and check films; by default found by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Programs {
    /// Encodes.
    pub ffmpeg: PathBuf,
    /// Checks.
    pub ffprobe: PathBuf,
}

impl Default for Programs {
    fn default() -> Self {
        Self {
            ffmpeg: PathBuf::from("ffmpeg"),
            ffprobe: PathBuf::from("ffprobe"),
        }
    }
}
