//! How far a run is, in a file of lines: count, tab, path.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// How many damages each file has seen.
pub struct State {
    at: Option<PathBuf>,
    done: BTreeMap<PathBuf, u64>,
}

impl State {
    /// Takes up what an earlier run left.
    pub fn open(at: Option<&Path>) -> Self {
        let text = at
            .and_then(|path| std::fs::read_to_string(path).ok())
            .unwrap_or_default();
        let done = text
            .lines()
            .filter_map(|line| {
                let (count, path) = line.split_once('\t')?;
                Some((PathBuf::from(path), count.parse().ok()?))
            })
            .collect();
        Self {
            at: at.map(Path::to_owned),
            done,
        }
    }

    /// How many this file has seen.
    pub fn done(&self, path: &Path) -> u64 {
        self.done.get(path).copied().unwrap_or(0)
    }

    /// It has seen so many now.
    pub fn set(&mut self, path: &Path, count: u64) {
        self.done.insert(path.to_owned(), count);
        let Some(at) = &self.at else { return };
        let lines: Vec<String> = self
            .done
            .iter()
            .map(|(path, count)| format!("{count}\t{}\n", path.display()))
            .collect();
        // Whole or not at all: a run may be stopped at any time.
        let new = at.with_extension("new");
        if let Err(error) = std::fs::write(&new, lines.concat()).and_then(|()| std::fs::rename(&new, at)) {
            eprintln!("`{}` cannot be written: {error}", at.display());
        }
    }
}
