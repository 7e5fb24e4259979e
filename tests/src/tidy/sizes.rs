//! Short files, short functions.

use super::{files_ending, no_breaches};

const FILE_LINES_MAX: usize = 800;
const FUNCTION_LINES_MAX: usize = 70;

#[test]
fn files_are_short() {
    let long = files_ending(&[".rs"]).into_iter().filter_map(|file| {
        let lines = file.text.lines().count();
        (lines > FILE_LINES_MAX).then(|| format!("{} has {lines} lines", file.path))
    });
    no_breaches("no file above 800 lines", long.collect());
}

#[test]
fn functions_are_short() {
    let mut breaches = Vec::new();
    for file in files_ending(&[".rs"]) {
        let lines: Vec<&str> = file.text.lines().collect();
        for (first, line) in lines.iter().enumerate().filter(|(_, line)| opens_function(line)) {
            let indent = line.len() - line.trim_start().len();
            let closing = format!("{}}}", " ".repeat(indent));
            let end = lines[first..].iter().position(|l| **l == closing).unwrap_or(0);
            if end + 1 > FUNCTION_LINES_MAX {
                breaches.push(format!("{}:{} has {} lines", file.path, first + 1, end + 1));
            }
        }
    }
    no_breaches("no function above 70 lines", breaches);
}

/// Whether a formatted line begins a function that does not end on it.
fn opens_function(line: &str) -> bool {
    let start = line.trim_start();
    let keyword = ["fn ", "pub fn ", "pub(crate) fn ", "pub(super) fn ", "const fn ", "pub const fn "];
    keyword.iter().any(|k| start.starts_with(k)) && !line.trim_end().ends_with([';', '}'])
}
