//! Webhooks on their way.

use serde_json::{Map, Value};
use time::OffsetDateTime;

/// A webhook to be sent now.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// The same on every try, for the receiver to tell repeats.
    pub id: String,
    /// The team it is signed for.
    pub team: String,
    /// The job it tells of; none for a try of the address.
    pub job: Option<String>,
    /// `GET`, `POST`, `PUT` or `DELETE`.
    pub method: String,
    /// Where to.
    pub url: String,
    /// The client's headers.
    pub headers: Map<String, Value>,
    /// The body, JSON.
    pub body: String,
    /// 1 for the first try.
    pub attempt: u32,
}

/// Where a webhook stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// To be tried, again or at all.
    Waiting,
    /// It arrived.
    Delivered,
    /// Given up.
    Dead,
}

impl DeliveryState {
    /// The word of the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
        }
    }

    /// The state of a word of the API.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Waiting, Self::Delivered, Self::Dead]
            .into_iter()
            .find(|state| state.as_str() == word)
    }
}

/// Which webhooks of a team to list, the newest first.
#[derive(Clone, Debug, Default)]
pub struct DeliveryFilter {
    /// Only those of a job.
    pub job: Option<String>,
    /// Only those that stand so.
    pub state: Option<DeliveryState>,
    /// How many to give; 0 for 100.
    pub limit: u32,
}

/// A webhook, for people who look for it.
#[derive(Clone, Debug, PartialEq)]
pub struct DeliveryRecord {
    /// The same on every try.
    pub id: String,
    /// The job it tells of; none for a try of the address.
    pub job: Option<String>,
    /// The status of the job that it tells, or `ping`.
    pub event: String,
    /// `GET`, `POST`, `PUT` or `DELETE`.
    pub method: String,
    /// Where to.
    pub url: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was tried.
    pub tries: u32,
    /// When it will be tried next.
    pub next_at: Option<OffsetDateTime>,
    /// When it arrived.
    pub delivered_at: Option<OffsetDateTime>,
    /// When it was given up.
    pub dead_at: Option<OffsetDateTime>,
    /// What the receiver answered last.
    pub last_status: Option<u16>,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// When it was written.
    pub created_at: OffsetDateTime,
}
