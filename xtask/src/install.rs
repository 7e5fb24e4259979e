//! What a fresh Debian machine lacks.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::run;

/// A C compiler, which some crates need.
pub(crate) fn c_compiler() -> Result<(), String> {
    debian("command -v cc", "gcc libc6-dev")
}

/// A C++ compiler, which the fuzzing engine needs.
pub(crate) fn cxx_compiler() -> Result<(), String> {
    debian("command -v c++", "g++")
}

/// `cargo fuzz`, built from crates.io.
pub(crate) fn cargo_fuzz() -> Result<(), String> {
    if answers("cargo fuzz --version") {
        return Ok(());
    }
    run::step("Installing cargo-fuzz (crates.io)");
    run::cargo(&["install", "--locked", "cargo-fuzz", "--version", "0.13.2"])
}

/// `pdftoppm`, with which the tests look at the PDFs that we make.
pub(crate) fn poppler() -> Result<(), String> {
    debian("command -v pdftoppm", "poppler-utils")
}

/// Node and npm, with which the web application is built.
pub(crate) fn node() -> Result<(), String> {
    debian("npm --version", "nodejs npm")
}

/// PostgreSQL, on which the studio is tested as on SQLite.
pub(crate) fn postgresql() -> Result<(), String> {
    debian("ls /usr/lib/postgresql/*/bin/initdb", "postgresql")
}

/// A mail server and strict readers, with which the studio's letters and calendars are tested.
pub(crate) fn mail_server() -> Result<(), String> {
    let packages = ["aiosmtpd==1.4.6", "icalendar==7.3.2", "trustme==1.2.1"];
    python_with(&run::target().join("post"), &packages).map(drop)
}

/// Chromium, in which the web application is tried.
pub(crate) fn chromium() -> Result<(), String> {
    debian("command -v chromium", "chromium")
}

/// PyTorch for Debian's own Python.
pub(crate) fn torch() -> Result<(), String> {
    debian("/usr/bin/python3 -c 'import torch, numpy'", "python3-torch python3-numpy")
}

/// R with the samplers of spatstat.
pub(crate) fn spatstat() -> Result<(), String> {
    debian("Rscript -e 'library(spatstat.random)'", "r-cran-spatstat.random")
}

/// A Python of its own in `folder` with packages of PyPI; made once.
pub(crate) fn python_with(folder: &Path, packages: &[&str]) -> Result<PathBuf, String> {
    let python = folder.join("bin/python");
    let python_name = python.to_string_lossy().into_owned();
    if !answers(&format!("{python_name} -m pip --version")) {
        debian("python3 -m ensurepip --version", "python3-venv")?;
        let mut venv = Command::new("python3");
        venv.args(["-m", "venv", "--clear"]).arg(folder);
        run::finish(venv, "python3 -m venv")?;
    }
    let named = packages.join(" ");
    run::step(&format!("Installing {named} (PyPI) in {}", folder.display()));
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(packages);
    run::finish(pip, &format!("pip install {named}"))?;
    Ok(python)
}

/// Installs Debian packages unless what they bring answers already.
fn debian(question: &str, packages: &str) -> Result<(), String> {
    if answers(question) {
        return Ok(());
    }
    run::step(&format!("Installing {packages} (Debian)"));
    let script = format!(
        "export DEBIAN_FRONTEND=noninteractive; sudo=$(command -v sudo || true); \
         $sudo apt-get update -qq && $sudo apt-get install -y -qq {packages}"
    );
    let mut shell = Command::new("sh");
    shell.args(["-c", &script]);
    run::finish(shell, &format!("apt-get install {packages}"))
        .map_err(|error| format!("{error}; needed: {packages}; install it and run this again"))
}

fn answers(question: &str) -> bool {
    let mut shell = Command::new("sh");
    shell.args(["-c", question]);
    shell.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}
