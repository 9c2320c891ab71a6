//! Films one after another in one film, H.264 and AAC in MP4.
//!
//! Clips come from anywhere, so each is decoded to what the first is like (size, letterboxed where the shape differs;
//! frame rate) and all go into one encoder: one program decodes at a time, however many clips there are, and there is no
//! seam in the result. Sound is brought to exactly the length of its clip's picture, silence where a clip has none, so
//! that picture and sound cannot drift apart.
//!
//! | step | file |
//! |---|---|
//! | a clip to frames of the film | `picture` |
//! | a clip to samples of the film | `sound` |
//! | programs that are read from, and ended when nobody wants the result | `reader` |

mod picture;
mod reader;
mod sound;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;

use crate::decode::{Alpha, Film, container};
use crate::encode::{Codec, FilmEncoder, FilmSettings, create_beside};
use crate::programs::last_lines;
use crate::verify::{decodes, verify};
use crate::{Expected, FrameRate, MediaError, Programs};
use picture::Shape;
use reader::Watch;
use sound::Sound;

/// Bytes enough to tell a film.
const HEAD: usize = 64;

/// Films to be joined.
#[derive(Clone, Debug)]
pub struct Join<'a> {
    /// The films, in order.
    pub clips: &'a [PathBuf],
    /// How the result is encoded: one of the H.264 codecs.
    pub codec: &'static Codec,
    /// Where the result goes. Files on the way are beside it.
    pub output: &'a Path,
    /// The programs that decode, encode and check.
    pub programs: &'a Programs,
}

/// A film made of others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Joined {
    /// How many frames it has.
    pub frames: u64,
    /// Width and height, in pixels.
    pub size: (u32, u32),
    /// Frames per second.
    pub frame_rate: FrameRate,
    /// Whether it has sound.
    pub has_audio: bool,
    /// Size of the file, in bytes.
    pub bytes: u64,
}

/// What is wrong with which clip.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// A clip cannot be used. Clips are counted from 0.
    #[error("clip {}: {error}", .clip + 1)]
    Clip {
        /// Which.
        clip: usize,
        /// Why.
        error: MediaError,
    },
    /// Something else failed.
    #[error(transparent)]
    Media(#[from] MediaError),
}

/// Joins films. `progress` is told frames done and frames there will be, nearly; when `cancel` becomes true, the programs
/// are ended and an error comes back. The result is at its place complete and verified, or not at all.
pub fn join(request: &Join<'_>, cancel: &AtomicBool, progress: impl FnMut(u64, u64)) -> Result<Joined, JoinError> {
    let watch = Watch::default();
    watch.while_running(cancel, || joined(request, &watch, progress))
}

fn joined(request: &Join<'_>, watch: &Watch, mut progress: impl FnMut(u64, u64)) -> Result<Joined, JoinError> {
    let programs = request.programs;
    let clips = open(request)?;
    let Some(first) = clips.first() else {
        return Err(MediaError::Unsupported("there are no clips to join".to_owned()).into());
    };
    let rate = first.rate();
    let shape = Shape::of(&first.footage());
    let has_audio = clips.iter().any(|clip| clip.footage().has_audio);
    let expected = |clip: &Film| (clip.footage().duration * rate.per_second()).round() as u64;
    let total: u64 = clips.iter().map(expected).sum();
    let settings = FilmSettings {
        width: shape.width,
        height: shape.height,
        frame_rate: rate,
        draft: false,
        programs: programs.clone(),
    };
    let silent = create_beside(request.output)?.into_temp_path();
    let mut encoder = FilmEncoder::start(request.codec, &silent, &settings)?;
    watch.add(encoder.killer());
    let mut sound = match has_audio {
        true => Some(Sound::beside(request.output, rate)?),
        false => None,
    };
    for (number, clip) in clips.iter().enumerate() {
        let failed = |error| JoinError::Clip { clip: number, error };
        let before = encoder.frames();
        picture::each_frame(clip, &shape, rate, programs, watch, |planes| {
            encoder.push_planes(planes)?;
            progress(encoder.frames().min(total), total);
            Ok(())
        })
        .map_err(failed)?;
        if encoder.frames() == before {
            return Err(failed(MediaError::Unsupported("it has no frames".to_owned())));
        }
        if let Some(sound) = &mut sound {
            sound.add(clip, encoder.frames(), programs, watch).map_err(failed)?;
        }
    }
    let encoded = encoder.finish()?;
    let whole = create_beside(request.output)?.into_temp_path();
    match sound {
        Some(sound) => add_sound(&silent, &sound, &whole, programs, watch)?,
        None => std::fs::rename(&silent, &whole).map_err(MediaError::io(&whole))?,
    }
    let is_like = Expected {
        codec: "h264",
        width: shape.width,
        height: shape.height,
        frames: encoded.frames,
        frame_rate: rate,
    };
    verify(&whole, &is_like, programs)?;
    decodes(&whole, programs)?;
    let bytes = std::fs::metadata(&whole).map_err(MediaError::io(&whole))?.len();
    whole
        .persist(request.output)
        .map_err(|error| MediaError::io(request.output)(error.error))?;
    Ok(Joined {
        frames: encoded.frames,
        size: (shape.width, shape.height),
        frame_rate: rate,
        has_audio,
        bytes,
    })
}

fn open(request: &Join<'_>) -> Result<Vec<Film>, JoinError> {
    let open = |path: &Path| {
        let mut head = Vec::new();
        let file = std::fs::File::open(path).map_err(MediaError::io(path))?;
        std::io::Read::read_to_end(&mut std::io::Read::take(file, HEAD as u64), &mut head)
            .map_err(MediaError::io(path))?;
        let container = container(&head).ok_or_else(|| {
            MediaError::Unsupported("it is not a film: expected MP4, MOV, WebM or the like".to_owned())
        })?;
        Film::open(path, container, Alpha::Straight, request.programs)
    };
    let open = |(clip, path): (usize, &PathBuf)| open(path).map_err(|error| JoinError::Clip { clip, error });
    request.clips.iter().enumerate().map(open).collect()
}

/// The film with its sound. The picture is copied as it is.
fn add_sound(film: &Path, sound: &Sound, to: &Path, programs: &Programs, watch: &Watch) -> Result<(), MediaError> {
    let mut command = Command::new(&programs.ffmpeg);
    command.args([
        "-hide_banner",
        "-loglevel",
        "error",
        "-nostdin",
        "-y",
        "-f",
        "mp4",
        "-i",
    ]);
    command.arg(film).args(sound.input());
    command.args(["-map", "0:v:0", "-map", "1:a:0", "-c:v", "copy"]);
    command.args(["-c:a", "aac", "-b:a", "192k", "-movflags", "+faststart"]);
    command.args([
        "-fflags",
        "+bitexact",
        "-flags:a",
        "+bitexact",
        "-map_metadata",
        "-1",
        "-f",
        "mp4",
    ]);
    let mut child = command
        .arg(to)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(MediaError::start(&programs.ffmpeg))?;
    let stderr = child.stderr.take();
    let child = crate::encode::Killer::of(child);
    watch.add(child.clone());
    let said = stderr.map(last_lines).unwrap_or_default();
    match child.wait() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(MediaError::Encoder(format!("ffmpeg ended with {status}: {said}"))),
        Err(error) => Err(MediaError::Encoder(error.to_string())),
    }
}
