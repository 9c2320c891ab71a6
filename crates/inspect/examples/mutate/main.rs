//! Damages files at random and inspects every damaged one in this process: nothing may panic, hang, or take memory.
//!
//! ```sh
//! cargo run --release -p filmpress-inspect --example mutate -- --count 20000 --state done.txt FOLDER
//! cargo run --release -p filmpress-inspect --example mutate -- --seed 4711 FILE      # one damage again
//! ```
//!
//! The state file holds a line a file and how many damages it has seen, so that a run can be stopped and taken up.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a program for the terminal"
)]

mod memory;
mod state;
mod watch;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use filmpress_fixtures::mutation::Subject;
use filmpress_inspect::{Surroundings, inspect_bytes};

use state::State;
use watch::{Run, Watch};

#[global_allocator]
static ALLOCATOR: memory::Counting = memory::Counting;

/// Damages files at random and inspects every damaged one.
#[derive(clap::Parser)]
struct Arguments {
    /// Files, and folders to look through.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Damages a file.
    #[arg(long, default_value_t = 20_000)]
    count: u64,
    /// Only this damage.
    #[arg(long)]
    seed: Option<u64>,
    /// Writes the damaged file of `--seed` here.
    #[arg(long, requires = "seed")]
    write: Option<PathBuf>,
    /// Files at once.
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// What was done, kept here.
    #[arg(long)]
    state: Option<PathBuf>,
    /// Stops after so many seconds.
    #[arg(long)]
    seconds: Option<u64>,
    /// The most memory one inspection may take, in megabytes.
    #[arg(long, default_value_t = 512)]
    memory: usize,
    /// Files no larger than this many bytes.
    #[arg(long)]
    largest: Option<u64>,
}

/// An inspection slower than this is noted, without being a fault.
const SLOW: Duration = Duration::from_millis(500);

fn main() -> std::process::ExitCode {
    let arguments = <Arguments as clap::Parser>::parse();
    let mut files = Vec::new();
    for path in &arguments.paths {
        collect(path, &mut files);
    }
    let files = distinct(files, arguments.largest);
    if let Some(seed) = arguments.seed {
        return once(&files, seed, arguments.write.as_deref());
    }
    // A panic is reported with its file and seed, in one line.
    std::panic::set_hook(Box::new(|info| watch::note_panic(&info.to_string())));
    let state = State::open(arguments.state.as_deref());
    let total: u64 = files
        .iter()
        .map(|f| f.size * arguments.count.saturating_sub(state.done(&f.path)))
        .sum();
    println!(
        "{} files, {:.1} MB; {:.1} GB of damaged files to inspect",
        files.len(),
        files.iter().map(|f| f.size).sum::<u64>() as f64 / 1e6,
        total as f64 / 1e9
    );
    let bar = indicatif::ProgressBar::new(total).with_style(
        indicatif::ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes} {bytes_per_sec} eta {eta} {msg}")
            .unwrap(),
    );
    let shared = Shared {
        files: &files,
        next: AtomicUsize::new(0),
        state: Mutex::new(state),
        watch: Watch::start(arguments.threads),
        bar,
        stop_at: arguments.seconds.map(|s| Instant::now() + Duration::from_secs(s)),
        count: arguments.count,
        memory: arguments.memory << 20,
        totals: Mutex::new(Totals::default()),
    };
    let start = Instant::now();
    std::thread::scope(|scope| {
        for worker in 0..arguments.threads {
            let shared = &shared;
            // Two megabytes of stack, as the threads of a server have.
            std::thread::Builder::new()
                .stack_size(2 << 20)
                .spawn_scoped(scope, move || work(worker, shared))
                .unwrap();
        }
    });
    shared.bar.finish_and_clear();
    let totals = shared.totals.into_inner().unwrap();
    let faults = shared.watch.faults();
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{} inspections of {:.1} MB in {seconds:.0} s: {:.1} MB/s; {} read, {} refused; slowest {:.0} ms ({}), most memory {:.0} MB ({})",
        totals.runs,
        totals.bytes as f64 / 1e6,
        totals.bytes as f64 / 1e6 / seconds,
        totals.read,
        totals.runs - totals.read,
        totals.slowest.0.as_secs_f64() * 1000.0,
        totals.slowest.1,
        totals.largest.0 as f64 / 1_048_576.0,
        totals.largest.1,
    );
    println!("{} files done whole; {faults} faults", totals.whole);
    if faults > 0 {
        return std::process::ExitCode::FAILURE;
    }
    std::process::ExitCode::SUCCESS
}

struct File {
    path: PathBuf,
    size: u64,
}

struct Shared<'a> {
    files: &'a [File],
    next: AtomicUsize,
    state: Mutex<State>,
    watch: Watch,
    bar: indicatif::ProgressBar,
    stop_at: Option<Instant>,
    count: u64,
    memory: usize,
    totals: Mutex<Totals>,
}

#[derive(Default)]
struct Totals {
    runs: u64,
    bytes: u64,
    read: u64,
    whole: u64,
    slowest: (Duration, String),
    largest: (usize, String),
}

fn work(worker: usize, shared: &Shared<'_>) {
    while let Some(file) = shared.files.get(shared.next.fetch_add(1, Ordering::Relaxed)) {
        let Ok(bytes) = std::fs::read(&file.path) else { continue };
        let subject = Subject::new(bytes);
        let from = shared.state.lock().unwrap().done(&file.path);
        for seed in from..shared.count {
            if shared.stop_at.is_some_and(|at| Instant::now() >= at) {
                shared.state.lock().unwrap().set(&file.path, seed);
                return;
            }
            one(worker, shared, file, &subject, seed);
            if seed % 500 == 499 {
                shared.state.lock().unwrap().set(&file.path, seed + 1);
            }
        }
        shared.state.lock().unwrap().set(&file.path, shared.count);
        shared.totals.lock().unwrap().whole += 1;
    }
}

fn one(worker: usize, shared: &Shared<'_>, file: &File, subject: &Subject, seed: u64) {
    let damaged = subject.mutated(seed);
    let run = Run {
        path: file.path.clone(),
        seed,
    };
    shared.watch.begin(worker, run);
    memory::reset();
    let start = watch::thread_time();
    let outcome = catch_unwind(AssertUnwindSafe(|| inspect(&damaged)));
    let (took, peak) = (watch::thread_time().saturating_sub(start), memory::peak());
    shared.watch.end(worker, took);
    let place = || format!("--seed {seed} {}", file.path.display());
    if outcome.is_err() {
        shared.watch.fault("panic", &place());
    }
    if peak > shared.memory {
        shared.watch.fault("memory", &format!("{} MB, {}", peak >> 20, place()));
    }
    if took > SLOW {
        eprintln!("slow: {} ms, {}", took.as_millis(), place());
    }
    let mut totals = shared.totals.lock().unwrap();
    totals.runs += 1;
    totals.bytes += file.size;
    totals.read += u64::from(matches!(outcome, Ok(true)));
    if took > totals.slowest.0 {
        totals.slowest = (took, place());
    }
    if peak > totals.largest.0 {
        totals.largest = (peak, place());
    }
    drop(totals);
    shared.bar.inc(file.size);
    if seed.is_multiple_of(1000) {
        shared
            .bar
            .set_message(file.path.file_name().unwrap_or_default().to_string_lossy().into_owned());
    }
}

/// Whether it could be read.
fn inspect(bytes: &[u8]) -> bool {
    inspect_bytes(bytes, "damaged", &Surroundings::nothing()).is_ok()
}

fn once(files: &[File], seed: u64, write: Option<&Path>) -> std::process::ExitCode {
    for file in files {
        let damaged = Subject::new(std::fs::read(&file.path).unwrap()).mutated(seed);
        if let Some(path) = write {
            std::fs::write(path, &damaged).unwrap();
        }
        memory::reset();
        let start = Instant::now();
        let outcome = inspect_bytes(&damaged, "damaged", &Surroundings::nothing());
        let took = start.elapsed();
        println!(
            "{}: {:.1} ms, {:.1} MB, {}",
            file.path.display(),
            took.as_secs_f64() * 1000.0,
            memory::peak() as f64 / 1_048_576.0,
            match outcome {
                Ok(report) => format!("read, {} warnings", report.warnings.len()),
                Err(error) => error.to_string(),
            }
        );
    }
    std::process::ExitCode::SUCCESS
}

/// Templates by their extension; a file named by itself whatever its extension.
fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    const EXTENSIONS: [&str; 6] = ["aep", "aepx", "mogrt", "zip", "json", "lottie"];
    if !path.is_dir() {
        files.push(path.to_owned());
        return;
    }
    for entry in std::fs::read_dir(path).unwrap().flatten() {
        let path = entry.path();
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
        if path.is_dir() || EXTENSIONS.contains(&extension) {
            collect(&path, files);
        }
    }
}

/// Each content once, the smallest first.
fn distinct(paths: Vec<PathBuf>, largest: Option<u64>) -> Vec<File> {
    let mut seen = BTreeSet::new();
    let mut files: Vec<File> = Vec::new();
    let mut paths = paths;
    paths.sort();
    for path in paths {
        let Ok(bytes) = std::fs::read(&path) else {
            eprintln!("`{}` cannot be read", path.display());
            continue;
        };
        let size = bytes.len() as u64;
        let hash: [u8; 32] = <sha2::Sha256 as sha2::Digest>::digest(&bytes).into();
        if size > 0 && largest.is_none_or(|largest| size <= largest) && seen.insert(hash) {
            files.push(File { path, size });
        }
    }
    files.sort_by_key(|f| f.size);
    files
}
