//! The Nexrender Cloud API over HTTP.
//!
//! [`Server::start`] is the door: `filmpress serve` and the tests start the same thing. The server keeps jobs in a
//! [`filmpress_queue::Queue`] and files in its data folder; it draws nothing. Workers come to it over HTTP.
//!
//! - `routes`: the URL tree, a file an endpoint
//! - `storage`: the data folder; `signature`: URLs that carry their own permission
//! - `reading`: what is in an uploaded template; `webhooks`: telling clients
//! - `error`, `request`: how every answer begins and ends

mod app;
mod auth;
mod config;
mod error;
mod guard;
mod reading;
mod request;
mod routes;
mod server;
mod signature;
mod storage;
mod webhooks;

pub use config::{Config, Introspect};
pub use filmpress_job::TemplateMetadata;
pub use filmpress_queue::{Database, Policy, Secret};
pub use routes::openapi;
pub use server::{Running, Server, StartError};

use std::path::Path;

/// The queue's database in a data folder, for programs beside the server (`filmpress token create`).
pub fn database_file(data: &Path) -> Database {
    Database::Sqlite(data.join("filmpress.db"))
}
