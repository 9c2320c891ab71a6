//! `filmpress bench`: how fast a template is drawn.

use std::time::{Duration, Instant};

use clap::Args;
use filmpress_composition::Diagnostics;
use filmpress_render::sequence::{self, Sequence};
use filmpress_render::{Cache, Memory, Target};

use crate::failure::Failure;
use crate::template::{self, TemplateArguments};
use crate::usage;
use crate::values::Size;

/// Most frames of a pass: as many as a composition has, or so many spread evenly over it. Shorter passes would measure how
/// fast threads start and caches fill.
const FRAMES: u64 = 240;

/// Measures how fast a template is drawn, without encoding.
///
/// Draws frame 0 untimed, then all frames of the composition (240 spread evenly, if it has more), and again until 2 seconds
/// (BENCH_SECS) are over. Nothing drawn is kept from one pass to the next, only memory. The last line is JSON: frames, seconds, CPU seconds of all
/// threads, the most memory held at once in MB.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  filmpress bench card.json --size 1920x1080 --threads 1
  BENCH_SECS=10 filmpress bench card.aep --composition Main")]
pub struct Arguments {
    #[command(flatten)]
    template: TemplateArguments,
    /// Size to fit the composition into, centred. Without it the composition's own.
    #[arg(long)]
    size: Option<Size>,
    /// Threads to draw on; without it all there are.
    #[arg(long, env = "FILMPRESS_THREADS", default_value_t = 0, hide_default_value = true)]
    threads: usize,
    /// Least time to measure, in seconds.
    #[arg(long, env = "BENCH_SECS", default_value_t = 2.0, hide = true)]
    seconds: f64,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut warnings = Diagnostics::new();
    let (path, fonts) = (&arguments.template.template, &arguments.template.fonts);
    let template = template::read(path, &mut warnings)?;
    let composition = template::composition(&template, arguments.template.composition.as_deref())?;
    let stage = template::stage(path, &template, composition, fonts, &mut warnings)?;
    let size = arguments
        .size
        .map_or(stage.scene.size(), |size| (size.width, size.height));
    let target = Target::meet(stage.scene.size(), size, None);
    let count = u64::from(stage.scene.frame_count());
    let passed = count.clamp(1, FRAMES);
    let indices: Vec<u32> = (0..passed).map(|k| (k * count / passed) as u32).collect();
    let threads = match arguments.threads {
        0 => sequence::available_threads(),
        threads => threads,
    };
    let least = Duration::try_from_secs_f64(arguments.seconds)
        .map_err(|_| Failure::usage("BENCH_SECS must be a number of seconds"))?;

    let memory = Memory::default();
    let draw = |indices: &[u32]| -> Result<u64, Failure> {
        let mut drawn = 0;
        let cache = Cache::default();
        let sequence = Sequence {
            indices,
            threads,
            target: &target,
            footage: &stage.pictures,
            cache: &cache,
            memory: Some(&memory),
            profile: None,
        };
        sequence.draw(
            |index| stage.scene.frame(index),
            |pixels, (): &mut ()| {
                std::hint::black_box(pixels);
                Ok(())
            },
            |_| {
                drawn += 1;
                Ok(())
            },
        )?;
        Ok(drawn)
    };
    draw(&[0])?;
    let cpu = cpu_seconds()?;
    let began = Instant::now();
    let mut frames = 0;
    while frames == 0 || began.elapsed() < least {
        frames += draw(&indices)?;
    }
    let secs = began.elapsed().as_secs_f64();
    let cpu = cpu_seconds()? - cpu;
    let peak = usage::peak_memory().unwrap_or(0.0);
    println!(
        "{}x{}, {threads} threads: {:.1} frames/s, {:.1} frames per CPU second, {peak:.0} MB at most",
        size.0,
        size.1,
        frames as f64 / secs,
        frames as f64 / cpu.max(1e-9)
    );
    println!("{{\"frames\":{frames},\"secs\":{secs:.4},\"cpu\":{cpu:.4},\"peak_mb\":{peak:.1}}}");
    Ok(())
}

/// CPU seconds of all threads so far.
fn cpu_seconds() -> Result<f64, Failure> {
    usage::cpu()
        .map(|cpu| cpu.own)
        .ok_or_else(|| Failure::new("/proc/self/stat cannot be read").hint("bench needs Linux"))
}
