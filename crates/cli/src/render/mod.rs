//! `filmpress render`: a template to a film or to pictures, on the command line.
//!
//! Draws through the same [`film::draw`] as a worker does; [`job`] reads a job's assets and settings from a file.

mod job;
mod profile;
mod progress;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;
use filmpress_composition::Diagnostics;
use filmpress_job::{Frames as JobFrames, Output as JobOutput};
use filmpress_media::Programs;
use filmpress_media::encode::{self, Codec};
use filmpress_render::Cache;
use filmpress_worker::film::{self, FilmError, FilmRequest, Frames, Output};

use crate::failure::Failure;
use crate::template::{self, TemplateArguments};
use crate::values::{Background, FrameList, Size};

/// Renders a template to a film or to pictures.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  filmpress render card.aep --output card.mp4
  filmpress render card.json --job job.json --output card.mov
  filmpress render card.aep --composition Main --frames 0,15,30 --output 'frames/%05d.png'
  filmpress render card.json --frames 40 --size 640x360 --background white --output poster.png")]
pub struct Arguments {
    #[command(flatten)]
    template: TemplateArguments,
    /// What to write: x.mp4, x.mov (ProRes 4444 with alpha), x.png or x.jpg (one frame), or a pattern such as
    /// frames/%05d.png whose number is the frame's.
    #[arg(long, short)]
    output: PathBuf,
    /// A job, as the body of POST /jobs: its assets and settings are applied. `src` may be a path beside it.
    #[arg(long)]
    job: Option<PathBuf>,
    /// Frames, counted from 0: `0,15,30` or `10-40`. Without it the work area.
    #[arg(long)]
    frames: Option<FrameList>,
    /// Size to fit the composition into, centred: `1280x720`. Without it the composition's own.
    #[arg(long)]
    size: Option<Size>,
    /// white, black, transparent or #rrggbb. Without it: films the composition's own, pictures transparent.
    #[arg(long)]
    background: Option<Background>,
    /// Threads to draw on; without it all there are.
    #[arg(long, env = "FILMPRESS_THREADS", default_value_t = 0, hide_default_value = true)]
    threads: usize,
    /// Print how long each layer and effect took, with its place, and where the CPU time went.
    #[arg(long)]
    profile: bool,
    /// Fail when anything is drawn other than After Effects would draw it.
    #[arg(long)]
    strict: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut warnings = Diagnostics::new();
    let (codec, output) = output(&arguments.output)?;
    let mut template = template::read(&arguments.template.template, &mut warnings)?;
    let job = arguments.job.as_deref().map(job::Job::read).transpose()?;
    let named = arguments.template.composition.as_deref();
    let named = named.or_else(|| job.as_ref().and_then(|job| job.composition.as_deref()));
    let composition = template::composition(&template, named)?;
    if let Some(job) = &job {
        job.apply(&mut template.project, &Programs::default(), &mut warnings)?;
    }
    let (path, fonts) = (&arguments.template.template, &arguments.template.fonts);
    let stage = template::stage(path, &template, composition, fonts, &mut warnings)?;

    let settings = job.as_ref().and_then(|job| job.output);
    let request = FilmRequest {
        frames: frames(arguments.frames.as_ref(), settings, &output),
        size: arguments.size.map(|size| (size.width, size.height)),
        background: match arguments.background {
            None => film::Background::Automatic,
            Some(Background::Transparent) => film::Background::Transparent,
            Some(Background::Color(rgb)) => film::Background::Color(rgb),
        },
        threads: arguments.threads,
        codec: settings.map_or(Ok(codec), |settings| job_codec(settings, codec))?,
        output,
        draft: settings.is_some_and(|settings| settings.quality == filmpress_job::Quality::Draft),
        programs: Programs::default(),
        profile: arguments.profile,
    };
    let cancel = cancelled_by_interrupt();
    let mut shown = progress::Shown::new();
    let drawn = film::draw(&stage, &request, &Cache::default(), cancel, |p| shown.report(p));
    shown.clear();
    let finished = match drawn {
        Ok(finished) => finished.unpack(&mut warnings),
        Err(error @ (FilmError::Frames(_) | FilmError::Output(_))) => return Err(Failure::usage(error)),
        Err(error) => return Err(Failure::new(error)),
    };
    for warning in &warnings {
        eprintln!("warning: {warning}");
    }
    println!(
        "{}: {} frames of {}x{} in {:.1} s, {:.1} frames/s",
        arguments.output.display(),
        finished.frames,
        finished.size.0,
        finished.size.1,
        finished.seconds,
        f64::from(finished.frames) / finished.seconds.max(1e-6)
    );
    if let Some(times) = &finished.times {
        println!("{}", profile::table(times, &stage.scene));
    }
    if arguments.strict && !warnings.is_empty() {
        let count = warnings.len();
        let s = if count == 1 { "" } else { "s" };
        return Err(Failure::new(format!("{count} warning{s}, and --strict forbids them")));
    }
    Ok(())
}

/// How and where a file name asks to be written.
fn output(path: &Path) -> Result<(&'static Codec, Output), Failure> {
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    let codec = film::codec_for(&extension).ok_or_else(|| {
        Failure::usage(format!(
            "--output {}: not a kind of file that can be written",
            path.display()
        ))
        .hint("end it in .mp4, .mov, .png or .jpg")
    })?;
    let output = if film::is_pattern(path) {
        Output::Numbered(path.to_owned())
    } else {
        Output::File(path.to_owned())
    };
    Ok((codec, output))
}

/// The frames asked for on the command line, else in the job, else: films and patterns the work area, one picture the
/// first frame.
fn frames(list: Option<&FrameList>, settings: Option<JobOutput>, output: &Output) -> Frames {
    let is_one_picture =
        matches!(output, Output::File(path) if path.extension().is_some_and(|e| e == "png" || e == "jpg"));
    let number = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    match (list, settings.and_then(|settings| settings.frames)) {
        (Some(FrameList(list)), _) => Frames::List(list.clone()),
        (None, Some(JobFrames::One(frame))) => Frames::List(vec![number(frame)]),
        (None, Some(JobFrames::Range([first, last]))) => Frames::Range(number(first), number(last)),
        (None, None) if is_one_picture => Frames::List(vec![0]),
        (None, None) => Frames::WorkArea,
    }
}

/// The job's codec where it writes the kind of file asked for; it says which bit rate.
fn job_codec(settings: JobOutput, by_name: &'static Codec) -> Result<&'static Codec, Failure> {
    let codec = encode::codec(settings.codec.id()).map_err(Failure::new)?;
    Ok(if codec.extension == by_name.extension {
        codec
    } else {
        by_name
    })
}

/// Becomes true with the first Ctrl-C, so that nothing half-written stays behind; the second one ends the program.
fn cancelled_by_interrupt() -> &'static AtomicBool {
    static CANCELLED: AtomicBool = AtomicBool::new(false);
    std::thread::spawn(|| {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
            return;
        };
        runtime.block_on(async {
            while tokio::signal::ctrl_c().await.is_ok() {
                if CANCELLED.swap(true, Ordering::Relaxed) {
                    std::process::exit(130);
                }
            }
        });
    });
    &CANCELLED
}
