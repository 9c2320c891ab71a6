//! A Project at a time to a Frame.
//!
//! [`Scene::new`] turns a composition of the loose tree into typed views once; [`Scene::frame`] then evaluates
//! keyframes, parenting, time remapping, shapes and text at a time and returns the strict tree of [`frame`].

pub mod digest;
pub mod frame;
mod scene;
pub mod text;
mod world;

pub use scene::{EvaluateError, Scene};
pub use world::{FootageInfo, World};
