//! A Project at a time to a Frame.
//!
//! [`Scene::new`] turns a composition of the loose tree into typed views once; [`Scene::frame`] then evaluates
//! keyframes, parenting, time remapping, shapes and text at a time and returns the strict tree of [`frame`].

mod angle;
mod camera;
mod compile;
mod composition;
pub mod digest;
mod effects;
mod essential_properties;
mod extent;
pub mod frame;
mod interpolate;
mod layer;
mod layer_styles;
mod limits;
mod mask;
mod report;
mod scene;
mod shape;
mod space;
pub mod support;
mod survey;
pub mod text;
mod text_layer;
mod transform;
mod wiggle;
mod world;

pub use scene::{EvaluateError, Scene};
pub use survey::{Bounds, Survey};
pub use world::{FootageInfo, World};
