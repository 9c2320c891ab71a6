//! The author's path to a file of ours.
//!
//! Projects keep the paths of the machine they were made on. What counts is how they end: the file under the template's
//! folder with the most folders in common, counted from the file name up, whatever the case. Nothing outside that
//! folder is ever looked at, and no symbolic link is followed.

use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Folders inside folders looked into.
const MAX_DEPTH: usize = 8;
/// Files and folders looked at.
const MAX_ENTRIES: usize = 20_000;

/// The files under a folder. Looked through when the first file is wanted.
#[derive(Debug)]
pub(super) struct Tree {
    root: PathBuf,
    files: OnceLock<HashMap<String, Vec<File>>>,
}

#[derive(Debug)]
struct File {
    path: PathBuf,
    /// Lower-case names from the root down, the file's own last.
    steps: Vec<String>,
}

impl Tree {
    pub(super) fn new(root: &Path) -> Self {
        // `template.json` alone has an empty parent.
        let here = root.as_os_str().is_empty();
        Self {
            root: if here { PathBuf::from(".") } else { root.to_owned() },
            files: OnceLock::new(),
        }
    }

    /// A file's path as people are told it: from the root of the tree, with `/`.
    pub(super) fn shown(&self, file: &Path) -> String {
        let steps = file.strip_prefix(&self.root).unwrap_or(file).components();
        let steps: Vec<_> = steps.map(|step| step.as_os_str().to_string_lossy()).collect();
        steps.join("/")
    }

    /// The file that a path of the author's means.
    pub(super) fn find(&self, path: &str) -> Option<PathBuf> {
        let steps: Vec<String> = path
            .split(['/', '\\'])
            .filter(|step| !step.is_empty() && *step != ".")
            .map(str::to_lowercase)
            .collect();
        let candidates = self.files.get_or_init(|| scan(&self.root)).get(steps.last()?)?;
        // Files come nearest first; the first of equals stays.
        let mut best: Option<(usize, &File)> = None;
        for file in candidates {
            let pairs = file.steps.iter().rev().zip(steps.iter().rev());
            let common = pairs.take_while(|(a, b)| a == b).count();
            if best.is_none_or(|(most, _)| common > most) {
                best = Some((common, file));
            }
        }
        best.map(|(_, file)| file.path.clone())
    }
}

/// Every file by its lower-case name, those nearest to the root first, then by name.
fn scan(root: &Path) -> HashMap<String, Vec<File>> {
    let mut files: HashMap<String, Vec<File>> = HashMap::new();
    let mut folders = VecDeque::from([(root.to_owned(), Vec::new())]);
    let mut left = MAX_ENTRIES;
    while let Some((folder, steps)) = folders.pop_front() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        let mut entries: Vec<_> = entries.flatten().take(left).collect();
        left -= entries.len();
        entries.sort_by_key(std::fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name().to_string_lossy().to_lowercase();
            // The entry's own type: links are neither file nor folder.
            let Ok(kind) = entry.file_type() else { continue };
            let mut steps: Vec<String> = steps.clone();
            steps.push(name.clone());
            if kind.is_dir() && steps.len() <= MAX_DEPTH && !name.starts_with('.') {
                folders.push_back((entry.path(), steps));
            } else if kind.is_file() {
                let path = entry.path();
                files.entry(name).or_default().push(File { path, steps });
            }
        }
        if left == 0 {
            break;
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[&str]) -> (tempfile::TempDir, Tree) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("template");
        std::fs::create_dir(&root).unwrap();
        for file in files {
            let path = root.join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, file).unwrap();
        }
        let tree = Tree::new(&root);
        (folder, tree)
    }

    fn content(tree: &Tree, path: &str) -> Option<String> {
        Some(std::fs::read_to_string(tree.find(path)?).unwrap())
    }

    #[test]
    fn the_longest_common_end_wins_then_the_nearest() {
        let (_folder, tree) = tree(&[
            "a/logo.png",
            "b/images/Logo.png",
            "images/img_0.png",
            "deep/er/logo.png",
        ]);
        let found = |path| content(&tree, path);
        assert_eq!(found(r"C:\Users\me\b\Images\LOGO.png").unwrap(), "b/images/Logo.png");
        assert_eq!(found("/Volumes/x/images/logo.png").unwrap(), "b/images/Logo.png");
        assert_eq!(found("images/img_0.png").unwrap(), "images/img_0.png");
        assert_eq!(found("./images//img_0.png").unwrap(), "images/img_0.png");
        assert_eq!(found("/nowhere/logo.png").unwrap(), "a/logo.png");
        assert_eq!(found("/nowhere/logo.jpg"), None);
        assert_eq!(found(""), None);
        assert_eq!(found("../.."), None);
    }

    #[cfg(unix)]
    #[test]
    fn nothing_outside_is_reached() {
        let (folder, tree) = tree(&["inside.png"]);
        std::fs::write(folder.path().join("secret.png"), "secret").unwrap();
        std::os::unix::fs::symlink(folder.path().join("secret.png"), tree.root.join("link.png")).unwrap();
        std::os::unix::fs::symlink(folder.path(), tree.root.join("out")).unwrap();
        for path in ["../secret.png", "out/secret.png", "link.png"] {
            assert_eq!(content(&tree, path), None, "{path}");
        }
        let absolute = folder.path().join("secret.png");
        assert_eq!(content(&tree, absolute.to_str().unwrap()), None);
        assert_eq!(content(&tree, "inside.png").unwrap(), "inside.png");
    }
}
