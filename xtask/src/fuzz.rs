//! Coverage-guided fuzzing of what strangers' bytes reach.

use std::path::{Path, PathBuf};

use crate::{install, run};

/// What is fuzzed, and how long one try may take, s: reading spends most of its time on being watched.
const TARGETS: [(&str, u64); 3] = [("decode", 5), ("read", 60), ("mesh", 20)];
/// Minutes of each, when nothing else is asked for.
const MINUTES: u64 = 30;
/// Longest file that is tried, bytes.
const BYTES_MAX: u64 = 20_000;
/// One file that takes more memory than this is a finding, MB.
const MEMORY_MB: u64 = 1024;

/// Fuzzes each target, or the named one, for some minutes; ends at the first finding.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let (mut targets, mut minutes) = (TARGETS.to_vec(), MINUTES);
    for argument in arguments {
        match argument.parse() {
            Ok(number) => minutes = number,
            Err(_) => targets.retain(|(name, _)| name == argument),
        }
    }
    if targets.is_empty() || arguments.len() > 2 {
        return Err("usage: cargo xtask fuzz [decode | read | mesh] [MINUTES]".to_owned());
    }
    install::cxx_compiler()?;
    install::cargo_fuzz()?;
    targets.into_iter().try_for_each(|(name, patience_s)| target(name, patience_s, minutes))
}

fn target(name: &str, patience_s: u64, minutes: u64) -> Result<(), String> {
    let (seen, found) = (made(&format!("seen/{name}"))?, made(&format!("found/{name}"))?);
    let corpus = run::root().join("tests/corpus").join(name);
    run::step(&format!(
        "Fuzzing {name} for {minutes} minutes (the first time building takes about ten more)"
    ));
    let limits = [
        ("max_total_time", 60 * minutes),
        ("max_len", BYTES_MAX),
        ("timeout", patience_s),
        ("rss_limit_mb", MEMORY_MB),
        ("malloc_limit_mb", MEMORY_MB),
        ("detect_leaks", 0),
        ("print_final_stats", 1),
    ];
    let built = run::target().join("fuzz/address");
    let mut arguments = ["fuzz", "run", "--fuzz-dir", "fuzz", "--target-dir"].map(str::to_owned).to_vec();
    arguments.extend([text(&built), name.to_owned(), text(&seen), text(&corpus), "--".to_owned()]);
    arguments.push(format!("-artifact_prefix={}/", found.display()));
    arguments.extend(limits.map(|(limit, value)| format!("-{limit}={value}")));
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    // Because the address sanitizer and coverage are flags that a stable compiler otherwise refuses.
    run::cargo_with(&arguments, &[("RUSTC_BOOTSTRAP", "1")])
        .map_err(|error| format!("{error}; a finding stands in {}", found.display()))
}

fn made(folder: &str) -> Result<PathBuf, String> {
    let path = run::target().join("fuzz").join(folder);
    std::fs::create_dir_all(&path).map_err(|error| format!("{} cannot be made: {error}", path.display()))?;
    Ok(path)
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
