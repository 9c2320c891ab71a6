//! A zip archive in memory, not trusted: names that leave it, links, encryption and bombs are refused.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::name::Decoder;
use crate::ReadError;
use crate::limits::{
    MAX_DEPTH, MAX_ZIP_BYTES, MAX_ZIP_ENTRIES, MAX_ZIP_RATIO, MAX_ZIP_TOTAL_RATIO, ZIP_BYTES_ALLOWED,
    ZIP_ENTRY_BYTES_ALLOWED,
};

/// How many bytes may still be expanded, over an archive and those inside it.
#[derive(Debug)]
pub(crate) struct Budget {
    left: u64,
    allowed: u64,
}

impl Budget {
    /// What a template of this many bytes may expand to.
    pub fn of(template: &[u8]) -> Self {
        let by_size = (template.len() as u64).saturating_mul(MAX_ZIP_TOTAL_RATIO);
        let allowed = by_size.saturating_add(ZIP_BYTES_ALLOWED).min(MAX_ZIP_BYTES);
        Self { left: allowed, allowed }
    }
}

/// A file in the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its number in the archive.
    pub index: usize,
    /// Its path, steps joined by `/`, without a folder that everything is in.
    pub path: String,
}

impl Entry {
    /// The last step of its path.
    pub fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

/// An open archive.
pub(crate) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    entries: Vec<Entry>,
}

impl<'a> Archive<'a> {
    /// Lists the files. What operating systems leave behind (`__MACOSX`, `.DS_Store`, `Thumbs.db`) is not listed.
    pub fn open(bytes: &'a [u8]) -> Result<Self, ReadError> {
        let fault = |e: ZipError| ReadError::Malformed(format!("the zip archive cannot be read: {e}"));
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(fault)?;
        if zip.len() > MAX_ZIP_ENTRIES {
            return Err(ReadError::Limit(format!(
                "the zip archive has {} entries, more than {MAX_ZIP_ENTRIES}",
                zip.len()
            )));
        }
        if zip.has_overlapping_entries().map_err(fault)? {
            return Err(ReadError::Malformed(
                "entries of the zip archive share bytes, as only bombs do".to_owned(),
            ));
        }
        let names = Decoder::new(zip.file_names_raw());
        let mut entries = Vec::new();
        for index in 0..zip.len() {
            let fault = |e| ReadError::Malformed(format!("entry {index} of the zip archive cannot be read: {e}"));
            let entry = zip.by_index_raw(index).map_err(fault)?;
            let entry = entry.entry();
            let name = names
                .decode(entry.name_raw(), entry.name().map_err(fault)?)
                .into_owned();
            let path = path(&name)?;
            if entry.is_symlink() {
                return Err(ReadError::Malformed(format!("`{name}` in the zip archive is a link")));
            }
            if entry.encrypted() {
                return Err(ReadError::Unsupported(format!(
                    "`{name}` in the zip archive is encrypted"
                )));
            }
            let is_folder = entry.is_dir() || name.ends_with('\\');
            if !is_folder && !path.is_empty() && !is_litter(&path) {
                entries.push(Entry { index, path });
            }
        }
        strip_wrapper(&mut entries);
        Ok(Self { zip, entries })
    }

    /// The files, in the archive's order.
    pub fn entries(&self) -> Vec<Entry> {
        self.entries.clone()
    }

    /// The file at exactly this path.
    pub fn find(&self, path: &str) -> Option<usize> {
        self.entries.iter().find(|e| e.path == path).map(|e| e.index)
    }

    /// A file's bytes.
    pub fn read(&mut self, index: usize, budget: &mut Budget) -> Result<Vec<u8>, ReadError> {
        let path = self
            .entries
            .iter()
            .find(|e| e.index == index)
            .map_or_else(String::new, |e| e.path.clone());
        let fault = |e: &dyn std::fmt::Display| {
            ReadError::Malformed(format!("`{path}` in the zip archive cannot be read: {e}"))
        };
        let file = self.zip.by_index(index).map_err(|e| fault(&e))?;
        let ratio_limit = file
            .entry()
            .compressed_size()
            .saturating_mul(MAX_ZIP_RATIO)
            .max(ZIP_ENTRY_BYTES_ALLOWED);
        let limit = ratio_limit.min(budget.left);
        let mut bytes = Vec::new();
        // One byte over the limit tells a file that is over it from one that just fits.
        file.take(limit.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|e| fault(&e))?;
        let length = bytes.len() as u64;
        if length > budget.left {
            return Err(ReadError::Limit(format!(
                "the zip archive expands to more than {} bytes, the most for its size",
                budget.allowed
            )));
        }
        if length > ratio_limit {
            return Err(ReadError::Limit(format!(
                "`{path}` in the zip archive expands to more than {MAX_ZIP_RATIO} times its size"
            )));
        }
        budget.left -= length;
        Ok(bytes)
    }
}

/// A path inside the archive with `/` between its steps, whichever slash it was written with.
fn path(name: &str) -> Result<String, ReadError> {
    let outside = || ReadError::Malformed(format!("`{name}` in the zip archive points outside it"));
    let name_slashes = name.replace('\\', "/");
    if name_slashes.starts_with('/') || name_slashes.contains('\0') {
        return Err(outside());
    }
    let mut steps = Vec::new();
    for step in name_slashes.split('/') {
        let is_drive = steps.is_empty() && step.len() == 2 && step.ends_with(':');
        match step {
            "" | "." => {}
            ".." => return Err(outside()),
            _ if is_drive => return Err(outside()),
            _ => steps.push(step),
        }
    }
    if steps.len() > MAX_DEPTH {
        return Err(ReadError::Limit(format!(
            "folders in the zip archive are nested more than {MAX_DEPTH} deep"
        )));
    }
    Ok(steps.join("/"))
}

fn is_litter(path: &str) -> bool {
    path.split('/').any(|step| step == "__MACOSX" || step.starts_with("._"))
        || [".DS_Store", "Thumbs.db", "desktop.ini"].iter().any(|name| {
            path.rsplit('/')
                .next()
                .is_some_and(|last| last.eq_ignore_ascii_case(name))
        })
}

/// Takes away the folder that everything is in, and the one in it that many packers add.
fn strip_wrapper(entries: &mut [Entry]) {
    for _ in 0..2 {
        let first = entries.first().and_then(|e| e.path.split_once('/'));
        let Some(folder) = first.map(|(folder, _)| format!("{folder}/")) else {
            return;
        };
        if !entries.iter().all(|e| e.path.starts_with(&folder)) {
            return;
        }
        for entry in &mut *entries {
            entry.path = entry.path.get(folder.len()..).unwrap_or_default().to_owned();
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::io::Write;

    use zip::write::SimpleFileOptions;

    use super::*;

    /// An archive with these files.
    pub(crate) fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn paths(files: &[(&str, &[u8])]) -> Vec<String> {
        let bytes = zipped(files);
        Archive::open(&bytes)
            .unwrap()
            .entries()
            .into_iter()
            .map(|e| e.path)
            .collect()
    }

    #[test]
    fn wrapper_folders_litter_and_back_slashes_are_tolerated() {
        let files: [(&str, &[u8]); 4] = [
            ("My Template/title.aep", b"x"),
            ("My Template\\(Footage)\\a.png", b"x"),
            ("__MACOSX/My Template/._title.aep", b"x"),
            ("My Template/.DS_Store", b"x"),
        ];
        assert_eq!(paths(&files), ["title.aep", "(Footage)/a.png"]);
    }

    #[test]
    fn names_that_leave_the_archive_are_refused() {
        for name in ["../x.aep", "a/../../x", "C:\\x.aep", "a\\..\\..\\x"] {
            let bytes = zipped(&[(name, b"x")]);
            let error = Archive::open(&bytes).err().map(|e| e.to_string());
            assert!(error.is_some_and(|e| e.contains("points outside it")), "{name}");
        }
    }

    #[test]
    fn links_are_refused() {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        writer
            .add_symlink("a.aep", "/etc/passwd", SimpleFileOptions::default())
            .unwrap();
        let bytes = writer.finish().unwrap().into_inner();
        assert!(matches!(Archive::open(&bytes), Err(ReadError::Malformed(m)) if m.contains("is a link")));
    }

    #[test]
    fn bombs_are_refused() {
        let zeros = vec![0; 4 << 20];
        let bytes = zipped(&[("bomb", &zeros)]);
        let mut archive = Archive::open(&bytes).unwrap();
        let read = archive.read(0, &mut Budget::of(&bytes));
        assert!(matches!(read, Err(ReadError::Limit(m)) if m.contains("times its size")));
    }

    #[test]
    fn the_budget_is_shared_by_all_entries() {
        let bytes = zipped(&[("a", &[7; 600]), ("b", &[7; 600])]);
        let mut archive = Archive::open(&bytes).unwrap();
        let mut budget = Budget {
            left: 1000,
            allowed: 1000,
        };
        assert_eq!(archive.read(0, &mut budget).unwrap().len(), 600);
        assert!(matches!(archive.read(1, &mut budget), Err(ReadError::Limit(_))));
    }

    #[test]
    fn a_cut_archive_is_an_error() {
        let bytes = zipped(&[("a.aep", b"abcdefgh")]);
        for end in 0..bytes.len() {
            if let Ok(mut archive) = Archive::open(&bytes[..end]) {
                assert!(archive.read(0, &mut Budget::of(&bytes)).is_err(), "cut at {end}");
            }
        }
    }
}
