//! The Nexrender Cloud API over HTTP.
//!
//! [`Server::start`] is the door: `filmpress serve` and the tests start the same thing. The server keeps jobs in a
//! [`filmpress_queue::Queue`] and files in a store; it draws nothing. Workers come to it over HTTP. Several servers may
//! share a PostgreSQL database and a bucket: nothing that matters is kept in a process.
//!
//! - `routes`: the URL tree, a file an endpoint
//! - `storage`: files on disk or in a bucket; `shared_file`: those that several rows name; `signature`: URLs that carry their own permission
//! - `auth`: who is asking; `limits`: how much of everything; `serving`: connections
//! - `sealing`: secrets at rest; `guard`: the client for URLs that clients name
//! - `template_file`, `font_file`: what is in uploads; `openapi`: the API's description; `webhooks`: telling clients; `retention`: what goes when
//! - `metrics`, `news`: what is counted, who is woken
//! - `error`, `request`, `fields`: how every answer begins and ends, how bodies and queries are read

mod app;
mod auth;
mod config;
mod error;
mod fields;
mod font_file;
mod guard;
mod limits;
mod metrics;
mod news;
mod openapi;
mod request;
mod retention;
mod routes;
pub mod sealing;
mod server;
mod serving;
mod shared_file;
mod signature;
mod storage;
mod template_file;
mod webhooks;

pub use config::{Config, Introspect, SecretsKeys};
pub use filmpress_job::TemplateMetadata;
pub use filmpress_queue::{Database, Policy, Secret};
pub use limits::{Limits, RateLimits};
pub use routes::openapi;
pub use server::{Running, Server, StartError};
pub use signature::read_key as read_signing_key;
pub use storage::{S3Config, StorageConfig};

use std::path::{Path, PathBuf};

/// The queue's database in a data folder, for programs beside the server (`filmpress token create`).
pub fn database_file(data: &Path) -> Database {
    Database::Sqlite(data.join("filmpress.db"))
}

/// The file with the keys that seal secrets in a data folder.
pub fn secrets_key_file(data: &Path) -> PathBuf {
    data.join("secrets.key")
}
