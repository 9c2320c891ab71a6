//! A clip to samples of the film it becomes part of.

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;

use tempfile::TempPath;

use super::reader::{Reader, Watch};
use crate::decode::Film;
use crate::encode::create_beside;
use crate::{FrameRate, MediaError, Programs};

/// Samples a second.
const RATE: u64 = 48_000;
/// Two channels of 16 bits.
const SAMPLE_BYTES: u64 = 4;
/// Bytes copied at a time.
const CHUNK: usize = 1 << 16;

/// The sound of a film as it grows, in a file: stereo, 16 bits, [`RATE`].
pub(super) struct Sound {
    path: TempPath,
    file: BufWriter<File>,
    rate: FrameRate,
    /// Samples written.
    samples: u64,
}

impl Sound {
    /// An empty one, in a file beside another.
    pub(super) fn beside(path: &Path, rate: FrameRate) -> Result<Self, MediaError> {
        let (file, path) = create_beside(path)?.into_parts();
        Ok(Self {
            path,
            file: BufWriter::new(file),
            rate,
            samples: 0,
        })
    }

    /// Adds a clip's sound, cut or filled up so that the sound is as long as `frames` frames of picture.
    pub(super) fn add(
        &mut self,
        clip: &Film,
        frames: u64,
        programs: &Programs,
        watch: &Watch,
    ) -> Result<(), MediaError> {
        let FrameRate { numerator, denominator } = self.rate;
        let end = u128::from(frames) * u128::from(denominator) * u128::from(RATE) / u128::from(numerator);
        let mut left = (end as u64).saturating_sub(self.samples) * SAMPLE_BYTES;
        self.samples = end as u64;
        let mut chunk = vec![0; CHUNK];
        if clip.footage().has_audio {
            let mut reader = Reader::start(command(clip, programs), &programs.ffmpeg, watch)?;
            while left > 0 {
                let part = left.min(CHUNK as u64) as usize;
                let read = reader.fill(chunk.get_mut(..part).unwrap_or_default())?;
                self.write(chunk.get(..read).unwrap_or_default())?;
                left -= read as u64;
                if read < part {
                    reader.finish()?;
                    break;
                }
            }
        }
        chunk.fill(0);
        while left > 0 {
            let part = left.min(CHUNK as u64);
            self.write(chunk.get(..part as usize).unwrap_or_default())?;
            left -= part;
        }
        self.file.flush().map_err(MediaError::io(&self.path))
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), MediaError> {
        self.file.write_all(bytes).map_err(MediaError::io(&self.path))
    }

    /// What makes it an input of the program.
    pub(super) fn input(&self) -> Vec<OsString> {
        let mut input: Vec<OsString> = ["-f", "s16le", "-ar", "48000", "-ac", "2", "-i"].map(Into::into).into();
        input.push(self.path.as_os_str().to_owned());
        input
    }
}

/// The clip's first sound from the moment its picture begins. What comes later than it should, comes after silence.
fn command(clip: &Film, programs: &Programs) -> Command {
    let mut command = Command::new(&programs.ffmpeg);
    command.args(["-hide_banner", "-loglevel", "error", "-nostdin"]);
    clip.input(&mut command);
    command.args(["-map", "0:a:0", "-vn", "-af", "aresample=48000:async=1:first_pts=0"]);
    command.args(["-f", "s16le", "-ac", "2", "-ar", "48000", "pipe:1"]);
    command
}
