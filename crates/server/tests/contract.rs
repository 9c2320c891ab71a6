//! The contract over real HTTP: a server started as `filmpress serve` starts it, called by an HTTP client.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

#[path = "contract/batches.rs"]
mod batches;
#[path = "contract/cancellation.rs"]
mod cancellation;
#[path = "contract/creation.rs"]
mod creation;
#[path = "contract/desk.rs"]
mod desk;
#[path = "contract/house.rs"]
mod house;
#[path = "contract/job_isolation.rs"]
mod job_isolation;
#[path = "contract/jobs.rs"]
mod jobs;
#[path = "contract/refusals.rs"]
mod refusals;
#[path = "contract/restart.rs"]
mod restart;
#[path = "contract/templates.rs"]
mod templates;
#[path = "contract/webhooks.rs"]
mod webhooks;
