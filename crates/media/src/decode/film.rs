//! Frames of films, read by the `ffmpeg` program.
//!
//! Frames are wanted nearly in order and by several threads at once, so one running program decodes ahead and the last
//! frames are kept; a jump starts it anew at the place.

use std::collections::VecDeque;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use filmpress_pixels::Pixmap;
use serde::Deserialize;

use super::{Alpha, MAX_PIXELS};
use crate::programs::last_lines;
use crate::{FrameRate, MediaError, Programs};

/// Most frames kept, and most bytes of them.
const KEPT: usize = 16;
const KEPT_BYTES: usize = 192 << 20;
/// Frames read through rather than starting anew.
const SKIPPED: u64 = 48;
/// Where no frame comes from the place it should be at (files are shorter than they say), the place is looked for so
/// many frames before.
const BACK: [u64; 4] = [0, 4, 16, 40];

/// Containers by their first bytes: offset, bytes, the program's name for it. The name is forced on it, so that no
/// file can pose as a playlist that names others.
const CONTAINERS: &[(usize, &[u8], &str)] = &[
    (4, b"ftyp", "mov"),
    (4, b"moov", "mov"),
    (4, b"mdat", "mov"),
    (4, b"wide", "mov"),
    (0, b"\x1A\x45\xDF\xA3", "matroska"),
    (8, b"AVI ", "avi"),
    (0, b"GIF8", "gif"),
    (0, b"\0\0\x01\xBA", "mpeg"),
    (0, b"0\x26\xB2\x75\x8E\x66\xCF\x11", "asf"),
];

/// Names of the containers of films that are read.
pub fn containers() -> impl Iterator<Item = &'static str> {
    let mut names: Vec<_> = CONTAINERS.iter().map(|(_, _, name)| *name).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter()
}

/// The container a file is, told by its first bytes; `None` when it is not a film.
pub fn container(head: &[u8]) -> Option<&'static str> {
    let found = |(at, magic): (usize, &[u8])| head.get(at..).is_some_and(|rest| rest.starts_with(magic));
    let (_, _, name) = CONTAINERS.iter().find(|(at, magic, _)| found((*at, magic)))?;
    Some(name)
}

/// What a film is like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FilmFootage {
    /// Width in pixels, as shown.
    pub width: u32,
    /// Height in pixels, as shown.
    pub height: u32,
    /// Frames per second.
    pub frame_rate: f64,
    /// Seconds.
    pub duration: f64,
    /// Width of a pixel over its height.
    pub pixel_aspect: f64,
    /// Whether it may be transparent.
    pub has_alpha: bool,
    /// Whether it has sound.
    pub has_audio: bool,
}

/// A film to read frames from, by as many threads as like.
#[derive(Debug)]
pub struct Film {
    path: PathBuf,
    container: &'static str,
    footage: FilmFootage,
    rate: FrameRate,
    alpha: Alpha,
    /// The decoder to use where the usual one loses alpha.
    decoder: Option<&'static str>,
    /// Colours are BT.709 though the file does not say so.
    untagged_hd: bool,
    programs: Programs,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    running: Option<Running>,
    /// Number of the frame that comes next.
    next: u64,
    /// Where the film turned out to end, if it has been reached.
    end: Option<u64>,
    /// The last frames, the newest at the back.
    kept: VecDeque<(u64, Arc<Pixmap>)>,
}

#[derive(Debug)]
struct Running {
    child: Child,
    frames: ChildStdout,
    complaints: Option<JoinHandle<String>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Deserialize)]
struct Report {
    #[serde(default)]
    streams: Vec<Stream>,
    #[serde(default)]
    format: Container,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Container {
    duration: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Stream {
    codec_type: String,
    codec_name: String,
    pix_fmt: String,
    sample_aspect_ratio: String,
    width: u32,
    height: u32,
    avg_frame_rate: String,
    r_frame_rate: String,
    duration: String,
    nb_frames: String,
    color_space: String,
    tags: Tags,
    side_data_list: Vec<SideData>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Tags {
    alpha_mode: String,
    #[serde(rename = "ALPHA_MODE")]
    upper_alpha_mode: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct SideData {
    rotation: Option<f64>,
}

impl Film {
    /// Opens a film whose first bytes gave `container`, and reads what it is like.
    pub fn open(path: &Path, container: &'static str, alpha: Alpha, programs: &Programs) -> Result<Self, MediaError> {
        let malformed = |reason: String| MediaError::Malformed { format: "film", reason };
        let output = Command::new(&programs.ffprobe)
            .args(["-v", "error", "-protocol_whitelist", "file", "-f", container])
            .args(["-show_streams", "-show_format", "-of", "json"])
            .arg(path)
            .stdin(Stdio::null())
            .output()
            .map_err(MediaError::start(&programs.ffprobe))?;
        if !output.status.success() {
            return Err(malformed(last_lines(&*output.stderr)));
        }
        let report: Report = serde_json::from_slice(&output.stdout).map_err(|e| malformed(e.to_string()))?;
        let has_audio = report.streams.iter().any(|stream| stream.codec_type == "audio");
        let stream = report.streams.into_iter().find(|stream| stream.codec_type == "video");
        let stream = stream.ok_or_else(|| malformed("it has no picture".to_owned()))?;
        let rate = [&stream.avg_frame_rate, &stream.r_frame_rate]
            .into_iter()
            .find_map(|text| FrameRate::new(fraction(text)?).ok())
            .ok_or_else(|| malformed("it has no frame rate".to_owned()))?;
        let by_frames = || Some(stream.nb_frames.parse::<f64>().ok()? / rate.per_second());
        let positive = |text: &str| text.parse::<f64>().ok().filter(|d| d.is_finite() && *d > 0.0);
        let duration = positive(&stream.duration)
            .or_else(|| positive(&report.format.duration))
            .or_else(by_frames)
            .ok_or_else(|| malformed("it has no duration".to_owned()))?;
        // The program turns pictures the way the camera was held.
        let turned = stream.side_data_list.iter().find_map(|data| data.rotation);
        let on_side = turned.is_some_and(|degrees| (degrees.abs() % 180.0 - 90.0).abs() < 1.0);
        let (mut width, mut height) = (stream.width, stream.height);
        let mut pixel_aspect = ratio(&stream.sample_aspect_ratio).unwrap_or(1.0);
        if on_side {
            std::mem::swap(&mut width, &mut height);
            pixel_aspect = 1.0 / pixel_aspect;
        }
        let pixels = u64::from(width) * u64::from(height);
        if pixels == 0 || pixels > MAX_PIXELS {
            return Err(MediaError::Limit(format!(
                "a film of {width}x{height} is over the limit of {MAX_PIXELS} pixels"
            )));
        }
        let has_layer = stream.tags.alpha_mode == "1" || stream.tags.upper_alpha_mode == "1";
        let decoder = match stream.codec_name.as_str() {
            "vp8" if has_layer => Some("libvpx"),
            "vp9" if has_layer => Some("libvpx-vp9"),
            _ => None,
        };
        let untagged = matches!(stream.color_space.as_str(), "" | "unknown");
        Ok(Self {
            path: path.to_owned(),
            container,
            footage: FilmFootage {
                width,
                height,
                frame_rate: rate.per_second(),
                duration,
                pixel_aspect,
                has_alpha: has_layer || is_transparent(&stream.pix_fmt),
                has_audio,
            },
            rate,
            alpha,
            decoder,
            untagged_hd: untagged && width.max(height) > 1024,
            programs: programs.clone(),
            state: Mutex::default(),
        })
    }

    /// What it is like.
    pub fn footage(&self) -> FilmFootage {
        self.footage
    }

    /// The picture at a time in seconds; before the start the first, after the end the last.
    pub fn at(&self, seconds: f64) -> Result<Arc<Pixmap>, MediaError> {
        let last = (self.footage.duration * self.footage.frame_rate).round().max(1.0) - 1.0;
        // Times are made of frame numbers: a hair below one still means it.
        let wanted = (seconds * self.footage.frame_rate + 0.01).floor().clamp(0.0, last) as u64;
        self.frame(wanted)
    }

    fn frame(&self, wanted: u64) -> Result<Arc<Pixmap>, MediaError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut wanted = wanted;
        let mut back = BACK.iter();
        let mut began = None;
        loop {
            if let Some(end) = state.end {
                wanted = wanted.min(end.saturating_sub(1));
            }
            if let Some((_, kept)) = state.kept.iter().find(|(number, _)| *number == wanted) {
                return Ok(kept.clone());
            }
            let ahead = state.running.is_some() && (state.next..state.next + SKIPPED).contains(&wanted);
            if !ahead {
                state.running = None;
                let Some(step) = back.next() else {
                    let reason = format!("it has no frame {wanted}");
                    return Err(MediaError::Malformed { format: "film", reason });
                };
                let first = wanted.saturating_sub(*step);
                state.running = Some(self.start(first)?);
                state.next = first;
                began = Some(first);
            }
            let Some(running) = &mut state.running else { continue };
            if let Some(picture) = self.read(running)? {
                let number = state.next;
                state.next += 1;
                let most = (KEPT_BYTES / picture.bytes().len().max(1)).clamp(1, KEPT);
                state.kept.push_back((number, Arc::new(picture)));
                while state.kept.len() > most {
                    state.kept.pop_front();
                }
            } else {
                state.running = None;
                if began != Some(state.next) {
                    // Shorter than it says: the last frame stays.
                    state.end = Some(state.next);
                }
            }
        }
    }

    /// Its frame rate.
    pub(crate) fn rate(&self) -> FrameRate {
        self.rate
    }

    /// Whether its colours are BT.709 though it does not say so.
    pub(crate) fn is_untagged_hd(&self) -> bool {
        self.untagged_hd
    }

    /// Makes it the input of a command: nothing but this file, as nothing but what its first bytes say it is.
    pub(crate) fn input(&self, command: &mut Command) {
        command.args(["-protocol_whitelist", "file", "-f", self.container]);
        if let Some(decoder) = self.decoder {
            command.args(["-c:v", decoder]);
        }
        command.arg("-i").arg(&self.path);
    }

    /// Starts the program so that frame `first` comes first.
    fn start(&self, first: u64) -> Result<Running, MediaError> {
        let FrameRate { numerator, denominator } = self.rate;
        let mut command = Command::new(&self.programs.ffmpeg);
        command.args(["-hide_banner", "-loglevel", "error", "-nostdin", "-threads", "1"]);
        if first > 0 {
            // A little early: the frame itself must not be left out for a rounding.
            let seconds = first as f64 * f64::from(denominator) / f64::from(numerator) - 0.001;
            command.args(["-ss", &format!("{seconds:.6}")]);
        }
        self.input(&mut command);
        let matrix = if self.untagged_hd { ":in_color_matrix=bt709" } else { "" };
        let FilmFootage { width, height, .. } = self.footage;
        let filter = format!("fps={numerator}/{denominator}:start_time=0,scale={width}:{height}{matrix}");
        command.args([
            "-map", "0:v:0", "-an", "-vf", &filter, "-f", "rawvideo", "-pix_fmt", "rgba", "pipe:1",
        ]);
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(MediaError::start(&self.programs.ffmpeg))?;
        let complaints = child.stderr.take().map(|e| std::thread::spawn(move || last_lines(e)));
        let Some(frames) = child.stdout.take() else {
            return Err(MediaError::Encoder("ffmpeg has no output".to_owned()));
        };
        Ok(Running {
            child,
            frames,
            complaints,
        })
    }

    /// The next frame; `None` at the film's end.
    fn read(&self, running: &mut Running) -> Result<Option<Pixmap>, MediaError> {
        let FilmFootage { width, height, .. } = self.footage;
        let mut data = vec![[0; 4]; width as usize * height as usize];
        if running.frames.read_exact(data.as_flattened_mut()).is_ok() {
            self.alpha.apply(&mut data);
            return Ok(Some(Pixmap::from_premultiplied(width, height, data)?));
        }
        let status = running.child.wait();
        let said = running.complaints.take().and_then(|thread| thread.join().ok());
        match status {
            Ok(status) if status.success() => Ok(None),
            _ => Err(MediaError::Malformed {
                format: "film",
                reason: said.unwrap_or_default(),
            }),
        }
    }
}

/// Whether pixels of a format, in the program's words, have alpha.
fn is_transparent(format: &str) -> bool {
    ["yuva", "rgba", "argb", "abgr", "bgra", "gbrap", "ya8", "ya16", "pal8"]
        .iter()
        .any(|start| format.starts_with(start))
}

fn fraction(text: &str) -> Option<f64> {
    quotient(text, '/')
}

/// A ratio as `16:11`.
fn ratio(text: &str) -> Option<f64> {
    quotient(text, ':')
}

fn quotient(text: &str, sign: char) -> Option<f64> {
    let (numerator, denominator) = text.split_once(sign)?;
    let value = numerator.parse::<f64>().ok()? / denominator.parse::<f64>().ok()?;
    (value.is_finite() && value > 0.0).then_some(value)
}
