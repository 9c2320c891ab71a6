//! A composition made ready for evaluation.

use filmpress_composition::{Composition, ItemId, Project, Warned};

use crate::World;
use crate::frame::Frame;

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
    composition: Composition,
}

impl Scene {
    /// Prepares a composition of `project`. Everything that will not be drawn as After Effects draws it is reported
    /// here, once, with its place.
    pub fn new(project: &Project, composition: ItemId, _world: &dyn World) -> Result<Warned<Self>, EvaluateError> {
        let composition = project
            .composition(composition)
            .ok_or(EvaluateError::NotAComposition(composition))?;
        Ok(Warned::new(
            Self {
                composition: composition.clone(),
            },
            filmpress_composition::Diagnostics::new(),
        ))
    }

    /// How many frames the composition has.
    pub fn frame_count(&self) -> u32 {
        self.composition.frame_count()
    }

    /// What shows at frame `index` (from 0, at time `index / frame_rate`).
    pub fn frame(&self, _index: u32) -> Frame {
        unreachable!()
    }
}
