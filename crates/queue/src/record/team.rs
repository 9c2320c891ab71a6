//! Teams, their users and tokens.

use time::OffsetDateTime;

use crate::token::{Kind, Scope};

/// What a team may do at most. Nothing set: no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TeamLimits {
    /// Jobs rendering at once.
    pub max_running: Option<u32>,
    /// Jobs waiting, parents included.
    pub max_queued: Option<u32>,
    /// Requests a minute, for each token.
    pub requests_per_minute: Option<u32>,
}

/// A team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamRecord {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it may do at most.
    pub limits: TeamLimits,
    /// What its webhooks are signed with, sealed; made on first use.
    pub webhook_secret: Option<Vec<u8>>,
    /// When it was made.
    pub created_at: OffsetDateTime,
}

/// Somebody in a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRecord {
    /// Its id.
    pub id: String,
    /// The team it belongs to.
    pub team: String,
    /// Its name, once in the team.
    pub name: String,
    /// What its tokens may do at most.
    pub scope: Scope,
    /// When it was made.
    pub created_at: OffsetDateTime,
}

/// A token to be made.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What it is for.
    pub kind: Kind,
    /// The team's name, for a team's token; made if there is none of that name.
    pub team: Option<String>,
    /// The id of the user of the team it belongs to.
    pub user: Option<String>,
    /// What it may do.
    pub scope: Scope,
    /// A note for people.
    pub label: String,
    /// When it ends.
    pub expires_at: Option<OffsetDateTime>,
}

impl NewToken {
    /// A token of a team that may do everything the team may.
    pub fn team(name: &str) -> Self {
        Self {
            team: Some(name.to_owned()),
            ..Self::of(Kind::Team)
        }
    }

    /// A token for workers.
    pub fn worker() -> Self {
        Self::of(Kind::Worker)
    }

    /// A token for whoever runs the service.
    pub fn operator() -> Self {
        Self::of(Kind::Operator)
    }

    fn of(kind: Kind) -> Self {
        Self {
            kind,
            team: None,
            user: None,
            scope: Scope::Admin,
            label: String::new(),
            expires_at: None,
        }
    }
}

/// A token, without the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRecord {
    /// Its id.
    pub id: String,
    /// What it is for.
    pub kind: Kind,
    /// The id of its team.
    pub team: Option<String>,
    /// The id of the user it belongs to.
    pub user: Option<String>,
    /// What it may do.
    pub scope: Scope,
    /// A note for people.
    pub label: String,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When it ends.
    pub expires_at: Option<OffsetDateTime>,
    /// When it was last shown, give or take a minute.
    pub last_used_at: Option<OffsetDateTime>,
}
