//! Every citation has an entry, every entry is cited, every table says where it is from.

use std::collections::BTreeSet;

use super::{files_ending, no_breaches};

const BIBLIOGRAPHY: &str = "sources/bibliography.bib";

#[test]
fn citations_and_entries_meet() {
    let files = files_ending(&[".rs", ".md", ".csv", ".toml", ".bib"]);
    let bibliography = files.iter().find(|file| file.path == BIBLIOGRAPHY).expect("there is a bibliography");
    let entries: BTreeSet<&str> = bibliography
        .text
        .lines()
        .filter_map(|line| line.strip_prefix('@')?.split_once('{')?.1.strip_suffix(','))
        .collect();
    let cited: BTreeSet<&str> = files
        .iter()
        .filter(|file| file.path != BIBLIOGRAPHY && !file.path.starts_with("tests/"))
        .flat_map(|file| file.text.split("[@").skip(1).filter_map(|rest| rest.split_once(']')))
        .map(|(key, _)| key)
        .collect();
    let missing = cited.difference(&entries).map(|key| format!("[@{key}] has no entry"));
    let unused = entries.difference(&cited).map(|key| format!("{key} is not cited"));
    no_breaches("citations and bibliography", missing.chain(unused).collect());
}

#[test]
fn every_entry_says_how_it_was_read() {
    let files = files_ending(&[".bib"]);
    let entries = files.iter().flat_map(|file| file.text.split("\n@").skip(1));
    let silent = entries.filter(|entry| !entry.contains("{read: "));
    let names = silent.map(|entry| entry.lines().next().unwrap_or_default().to_owned());
    no_breaches("every entry has note = {read: …}", names.collect());
}

#[test]
fn every_table_says_where_it_is_from() {
    let mut breaches = Vec::new();
    for file in files_ending(&[".csv"]).iter().filter(|file| file.path.starts_with("sources/")) {
        for word in ["# unit", "# source", "# license", "# read"] {
            if !file.text.lines().any(|line| line.starts_with(word)) {
                breaches.push(format!("{} lacks `{word}`", file.path));
            }
        }
    }
    no_breaches("tables carry unit, source, license and how they were read", breaches);
}
