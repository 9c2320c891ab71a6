//! Footage of a project found among the entries of its archive.

use std::collections::HashMap;
use std::sync::Arc;

use filmpress_composition::{Diagnostics, FootageSource, ImageSequence, ItemKind, Kind, Place, Project};

use super::archive::{Archive, Budget, Entry};
use super::name::key;
use crate::ReadError;

/// Most gaps of an image sequence named in a warning.
const MAX_GAPS: usize = 5;

/// Replaces the paths of the author's machine by the bytes of the entries they mean. `project_path` is where the
/// project itself is in the archive.
pub(crate) fn embed(
    project: &mut Project,
    archive: &mut Archive<'_>,
    project_path: &str,
    budget: &mut Budget,
    warnings: &mut Diagnostics,
) -> Result<(), ReadError> {
    let files = Files::of(archive.entries(), project_path);
    let mut read: HashMap<usize, Arc<[u8]>> = HashMap::new();
    for item in &mut project.items {
        let ItemKind::Footage(footage) = &mut item.kind else {
            continue;
        };
        let FootageSource::File(path) = &footage.source else {
            continue;
        };
        let place = Place(vec![item.name.clone()]);
        if let Some(sequence) = &footage.sequence {
            if let Some(message) = files.missing_pictures(path, sequence) {
                warnings.push(&place, Kind::Missing, message);
            }
            continue;
        }
        let Some(found) = files.find(path) else { continue };
        if let Some(others) = found.others {
            warnings.push(
                &place,
                Kind::Approximated,
                format!(
                    "{} files in the archive have the name of `{path}` and none is in its folder; `{}` is used",
                    others + 1,
                    found.entry.path
                ),
            );
        }
        let entry = found.entry;
        let bytes = match read.get(&entry.index) {
            Some(bytes) => bytes.clone(),
            None => match archive.read(entry.index, budget) {
                Ok(bytes) => read.entry(entry.index).or_insert(bytes.into()).clone(),
                // A damaged picture is no reason to refuse the rest.
                Err(ReadError::Malformed(fault)) => {
                    warnings.push(&place, Kind::Malformed, fault);
                    continue;
                }
                Err(other) => return Err(other),
            },
        };
        footage.source = FootageSource::Embedded(bytes);
    }
    Ok(())
}

/// An entry with what it is compared by.
struct File {
    entry: Entry,
    /// [Keys](key) of its folders and its name, from the top.
    steps: Vec<String>,
    /// Whether it is in the project's folder or below.
    is_beside: bool,
}

/// A file found for a path.
struct Found<'f> {
    entry: &'f Entry,
    /// How many others could be meant as well, where the name alone decided among several.
    others: Option<usize>,
}

/// The files of an archive by the key of their name.
struct Files(HashMap<String, Vec<File>>);

impl Files {
    fn of(entries: Vec<Entry>, project_path: &str) -> Self {
        let beside = project_path
            .rsplit_once('/')
            .map_or(String::new(), |(folder, _)| format!("{folder}/"));
        let mut files: HashMap<String, Vec<File>> = HashMap::new();
        for entry in entries {
            let steps: Vec<String> = entry.path.split('/').map(key).collect();
            let file = File {
                is_beside: entry.path.starts_with(&beside),
                steps,
                entry,
            };
            files.entry(key(file.entry.file_name())).or_default().push(file);
        }
        Self(files)
    }

    /// The file a path means: the one that shares the most folders with it, counted from the file name up, whatever the
    /// case; among equals one in the project's folder, then the one nearest to the top, then the first by name.
    fn find(&self, path: &str) -> Option<Found<'_>> {
        let steps: Vec<String> = steps(path);
        let candidates = self.0.get(steps.last()?)?;
        let rank = |file: &File| {
            let shared = file.steps.iter().rev().zip(steps.iter().rev());
            let shared = shared.take_while(|(a, b)| a == b).count();
            (std::cmp::Reverse(shared), !file.is_beside, file.steps.len())
        };
        let best = candidates.iter().min_by_key(|file| (rank(file), &file.entry.path))?;
        let (shared, ..) = rank(best);
        // With a folder in common, or without folders to compare, there is nothing to wonder about.
        let by_name_alone = shared.0 == 1 && steps.len() > 1 && candidates.len() > 1;
        Some(Found {
            entry: &best.entry,
            others: by_name_alone.then(|| candidates.len() - 1),
        })
    }

    /// What to say of a sequence whose pictures are not all there; `path` names its folder.
    fn missing_pictures(&self, path: &str, sequence: &ImageSequence) -> Option<String> {
        // A hostile range of numbers is longer than any archive.
        let most = self.0.values().map(Vec::len).sum::<usize>();
        let total = sequence.len();
        let mut gaps: Vec<(usize, usize)> = Vec::new();
        let mut missing = total.saturating_sub(most.saturating_mul(2).max(1));
        for index in 0..total - missing {
            let is_there = sequence
                .file_name(index)
                .is_some_and(|name| self.find(&format!("{path}/{name}")).is_some());
            if is_there {
                continue;
            }
            missing += 1;
            match gaps.last_mut() {
                Some((_, last)) if *last + 1 == index => *last = index,
                _ => gaps.push((index, index)),
            }
        }
        if missing == 0 {
            return None;
        }
        if missing == total {
            return Some(format!(
                "none of the {total} pictures of the sequence in `{path}` is in the archive"
            ));
        }
        let name = |index: usize| sequence.file_name(index).unwrap_or_default();
        let listed: Vec<String> = gaps
            .iter()
            .take(MAX_GAPS)
            .map(|&(first, last)| {
                if first == last {
                    format!("`{}`", name(first))
                } else {
                    format!("`{}` to `{}`", name(first), name(last))
                }
            })
            .collect();
        let more = if gaps.len() > MAX_GAPS { " and more" } else { "" };
        Some(format!(
            "{missing} of the {total} pictures of the sequence in `{path}` are not in the archive: {}{more}",
            listed.join(", ")
        ))
    }
}

/// The steps of a path of either platform, by their keys.
fn steps(path: &str) -> Vec<String> {
    path.split(['/', '\\'])
        .filter(|step| !step.is_empty() && *step != ".")
        .map(key)
        .collect()
}

#[cfg(test)]
mod tests {
    use filmpress_composition::{Footage, Item, ItemId};

    use super::super::archive::tests::zipped;
    use super::*;

    fn found(files: &[(&str, &[u8])], project_path: &str, footage: Footage) -> (Option<Vec<u8>>, Vec<String>) {
        let bytes = zipped(files);
        let mut archive = Archive::open(&bytes).unwrap();
        let mut project = Project {
            items: vec![Item::new(ItemId(1), "Logo", ItemKind::Footage(footage))],
            ..Project::default()
        };
        let mut warnings = Diagnostics::new();
        embed(
            &mut project,
            &mut archive,
            project_path,
            &mut Budget::of(&bytes),
            &mut warnings,
        )
        .unwrap();
        let ItemKind::Footage(footage) = &project.items[0].kind else {
            panic!("no footage")
        };
        let bytes = match &footage.source {
            FootageSource::Embedded(bytes) => Some(bytes.to_vec()),
            _ => None,
        };
        (bytes, warnings.iter().map(ToString::to_string).collect())
    }

    fn file(path: &str) -> Footage {
        Footage {
            source: FootageSource::File(path.to_owned()),
            ..Footage::default()
        }
    }

    #[test]
    fn the_relative_path_wins_then_the_projects_folder_then_the_name() {
        let files: [(&str, &[u8]); 5] = [
            ("old/Images/logo.png", b"old"),
            ("Title/a.aep", b"x"),
            ("Title/Images/LOGO.png", b"beside"),
            ("Title/other/Stra\u{df}e.png", b"street"),
            ("old/icon.png", b"icon"),
        ];
        let find = |path: &str| found(&files, "Title/a.aep", file(path));
        assert_eq!(find(r"C:\Users\me\Images\logo.png"), (Some(b"beside".to_vec()), vec![]));
        assert_eq!(find("/Users/me/old/images/Logo.png").0.unwrap(), b"old");
        assert_eq!(find("/gone/icon.png"), (Some(b"icon".to_vec()), vec![]));
        let (bytes, warnings) = find("/gone/logo.png");
        assert_eq!(bytes.unwrap(), b"beside");
        assert!(
            warnings[0].contains("2 files in the archive have the name of `/gone/logo.png`")
                && warnings[0].contains("`Title/Images/LOGO.png` is used"),
            "{warnings:?}"
        );
        assert_eq!(find("/gone/none.png"), (None, vec![]));
    }

    #[test]
    fn accents_written_either_way_are_the_same_name() {
        let files: [(&str, &[u8]); 1] = [("cafe\u{301}.png", b"nfd")];
        assert_eq!(found(&files, "a.aep", file("C:/caf\u{e9}.png")).0.unwrap(), b"nfd");
    }

    #[test]
    fn gaps_of_sequences_are_named() {
        let sequence = |last: u32| Footage {
            sequence: Some(ImageSequence {
                prefix: "f_".to_owned(),
                extension: ".png".to_owned(),
                first: 1,
                last,
                digits: 3,
                files: Vec::new(),
            }),
            ..file("C:\\me\\frames")
        };
        let files: [(&str, &[u8]); 4] = [
            ("frames/f_001.png", b"1"),
            ("frames/f_002.png", b"2"),
            ("frames/f_005.png", b"5"),
            ("frames/f_007.png", b"7"),
        ];
        assert_eq!(found(&files, "a.aep", sequence(2)).1, Vec::<String>::new());
        let text = &found(&files, "a.aep", sequence(7)).1[0];
        assert_eq!(
            text,
            "Logo: missing: 3 of the 7 pictures of the sequence in `C:\\me\\frames` are not in the archive: \
             `f_003.png` to `f_004.png`, `f_006.png`"
        );
        // Numbers that no archive has room for are not tried one by one.
        assert!(found(&files, "a.aep", sequence(u32::MAX)).1[0].contains("4294967291 of the 4294967295"));
        assert!(found(&files[..0], "a.aep", sequence(9)).1[0].contains("none of the 9 pictures"));
    }
}
