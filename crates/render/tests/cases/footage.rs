//! Pictures and fonts of a case: stills beside the project, then those in `footage/` that cases share.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use filmpress_composition::{AlphaInterpretation, FootageSource, ItemId, ItemKind, Project};
use filmpress_evaluate::digest::Digester;
use filmpress_evaluate::frame::ImageSource;
use filmpress_evaluate::text::{FontBook, FontSource};
use filmpress_evaluate::{FootageInfo, World};
use filmpress_media::decode::{self, Alpha};
use filmpress_pixels::Pixmap;
use filmpress_render::Footage;

/// All that a project needs from outside.
pub struct Outside {
    fonts: FontBook,
    pictures: HashMap<ItemId, (FootageInfo, Arc<Pixmap>)>,
}

impl Outside {
    /// Looks for the stills and fonts of a project in `dirs`, the first that has them.
    pub fn load(project: &Project, fonts: Vec<(String, Arc<[u8]>)>, dirs: &[PathBuf]) -> Result<Self, String> {
        let mut pictures = HashMap::new();
        for item in &project.items {
            let ItemKind::Footage(footage) = &item.kind else {
                continue;
            };
            let bytes = match &footage.source {
                FootageSource::Embedded(bytes) => bytes.clone(),
                FootageSource::Placed(path) => std::fs::read(path).map_err(|e| e.to_string())?.into(),
                // What is missing is evaluation's to report.
                FootageSource::Placeholder => continue,
                FootageSource::File(path) => match find(path, dirs) {
                    Some(path) => std::fs::read(path).map_err(|e| e.to_string())?.into(),
                    None => continue,
                },
            };
            let alpha = match footage.alpha {
                AlphaInterpretation::Straight => Alpha::Straight,
                AlphaInterpretation::Premultiplied(matte) => Alpha::Premultiplied(matte),
                AlphaInterpretation::Ignore => Alpha::Ignore,
            };
            let picture = decode::still(&bytes, alpha).map_err(|e| format!("footage `{}`: {e}", item.name))?;
            let info = FootageInfo {
                width: picture.width(),
                height: picture.height(),
                frame_rate: 0.0,
                duration: 0.0,
                content: Digester::new(0).bytes(&bytes).finish(),
            };
            pictures.insert(item.id, (info, Arc::new(picture)));
        }
        let mut sources: Vec<_> = fonts
            .into_iter()
            .map(|(name, bytes)| FontSource::supplied(name, bytes))
            .collect();
        for path in dirs.iter().flat_map(|dir| fonts_in(dir)) {
            let bytes = std::fs::read(&path).map_err(|e| e.to_string())?;
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            sources.push(FontSource::supplied(name, bytes.into()));
        }
        Ok(Self {
            fonts: FontBook::new(sources),
            pictures,
        })
    }
}

/// A file of the author's path in the first folder that has one of that name.
fn find(path: &str, dirs: &[PathBuf]) -> Option<PathBuf> {
    let name = path.rsplit(['/', '\\']).next()?;
    dirs.iter().map(|dir| dir.join(name)).find(|path| path.is_file())
}

fn fonts_in(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let mut paths: Vec<_> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "ttf" || e == "otf"))
        .collect();
    paths.sort();
    paths
}

impl World for Outside {
    fn fonts(&self) -> &FontBook {
        &self.fonts
    }

    fn footage(&self, item: ItemId) -> Option<FootageInfo> {
        Some(self.pictures.get(&item)?.0)
    }
}

impl Footage for Outside {
    fn pixels(&self, source: &ImageSource) -> Option<Arc<Pixmap>> {
        Some(self.pictures.get(&source.item)?.1.clone())
    }
}
