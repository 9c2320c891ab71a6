//! A staged composition to files: the one way from frames to films and stills, for jobs and for the command line.
//!
//! Frames are drawn and made into what is written, the planes of a film or the bytes of a picture, on several threads;
//! they come in order to a [`Sink`](sink): a film's encoder, numbered files, an archive of them.

mod frames;
mod sink;

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use filmpress_composition::{Diagnostics, Warned};
use filmpress_media::encode::{Codec, Killer};
use filmpress_media::{MediaError, Programs};
use filmpress_render::sequence::{self, Sequence};
use filmpress_render::{Cache, Profile, Target, Times};

pub use frames::{Frames, FramesError};
pub use sink::is_pattern;

use crate::stage::Stage;
use sink::{Develop, Product, Sink};

/// How often the flag that cancels is looked at while an encoder is busy.
const LOOK: Duration = Duration::from_millis(100);

/// What to draw, and what to make of it.
#[derive(Clone, Debug)]
pub struct FilmRequest {
    /// Which frames.
    pub frames: Frames,
    /// Size to fit the composition into ("meet"), centred; `None` is the composition's own.
    pub size: Option<(u32, u32)>,
    /// What lies below the composition.
    pub background: Background,
    /// Threads to draw on; 0 is all the machine has.
    pub threads: usize,
    /// How it is written.
    pub codec: &'static Codec,
    /// Where it is written.
    pub output: Output,
    /// Quicker at the price of quality: the encoder's fastest setting. Size and drawing stay the same.
    pub draft: bool,
    /// The programs that encode and verify films.
    pub programs: Programs,
    /// Whether to find out how long what takes.
    pub profile: bool,
}

/// What lies below a composition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Background {
    /// Nothing for codecs with alpha, the composition's own colour for the others.
    #[default]
    Automatic,
    /// The composition's own colour.
    Composition,
    /// Nothing; black for codecs without alpha.
    Transparent,
    /// A colour, RGB.
    Color([u8; 3]),
}

/// Where the result goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// One file: a film, or the one frame of a still.
    File(PathBuf),
    /// A file a frame: `%d` or `%05d` in the path is the frame's number.
    Numbered(PathBuf),
    /// A zip archive with a file a frame, named by the frame's number in five digits.
    Archive(PathBuf),
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Frames done.
    pub done: u32,
    /// Frames there will be.
    pub total: u32,
    /// Frames a second since drawing began.
    pub frames_per_second: f64,
}

/// What was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Finished {
    /// The files, in the order of their frames.
    pub files: Vec<PathBuf>,
    /// How many frames.
    pub frames: u32,
    /// Width and height of the frames, in pixels.
    pub size: (u32, u32),
    /// Seconds it took.
    pub seconds: f64,
    /// How long what took, if that was asked for.
    pub times: Option<Times>,
}

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
pub enum FilmError {
    /// It was asked to stop.
    #[error("stopped before it was done")]
    Cancelled,
    /// Frames that are not there.
    #[error(transparent)]
    Frames(#[from] FramesError),
    /// Writing failed.
    #[error(transparent)]
    Media(#[from] MediaError),
    /// Codec and output do not go together.
    #[error("{0}")]
    Output(String),
}

/// Draws the frames asked for and writes them. `progress` is called after each frame, on the calling thread; when
/// `cancel` becomes true, drawing stops with the next frame and nothing is left behind under the output's name.
///
/// The warnings are those that only drawing could find; [`Stage::new`] gave the others.
pub fn draw(
    stage: &Stage,
    request: &FilmRequest,
    cache: &Cache,
    cancel: &AtomicBool,
    mut progress: impl FnMut(Progress),
) -> Result<Warned<Finished>, FilmError> {
    let began = Instant::now();
    let indices = request.frames.resolve(stage)?;
    let total = indices.len() as u32;
    let own = stage.scene.size();
    let size = request.size.unwrap_or(own);
    let sides = 1..=filmpress_pixels::MAX_SIDE;
    if !sides.contains(&size.0) || !sides.contains(&size.1) {
        return Err(FilmError::Output(format!(
            "a picture of {}x{} is not possible; each side may be 1 to {}",
            size.0,
            size.1,
            sides.end()
        )));
    }
    let target = Target::meet(own, size, background(stage, request));
    let mut sink = Sink::open(request, size, stage.scene.frame_rate(), &indices)?;
    let threads = match request.threads {
        0 => sequence::available_threads(),
        n => n,
    };
    let profile = request.profile.then(|| Profile::new(now));
    let sequence = Sequence {
        indices: &indices,
        threads,
        target: &target,
        footage: &stage.pictures,
        cache,
        memory: None,
        profile: profile.as_ref(),
    };
    let develop = Develop::of(request.codec);
    let watched = Watched {
        killer: sink.killer(),
        cancel,
    };
    let mut done = 0;
    let written = watched.while_running(|| {
        sequence.draw(
            |index| stage.scene.frame(index),
            |picture, product: &mut Product| Ok(develop.develop(picture, product)?),
            |delivery| -> Result<(), FilmError> {
                if cancel.load(Ordering::Relaxed) {
                    return Err(FilmError::Cancelled);
                }
                sink.push(delivery.index, delivery.product)?;
                done += 1;
                progress(Progress {
                    done,
                    total,
                    frames_per_second: f64::from(done) / began.elapsed().as_secs_f64().max(1e-6),
                });
                Ok(())
            },
        )?;
        sink.finish()
    });
    // An encoder that was ended to stop it gives an error of its own.
    let files = written.map_err(|error| {
        if cancel.load(Ordering::Relaxed) {
            FilmError::Cancelled
        } else {
            error
        }
    })?;
    let mut warnings = Diagnostics::new();
    warnings.extend(stage.pictures.take_warnings());
    let finished = Finished {
        files,
        frames: done,
        size,
        seconds: began.elapsed().as_secs_f64(),
        times: profile.map(|profile| profile.times()),
    };
    Ok(Warned::new(finished, warnings))
}

/// The clock of profiles.
fn now() -> Duration {
    static BEGAN: OnceLock<Instant> = OnceLock::new();
    BEGAN.get_or_init(Instant::now).elapsed()
}

/// An encoder that may no longer read, and the flag that ends it then.
struct Watched<'a> {
    killer: Option<Killer>,
    cancel: &'a AtomicBool,
}

impl Watched<'_> {
    /// Runs `work`; ends the encoder when the flag rises meanwhile.
    fn while_running<T>(&self, work: impl FnOnce() -> T) -> T {
        let Some(killer) = &self.killer else { return work() };
        let (running, over) = std::sync::mpsc::channel::<()>();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                // The channel closes when the work is over, even by a panic.
                while over.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
                    if self.cancel.load(Ordering::Relaxed) {
                        killer.kill();
                        return;
                    }
                }
            });
            let _running = running;
            work()
        })
    }
}

fn background(stage: &Stage, request: &FilmRequest) -> Option<[u8; 3]> {
    let own = || {
        stage
            .scene
            .background()
            .map(|c| (c.clamp(0.0, 1.0) * 255.0).round() as u8)
    };
    match request.background {
        Background::Automatic | Background::Transparent if request.codec.alpha => None,
        Background::Automatic | Background::Composition => Some(own()),
        Background::Transparent => Some([0; 3]),
        Background::Color(rgb) => Some(rgb),
    }
}

/// The codec for a file's name: `.mp4`, `.mov`, `.png` or `.jpg`.
pub fn codec_for(extension: &str) -> Option<&'static Codec> {
    let wanted = match extension.to_ascii_lowercase().as_str() {
        "mp4" | "m4v" => filmpress_media::encode::DEFAULT_CODEC,
        "mov" => "video_prores_4444",
        "png" => "image_png",
        "jpg" | "jpeg" => "image_jpeg",
        _ => return None,
    };
    filmpress_media::encode::codec(wanted).ok()
}
