//! The maths of blending modes, as pure functions.
//!
//! [`separable`] modes work on each colour channel by itself, [`nonseparable`] ones on the whole colour; both take the
//! backdrop first. [`rows`] applies them to premultiplied pixels by the general formula of compositing with alpha:
//! `S (1 - ab) + B (1 - as) + as ab blend(b, s)`, where capital letters are premultiplied. [`stencil`] holds the modes
//! that only change what is below.
//!
//! To add a mode: its formula in one of the files with a test against where it is published, then the line in the
//! renderer's table.

pub mod nonseparable;
pub mod rows;
pub mod separable;
pub mod stencil;
