//! Words: spelling, promises, headers.

use super::{files_ending, no_breaches};

#[test]
fn spelling_is_american_and_nothing_is_left_to_do() {
    // Split, so that this file does not find itself.
    let banned = [
        concat!("col", "our"),
        concat!("gr", "ey"),
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("unimpl", "emented!"),
        concat!("#[ig", "nore"),
    ];
    let mut breaches = Vec::new();
    for file in files_ending(&[".rs", ".md", ".toml"]) {
        for (number, line) in file.text.lines().enumerate() {
            // Sources keep the spelling of their titles and addresses.
            let quoted = line.contains("http") || line.contains("title =") || line.contains("source");
            if let Some(word) = banned.iter().find(|word| !quoted && line.contains(**word)) {
                breaches.push(format!("{}:{} has `{word}`", file.path, number + 1));
            }
        }
    }
    no_breaches("words that do not belong here", breaches);
}

#[test]
fn every_crate_says_what_it_is() {
    const PARTS: [&str; 6] = [
        "# Place in the flow",
        "# What it can do",
        "# Simplifications",
        "# Out of scope",
        "# Invariants",
        "# Modules in reading order",
    ];
    let mut breaches = Vec::new();
    for file in files_ending(&["/src/lib.rs"]) {
        let mut from = 0;
        for part in PARTS {
            match file.text[from..].find(part) {
                Some(at) => from += at,
                None => breaches.push(format!("{} lacks `{part}` (in this order)", file.path)),
            }
        }
    }
    no_breaches("crate headers have their parts in order", breaches);
}

#[test]
fn decisions_are_numbered_without_gaps() {
    let files = files_ending(&[".md"]);
    let decisions = files.iter().filter_map(|file| file.path.strip_prefix("docs/decisions/"));
    let numbers: Vec<usize> = decisions.filter_map(|name| name.get(..4)?.parse().ok()).collect();
    assert!(!numbers.is_empty());
    assert_eq!(numbers, (1..=numbers.len()).collect::<Vec<_>>());
}
