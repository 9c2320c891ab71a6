//! A composition made ready for evaluation.

use filmpress_composition::{ItemId, Place, Project, Warned};

use crate::World;
use crate::compile::Compile;
use crate::composition::{self, Composition, Evaluated};
use crate::frame::{Frame, GroupParts};
use crate::survey;

/// Why a composition cannot be evaluated at all.
#[derive(Debug, thiserror::Error)]
pub enum EvaluateError {
    /// The item is not a composition of the project.
    #[error("item {} is not a composition", .0.0)]
    NotAComposition(ItemId),
}

/// A composition made ready: typed views of its layers and of every composition nested in it. Cheap to ask for frames
/// from many threads.
#[derive(Debug)]
pub struct Scene {
    /// All compositions it takes.
    compositions: Vec<Composition>,
    /// The one that is the scene.
    main: usize,
    background: [f32; 3],
    frame_count: u32,
    /// Where layers and effects are, by number.
    places: Vec<Place>,
}

impl Scene {
    /// Prepares a composition of `project`. Everything that will not be drawn as After Effects draws it is reported
    /// here, once, with its place.
    pub fn new(project: &Project, composition: ItemId, world: &dyn World) -> Result<Warned<Self>, EvaluateError> {
        let mut c = Compile::new(project, world);
        let missing = || EvaluateError::NotAComposition(composition);
        let source = project.composition(composition).ok_or_else(missing)?;
        let main = composition::compile(&mut c, composition).ok_or_else(missing)?;
        let scene = Self {
            compositions: c.compositions,
            main,
            background: source.background.map(|x| x.clamp(0.0, 1.0) as f32),
            frame_count: source.frame_count(),
            places: c.places,
        };
        let mut warnings = c.warnings;
        for composition in &scene.compositions {
            warnings.extend(composition.warnings.clone());
        }
        survey::push_fonts(project, &scene.compositions, &mut warnings);
        Ok(Warned::new(scene, warnings))
    }

    fn main(&self) -> &Composition {
        &self.compositions[self.main]
    }

    /// Where the layer or effect is that a group or effect of a frame comes from, by its `origin`: the names from its
    /// composition inwards. `None` for 0, which is no layer.
    pub fn place_of(&self, origin: u32) -> Option<&Place> {
        self.places.get((origin as usize).checked_sub(1)?)
    }

    /// How many frames the composition has.
    pub fn frame_count(&self) -> u32 {
        self.frame_count
    }

    /// Frames per second.
    pub fn frame_rate(&self) -> f64 {
        self.main().frame_rate
    }

    /// Length in seconds.
    pub fn duration(&self) -> f64 {
        self.main().duration
    }

    /// Width and height in pixels.
    pub fn size(&self) -> (u32, u32) {
        (self.main().width, self.main().height)
    }

    /// The composition's background, RGB 0..1.
    pub fn background(&self) -> [f32; 3] {
        self.background
    }

    /// What shows at frame `index` (from 0, at time `index / frame_rate`).
    pub fn frame(&self, index: u32) -> Frame {
        self.frame_at(f64::from(index) / self.frame_rate())
    }

    /// What shows at a time in seconds.
    pub fn frame_at(&self, time: f64) -> Frame {
        let (width, height) = self.size();
        let children = composition::nodes(&self.compositions, self.main, time, &Evaluated::default());
        Frame {
            width,
            height,
            background: self.background,
            root: GroupParts {
                children,
                ..GroupParts::default()
            }
            .build(),
        }
    }
}
