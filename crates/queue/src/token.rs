//! Bearer tokens: 256 random bits, of which only the SHA-256 is stored.

use rand::Rng;
use sha2::{Digest, Sha256};

/// A token as given to its bearer, once. Shown by [`Secret::reveal`] only, so that no log has it by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A new token. The prefix lets people and scanners tell what it is.
    pub fn new(kind: Kind) -> Self {
        let mut bytes = [0_u8; 32];
        rand::rng().fill_bytes(&mut bytes);
        let prefix = match kind {
            Kind::Team => "fp_",
            Kind::Worker => "fpw_",
            Kind::Operator => "fpo_",
        };
        Self(format!("{prefix}{}", hex(&bytes)))
    }

    /// The token's text.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A team's clients.
    Team,
    /// Workers, for every team.
    Worker,
    /// Whoever runs the service.
    Operator,
}

impl Kind {
    /// The word in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Team => "team",
            Self::Worker => "worker",
            Self::Operator => "operator",
        }
    }

    /// The kind of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Team, Self::Worker, Self::Operator]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }
}

/// What a token of a team may do; each may do what those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Look.
    Read,
    /// Send jobs, templates and fonts.
    Submit,
    /// Everything the team may: tokens, users and secrets as well.
    Admin,
}

impl Scope {
    /// The word of the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Submit => "submit",
            Self::Admin => "admin",
        }
    }

    /// The scope of a word of the API.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Read, Self::Submit, Self::Admin]
            .into_iter()
            .find(|scope| scope.as_str() == word)
    }
}

/// Who shows a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// A client of a team.
    Team {
        /// The team's id.
        team: String,
        /// The token's id.
        token: String,
        /// What it may do.
        scope: Scope,
    },
    /// A worker.
    Worker {
        /// The token's id.
        token: String,
    },
    /// Whoever runs the service.
    Operator {
        /// The token's id.
        token: String,
    },
}

/// What is stored of a token.
pub fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Bytes as lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    bytes
        .iter()
        .flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Kind, Secret, hash, hex};

    #[test]
    fn tokens_differ_and_do_not_show() {
        let (a, b) = (Secret::new(Kind::Team), Secret::new(Kind::Team));
        assert_ne!(a, b);
        assert_eq!(a.reveal().len(), 3 + 64);
        assert!(!format!("{a:?}").contains(&a.reveal()[3..]));
        assert_ne!(hash(a.reveal()), hash(b.reveal()));
        assert_eq!(hex(&[0, 0xa5, 0xff]), "00a5ff");
    }
}
