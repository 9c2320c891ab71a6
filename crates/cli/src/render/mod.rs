//! `filmpress render`: a template to a film or to pictures, on the command line.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use filmpress_composition::Diagnostics;
use filmpress_media::encode::{self, CodecKind};
use filmpress_render::{Cache, Target};

use crate::failure::Failure;
use crate::stage::Stage;
use crate::template;
use crate::values::{Background, FrameList, Size};

/// Renders a template to a film or to pictures.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  filmpress render card.aep --output card.mp4
  filmpress render card.json --job job.json --output card.mov
  filmpress render card.aep --composition Main --frames 0,15,30 --output 'frames/%05d.png'
  filmpress render card.json --frames 40 --size 640x360 --background white --output poster.png")]
pub struct Arguments {
    /// The template: .aep, .aepx, .mogrt, .zip or Lottie .json.
    template: PathBuf,
    /// What to write: x.mp4, x.mov (ProRes 4444 with alpha), x.png (one frame), or a pattern such as frames/%05d.png
    /// whose number is the frame's.
    #[arg(long, short)]
    output: PathBuf,
    /// The composition to draw; without it the only one, else the one no other composition uses.
    #[arg(long)]
    composition: Option<String>,
    /// Frames, counted from 0: `0,15,30` or `10-40`.
    #[arg(long)]
    frames: Option<FrameList>,
    /// Size to fit the composition into, centred: `1280x720`. Without it the composition's own.
    #[arg(long)]
    size: Option<Size>,
    /// white, black, transparent or #rrggbb. Without it: films the composition's own, pictures transparent.
    #[arg(long)]
    background: Option<Background>,
    /// Threads to draw on.
    #[arg(long, env = "FILMPRESS_THREADS")]
    threads: Option<usize>,
    /// A folder with font files, searched before the system's; may be given several times.
    #[arg(long, value_name = "DIR", env = "FILMPRESS_FONTS", value_delimiter = ':')]
    fonts: Vec<PathBuf>,
    /// Fail when anything is drawn other than After Effects would.
    #[arg(long)]
    strict: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut warnings = Diagnostics::new();
    let template = template::read(&arguments.template, &mut warnings)?;
    let composition = template::composition(&template, arguments.composition.as_deref())?;
    let stage = Stage::new(&template, composition, &arguments.fonts, &mut warnings)?;
    let own = stage.scene.size();
    let size = arguments.size.map_or(own, |size| (size.width, size.height));
    let background = match arguments.background {
        Some(Background::Color(rgb)) => Some(rgb),
        Some(Background::Transparent) | None => None,
    };
    let target = Target::meet(own, size, background);
    let count = stage.scene.frame_count();
    let indices = match &arguments.frames {
        Some(FrameList(list)) => list.clone(),
        None => (0..count).collect(),
    };
    if let Some(beyond) = indices.iter().find(|i| **i >= count) {
        return Err(Failure::usage(format!(
            "there is no frame {beyond}: the composition has frames 0 to {}",
            count - 1
        )));
    }
    let threads = arguments
        .threads
        .unwrap_or_else(filmpress_render::sequence::available_threads);
    let codec = encode::codec("image_png").map_err(Failure::new)?;
    let CodecKind::Still(png) = codec.kind else {
        return Err(Failure::new("films are not written yet"));
    };
    let began = Instant::now();
    filmpress_render::sequence::draw_frames(
        &indices,
        threads,
        |index| stage.scene.frame(index),
        &target,
        &stage.pictures,
        &Cache::default(),
        |index, pixels| {
            let path = numbered(&arguments.output, index);
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder).map_err(|e| Failure::new(format!("{}: {e}", folder.display())))?;
            }
            encode::write_whole(&path, &png(pixels).map_err(Failure::new)?).map_err(Failure::new)
        },
    )?;
    for warning in &warnings {
        eprintln!("warning: {warning}");
    }
    eprintln!("{} frames in {:.2} s", indices.len(), began.elapsed().as_secs_f64());
    if arguments.strict && !warnings.is_empty() {
        return Err(Failure::new(format!(
            "{} warnings, and --strict was asked for",
            warnings.len()
        )));
    }
    Ok(())
}

/// The path of one picture: `%05d` becomes the frame's number.
fn numbered(pattern: &Path, index: u32) -> PathBuf {
    let pattern = pattern.to_string_lossy();
    let Some((before, rest)) = pattern.split_once('%') else {
        return PathBuf::from(&*pattern);
    };
    let Some((digits, after)) = rest.split_once('d') else {
        return PathBuf::from(&*pattern);
    };
    let width: usize = digits.trim_start_matches('0').parse().unwrap_or(1);
    PathBuf::from(format!("{before}{index:0width$}{after}"))
}
