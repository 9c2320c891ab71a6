//! A template made ready to be drawn: fonts found, pictures decoded, composition evaluated.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use filmpress_composition::{AlphaInterpretation, Diagnostics, FootageSource, ItemId, ItemKind, Kind, Place, Project};
use filmpress_evaluate::digest::Digester;
use filmpress_evaluate::frame::ImageSource;
use filmpress_evaluate::text::FontBook;
use filmpress_evaluate::{FootageInfo, Scene, World};
use filmpress_formats::Template;
use filmpress_media::decode::{self, Alpha};
use filmpress_pixels::Pixmap;
use filmpress_render::Footage;

use crate::failure::Failure;

/// A composition ready to be drawn, and the pictures it needs.
pub struct Stage {
    /// The composition.
    pub scene: Scene,
    /// The pictures.
    pub pictures: Pictures,
}

/// Decoded stills by item.
#[derive(Default)]
pub struct Pictures(HashMap<ItemId, (FootageInfo, Arc<Pixmap>)>);

impl Footage for Pictures {
    fn pixels(&self, source: &ImageSource) -> Option<Arc<Pixmap>> {
        self.0.get(&source.item).map(|(_, pixels)| pixels.clone())
    }
}

struct Backdrop<'a> {
    fonts: &'a FontBook,
    pictures: &'a Pictures,
}

impl World for Backdrop<'_> {
    fn fonts(&self) -> &FontBook {
        self.fonts
    }

    fn footage(&self, item: ItemId) -> Option<FootageInfo> {
        self.pictures.0.get(&item).map(|(info, _)| *info)
    }
}

impl Stage {
    /// Makes `composition` of the template ready; fonts come from the template, `font_dirs` and the system.
    pub fn new(
        template: &Template,
        composition: ItemId,
        font_dirs: &[PathBuf],
        warnings: &mut Diagnostics,
    ) -> Result<Self, Failure> {
        let supplied: Vec<_> = template
            .fonts
            .iter()
            .map(|f| (f.name.clone(), f.bytes.clone()))
            .collect();
        let home = std::env::var_os("HOME").map(PathBuf::from);
        let mut dirs = font_dirs.to_vec();
        dirs.extend(filmpress_worker::fonts::default_font_dirs(home.as_deref()));
        let fonts = FontBook::new(filmpress_worker::fonts::font_sources(&dirs, &supplied));
        let pictures = pictures(&template.project, warnings);
        let backdrop = Backdrop {
            fonts: &fonts,
            pictures: &pictures,
        };
        let scene = Scene::new(&template.project, composition, &backdrop)
            .map_err(Failure::new)?
            .unpack(warnings);
        Ok(Self { scene, pictures })
    }
}

fn pictures(project: &Project, warnings: &mut Diagnostics) -> Pictures {
    let mut pictures = Pictures::default();
    for item in &project.items {
        let ItemKind::Footage(footage) = &item.kind else {
            continue;
        };
        let FootageSource::Embedded(bytes) = &footage.source else {
            continue;
        };
        let alpha = match footage.alpha {
            AlphaInterpretation::Straight => Alpha::Straight,
            AlphaInterpretation::Premultiplied(color) => Alpha::Premultiplied(color),
            AlphaInterpretation::Ignore => Alpha::Ignore,
        };
        match decode::still(bytes, alpha) {
            Ok(pixels) => {
                let info = FootageInfo {
                    width: pixels.width(),
                    height: pixels.height(),
                    frame_rate: 0.0,
                    duration: 0.0,
                    content: Digester::new(77).bytes(bytes).finish(),
                };
                pictures.0.insert(item.id, (info, Arc::new(pixels)));
            }
            Err(error) => warnings.push(&Place(vec![item.name.clone()]), Kind::Missing, error.to_string()),
        }
    }
    pictures
}
