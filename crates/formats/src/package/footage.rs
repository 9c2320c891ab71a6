//! Footage of a project found among the entries of its archive.

use std::collections::HashMap;
use std::sync::Arc;

use filmpress_composition::{Diagnostics, FootageSource, ItemKind, Kind, Place, Project};

use super::archive::{Archive, Budget, Entry};
use crate::ReadError;

/// Replaces the paths of the author's machine by the bytes of the entries they mean: those with the same file name,
/// whatever its case; among several the one that shares most folders with the path.
pub(crate) fn embed(
    project: &mut Project,
    archive: &mut Archive<'_>,
    budget: &mut Budget,
    warnings: &mut Diagnostics,
) -> Result<(), ReadError> {
    let entries = archive.entries();
    let mut read: HashMap<usize, Arc<[u8]>> = HashMap::new();
    for item in &mut project.items {
        let ItemKind::Footage(footage) = &mut item.kind else {
            continue;
        };
        let FootageSource::File(path) = &footage.source else {
            continue;
        };
        if footage.is_sequence() {
            warnings.push(
                &Place(vec![item.name.clone()]),
                Kind::Unsupported,
                "image sequences are not read from archives yet",
            );
            continue;
        }
        let Some(entry) = best(&entries, path) else { continue };
        let bytes = match read.get(&entry.index) {
            Some(bytes) => bytes.clone(),
            None => match archive.read(entry.index, budget) {
                Ok(bytes) => read.entry(entry.index).or_insert(bytes.into()).clone(),
                // A damaged picture is no reason to refuse the rest.
                Err(ReadError::Malformed(fault)) => {
                    warnings.push(&Place(vec![item.name.clone()]), Kind::Malformed, fault);
                    continue;
                }
                Err(other) => return Err(other),
            },
        };
        footage.source = FootageSource::Embedded(bytes);
    }
    Ok(())
}

fn best<'a>(entries: &'a [Entry], path: &str) -> Option<&'a Entry> {
    let shared = |entry: &Entry| {
        let mut wanted = path.rsplit(['/', '\\']);
        entry
            .path
            .rsplit('/')
            .take_while(|step| wanted.next().is_some_and(|w| same_name(w, step)))
            .count()
    };
    let mut best: Option<(usize, &Entry)> = None;
    for entry in entries {
        let steps = shared(entry);
        if steps > 0 && best.is_none_or(|(most, _)| steps > most) {
            best = Some((steps, entry));
        }
    }
    best.map(|(_, entry)| entry)
}

fn same_name(a: &str, b: &str) -> bool {
    a == b || a.to_lowercase() == b.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_found_by_name_then_by_folders() {
        let entry = |index: usize, path: &str| Entry {
            index,
            path: path.to_owned(),
        };
        let entries = [
            entry(0, "(Footage)/day/Sky.PNG"),
            entry(1, "(Footage)/night/sky.png"),
            entry(2, "project.aep"),
        ];
        let index = |path: &str| best(&entries, path).map(|e| e.index);
        assert_eq!(index("C:\\work\\night\\sky.png"), Some(1));
        assert_eq!(index("/Users/me/sky.png"), Some(0));
        assert_eq!(index("/Users/me/sea.png"), None);
        assert_eq!(index(""), None);
    }
}
