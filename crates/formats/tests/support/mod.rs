//! Where the samples are. They are not part of the repository.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    dead_code,
    reason = "support of tests, each of which uses a part"
)]

use std::path::{Path, PathBuf};

/// The folder of reference samples: `FILMPRESS_SAMPLES`, else `shared` beside the workspace; `None` when it is absent.
pub fn samples() -> Option<PathBuf> {
    let root = std::env::var_os("FILMPRESS_SAMPLES").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    if root.join("samples").is_dir() {
        return Some(root);
    }
    println!("skipped: no samples at {}", root.display());
    None
}

/// All files below `folder` with one of these extensions, sorted.
pub fn files(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| extensions.iter().any(|x| e == *x)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
