//! The contract over real HTTP: a server started as `filmpress serve` starts it, called by an HTTP client.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

#[path = "contract/admin.rs"]
mod admin;
#[path = "contract/batches.rs"]
mod batches;
#[path = "contract/cancellation.rs"]
mod cancellation;
#[path = "contract/claims.rs"]
mod claims;
#[path = "contract/creation.rs"]
mod creation;
#[path = "contract/deliveries.rs"]
mod deliveries;
#[path = "contract/description.rs"]
mod description;
#[path = "contract/desk.rs"]
mod desk;
#[path = "contract/events.rs"]
mod events;
#[path = "contract/fonts.rs"]
mod fonts;
#[path = "contract/house.rs"]
mod house;
#[path = "contract/isolation.rs"]
mod isolation;
#[path = "contract/job_isolation.rs"]
mod job_isolation;
#[path = "contract/jobs.rs"]
mod jobs;
#[path = "contract/operations.rs"]
mod operations;
#[path = "contract/reach.rs"]
mod reach;
#[path = "contract/refusals.rs"]
mod refusals;
#[path = "contract/restart.rs"]
mod restart;
#[path = "contract/retention.rs"]
mod retention;
#[path = "../examples/s3_server/store.rs"]
mod s3_store;
#[path = "contract/scopes.rs"]
mod scopes;
#[path = "contract/secrets.rs"]
mod secrets;
#[path = "contract/sources.rs"]
mod sources;
#[path = "contract/stores.rs"]
mod stores;
#[path = "contract/templates.rs"]
mod templates;
#[path = "contract/v3.rs"]
mod v3;
#[path = "contract/webhooks.rs"]
mod webhooks;
