//! Secrets of teams. Values come and go sealed: the queue cannot read them.

use time::OffsetDateTime;

/// A secret without its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretRecord {
    /// Its id.
    pub id: String,
    /// The name payloads know it by.
    pub name: String,
    /// When it was kept.
    pub created_at: OffsetDateTime,
}

/// Something sealed, to be sealed anew when the key changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SealedId {
    /// A secret, by its id.
    Secret(String),
    /// What a team's webhooks are signed with, by the team's id.
    WebhookSecret(String),
}
