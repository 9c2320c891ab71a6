//! Finding things by name, the way After Effects' scripting and Nexrender's assets do.
//!
//! One place for the rules, so that job assets, scripts and expressions agree: [`select`] picks compositions and
//! layers, [`walk`] follows a property path through groups, [`path_to`] is its way back, [`driven_property`] finds what a
//! control of the Essential Graphics panel drives, [`closest`] guesses what a misspelt name meant.
//! Names match exactly: case counts, blanks are kept.

mod closest;
mod driven;
mod main_composition;
mod select;
mod walk;

pub use closest::closest;
pub use driven::{DrivenPropertyError, ResolvedProperty, driven_property, path_to};
pub use main_composition::{MainCompositionError, main_composition};
pub use select::{LayerSpec, Selected, compositions, layers};
pub use walk::{Found, child, node, node_mut, split_path, walk};
