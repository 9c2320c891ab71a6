//! Where the time comes from.

use time::OffsetDateTime;

/// Where the time comes from: the system, or a test that moves it.
pub trait Clock: Send + Sync {
    /// The instant now.
    fn now(&self) -> OffsetDateTime;
}

/// The system's time.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }
}
