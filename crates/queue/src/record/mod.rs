//! What the queue keeps, as the rest of the program sees it: a file a subject.

mod batch;
mod delivery;
mod font;
mod job;
mod list;
mod operations;
mod secret;
mod team;
mod template;

pub use batch::{BatchCancelled, BatchEntry};
pub use delivery::{Delivery, DeliveryFilter, DeliveryRecord, DeliveryState};
pub use font::{FontRecord, NewFont};
pub use job::{AttemptRecord, ClaimBy, Created, Idempotency, JobRecord, NewChild, NewJob, Outcome};
pub use list::{Cursor, JobFilter, Sort};
pub use operations::{AuditEntry, AuditRecord, Expired, Gauges, UsageRow, WorkerRecord};
pub use secret::{SealedId, SecretRecord};
pub use team::{NewToken, TeamLimits, TeamRecord, TokenRecord, UserRecord};
pub use template::{NewTemplate, StoredFile, TemplateRecord, TemplateStatus};
