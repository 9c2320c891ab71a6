//! Runs a job: fetch, prepare, render, publish.

pub mod fonts;
