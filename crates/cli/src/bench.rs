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
/// Least time of a turn, where several numbers of threads are compared. In passes of a few milliseconds, threads that slept during
/// those of the other number are woken for most of the time.
const TURN: Duration = Duration::from_millis(100);

/// Measures how fast a template is drawn, without encoding.
///
/// Draws frame 0 untimed, then all frames of the composition (240 spread evenly, if it has more), and again until 2 seconds
/// (BENCH_SECS) are over. Nothing drawn is kept from one pass to the next, only memory. The last line is JSON: frames, seconds,
/// CPU seconds of all threads, the most memory held at once in MB.
///
/// Several numbers of threads take turns, a tenth of a second or one pass each, and are then compared by the time of their
/// middle pass: what else the machine does meets all of them alike. Each has a line of JSON.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  filmpress bench card.json --size 1920x1080 --threads 1
  filmpress bench card.json --threads 1,2
  BENCH_SECS=10 filmpress bench card.aep --composition Main")]
pub struct Arguments {
    #[command(flatten)]
    template: TemplateArguments,
    /// Size to fit the composition into, centred. Without it the composition's own.
    #[arg(long)]
    size: Option<Size>,
    /// Threads to draw on, or several such numbers to compare; without it all there are.
    #[arg(
        long,
        env = "FILMPRESS_THREADS",
        value_delimiter = ',',
        default_value = "0",
        hide_default_value = true
    )]
    threads: Vec<usize>,
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
    let least = Duration::try_from_secs_f64(arguments.seconds)
        .map_err(|_| Failure::usage("BENCH_SECS must be a number of seconds"))?;

    let memory = Memory::default();
    let draw = |indices: &[u32], threads: usize| -> Result<u64, Failure> {
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
    draw(&[0], 1)?;
    let mut runs: Vec<Run> = arguments.threads.iter().map(|threads| Run::of(*threads)).collect();
    let turn = TURN.min(least);
    let least = least * runs.len() as u32;
    let began = Instant::now();
    while runs.iter().any(|run| run.passes.is_empty()) || began.elapsed() < least {
        for run in &mut runs {
            let (cpu, turn_began) = (cpu_seconds()?, Instant::now());
            loop {
                let began = Instant::now();
                run.frames += draw(&indices, run.threads)?;
                run.passes.push(began.elapsed().as_secs_f64());
                if turn_began.elapsed() >= turn {
                    break;
                }
            }
            run.cpu += cpu_seconds()? - cpu;
        }
    }
    let peak = usage::peak_memory().unwrap_or(0.0);
    for run in &runs {
        let (frames, secs) = (run.frames as f64, run.seconds());
        println!(
            "{}x{}, {} threads: {:.1} frames/s, {:.1} frames per CPU second, {peak:.0} MB at most",
            size.0,
            size.1,
            run.threads,
            frames / secs,
            frames / run.cpu.max(1e-9)
        );
    }
    if let Some((first, others)) = runs.split_first() {
        for other in others {
            println!(
                "{} threads draw {:.2} times as fast as {}",
                other.threads,
                first.middle() / other.middle(),
                first.threads
            );
        }
    }
    for run in &runs {
        let threads = match runs.len() {
            1 => String::new(),
            _ => format!("\"threads\":{},\"pass\":{:.6},", run.threads, run.middle()),
        };
        println!(
            "{{{threads}\"frames\":{},\"secs\":{:.4},\"cpu\":{:.4},\"peak_mb\":{peak:.1}}}",
            run.frames,
            run.seconds(),
            run.cpu
        );
    }
    Ok(())
}

/// What was measured of one number of threads.
struct Run {
    threads: usize,
    frames: u64,
    /// Seconds of each pass.
    passes: Vec<f64>,
    /// CPU seconds of all threads.
    cpu: f64,
}

impl Run {
    fn of(threads: usize) -> Self {
        Self {
            threads: match threads {
                0 => sequence::available_threads(),
                threads => threads,
            },
            frames: 0,
            passes: Vec::new(),
            cpu: 0.0,
        }
    }

    fn seconds(&self) -> f64 {
        self.passes.iter().sum()
    }

    /// Seconds of the pass in the middle, by how long they took.
    fn middle(&self) -> f64 {
        let mut passes = self.passes.clone();
        passes.sort_by(f64::total_cmp);
        passes.get(passes.len() / 2).copied().unwrap_or_default()
    }
}

/// CPU seconds of all threads so far.
fn cpu_seconds() -> Result<f64, Failure> {
    usage::cpu()
        .map(|cpu| cpu.own)
        .ok_or_else(|| Failure::new("/proc/self/stat cannot be read").hint("bench needs Linux"))
}
