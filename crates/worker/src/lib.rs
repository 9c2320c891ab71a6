//! Runs a job: fetch, prepare, render, publish.
