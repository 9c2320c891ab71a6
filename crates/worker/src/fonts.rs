//! Finds the font files of this machine. Only names and sizes are looked at here; files are read when a text needs a
//! font, and what was read of them is kept for the life of the process.

use std::collections::HashMap;
use std::fs;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::SystemTime;

use filmpress_evaluate::text::FontSource;

/// Files larger than this are no fonts to us. The largest CJK collections are about 130 MB.
const MAX_FILE: u64 = 256 << 20;

/// Font files looked at.
const MAX_FILES: usize = 20_000;

/// Folders inside folders.
const MAX_DEPTH: usize = 12;

/// Where fonts usually are on this system; `home` is the user's home folder.
pub fn default_font_dirs(home: Option<&Path>) -> Vec<PathBuf> {
    let mut dirs: Vec<PathBuf> = ["/usr/share/fonts", "/usr/local/share/fonts"].map(PathBuf::from).into();
    if let Some(home) = home {
        dirs.extend([".local/share/fonts", ".fonts"].map(|dir| home.join(dir)));
    }
    dirs
}

/// The fonts for a scene: `supplied` ones (file name and bytes, from the template or the job) and those in `dirs` and
/// the folders inside. Folders that are not there are no fault.
pub fn font_sources(dirs: &[PathBuf], supplied: &[(String, Arc<[u8]>)]) -> Vec<FontSource> {
    let mut sources: Vec<FontSource> = supplied
        .iter()
        .map(|(name, bytes)| FontSource::supplied(name.clone(), bytes.clone()))
        .collect();
    let mut files = Vec::new();
    let mut visited = Vec::new();
    for dir in dirs {
        scan(dir, 0, &mut visited, &mut files);
    }
    sources.extend(files.into_iter().map(known));
    sources
}

/// A file as it was when it was found: a changed one is another.
#[derive(Clone, PartialEq, Eq, Hash)]
struct FontFile {
    path: PathBuf,
    size: u64,
    modified: Option<SystemTime>,
}

fn is_font(path: &Path) -> bool {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    ["ttf", "otf", "ttc", "otc"]
        .iter()
        .any(|e| extension.eq_ignore_ascii_case(e))
}

fn scan(dir: &Path, depth: usize, visited: &mut Vec<PathBuf>, files: &mut Vec<FontFile>) {
    // The real path tells a link that leads back from a new folder.
    let Ok(real) = dir.canonicalize() else { return };
    if visited.contains(&real) {
        return;
    }
    visited.push(real);
    let Ok(entries) = fs::read_dir(dir) else { return };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).take(MAX_FILES).collect();
    paths.sort();
    for path in paths {
        let Ok(about) = fs::metadata(&path) else { continue };
        if about.is_dir() {
            if depth < MAX_DEPTH {
                scan(&path, depth + 1, visited, files);
            }
        } else if about.is_file() && is_font(&path) && about.len() <= MAX_FILE && files.len() < MAX_FILES {
            files.push(FontFile {
                path,
                size: about.len(),
                modified: about.modified().ok(),
            });
        }
    }
}

/// The source for a file, the same one for every scene of this process.
fn known(file: FontFile) -> FontSource {
    static KNOWN: OnceLock<Mutex<HashMap<FontFile, FontSource>>> = OnceLock::new();
    let mut known = KNOWN
        .get_or_init(Mutex::default)
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    if known.len() > MAX_FILES {
        known.clear();
    }
    known
        .entry(file)
        .or_insert_with_key(|file| {
            let name = file.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let path = file.path.clone();
            let size = file.size;
            FontSource::installed(name, Arc::new(move |from, length| read(&path, size, from, length)))
        })
        .clone()
}

fn read(path: &Path, size: u64, from: u64, length: usize) -> Option<Vec<u8>> {
    // The file may have grown since it was found.
    let length = size.saturating_sub(from).min(length as u64);
    let mut bytes = Vec::with_capacity(length as usize);
    let result = fs::File::open(path).and_then(|mut file| {
        file.seek(SeekFrom::Start(from))?;
        file.take(length).read_to_end(&mut bytes)
    });
    result
        .inspect_err(|error| tracing::warn!(font = %path.display(), %error, "font not readable"))
        .ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use filmpress_evaluate::text::FontBook;

    #[test]
    fn fonts_in_nested_folders_are_found_once_and_loops_end() {
        let dir = tempfile::tempdir().unwrap();
        let inner = dir.path().join("a/b");
        fs::create_dir_all(&inner).unwrap();
        fs::write(inner.join("One.TTF"), b"not a font").unwrap();
        fs::write(inner.join("readme.txt"), b"text").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(dir.path(), inner.join("again")).unwrap();
        let dirs = [dir.path().to_owned(), dir.path().join("a"), dir.path().join("missing")];
        let supplied = [("Two.otf".to_owned(), Arc::from(&b"junk"[..]))];
        let names: Vec<_> = font_sources(&dirs, &supplied)
            .iter()
            .map(|s| s.name().to_owned())
            .collect();
        assert_eq!(names, ["Two.otf", "One.TTF"]);
        // Files that are no fonts make no faces and no panic.
        assert!(FontBook::new(font_sources(&dirs, &supplied)).is_empty());
    }

    #[test]
    fn the_fonts_of_this_machine_are_read() {
        let start = std::time::Instant::now();
        let book = FontBook::new(font_sources(&default_font_dirs(None), &[]));
        let found = start.elapsed();
        let faces = book.faces().count();
        println!(
            "{faces} faces: found in {found:?}, read in {:?}",
            start.elapsed().saturating_sub(found)
        );
        if book.is_empty() {
            println!("skipped: no fonts installed");
            return;
        }
        assert!(book.faces().all(|face| !face.post_script_name.is_empty()));
        let mut names: Vec<_> = book.faces().map(|face| face.post_script_name.clone()).collect();
        names.dedup();
        assert!(names.len() * 10 > book.faces().count() * 9, "every file once");
    }
}
