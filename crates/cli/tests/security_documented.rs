//! `docs/security.md` names tests and scripts: all of them are there.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The text of every Rust file below a folder.
fn sources(folder: &Path, all: &mut String) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            sources(&entry, all);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            *all += &fs::read_to_string(&entry).unwrap();
        }
    }
}

#[test]
fn every_test_that_the_threat_model_names_is_there() {
    let page = fs::read_to_string(root().join("docs/security.md")).unwrap();
    let mut code = String::new();
    sources(&root().join("crates"), &mut code);
    let (mut named, mut missing) = (0, Vec::new());
    // The last cell of each line of the tables of threats.
    for line in page.lines().filter(|line| line.starts_with("| ")) {
        let cell = line.trim_end_matches([' ', '|']).rsplit(" | ").next().unwrap();
        for name in cell.split('`').skip(1).step_by(2) {
            let is_there = if name.starts_with("scripts/") {
                root().join(name).exists()
            } else if name
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
                && name.contains('_')
            {
                code.contains(&format!("fn {name}("))
            } else {
                continue;
            };
            named += 1;
            if !is_there {
                missing.push(name.to_owned());
            }
        }
    }
    assert!(named > 50, "the page names {named} tests only: has its form changed?");
    assert_eq!(
        missing,
        Vec::<String>::new(),
        "docs/security.md names what is not there"
    );
}
