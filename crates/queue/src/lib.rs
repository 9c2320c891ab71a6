//! Jobs on disk: states, leases, outbox, stores.
//!
//! [`Queue`] is the door. Behind it, [`state::next`] is the only place that knows how a job moves, and `store/` has one
//! folder a database. Every state change, the attempt it belongs to and the webhook it causes are one transaction, and a
//! call returns only after that transaction survives power loss.

pub mod clock;
pub mod error;
pub mod policy;
mod queue;
pub mod record;
pub mod state;
mod store;
pub mod token;

pub use clock::{Clock, SystemClock};
pub use error::{Error, Result};
pub use policy::Policy;
pub use queue::Queue;
pub use record::{
    Delivery, Introspection, JobFilter, JobRecord, NewJob, NewTemplate, Sort, TemplateRecord, TemplateStatus,
};
pub use token::{Principal, Secret};

/// A new id: a ULID.
pub fn new_id() -> String {
    ulid::Ulid::generate().to_string()
}
