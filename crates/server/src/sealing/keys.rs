//! The keys that seal: 32 bytes each as 64 hexadecimal digits, a line a key, the newest first.

use std::io::Write;
use std::path::Path;

use filmpress_queue::token::hex;
use hmac::Mac;
use sha2::{Digest, Sha256};

/// A key file with more is a mistake.
const MOST: usize = 64;

/// One key. It shows by its id only.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl Key {
    /// A new one.
    fn random() -> Self {
        let mut bytes = [0; 32];
        rand::fill(&mut bytes);
        Self(bytes)
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// What tells this key from others and nothing about it.
    pub fn id(&self) -> [u8; 8] {
        let mut hash = Sha256::new();
        hash.update(b"filmpress key id\n");
        hash.update(self.0);
        let mut id = [0; 8];
        for (to, from) in id.iter_mut().zip(hash.finalize()) {
            *to = from;
        }
        id
    }
}

/// Keys, the newest first; there is always one.
#[derive(Clone, PartialEq, Eq)]
pub struct Keys {
    newest: Key,
    older: Vec<Key>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.all().map(|key| hex(&key.id()))).finish()
    }
}

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The text is no list of keys. It is not repeated here.
    #[error("line {line} is no key: a key is 64 hexadecimal digits (`openssl rand -hex 32` makes one)")]
    Malformed {
        /// Counted from 1.
        line: usize,
    },
    /// There is none in it.
    #[error("there is no key in it: a key is a line of 64 hexadecimal digits (`openssl rand -hex 32` makes one)")]
    Empty,
    /// There are too many.
    #[error("it has more than {MOST} keys")]
    TooMany,
    /// The file cannot be read or written.
    #[error(transparent)]
    File(#[from] std::io::Error),
}

impl Keys {
    /// Keys written as lines, or with commas between as an environment variable has them. Empty lines and those that
    /// begin with `#` do not count.
    pub fn from_text(text: &str) -> Result<Self, KeysError> {
        let mut keys = Vec::new();
        for (index, line) in text.split(['\n', ',']).enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            keys.push(read(line).ok_or(KeysError::Malformed { line: index + 1 })?);
        }
        if keys.len() > MOST {
            return Err(KeysError::TooMany);
        }
        let mut keys = keys.into_iter();
        let newest = keys.next().ok_or(KeysError::Empty)?;
        Ok(Self {
            newest,
            older: keys.collect(),
        })
    }

    /// The keys of a file.
    pub fn read(file: &Path) -> Result<Self, KeysError> {
        Self::from_text(&std::fs::read_to_string(file)?)
    }

    /// The keys of a file, which is made with one key if it is not there.
    pub fn read_or_make(file: &Path) -> Result<Self, KeysError> {
        match Self::read(file) {
            Err(KeysError::File(error)) if error.kind() == std::io::ErrorKind::NotFound => {
                let made = Self::random();
                match made.write(file) {
                    Ok(()) => Ok(made),
                    // Another process was quicker.
                    Err(_) if file.exists() => Self::read(file),
                    Err(error) => Err(error.into()),
                }
            }
            other => other,
        }
    }

    /// One new key.
    pub fn random() -> Self {
        Self {
            newest: Key::random(),
            older: Vec::new(),
        }
    }

    /// The same with a new key in front.
    #[must_use]
    pub fn with_new(&self) -> Self {
        Self {
            newest: Key::random(),
            older: self.all().cloned().collect(),
        }
    }

    /// The key that seals.
    pub fn first(&self) -> &Key {
        &self.newest
    }

    /// The key there was before all others.
    pub fn oldest(&self) -> &Key {
        self.older.last().unwrap_or(&self.newest)
    }

    /// A key for another purpose, the same for every process that has these keys, and after rotations too.
    pub fn derived(&self, purpose: &str) -> [u8; 32] {
        crate::signature::mac(self.oldest().0, &format!("filmpress derived key\n{purpose}"))
            .finalize()
            .into_bytes()
            .into()
    }

    pub(super) fn by_id(&self, id: &[u8]) -> Option<&Key> {
        self.all().find(|key| key.id() == id)
    }

    fn all(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.newest).chain(&self.older)
    }

    /// As a file has them.
    pub fn to_text(&self) -> String {
        self.all().map(|key| hex(&key.0) + "\n").collect()
    }

    /// Writes a new file that only its owner may read; an error if there is one.
    pub fn write(&self, file: &Path) -> std::io::Result<()> {
        let growing = growing(file);
        self.write_all(&growing)?;
        // A link does not take the place of a file that came in between.
        let made = std::fs::hard_link(&growing, file);
        std::fs::remove_file(&growing)?;
        made?;
        sync_folder(file)
    }

    /// Writes the file anew; it has the old keys or the new ones, never half of them.
    pub fn replace(&self, file: &Path) -> std::io::Result<()> {
        let growing = growing(file);
        self.write_all(&growing)?;
        std::fs::rename(&growing, file)?;
        sync_folder(file)
    }

    fn write_all(&self, file: &Path) -> std::io::Result<()> {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(file)?;
        file.write_all(self.to_text().as_bytes())?;
        file.sync_all()
    }
}

fn growing(file: &Path) -> std::path::PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(format!(".{}", filmpress_queue::new_id()));
    name.into()
}

/// A name is on the disk when its folder is.
fn sync_folder(file: &Path) -> std::io::Result<()> {
    match file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => std::fs::File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

fn read(line: &str) -> Option<Key> {
    let mut bytes = [0; 32];
    if line.len() != 64 || !line.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(line.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(Key(bytes))
}

#[cfg(test)]
mod tests {
    use super::{Keys, KeysError};

    #[test]
    fn the_file_is_made_once_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secrets.key");
        let made = Keys::read_or_make(&file).unwrap();
        assert_eq!(Keys::read_or_make(&file).unwrap(), made);
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions());
            assert_eq!(mode & 0o777, 0o600);
        }
        assert!(made.write(&file).is_err(), "no file is written over");
        let more = made.with_new();
        more.replace(&file).unwrap();
        assert_eq!(Keys::read(&file).unwrap(), more);
        assert_eq!(more.oldest().id(), made.first().id());
        assert_eq!(more.derived("x"), made.derived("x"), "links stay good over a rotation");
        assert_ne!(made.derived("x"), made.derived("y"));
        assert_eq!(
            std::fs::read_dir(folder.path()).unwrap().count(),
            1,
            "nothing is left over"
        );
    }

    #[test]
    fn wrong_keys_are_refused_by_line_and_never_shown() {
        let good = "0123456789abcdefABCDEF0123456789".repeat(2);
        assert!(Keys::from_text(&format!("# new\n{good}\n\n")).is_ok());
        assert!(Keys::from_text(&format!("{good},{good}")).is_ok());
        let wrong = Keys::from_text(&format!("{good}\n{}x", &good[..63])).unwrap_err();
        assert!(matches!(wrong, KeysError::Malformed { line: 2 }), "{wrong}");
        assert!(!wrong.to_string().contains("0123456789"));
        assert!(matches!(Keys::from_text("\n# none\n"), Err(KeysError::Empty)));
        let shown = format!("{:?}", Keys::from_text(&good).unwrap());
        assert!(!shown.to_lowercase().contains("0123456789abcdef"), "{shown}");
    }
}
