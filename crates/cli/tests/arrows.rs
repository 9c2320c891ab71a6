//! The house's one-way arrows: which crate may use which. A new arrow is a decision, not an accident: it goes into
//! this table and into `docs/architecture.md` together with its reason.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Crate and the crates of this workspace it may use.
const ARROWS: &[(&str, &[&str])] = &[
    ("pixels", &[]),
    ("composition", &[]),
    // Files for tests: nobody may use it but as a dev-dependency.
    ("fixtures", &[]),
    ("formats", &["composition"]),
    ("evaluate", &["composition"]),
    ("render", &["evaluate", "composition", "pixels"]),
    ("media", &["pixels"]),
    // `evaluate`: the report says what is drawn, where and in which fonts. `formats`: from bytes in one step.
    ("inspect", &["formats", "evaluate", "composition"]),
    ("job", &["composition"]),
    ("queue", &["job"]),
    // `evaluate`: a stage sets up the scene. `pixels`: pictures go from footage to drawing.
    (
        "worker",
        &["job", "formats", "evaluate", "render", "media", "composition", "pixels"],
    ),
    ("server", &["job", "queue"]),
    (
        "cli",
        &[
            "pixels",
            "composition",
            "formats",
            "evaluate",
            "render",
            "media",
            "inspect",
            "job",
            "queue",
            "worker",
            "server",
        ],
    ),
];

/// What drawing must not have: it knows no network, no clock, no threads of a runtime.
const BANNED_IN_DRAWING: &[&str] = &["tokio", "reqwest", "axum", "sqlx", "time", "hyper"];
const DRAWING: &[&str] = &["pixels", "composition", "formats", "evaluate", "render", "inspect"];

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Names on the left of the lines of a manifest's `[dependencies]`; `[dev-dependencies]` may point anywhere.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let mut inside = false;
    let mut names = BTreeSet::new();
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            inside = line == "[dependencies]" || (line.starts_with("[target.") && line.ends_with(".dependencies]"));
            assert!(
                !line.starts_with("[dependencies."),
                "write dependencies as lines, not as tables: {line}"
            );
        } else if inside && !line.is_empty() && !line.starts_with('#') {
            let name = line.split(['.', '=', ' ']).next().unwrap();
            names.insert(name.to_owned());
        }
    }
    names
}

fn of_crate(name: &str) -> BTreeSet<String> {
    dependencies(&fs::read_to_string(crates().join(name).join("Cargo.toml")).unwrap())
}

#[test]
fn every_crate_is_in_the_table() {
    let there: BTreeSet<String> = fs::read_dir(crates())
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("Cargo.toml").exists())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    let known: BTreeSet<String> = ARROWS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(there, known);
}

#[test]
fn no_crate_uses_another_against_the_arrows() {
    for (name, allowed) in ARROWS {
        for dependency in of_crate(name) {
            let Some(used) = dependency.strip_prefix("filmpress-") else {
                continue;
            };
            assert!(
                allowed.contains(&used),
                "`{name}` must not use `{used}`: it may use {allowed:?} (see docs/architecture.md)"
            );
        }
    }
}

#[test]
fn arrows_point_one_way() {
    for (name, uses) in ARROWS {
        for used in *uses {
            let (_, back) = ARROWS.iter().find(|(other, _)| other == used).unwrap();
            assert!(!back.contains(name), "`{name}` and `{used}` use each other");
        }
    }
}

#[test]
fn drawing_knows_no_network_and_no_clock() {
    for name in DRAWING {
        for dependency in of_crate(name) {
            assert!(
                !BANNED_IN_DRAWING.contains(&dependency.as_str()),
                "`{name}` must not use `{dependency}`"
            );
        }
    }
}

#[test]
fn a_new_arrow_is_noticed() {
    let manifest = "[package]\nname = \"x\"\n[dependencies]\nfilmpress-queue.workspace = true\ntokio = \"1\"\n\
                    [dev-dependencies]\nfilmpress-cli.workspace = true\n";
    let found = dependencies(manifest);
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["filmpress-queue", "tokio"]);
}
