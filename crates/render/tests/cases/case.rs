//! One case: read, drawn, compared.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use filmpress_composition::Diagnostics;
use filmpress_composition::lookup::main_composition;
use filmpress_evaluate::Scene;
use filmpress_pixels::Pixmap;
use filmpress_render::{Renderer, Target};

use crate::compare::{Difference, as_file, difference_picture, read, write};
use crate::footage::Outside;
use crate::test_toml::{Test, Tolerance};
use crate::{out, root};

/// How often all frames are drawn: pictures that show again come from the cache, and must be the same.
const ROUNDS: usize = 3;

/// A case as its folder has it.
pub struct Case {
    name: String,
    folder: PathBuf,
    pub test: Test,
}

impl Case {
    /// Reads `test.toml`.
    pub fn read(name: &str, folder: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(folder.join("test.toml")).map_err(|e| e.to_string())?;
        let test: Test = toml::from_str(&text).map_err(|e| format!("test.toml: {e}"))?;
        if test.about.trim().is_empty() || test.frames.is_empty() {
            return Err("test.toml: `about` and `frames` must say something".to_owned());
        }
        Ok(Self {
            name: name.to_owned(),
            folder: folder.to_owned(),
            test,
        })
    }

    /// The template.
    fn project(&self) -> Result<PathBuf, String> {
        if let Some(path) = &self.test.project {
            return Ok(self.folder.join(path));
        }
        let entries = std::fs::read_dir(&self.folder).map_err(|e| e.to_string())?;
        let mut found = entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.is_file());
        found
            .find(|path| path.file_stem().is_some_and(|stem| stem == "project"))
            .ok_or_else(|| "no `project.json` (or .aep, .aepx, .mogrt, .zip, .lottie) in it".to_owned())
    }

    /// A case without a folder of its own: the `frames` of a template, which lies beside them.
    pub fn of_template(template: &Path, frames: Vec<u32>) -> Result<Self, String> {
        let text = format!("about = \"{}\"\nproject = \"{0}\"", template.display());
        let mut test: Test = toml::from_str(&text).map_err(|e| e.to_string())?;
        test.frames = frames;
        Ok(Self {
            name: template.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            folder: template.parent().unwrap_or(template).to_owned(),
            test,
        })
    }

    /// Draws the frames; also all warnings.
    pub fn draw(&self) -> Result<(Vec<Pixmap>, Diagnostics), String> {
        let path = self.project()?;
        let bytes = std::fs::read(&path).map_err(|e| e.to_string())?;
        let mut warnings = Diagnostics::new();
        let template = filmpress_formats::read(&bytes, &path.to_string_lossy()).map_err(|e| e.to_string())?;
        let mut template = template.unpack(&mut warnings);
        self.test.change(&mut template.project)?;
        let project = &template.project;
        let named = self.test.composition.as_deref();
        let composition = main_composition(project, named, template.main_composition).map_err(|e| e.to_string())?;
        let fonts = template
            .fonts
            .iter()
            .map(|f| (f.name.clone(), f.bytes.clone()))
            .collect();
        let outside = Outside::load(project, fonts, &[self.folder.clone(), root().join("footage")])?;
        let scene = Scene::new(project, composition, &outside).map_err(|e| e.to_string())?;
        let scene = scene.unpack(&mut warnings);
        let size = self.test.size.map_or(scene.size(), |[width, height]| (width, height));
        let target = Target::meet(scene.size(), size, self.test.rgb()?);
        let mut renderer = Renderer::new();
        let mut pictures: Vec<Pixmap> = Vec::new();
        for round in 0..ROUNDS {
            for (i, &frame) in self.test.frames.iter().enumerate() {
                if frame >= scene.frame_count() {
                    return Err(format!("frame {frame} of {}", scene.frame_count()));
                }
                let mut picture = Pixmap::new(size.0, size.1).map_err(|e| e.to_string())?;
                renderer.draw(&scene.frame(frame), &target, &outside, &mut picture);
                let picture = as_file(&picture);
                match pictures.get(i) {
                    None => pictures.push(picture),
                    Some(first) if *first == picture => {}
                    Some(_) => {
                        let round = round + 1;
                        return Err(format!("frame {frame} is another picture when drawn for time {round}"));
                    }
                }
            }
        }
        Ok((pictures, warnings))
    }

    /// Everything wrong with it; nothing is good. With `bless`, `expected/` becomes what is drawn.
    pub fn check(&self, bless: bool) -> Vec<String> {
        let faults = self.faults(bless);
        let Some(reason) = &self.test.known_failure else {
            return faults;
        };
        let (known, others): (Vec<_>, Vec<_>) = faults
            .into_iter()
            .partition(|f| !self.has_reference() || f.contains("reference/"));
        if known.is_empty() && !bless {
            return vec![format!(
                "passes, though `known_failure` says \"{reason}\": take the line out of test.toml"
            )];
        }
        others
    }

    /// Whether After Effects' own frames are there; a known failure is about those then.
    fn has_reference(&self) -> bool {
        self.folder.join("reference").is_dir()
    }

    fn faults(&self, bless: bool) -> Vec<String> {
        let (pictures, warnings) = match self.draw() {
            Ok(drawn) => drawn,
            Err(fault) => return vec![fault],
        };
        let mut faults = self.warning_faults(&warnings);
        if bless && let Err(fault) = self.bless(&pictures) {
            faults.push(fault);
        }
        for (picture, frame) in pictures.iter().zip(&self.test.frames) {
            let file = format!("{frame:05}.png");
            self.compare(picture, "expected", &file, self.test.tolerance, &mut faults);
            if self.has_reference() {
                let tolerance = self.test.reference_tolerance;
                self.compare(picture, "reference", &file, tolerance, &mut faults);
            }
        }
        faults
    }

    /// Warnings that are not said to come, and those said to come that do not.
    fn warning_faults(&self, warnings: &Diagnostics) -> Vec<String> {
        let texts: Vec<String> = warnings.iter().map(ToString::to_string).collect();
        let wanted = &self.test.warnings;
        let unexpected = texts
            .iter()
            .filter(|text| !wanted.iter().any(|part| text.contains(part)));
        let missing = wanted
            .iter()
            .filter(|part| !texts.iter().any(|text| text.contains(*part)));
        let unexpected = unexpected.map(|text| format!("unexpected warning: {text}"));
        unexpected
            .chain(missing.map(|part| format!("no warning has `{part}` in it")))
            .collect()
    }

    fn compare(&self, actual: &Pixmap, kind: &str, file: &str, tolerance: Tolerance, faults: &mut Vec<String>) {
        let path = self.folder.join(kind).join(file);
        let shown = out().join(&self.name);
        let keep = |name: &str, picture: &Pixmap| {
            let path = shown.join(format!("{name}-{file}"));
            write(&path, picture).map_or_else(|fault| fault, |()| path.display().to_string())
        };
        let wanted = match read(&path) {
            Ok(wanted) => wanted,
            Err(_) if !path.exists() => {
                let actual = keep("actual", actual);
                faults.push(format!("{kind}/{file} is not there; drawn: {actual}"));
                return;
            }
            Err(fault) => return faults.push(fault),
        };
        let fault = match Difference::of(actual, &wanted, tolerance) {
            Ok(difference) if difference.is_within(tolerance) => return,
            Ok(difference) => {
                let picture = difference_picture(actual, &wanted);
                format!(
                    "{difference}; difference: {}",
                    keep(&format!("{kind}-difference"), &picture)
                )
            }
            Err(fault) => fault,
        };
        let actual = keep("actual", actual);
        faults.push(format!("{kind}/{file} {fault}; drawn: {actual}"));
    }

    /// Makes `expected/` what is drawn. Pictures within the tolerance stay as they are.
    fn bless(&self, pictures: &[Pixmap]) -> Result<(), String> {
        let folder = self.folder.join("expected");
        let mut files: BTreeMap<String, &Pixmap> = BTreeMap::new();
        for (picture, frame) in pictures.iter().zip(&self.test.frames) {
            files.insert(format!("{frame:05}.png"), picture);
        }
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            if !files.contains_key(&*entry.file_name().to_string_lossy()) {
                std::fs::remove_file(entry.path()).map_err(|e| e.to_string())?;
            }
        }
        for (file, picture) in files {
            let path = folder.join(file);
            let tolerance = self.test.tolerance;
            let same = read(&path).and_then(|old| Difference::of(picture, &old, tolerance));
            if !same.is_ok_and(|difference| difference.is_within(tolerance)) {
                write(&path, picture)?;
            }
        }
        Ok(())
    }
}
