//! `filmpress bench`: how fast a template is drawn.

use std::time::{Duration, Instant};

use clap::Args;
use filmpress_composition::Diagnostics;
use filmpress_render::sequence::{self, Sequence};
use filmpress_render::{Cache, Target};

use crate::failure::Failure;
use crate::template::{self, TemplateArguments};
use crate::values::Size;

/// Frames of a pass, spread evenly over the composition.
const FRAMES: u64 = 48;

/// Measures how fast a template is drawn, without encoding.
///
/// Draws frame 0 untimed, then 48 frames spread evenly over the composition, and again until 2 seconds (BENCH_SECS) are
/// over. Nothing drawn is kept from one pass to the next. The last line is JSON: frames, seconds, CPU seconds of all
/// threads.
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
    let indices: Vec<u32> = (0..FRAMES).map(|k| (k * count / FRAMES) as u32).collect();
    let threads = match arguments.threads {
        0 => sequence::available_threads(),
        threads => threads,
    };
    let least = Duration::try_from_secs_f64(arguments.seconds)
        .map_err(|_| Failure::usage("BENCH_SECS must be a number of seconds"))?;

    let draw = |indices: &[u32]| -> Result<u64, Failure> {
        let mut drawn = 0;
        let cache = Cache::default();
        let sequence = Sequence {
            indices,
            threads,
            target: &target,
            footage: &stage.pictures,
            cache: &cache,
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
    println!(
        "{}x{}, {threads} threads: {:.1} frames/s, {:.1} frames per CPU second",
        size.0,
        size.1,
        frames as f64 / secs,
        frames as f64 / cpu.max(1e-9)
    );
    println!("{{\"frames\":{frames},\"secs\":{secs:.4},\"cpu\":{cpu:.4}}}");
    Ok(())
}

/// CPU seconds all threads of this process have used so far, in user and system mode.
///
/// Linux keeps them to the nanosecond in `/proc/self/schedstat` per thread only; the sum over threads, including those
/// that have ended, is in clock ticks of 1/100 s in `/proc/self/stat`, which is fine over seconds.
fn cpu_seconds() -> Result<f64, Failure> {
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat")
        .map_err(|e| Failure::new(format!("/proc/self/stat: {e}")).hint("bench needs Linux"))?;
    // The program's name, in parentheses, may hold blanks; after it utime and stime are the 12th and 13th fields.
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: Option<f64> = after_name
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(|field| field.parse::<f64>().ok())
        .sum();
    ticks
        .map(|t| t / TICKS_PER_SECOND)
        .ok_or_else(|| Failure::new("/proc/self/stat cannot be read"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn cpu_time_grows_with_work() {
        let before = super::cpu_seconds().unwrap();
        let mut x = 0u64;
        while super::cpu_seconds().unwrap() - before < 0.02 {
            x = std::hint::black_box(x.wrapping_mul(3) + 1);
        }
        assert!(super::cpu_seconds().unwrap() > before);
    }
}
