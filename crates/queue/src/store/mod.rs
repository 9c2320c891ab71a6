//! Where the queue is kept: one folder a database, each with its migrations in `migrations/NAME`.
//!
//! To add one: a folder with the same calls as [`sqlite::Sqlite`], and its line in an enum beside it.

pub mod sqlite;
