//! Warnings with the place they are about.

use filmpress_composition::{Diagnostics, Kind, Place};

/// Enough to see what is wrong with a file; keeps hostile files from filling memory with warnings.
const MOST: usize = 500;

/// Collects warnings while walking down and up the tree.
#[derive(Debug, Default)]
pub(super) struct Notes {
    place: Vec<String>,
    diagnostics: Diagnostics,
}

impl Notes {
    /// Runs `f` one place further in.
    pub fn within<T>(&mut self, name: &str, f: impl FnOnce(&mut Self) -> T) -> T {
        self.place.push(name.to_owned());
        let result = f(self);
        self.place.pop();
        result
    }

    pub fn warn(&mut self, kind: Kind, message: impl Into<String>) {
        if self.diagnostics.len() < MOST {
            let place: Place = self.place.iter().cloned().collect();
            self.diagnostics.push(&place, kind, message);
        }
    }

    pub fn into_diagnostics(self) -> Diagnostics {
        self.diagnostics
    }
}
