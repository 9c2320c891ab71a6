//! Template files, kept on disk, and read ones, kept in memory: the second job of a template neither downloads nor
//! reads it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use filmpress_composition::Warned;
use filmpress_formats::{ReadError, Template};
use sha2::{Digest, Sha256};

/// Most templates kept in memory.
const MAX_READ: usize = 8;
/// Most bytes the files of templates kept in memory may have together.
const MAX_READ_BYTES: usize = 512 << 20;

/// A template as read, with the warnings of reading.
pub type ReadTemplate = Arc<Warned<Template>>;

/// Templates by the hash of their files. Clones share one store.
#[derive(Clone, Debug)]
pub struct Templates {
    folder: PathBuf,
    max_bytes: u64,
    /// Most recently used last.
    read: Arc<Mutex<Vec<Kept>>>,
}

#[derive(Debug)]
struct Kept {
    sha256: String,
    bytes: usize,
    template: ReadTemplate,
}

/// SHA-256 in lower-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write;
    Sha256::digest(bytes)
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

impl Templates {
    /// A store that keeps files in `folder`, at most `max_bytes` of them.
    pub fn new(folder: PathBuf, max_bytes: u64) -> std::io::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        Ok(Self {
            folder,
            max_bytes,
            read: Arc::default(),
        })
    }

    /// The template of a file that was read before.
    pub fn known(&self, sha256: &str) -> Option<ReadTemplate> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let at = read.iter().position(|kept| kept.sha256 == sha256)?;
        let kept = read.remove(at);
        let template = kept.template.clone();
        read.push(kept);
        Some(template)
    }

    /// The bytes of a file on disk, if they are still what their name says.
    pub fn file(&self, hash: &str) -> Option<Vec<u8>> {
        if !is_hash(hash) {
            return None;
        }
        let path = self.folder.join(hash);
        let bytes = std::fs::read(&path).ok()?;
        if sha256(&bytes) != hash {
            let _ = std::fs::remove_file(path);
            return None;
        }
        // Used just now: the last to go when there is no room.
        let _ = std::fs::File::open(&path).and_then(|file| file.set_modified(SystemTime::now()));
        Some(bytes)
    }

    /// Keeps a file on disk. What was used longest ago makes room. A full disk is no fault: it is then not kept.
    pub fn keep_file(&self, hash: &str, bytes: &[u8]) {
        if !is_hash(hash) || bytes.len() as u64 > self.max_bytes {
            return;
        }
        make_room(&self.folder, self.max_bytes - bytes.len() as u64);
        if let Err(error) = filmpress_media::encode::write_whole(&self.folder.join(hash), bytes) {
            tracing::warn!(%error, "template not kept");
        }
    }

    /// Reads a file, or remembers having read it. Takes its time: not for an async thread.
    pub fn read(&self, hash: &str, bytes: &[u8], file_name: &str) -> Result<ReadTemplate, ReadError> {
        if let Some(known) = self.known(hash) {
            return Ok(known);
        }
        let template = Arc::new(filmpress_formats::read(bytes, file_name)?);
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.push(Kept {
            sha256: hash.to_owned(),
            bytes: bytes.len(),
            template: template.clone(),
        });
        while read.len() > MAX_READ || read.iter().map(|kept| kept.bytes).sum::<usize>() > MAX_READ_BYTES {
            read.remove(0);
        }
        Ok(template)
    }
}

fn is_hash(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

fn make_room(folder: &Path, max_bytes: u64) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut files: Vec<(SystemTime, u64, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| {
            let about = entry.metadata().ok()?;
            Some((about.modified().ok()?, about.len(), entry.path()))
        })
        .collect();
    files.sort();
    let mut total: u64 = files.iter().map(|(_, length, _)| length).sum();
    for (_, length, path) in files {
        if total <= max_bytes {
            return;
        }
        if std::fs::remove_file(path).is_ok() {
            total -= length;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_what_their_names_say_or_gone() {
        let folder = tempfile::tempdir().unwrap();
        let templates = Templates::new(folder.path().join("t"), 25).unwrap();
        let hash = sha256(b"0123456789");
        assert_eq!(hash, "84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882");
        templates.keep_file(&hash, b"0123456789");
        assert_eq!(templates.file(&hash).unwrap(), b"0123456789");
        std::fs::write(folder.path().join("t").join(&hash), b"damaged").unwrap();
        assert_eq!(templates.file(&hash), None);
        assert!(!folder.path().join("t").join(&hash).exists());
        assert_eq!(templates.file("../../etc/passwd"), None);
        for content in [b"aaaaaaaaaa", b"bbbbbbbbbb", b"cccccccccc"] {
            templates.keep_file(&sha256(content), content);
        }
        assert_eq!(std::fs::read_dir(folder.path().join("t")).unwrap().count(), 2);
        templates.keep_file(&sha256(&[0; 26]), &[0; 26]);
        assert!(templates.file(&sha256(b"cccccccccc")).is_some());
    }

    #[test]
    fn a_template_is_read_once() {
        let folder = tempfile::tempdir().unwrap();
        let templates = Templates::new(folder.path().to_owned(), 1000).unwrap();
        let lottie = br#"{"v":"5.7.0","fr":10,"ip":0,"op":10,"w":100,"h":50,"layers":[]}"#;
        let hash = sha256(lottie);
        let first = templates.read(&hash, lottie, "a.json").unwrap();
        let second = templates.known(&hash).unwrap();
        assert!(Arc::ptr_eq(&first, &second));
        assert!(templates.read("other", b"junk", "b.json").is_err());
    }
}
