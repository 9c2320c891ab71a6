//! Runs a job: fetch, prepare, render, publish.

pub mod fonts;
pub mod footage;
pub mod sources;
