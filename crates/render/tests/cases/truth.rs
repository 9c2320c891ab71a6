//! The samples that come with frames drawn by After Effects itself: `lottie/ae-truth` of the reference samples, from the
//! Lottie file and from the project. They stay where they are.

use std::path::{Path, PathBuf};

use crate::case::Case;
use crate::compare::{Difference, read};
use crate::on_threads;
use crate::test_toml::Tolerance;

/// Antialiasing differs a little on edges everywhere.
const NEAR: Tolerance = Tolerance {
    channel: 16,
    share: 0.01,
};

/// The folder of reference samples: `FILMPRESS_SAMPLES`, else `shared` beside the workspace; `None` when it is absent.
fn samples() -> Option<PathBuf> {
    let folder = std::env::var_os("FILMPRESS_SAMPLES").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let folder = folder.join("samples/lottie/ae-truth");
    folder.is_dir().then_some(folder)
}

/// The frames After Effects drew of a template: `NAME-05.png` beside `NAME.json`.
fn frames(template: &Path) -> Vec<(u32, PathBuf)> {
    let stem = template.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let folder = template.parent().unwrap_or(template);
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let path = entry.path();
            let name = path.file_name()?.to_str()?.to_owned();
            let number = name.strip_prefix(&stem)?.strip_prefix('-')?.strip_suffix(".png")?;
            Some((number.parse().ok()?, path))
        })
        .collect();
    found.sort();
    found
}

fn check(template: &Path) -> Vec<String> {
    let frames = frames(template);
    let numbers = frames.iter().map(|(number, _)| *number).collect();
    let drawn = Case::of_template(template, numbers).and_then(|case| case.draw());
    let (pictures, warnings) = match drawn {
        Ok(drawn) => drawn,
        Err(fault) => return vec![fault],
    };
    let mut faults: Vec<String> = warnings.iter().map(|w| format!("unexpected warning: {w}")).collect();
    for (picture, (number, path)) in pictures.iter().zip(frames) {
        let difference = read(&path).and_then(|wanted| Difference::of(picture, &wanted, NEAR));
        match difference {
            Ok(difference) if difference.is_within(NEAR) => {}
            Ok(difference) => faults.push(format!("frame {number} {difference}")),
            Err(fault) => faults.push(fault),
        }
    }
    faults
}

#[test]
fn after_effects_own_frames() {
    let Some(folder) = samples() else {
        println!("skipped: no samples with After Effects' frames");
        return;
    };
    let mut templates = Vec::new();
    for topic in std::fs::read_dir(folder).unwrap().flatten() {
        for entry in std::fs::read_dir(topic.path()).into_iter().flatten().flatten() {
            let path = entry.path();
            let is_template = path.extension().is_some_and(|e| e == "json" || e == "aep");
            if is_template && !frames(&path).is_empty() {
                templates.push((path.display().to_string(), path));
            }
        }
    }
    templates.sort();
    let results = on_threads(&templates, |_, path| check(path));
    let faults: Vec<String> = templates
        .iter()
        .zip(results)
        .flat_map(|((name, _), faults)| faults.into_iter().map(move |fault| format!("{name}: {fault}")))
        .collect();
    println!("{} templates", templates.len());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
