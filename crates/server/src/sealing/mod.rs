//! Secrets at rest: sealed by a key that the database does not have.
//!
//! What is sealed: `1`, the key's id (8 bytes), a nonce (24 bytes), then XChaCha20-Poly1305 of the value. The team and the
//! name are part of the seal: a value moved to another row does not open.

mod keys;

use std::path::PathBuf;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

use keys::Key;
pub use keys::{Keys, KeysError};

/// The first byte of what is sealed in this way.
const VERSION: u8 = 1;
const ID: usize = 8;
const NONCE: usize = 24;

/// The name under which a team's webhook secret is sealed: no secret of a team can have it.
pub const WEBHOOK_SECRET: &str = "webhook\nsecret";

/// Seals secrets and opens them.
///
/// The first key seals, all open. Keys of a file are read anew when something turns up that none of them sealed.
pub struct Sealer {
    keys: RwLock<Keys>,
    file: Option<PathBuf>,
}

/// Why something sealed does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// It was sealed by a key that is not among ours.
    #[error("it was sealed with a key that is not in the secrets key file")]
    UnknownKey,
    /// It was changed, moved, or is not ours at all.
    #[error("its seal is broken")]
    Broken,
}

impl Sealer {
    /// Seals with the first of the keys.
    pub fn new(keys: Keys) -> Self {
        Self {
            keys: RwLock::new(keys),
            file: None,
        }
    }

    /// The same with keys of a file, which may change.
    pub fn of_file(keys: Keys, file: PathBuf) -> Self {
        Self {
            file: Some(file),
            ..Self::new(keys)
        }
    }

    /// A key for another purpose: the same for every process that has these keys, and after rotations too.
    pub fn derived(&self, purpose: &str) -> [u8; 32] {
        self.keys().derived(purpose)
    }

    fn keys(&self) -> RwLockReadGuard<'_, Keys> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The key of this id. A key file that was added to since is read.
    fn by_id(&self, id: &[u8]) -> Option<Key> {
        if let Some(key) = self.keys().by_id(id) {
            return Some(key.clone());
        }
        let read = Keys::read(self.file.as_deref()?);
        match read {
            Ok(keys) => {
                let key = keys.by_id(id).cloned();
                if key.is_some() {
                    tracing::info!("took up a new key for secrets");
                    *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
                }
                key
            }
            Err(error) => {
                tracing::error!("reading the keys of secrets again: {error}");
                None
            }
        }
    }

    /// Seals a team's value of this name.
    pub fn seal(&self, team: &str, name: &str, value: &str) -> Vec<u8> {
        let key = self.keys().first().clone();
        let nonce: [u8; NONCE] = rand::random();
        let mut sealed = vec![VERSION];
        sealed.extend(key.id());
        sealed.extend(nonce);
        let bound = bound(team, name);
        let payload = Payload {
            msg: value.as_bytes(),
            aad: &bound,
        };
        // Encrypting fails for values of 256 GB and more only; those would not open.
        if let Ok(hidden) = XChaCha20Poly1305::new(key.bytes().into()).encrypt(&XNonce::from(nonce), payload) {
            sealed.extend(hidden);
        }
        sealed
    }

    /// Opens what was sealed for this team and name.
    pub fn open(&self, team: &str, name: &str, sealed: &[u8]) -> Result<String, OpenError> {
        let (head, hidden) = sealed.split_at_checked(1 + ID + NONCE).ok_or(OpenError::Broken)?;
        let (version, head) = head.split_first().ok_or(OpenError::Broken)?;
        let (id, nonce) = head.split_at_checked(ID).ok_or(OpenError::Broken)?;
        if *version != VERSION {
            return Err(OpenError::Broken);
        }
        let key = self.by_id(id).ok_or(OpenError::UnknownKey)?;
        let nonce = <[u8; NONCE]>::try_from(nonce).map_err(|_| OpenError::Broken)?;
        let bound = bound(team, name);
        let payload = Payload {
            msg: hidden,
            aad: &bound,
        };
        let value = XChaCha20Poly1305::new(key.bytes().into())
            .decrypt(&XNonce::from(nonce), payload)
            .map_err(|_| OpenError::Broken)?;
        String::from_utf8(value).map_err(|_| OpenError::Broken)
    }

    /// Whether one of the keys sealed this.
    pub fn knows_key_of(&self, sealed: &[u8]) -> bool {
        sealed.get(1..=ID).is_some_and(|id| self.by_id(id).is_some())
    }

    /// Whether the key that seals now sealed this.
    pub fn is_current(&self, sealed: &[u8]) -> bool {
        sealed.get(1..=ID) == Some(self.keys().first().id().as_slice())
    }
}

/// What a seal is bound to. A zero byte parts the two: neither ids nor names have one.
fn bound(team: &str, name: &str) -> Vec<u8> {
    [team.as_bytes(), &[0], name.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::{Keys, OpenError, Sealer};

    fn sealer(keys: &str) -> Sealer {
        Sealer::new(Keys::from_text(keys).unwrap())
    }

    fn line(digit: char) -> String {
        digit.to_string().repeat(64)
    }

    #[test]
    fn what_is_sealed_opens_for_its_team_and_name_only() {
        let sealer = sealer(&line('a'));
        let sealed = sealer.seal("T", "KEY", "hush – 🔑");
        assert_eq!(sealer.open("T", "KEY", &sealed).unwrap(), "hush – 🔑");
        assert_eq!(sealer.open("U", "KEY", &sealed), Err(OpenError::Broken));
        assert_eq!(sealer.open("T", "KEY2", &sealed), Err(OpenError::Broken));
        assert_eq!(sealer.open("TK", "EY", &sealed), Err(OpenError::Broken));
        assert!(!sealed.windows(4).any(|part| part == b"hush"));
        assert_ne!(sealed, sealer.seal("T", "KEY", "hush – 🔑"), "no nonce comes twice");
        assert_eq!(sealer.open("T", "", &sealer.seal("T", "", "")).unwrap(), "");
    }

    #[test]
    fn every_changed_byte_and_every_cut_is_noticed() {
        let sealer = sealer(&line('a'));
        let sealed = sealer.seal("T", "KEY", "hush");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(sealer.open("T", "KEY", &changed).is_err(), "byte {at}");
            assert!(sealer.open("T", "KEY", &sealed[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn keys_are_rotated_by_adding_one_in_front() {
        let old = sealer(&line('a'));
        let sealed = old.seal("T", "KEY", "hush");
        let both = sealer(&format!("{}\n{}\n", line('b'), line('a')));
        assert_eq!(both.open("T", "KEY", &sealed).unwrap(), "hush");
        assert!(!both.is_current(&sealed) && both.is_current(&both.seal("T", "KEY", "hush")));
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys");
        std::fs::write(&file, format!("{}\n{}", line('b'), line('a'))).unwrap();
        let late = Sealer::of_file(Keys::from_text(&line('a')).unwrap(), file);
        assert_eq!(
            late.open("T", "KEY", &both.seal("T", "KEY", "hush")).unwrap(),
            "hush",
            "a running server"
        );
        let new = sealer(&line('b'));
        assert_eq!(new.open("T", "KEY", &sealed), Err(OpenError::UnknownKey));
        assert_eq!(new.open("T", "KEY", &both.seal("T", "KEY", "hush")).unwrap(), "hush");
    }
}
