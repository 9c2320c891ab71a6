//! A Frame to a Pixmap.
//!
//! [`Renderer::draw`] draws one frame, [`sequence::Sequence::draw`] many of them in order on several threads.

#![allow(
    clippy::inline_always,
    reason = "pixel loops are only fast when all they call becomes part of them"
)]

mod affected;
mod blend;
mod blur;
mod cache;
mod damage;
mod draw;
mod effects;
mod footage;
mod gradient;
mod ground;
mod image;
mod layer;
mod layer_styles;
mod mask;
mod memory;
mod paint;
mod perspective;
mod placed;
mod profile;
mod raster;
mod raster_picture;
mod rect;
mod renderer;
pub mod sequence;
mod surface;
mod track_matte;

pub use cache::Cache;
pub use footage::{Footage, NoFootage};
pub use memory::Memory;
pub use profile::{Clock, Profile, Times};
pub use renderer::{Renderer, Target, fit_meet};
