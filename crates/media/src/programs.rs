//! The programs that decode, encode and check films.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Where the programs are that decode, encode and check films; by default found by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Programs {
    /// Decodes and encodes.
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

/// How many of a program's last lines an error quotes.
const LINES: usize = 4;
/// Longest line kept.
const LINE_BYTES: u64 = 500;

/// Reads all that a program has to say, so that it never waits for us, and gives its last lines.
pub(crate) fn last_lines(stderr: impl Read) -> String {
    let mut lines: VecDeque<String> = VecDeque::new();
    let mut reader = BufReader::new(stderr);
    loop {
        let mut line = Vec::new();
        match reader.by_ref().take(LINE_BYTES).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return Vec::from(lines).join(" | "),
            Ok(_) => {}
        }
        let line = String::from_utf8_lossy(&line).trim().to_owned();
        if !line.is_empty() {
            lines.push_back(line);
            if lines.len() > LINES {
                lines.pop_front();
            }
        }
    }
}
