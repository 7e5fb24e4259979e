//! What a fresh Debian machine lacks.

use std::process::{Command, Stdio};

use crate::run;

/// A C compiler, which some crates need.
pub(crate) fn c_compiler() -> Result<(), String> {
    debian("cc", "gcc libc6-dev")
}

/// `pdftoppm`, with which the tests look at the PDFs that we make.
pub(crate) fn poppler() -> Result<(), String> {
    debian("pdftoppm", "poppler-utils")
}

/// Installs Debian packages unless a program of theirs is there already.
fn debian(program: &str, packages: &str) -> Result<(), String> {
    if answers(program) {
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

fn answers(program: &str) -> bool {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("command -v {program}")]);
    shell.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}
