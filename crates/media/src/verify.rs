//! Films are looked at before they count.

use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::{FrameRate, MediaError, Programs};

/// What a film must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Name of the codec in `ffprobe`'s words, such as `h264`.
    pub codec: &'static str,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// How many frames.
    pub frames: u64,
    /// Frames per second.
    pub frame_rate: FrameRate,
}

/// What a film is, by `ffprobe`, every packet read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilmInfo {
    /// Codec name, such as `h264`.
    pub codec: String,
    /// Codec profile, such as `High` or `4444`; empty when unknown.
    pub profile: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Pixel format, such as `yuv420p`.
    pub pixel_format: String,
    /// Packets in the file; one a frame.
    pub frames: u64,
    /// Frames per second as a fraction, `30/1`.
    pub frame_rate: String,
    /// Tags of range, matrix, primaries and transfer; empty when untagged.
    pub color: [String; 4],
    /// What the reader complained about; a whole file gives none.
    pub complaints: String,
}

#[derive(Deserialize)]
struct Report {
    #[serde(default)]
    streams: Vec<Stream>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Stream {
    codec_name: String,
    profile: String,
    width: u32,
    height: u32,
    pix_fmt: String,
    nb_read_packets: String,
    r_frame_rate: String,
    color_range: String,
    color_space: String,
    color_primaries: String,
    color_transfer: String,
}

/// Reads a film's whole packet list and its first video stream's description.
pub fn probe_film(path: &Path, programs: &Programs) -> Result<FilmInfo, MediaError> {
    let output = Command::new(&programs.ffprobe)
        .args([
            "-v",
            "error",
            "-select_streams",
            "v:0",
            "-count_packets",
            "-show_streams",
            "-of",
            "json",
        ])
        .arg(path)
        .stdin(Stdio::null())
        .output()
        .map_err(MediaError::start(&programs.ffprobe))?;
    let complaints: Vec<_> = String::from_utf8_lossy(&output.stderr)
        .lines()
        .take(4)
        .map(str::to_owned)
        .collect();
    let complaints = complaints.join(" | ");
    if !output.status.success() {
        return Err(MediaError::Unsound(format!("it cannot be read: {complaints}")));
    }
    let report: Report = serde_json::from_slice(&output.stdout)
        .map_err(|error| MediaError::Unsound(format!("ffprobe's report cannot be read: {error}")))?;
    let Some(stream) = report.streams.into_iter().next() else {
        return Err(MediaError::Unsound("it has no picture".to_owned()));
    };
    Ok(FilmInfo {
        codec: stream.codec_name,
        profile: stream.profile,
        width: stream.width,
        height: stream.height,
        pixel_format: stream.pix_fmt,
        frames: stream.nb_read_packets.parse().unwrap_or(0),
        frame_rate: stream.r_frame_rate,
        color: [
            stream.color_range,
            stream.color_space,
            stream.color_primaries,
            stream.color_transfer,
        ],
        complaints,
    })
}

/// Checks that a film is whole and what it should be; the error says what is wrong with it.
pub fn verify(path: &Path, expected: &Expected, programs: &Programs) -> Result<FilmInfo, MediaError> {
    let found = probe_film(path, programs)?;
    let unsound = |what: &str, want: String, got: String| {
        Err(MediaError::Unsound(format!("{what} should be {want} and is {got}")))
    };
    if found.codec != expected.codec {
        return unsound("the codec", expected.codec.to_owned(), found.codec);
    }
    if (found.width, found.height) != (expected.width, expected.height) {
        return unsound(
            "the size",
            format!("{}x{}", expected.width, expected.height),
            format!("{}x{}", found.width, found.height),
        );
    }
    if found.frames != expected.frames {
        return unsound(
            "the number of frames",
            expected.frames.to_string(),
            found.frames.to_string(),
        );
    }
    // One frame has no rate.
    if found.frames > 1 && !same_rate(&found.frame_rate, expected.frame_rate) {
        return unsound("the frame rate", expected.frame_rate.to_string(), found.frame_rate);
    }
    if !found.complaints.is_empty() {
        return Err(MediaError::Unsound(found.complaints));
    }
    Ok(found)
}

/// The reader guesses rates from time stamps; the last digits may differ.
fn same_rate(found: &str, expected: FrameRate) -> bool {
    let parts = found
        .split_once('/')
        .and_then(|(n, d)| Some((n.parse::<f64>().ok()?, d.parse::<f64>().ok()?)));
    parts.is_some_and(|(n, d)| (n / d / expected.per_second() - 1.0).abs() < 1e-3)
}

/// Decodes a film from its first frame to its last; an error says what could not be.
pub(crate) fn decodes(path: &Path, programs: &Programs) -> Result<(), MediaError> {
    let output = Command::new(&programs.ffmpeg)
        .args(["-hide_banner", "-loglevel", "error", "-nostdin", "-xerror", "-i"])
        .arg(path)
        .args(["-map", "0", "-f", "null", "-"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .output()
        .map_err(MediaError::start(&programs.ffmpeg))?;
    let said = crate::programs::last_lines(&*output.stderr);
    if output.status.success() && said.is_empty() {
        return Ok(());
    }
    Err(MediaError::Unsound(format!("it cannot be decoded: {said}")))
}
