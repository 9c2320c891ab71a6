//! A composition made ready to be drawn: fonts, footage and evaluation put together.

use std::path::PathBuf;

use filmpress_composition::{ItemId, Project, Warned};
use filmpress_evaluate::text::FontBook;
use filmpress_evaluate::{EvaluateError, FootageInfo, Scene, World};
use filmpress_media::Programs;

use crate::footage::{PictureCache, Pictures};

/// What a composition needs from outside its project.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The fonts there are.
    pub fonts: FontBook,
    /// The template's own folder, in which its footage files are looked for; `None` when it has none.
    pub folder: Option<PathBuf>,
    /// Where films that the template carries are put while they are read; `None` is the system's place for such.
    pub scratch: Option<PathBuf>,
    /// Decoded pictures, shared by jobs.
    pub pictures: PictureCache,
    /// The programs that read films.
    pub programs: Programs,
}

/// A composition ready to be drawn.
#[derive(Debug)]
pub struct Stage {
    /// The composition.
    pub scene: Scene,
    /// The footage it shows.
    pub pictures: Pictures,
    /// Frames of the work area: first, and one past the last.
    pub work_area: (u32, u32),
}

struct Outside<'a> {
    fonts: &'a FontBook,
    pictures: &'a Pictures,
}

impl World for Outside<'_> {
    fn fonts(&self) -> &FontBook {
        self.fonts
    }

    fn footage(&self, item: ItemId) -> Option<FootageInfo> {
        self.pictures.info(item)
    }
}

impl Stage {
    /// Makes `composition` ready. The warnings say what is missing or will not be drawn as After Effects draws it.
    pub fn new(
        project: &Project,
        composition: ItemId,
        surroundings: &Surroundings,
    ) -> Result<Warned<Self>, EvaluateError> {
        let cache = surroundings.pictures.clone();
        let loaded = Pictures::load(
            project,
            composition,
            surroundings.folder.as_deref(),
            cache,
            &surroundings.programs,
            surroundings.scratch.as_deref(),
        );
        let mut warnings = loaded.warnings;
        let pictures = loaded.value;
        let outside = Outside {
            fonts: &surroundings.fonts,
            pictures: &pictures,
        };
        let scene = Scene::new(project, composition, &outside)?.unpack(&mut warnings);
        let work_area = work_area(project, composition, scene.frame_count());
        let stage = Self {
            scene,
            pictures,
            work_area,
        };
        Ok(Warned::new(stage, warnings))
    }
}

/// The frames of the work area within the composition; all of them where it has none or an empty one.
fn work_area(project: &Project, composition: ItemId, count: u32) -> (u32, u32) {
    let whole = (0, count);
    let Some(composition) = project.composition(composition) else {
        return whole;
    };
    let Some(area) = composition.work_area else {
        return whole;
    };
    let frame = |seconds: f64| (seconds * composition.frame_rate).round().clamp(0.0, f64::from(count)) as u32;
    let (first, end) = (frame(area.start), frame(area.start + area.duration));
    if first < end { (first, end) } else { whole }
}

#[cfg(test)]
mod tests {
    use super::*;
    use filmpress_composition::{Composition, Item, ItemKind, WorkArea};

    #[test]
    fn work_areas_are_cut_to_their_composition() {
        let area = |work_area: Option<(f64, f64)>| {
            let composition = Composition {
                frame_rate: 25.0,
                duration: 4.0,
                work_area: work_area.map(|(start, duration)| WorkArea { start, duration }),
                ..Composition::default()
            };
            let project = Project {
                items: vec![Item::new(ItemId(1), "C", ItemKind::Composition(composition))],
                ..Project::default()
            };
            super::work_area(&project, ItemId(1), 100)
        };
        assert_eq!(area(None), (0, 100));
        assert_eq!(area(Some((1.0, 2.0))), (25, 75));
        assert_eq!(area(Some((3.0, 9.0))), (75, 100));
        assert_eq!(area(Some((-1.0, 2.0))), (0, 25));
        assert_eq!(area(Some((5.0, 1.0))), (0, 100));
        assert_eq!(area(Some((f64::NAN, f64::NAN))), (0, 100));
    }
}
