//! Head to head with others who do the same.

use std::path::Path;

use crate::{install, root_head, run};

/// The peers in Python, as measured in docs/performance.md.
const OPENCV: &str = "opencv-python-headless==4.12.0.88";
/// See [`OPENCV`].
const SCIKIT_LEARN: [&str; 2] = ["scikit-learn==1.9.1", "pandas==3.1.1"];
/// See [`OPENCV`].
const SCIKIT_IMAGE: &str = "scikit-image==0.26.0";
/// Counts how hard texts are to read.
const TEXTSTAT: &str = "textstat==0.7.4";

/// Runs one comparison and prints its table.
pub(crate) fn table(what: Option<&str>) -> Result<(), String> {
    match what {
        Some("color") => color(),
        Some("read") => read(),
        Some("points") => points(),
        Some("sampler") => sampler(),
        Some("words") => words(),
        Some("ablation") => root_head::ablation(),
        _ => Err("usage: cargo xtask bench color | read | points | sampler | words | ablation".to_owned()),
    }
}

/// CIEDE2000 of whole pictures: ours, the crate `palette` and scikit-image on the same pairs.
fn color() -> Result<(), String> {
    let folder = run::target().join("bench");
    let python = install::python_with(&folder.join("venv"), &[SCIKIT_IMAGE])?;
    run::step("Comparing pictures (about two minutes)");
    let (python, files) = (python.to_string_lossy(), folder.join("color"));
    let example =
        ["run", "--quiet", "--release", "--package", "stipple-color", "--example", "ciede2000_speed"];
    run::cargo(&[&example[..], &["--", &python, &files.to_string_lossy()]].concat())
}

/// Hair on synthetic scalps: ours with and without the root head, scikit-image and OpenCV on the same pictures.
fn read() -> Result<(), String> {
    let folder = run::target().join("bench");
    let python = install::python_with(&folder.join("venv"), &[SCIKIT_IMAGE, OPENCV])?;
    run::step("Reading synthetic scalps (about ten minutes)");
    let pictures = folder.join("read");
    let pictures = pictures.to_string_lossy();
    run::example("bench_read", &[&pictures])?;
    run::step("The same pictures with blob detectors (about ten minutes)");
    script(&python, "read_peers.py", &pictures)
}

/// Scars of virtual scalps filled by us and by others, and whether a classifier tells them from nature.
fn points() -> Result<(), String> {
    let folder = run::target().join("bench");
    let python = install::python_with(&folder.join("venv"), &SCIKIT_LEARN)?;
    run::step("Filling scars (about a minute)");
    let dots = folder.join("points");
    let dots = dots.to_string_lossy();
    run::example("bench_points", &[&dots])?;
    run::step("Telling them apart (about five minutes)");
    script(&python, "points_by_block.py", &dots)?;
    script(&python, "points_told_apart.py", &dots)
}

/// Patterns of the same energy by our sampler and by spatstat's.
fn sampler() -> Result<(), String> {
    install::spatstat()?;
    let folder = run::target().join("bench/sampler");
    let folder = folder.to_string_lossy();
    run::step("Sampling 1,024 points (about a minute)");
    run::cargo(&[
        "run",
        "--quiet",
        "--package",
        "stipple-points",
        "--example",
        "sampler_peer",
        "--",
        &folder,
    ])?;
    let mut command = std::process::Command::new("Rscript");
    command.arg(run::root().join("sources/bench/sampler.R")).arg(&*folder);
    run::finish(command, "sampler.R")
}

/// How old one must be to read what a client reads.
fn words() -> Result<(), String> {
    let python = install::python_with(&run::target().join("bench/venv"), &[TEXTSTAT])?;
    script(&python, "reading_age.py", &run::root().to_string_lossy())
}

/// Runs a program of sources/bench on a folder.
fn script(python: &Path, name: &str, folder: &str) -> Result<(), String> {
    let mut command = std::process::Command::new(python);
    command.arg(run::root().join("sources/bench").join(name)).arg(folder);
    run::finish(command, name)
}
