//! The Nexrender job: types, validation, states, assets.
//!
//! Server, queue, worker and command line agree on a job through this crate; it does no IO and knows no clock.
//!
//! - [`assets`]: what a job changes in its template; `functions`: changes that have names
//! - [`creation`]: the body of `POST /jobs`, and [`validate`]: from what was sent to it
//! - [`public`]: the job as clients see it
//! - [`address`]: which addresses the URLs of clients may lead to
//! - [`settings`]: what file a job makes, and [`upload`]: the client's own store for it
//! - [`payload`]: what is kept of a job; [`join`]: the body of `POST /jobs/join`
//! - [`nested`]: jobs inside of jobs; [`rows`]: many jobs of one form and a table
//! - [`secrets`]: places in a job that a secret of the team goes to
//! - [`metadata`]: what is known of a template, and [`preflight`]: a job checked against it
//! - [`status`]: the words of a job's life
//! - [`error`]: why a job failed
//! - [`problem`]: why a request was refused
//! - [`protocol`]: what server and worker say to each other

pub mod address;
pub mod assets;
pub mod creation;
pub mod error;
mod functions;
pub mod join;
pub mod metadata;
pub mod nested;
mod number;
pub mod payload;
pub mod preflight;
pub mod problem;
pub mod protocol;
pub mod public;
pub mod rows;
pub mod schema;
pub mod secrets;
pub mod settings;
pub mod status;
pub mod upload;
pub mod validate;

pub use creation::{JobCreation, TemplateReference, Webhook};
pub use error::{ErrorCode, JobError, Phase};
pub use join::JoinCreation;
pub use metadata::{CompositionInfo, FontNeed, LayerInfo, TemplateMetadata};
pub use payload::Payload;
pub use preflight::{Finding, KnownFont, Severity, preflight};
pub use problem::Problem;
pub use public::{Job, Stats};
pub use settings::{Codec, Frames, Output, OutputType, Quality, Settings};
pub use status::JobStatus;
pub use upload::Upload;
