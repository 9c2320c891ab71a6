//! How long templates take to read and to inspect: `cargo bench -p filmpress-inspect`.
//!
//! The built files always; of the reference samples, where they are, the slowest and the largest. The best of several
//! rounds: what else the machine does only ever adds.

#![allow(clippy::print_stdout, clippy::expect_used, reason = "a program that prints figures")]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use filmpress_fixtures::everything;
use filmpress_inspect::{Surroundings, inspect_bytes};

/// Rounds go on until so much time is over.
const TIME: Duration = Duration::from_millis(300);
/// How many of the samples are printed.
const SHOWN: usize = 12;

struct Figures {
    name: String,
    size: usize,
    read: f64,
    inspect: f64,
}

fn main() {
    println!("{:>9} {:>9} {:>8} {:>10}", "size KB", "read ms", "MB/s", "inspect ms");
    let built = [
        ("everything.aep", everything::aep()),
        ("everything.aepx", everything::aepx()),
        ("everything.zip", everything::zip()),
        ("everything.mogrt", everything::mogrt()),
        ("everything.json", everything::lottie()),
    ];
    for (name, bytes) in built {
        figures(name.to_owned(), &bytes).print();
    }
    let root = std::env::var_os("FILMPRESS_SAMPLES").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let mut paths = Vec::new();
    collect(&root.join("samples"), &mut paths);
    if paths.is_empty() {
        println!("skipped: no samples at {}", root.display());
        return;
    }
    let mut all: Vec<Figures> = paths
        .iter()
        .map(|path| {
            let name = path.strip_prefix(&root).unwrap_or(path).display().to_string();
            figures(name, &std::fs::read(path).expect("a sample can be read"))
        })
        .collect();
    let total = |figure: fn(&Figures) -> f64| all.iter().map(figure).sum::<f64>();
    let bytes = total(|f| f.size as f64) / 1e6;
    println!(
        "{} samples, {bytes:.1} MB: read in {:.0} ms ({:.0} MB/s), inspected in {:.0} ms",
        all.len(),
        total(|f| f.read),
        bytes / total(|f| f.read) * 1000.0,
        total(|f| f.inspect),
    );
    println!("the slowest to inspect:");
    all.sort_by(|a, b| b.inspect.total_cmp(&a.inspect));
    all.iter().take(SHOWN).for_each(Figures::print);
    println!("the largest:");
    all.sort_by_key(|f| std::cmp::Reverse(f.size));
    for extension in [".aep", ".json"] {
        let of_format = all.iter().filter(|f| f.name.ends_with(extension));
        of_format.take(3).for_each(Figures::print);
    }
}

fn figures(name: String, bytes: &[u8]) -> Figures {
    Figures {
        name,
        size: bytes.len(),
        read: best(|| filmpress_formats::read(black_box(bytes), "bench")),
        inspect: best(|| inspect_bytes(black_box(bytes), "bench", &Surroundings::nothing())),
    }
}

/// Milliseconds of the best round.
fn best<T>(work: impl Fn() -> T) -> f64 {
    let start = Instant::now();
    let mut best = f64::MAX;
    while start.elapsed() < TIME.min(Duration::from_secs_f64(best.min(1e3) / 1000.0 * 30.0)) {
        let round = Instant::now();
        drop(black_box(work()));
        best = best.min(round.elapsed().as_secs_f64() * 1000.0);
    }
    best
}

impl Figures {
    fn print(&self) {
        println!(
            "{:>9.1} {:>9.3} {:>8.0} {:>10.3}  {}",
            self.size as f64 / 1e3,
            self.read,
            self.size as f64 / 1e3 / self.read,
            self.inspect,
            self.name
        );
    }
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
        let path = entry.path();
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
        if path.is_dir() {
            collect(&path, files);
        } else if ["aep", "aepx", "mogrt", "zip", "json", "lottie"].contains(&extension) {
            files.push(path);
        }
    }
    files.sort();
}
