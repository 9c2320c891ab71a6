//! Runs a job: fetch, prepare, render, publish.
//!
//! - [`run()`]: the loop of a worker that claims jobs from a server over HTTP
//! - `children`: jobs in processes of their own; [`render_child()`] is the other end
//! - [`stage`] and [`film`]: a composition made ready and drawn into files; the command line uses them too
//! - [`footage`], [`fonts`], [`sources`]: where pictures, fonts and bytes come from

mod attempt;
mod children;
mod config;
pub mod film;
pub mod fonts;
pub mod footage;
mod limits;
pub mod missing_fonts;
mod redact;
mod retry;
mod run;
mod server;
mod shop;
pub mod sources;
pub mod stage;
mod stages;
mod supervise;
mod templates;
mod transfer;
mod upload;

pub use children::render_child;
pub use config::{ChildProgram, Config, Shutdown};
pub use limits::Limits;
pub use run::{WorkerError, run};
pub use server::ServerError;
