//! Every template at hand becomes frames: no panic, nothing slow, the same from every thread.
#![allow(
    clippy::print_stdout,
    reason = "a skipped test says so, and the slowest sample is worth knowing"
)]

mod support;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use filmpress_composition::ItemId;
use filmpress_evaluate::Scene;
use filmpress_formats::read;
use support::Shelf;

/// The folder of reference samples: `FILMPRESS_SAMPLES`, else `shared` beside the workspace; `None` when it is absent.
fn samples() -> Option<PathBuf> {
    let root = std::env::var_os("FILMPRESS_SAMPLES").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    if root.join("samples").is_dir() {
        return Some(root.join("samples"));
    }
    println!("skipped: no samples at {}", root.display());
    None
}

fn templates(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            templates(&path, into);
        } else if path
            .extension()
            .is_some_and(|e| ["aep", "aepx", "mogrt", "json", "lottie"].iter().any(|x| e == *x))
        {
            into.push(path);
        }
    }
}

#[test]
fn every_composition_of_every_sample_becomes_frames() {
    let Some(folder) = samples() else { return };
    let mut files = Vec::new();
    templates(&folder, &mut files);
    files.sort();
    let mut slowest = (Duration::ZERO, String::new());
    let mut scenes = 0;
    for file in &files {
        let bytes = std::fs::read(file).unwrap();
        let name = file.file_name().unwrap().to_string_lossy();
        let Ok(template) = read(&bytes, &name) else { continue };
        let project = template.value.project;
        let ids: Vec<ItemId> = project.compositions().map(|(item, _)| item.id).collect();
        for id in ids {
            let shelf = Shelf::default();
            let begun = Instant::now();
            let scene = Scene::new(&project, id, &shelf).unwrap().value;
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "{}: slow to prepare",
                file.display()
            );
            for index in [0, 10, scene.frame_count() / 2, scene.frame_count() - 1] {
                let begun = Instant::now();
                let first = scene.frame(index);
                let took = begun.elapsed();
                assert!(
                    took < Duration::from_secs(5),
                    "{} frame {index}: {took:?}",
                    file.display()
                );
                assert_eq!(
                    first.root.digest,
                    scene.frame(index).root.digest,
                    "{} frame {index}",
                    file.display()
                );
                if took > slowest.0 {
                    slowest = (took, format!("{} composition {} frame {index}", file.display(), id.0));
                }
            }
            scenes += 1;
        }
    }
    println!(
        "{scenes} compositions of {} files; slowest frame {:?}: {}",
        files.len(),
        slowest.0,
        slowest.1
    );
    assert!(scenes > 0, "no template could be read in {}", folder.display());
}

#[test]
fn threads_see_the_same_frames() {
    let Some(folder) = samples() else { return };
    let file = folder.join("lottie/lw-bm-ronda.json");
    let project = read(&std::fs::read(&file).unwrap(), "lw-bm-ronda.json")
        .unwrap()
        .value
        .project;
    let id = project.compositions().last().unwrap().0.id;
    let shelf = Shelf::default();
    let scene = || Scene::new(&project, id, &shelf).unwrap().value;
    let (alone, shared) = (scene(), scene());
    let count = alone.frame_count().min(60);
    let together: Vec<_> = std::thread::scope(|scope| {
        let run = |from: u32| {
            let shared = &shared;
            scope.spawn(move || {
                (0..count)
                    .map(|i| shared.frame((i + from) % count).root.digest)
                    .collect::<Vec<_>>()
            })
        };
        let threads = [run(0), run(count / 2)];
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    for i in 0..count {
        let digest = alone.frame(i).root.digest;
        assert_eq!(digest, together[0][i as usize]);
        assert_eq!(digest, together[1][((i + count - count / 2) % count) as usize]);
    }
}

/// Run with `--release --nocapture` for figures that mean something.
#[test]
fn evaluating_is_cheap() {
    let Some(folder) = samples() else { return };
    let mut files = Vec::new();
    templates(&folder.join("lottie"), &mut files);
    let mut figures = Vec::new();
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        let Ok(template) = read(&bytes, "") else { continue };
        let template = template.value;
        let Some(id) = template.main_composition.or_else(|| {
            let (item, _) = template.project.compositions().last()?;
            Some(item.id)
        }) else {
            continue;
        };
        let begun = Instant::now();
        let scene = Scene::new(&template.project, id, &Shelf::default()).unwrap().value;
        let prepared = begun.elapsed();
        scene.frame(0);
        let begun = Instant::now();
        for k in 0..48 {
            scene.frame(k * scene.frame_count() / 48);
        }
        figures.push((begun.elapsed() / 48, prepared, file));
    }
    figures.sort();
    let total: Duration = figures.iter().map(|f| f.0).sum();
    println!(
        "mean over {} files: {:?} a frame",
        figures.len(),
        total / figures.len().max(1) as u32
    );
    for (frame, prepared, file) in figures.iter().rev().take(8) {
        println!("{frame:?} a frame, {prepared:?} to prepare: {}", file.display());
    }
    if let Some((slowest, _, file)) = figures.last() {
        assert!(
            *slowest < Duration::from_millis(200),
            "{slowest:?} a frame: {}",
            file.display()
        );
    }
}
