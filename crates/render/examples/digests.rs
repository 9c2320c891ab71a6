//! A line for each template: a digest of the bytes of all its frames. Two builds or two runs that draw the same print the
//! same (`scripts/determinism`): `cargo run --release -p filmpress-render --example digests -- THREADS EVERY FILE ...`
//! draws every EVERYth frame. 0 threads: each frame by itself, by a renderer that has drawn nothing before.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a program that prints and may stop"
)]

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use filmpress_composition::{FootageSource, ItemId, ItemKind, Project};
use filmpress_evaluate::digest::{Digest, Digester};
use filmpress_evaluate::frame::ImageSource;
use filmpress_evaluate::text::FontBook;
use filmpress_evaluate::{FootageInfo, Scene, World};
use filmpress_media::decode::{Alpha, still};
use filmpress_pixels::Pixmap;
use filmpress_render::sequence::Sequence;
use filmpress_render::{Cache, Footage, Renderer, Target};

/// The outside of a template: its pictures, no fonts.
struct Outside {
    fonts: FontBook,
    pictures: HashMap<ItemId, Arc<Pixmap>>,
}

impl Outside {
    fn of(project: &Project, folder: &Path) -> Self {
        let mut pictures = HashMap::new();
        for item in &project.items {
            let ItemKind::Footage(footage) = &item.kind else {
                continue;
            };
            let bytes = match &footage.source {
                FootageSource::Embedded(bytes) => Some(bytes.to_vec()),
                FootageSource::File(path) => ["", "images"]
                    .iter()
                    .find_map(|sub| std::fs::read(folder.join(sub).join(path)).ok()),
                FootageSource::Placed(_) | FootageSource::Placeholder => None,
            };
            if let Some(picture) = bytes.and_then(|bytes| still(&bytes, Alpha::Straight).ok()) {
                pictures.insert(item.id, Arc::new(picture));
            }
        }
        Self {
            fonts: FontBook::default(),
            pictures,
        }
    }
}

impl World for Outside {
    fn fonts(&self) -> &FontBook {
        &self.fonts
    }

    fn footage(&self, item: ItemId) -> Option<FootageInfo> {
        let picture = self.pictures.get(&item)?;
        Some(FootageInfo {
            width: picture.width(),
            height: picture.height(),
            frame_rate: 0.0,
            duration: 0.0,
            content: Digest(u128::from(item.0)),
        })
    }
}

impl Footage for Outside {
    fn pixels(&self, source: &ImageSource) -> Option<Arc<Pixmap>> {
        self.pictures.get(&source.item).cloned()
    }
}

/// The digest of every `every`th frame; `None` for what is no template.
fn digest(file: &str, threads: usize, every: usize) -> Option<(usize, Digest)> {
    let bytes = std::fs::read(file).ok()?;
    let template = filmpress_formats::read(&bytes, file).ok()?.value;
    let project = template.project;
    let main = filmpress_composition::lookup::main_composition(&project, None, template.main_composition).ok()?;
    let outside = Outside::of(&project, Path::new(file).parent()?);
    let scene = Scene::new(&project, main, &outside).ok()?.value;
    let target = Target::meet(scene.size(), scene.size(), None);
    let indices: Vec<u32> = (0..scene.frame_count()).step_by(every).collect();
    let mut all = Digester::new(0);
    let digest_of = |picture: &Pixmap| Digester::new(1).bytes(picture.bytes()).finish();
    if threads == 0 {
        let mut picture = Pixmap::new(target.width, target.height).ok()?;
        for index in &indices {
            Renderer::new().draw(&scene.frame(*index), &target, &outside, &mut picture);
            all.digest(digest_of(&picture));
        }
        return Some((indices.len(), all.finish()));
    }
    let cache = Cache::default();
    let sequence = Sequence {
        indices: &indices,
        threads,
        target: &target,
        footage: &outside,
        cache: &cache,
        memory: None,
        profile: None,
    };
    sequence
        .draw(
            |index| scene.frame(index),
            |picture, digest| {
                *digest = digest_of(picture);
                Ok::<(), ()>(())
            },
            |delivery| {
                all.digest(*delivery.product);
                Ok(())
            },
        )
        .ok()?;
    Some((indices.len(), all.finish()))
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [threads, every, files @ ..] = &arguments[..] else {
        println!("usage: digests THREADS EVERY FILE ...");
        return;
    };
    let threads = threads.parse().expect("a number of threads");
    let every = every.parse().expect("every how many frames");
    for file in files {
        match digest(file, threads, every) {
            Some((frames, Digest(digest))) => println!("{digest:032x} {frames:6} {file}"),
            None => println!("not a template: {file}"),
        }
    }
}
