//! The picture tests of `tests/cases`: every folder with a `test.toml` is drawn and compared with the pictures in it.
//! How to add one, and all that `test.toml` may say: `tests/cases/README.md`.
//!
//! `CASE=effects/tint` runs only cases with that in their name, `BLESS=1` writes `expected/`, `BLESS=sheet` lays the
//! expected pictures of each topic on one sheet.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod case;
mod change;
mod compare;
mod footage;
mod letters;
mod sheet;
mod test_toml;
mod truth;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use case::Case;

/// The folder of all cases.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases")
}

/// Where pictures of failures and sheets are put.
fn out() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("cases")
}

/// Finds every folder below `dir` that holds a `test.toml`, by its path from `root`.
fn find(root: &Path, dir: &Path, cases: &mut BTreeMap<String, PathBuf>) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    for path in entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()) {
        if path.join("test.toml").is_file() {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            cases.insert(name, path);
        } else {
            find(root, &path, cases);
        }
    }
}

/// Runs `work` on every case, on all the threads there are; results in the order of the names.
fn on_threads<T: Send>(cases: &[(String, PathBuf)], work: impl Fn(&str, &Path) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(BTreeMap::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some((name, path)) = cases.get(index) else { break };
                    let result = work(name, path);
                    results.lock().unwrap().insert(index, result);
                }
            });
        }
    });
    results.into_inner().unwrap().into_values().collect()
}

#[test]
fn cases() {
    let bless = std::env::var("BLESS").unwrap_or_default();
    let wanted = std::env::var("CASE").unwrap_or_default();
    let mut found = BTreeMap::new();
    find(&root(), &root(), &mut found);
    assert!(!found.is_empty(), "no cases in {}", root().display());
    let cases: Vec<_> = found.into_iter().filter(|(name, _)| name.contains(&wanted)).collect();
    assert!(!cases.is_empty(), "no case has `{wanted}` in its name");

    if bless == "sheet" {
        for sheet in sheet::write(&cases) {
            println!("{}", sheet.display());
        }
        return;
    }
    assert!(["", "1"].contains(&&*bless), "BLESS is `1` or `sheet`, not `{bless}`");
    let results = on_threads(&cases, |name, path| match Case::read(name, path) {
        Ok(case) => case.check(bless == "1"),
        Err(fault) => vec![fault],
    });
    let mut report = Vec::new();
    let mut failed = 0;
    for ((name, _), faults) in cases.iter().zip(&results) {
        failed += usize::from(!faults.is_empty());
        for fault in faults {
            report.push(format!("{name}: {fault}"));
        }
    }
    println!("{} cases, {failed} failed", cases.len());
    assert!(
        failed == 0,
        "{failed} of {} cases failed:\n{}",
        cases.len(),
        report.join("\n")
    );
}
