//! The web application: built, and tried in a real browser.

use std::path::PathBuf;
use std::process::Command;

use crate::{install, run};

/// Builds doors/web into doors/web/dist, from where the program takes it in.
pub(crate) fn build() -> Result<(), String> {
    install::node()?;
    if !is_installed() {
        run::step("Installing what the web application is made of (npm)");
        npm(&["ci", "--no-audit", "--no-fund"])?;
    }
    run::step("Building the web application");
    npm(&["run", "build"])
}

/// Whether `npm ci` has run since the list of packages changed.
fn is_installed() -> bool {
    let changed = |name: &str| folder().join(name).metadata().and_then(|data| data.modified()).ok();
    let (installed, wanted) = (changed("node_modules/.package-lock.json"), changed("package-lock.json"));
    installed.is_some() && installed >= wanted
}

fn npm(arguments: &[&str]) -> Result<(), String> {
    let mut command = Command::new("npm");
    command.args(arguments).current_dir(folder());
    run::finish(command, &format!("npm {}", arguments.join(" ")))
}

fn folder() -> PathBuf {
    run::root().join("doors/web")
}
