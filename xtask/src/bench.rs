//! Head to head with others who do the same.

use crate::{install, run};

/// The peer in Python, as measured in docs/performance.md.
const SCIKIT_IMAGE: &str = "scikit-image==0.26.0";

/// Runs one comparison and prints its table.
pub(crate) fn table(what: Option<&str>) -> Result<(), String> {
    match what {
        Some("color") => color(),
        _ => Err("usage: cargo xtask bench color".to_owned()),
    }
}

/// CIEDE2000 of whole pictures: ours, the crate `palette` and scikit-image on the same pairs.
fn color() -> Result<(), String> {
    let folder = run::target().join("bench");
    let python = install::python_with(&folder.join("venv"), SCIKIT_IMAGE)?;
    run::step("Comparing pictures (about two minutes)");
    let (python, files) = (python.to_string_lossy(), folder.join("color"));
    let example =
        ["run", "--quiet", "--release", "--package", "stipple-color", "--example", "ciede2000_speed"];
    run::cargo(&[&example[..], &["--", &python, &files.to_string_lossy()]].concat())
}
