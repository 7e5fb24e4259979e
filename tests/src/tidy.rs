//! The rules of the house, run.

mod floors;
mod prose;
mod sizes;
mod sources;

use std::path::{Path, PathBuf};

use crate::stipple::root;

/// A file of the repository with its text.
struct SourceFile {
    /// Path from the root, with forward slashes.
    path: String,
    text: String,
}

impl SourceFile {
    /// The lines before the tests at the bottom, with their numbers from 1.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(k, line)| (k + 1, line));
        lines.take_while(|(_, line)| *line != "#[cfg(test)]")
    }

    /// Whether it is test code altogether.
    fn is_test(&self) -> bool {
        self.path.starts_with("tests/") || self.path.ends_with("tests.rs") || self.path.contains("/tests/")
    }
}

/// Every file below the root whose name ends so, in order; build products left out.
fn files_ending(endings: &[&str]) -> Vec<SourceFile> {
    let root = root();
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    let relative =
        |path: &Path| path.strip_prefix(&root).expect("below the root").to_string_lossy().into_owned();
    let wanted = paths.into_iter().filter(|path| endings.iter().any(|e| path.to_string_lossy().ends_with(e)));
    wanted
        .map(|path| SourceFile {
            path: relative(&path),
            text: std::fs::read_to_string(&path).expect("source files are text"),
        })
        .collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the repository can be read").flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if entry.path().is_dir() {
            if !matches!(name.as_ref(), ".git" | "target" | "out" | "node_modules") {
                collect(&entry.path(), paths);
            }
        } else {
            paths.push(entry.path());
        }
    }
}

/// Fails with one line per breach.
fn no_breaches(rule: &str, breaches: Vec<String>) {
    assert!(breaches.is_empty(), "{rule}:\n  {}", breaches.join("\n  "));
}
