//! Runs a job: fetch, prepare, render, publish.

pub mod film;
pub mod fonts;
pub mod footage;
pub mod sources;
pub mod stage;
