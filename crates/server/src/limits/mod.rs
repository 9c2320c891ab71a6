//! How much of everything, and how long: requests a minute, sizes, open streams.

mod rate;
mod streams;
mod time;

use std::time::Duration;

pub use rate::{RateLimits, Rates};
pub use streams::{OpenStream, Streams};
pub use time::in_time;

/// How much of everything, and how long.
#[derive(Clone, Debug)]
pub struct Limits {
    /// How long a request other than an upload, a download, a claim or a stream may take.
    pub request: Duration,
    /// How long a client may take for a request's headers.
    pub headers: Duration,
    /// How long a client may send nothing in the middle of a body.
    pub body_pause: Duration,
    /// No request's headers are larger together.
    pub header_bytes: usize,
    /// Requests a minute and token.
    pub rates: RateLimits,
    /// Event streams open at a time, of one team.
    pub team_streams: usize,
    /// Event streams open at a time, of all teams.
    pub streams: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            request: Duration::from_mins(1),
            headers: Duration::from_secs(20),
            body_pause: Duration::from_mins(1),
            header_bytes: 64 << 10,
            rates: RateLimits::default(),
            team_streams: 100,
            streams: 2_000,
        }
    }
}
