//! Starting other programs.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Builds the program. Over the whole workspace, because the tests then find the same crates built.
pub(crate) const BUILD: [&str; 4] = ["build", "--workspace", "--bin", "stipple"];

/// Says which step begins.
pub(crate) fn step(what: &str) {
    println!("\n== {what}");
}

/// Runs cargo in the repository.
pub(crate) fn cargo(arguments: &[&str]) -> Result<(), String> {
    cargo_with(arguments, &[])
}

/// Runs cargo in the repository with variables set.
pub(crate) fn cargo_with(arguments: &[&str], variables: &[(&str, &str)]) -> Result<(), String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = Command::new(cargo);
    command.args(arguments).envs(variables.iter().copied()).current_dir(root());
    // What cargo tells this package of itself makes crates with build scripts anew, and all that stand on them.
    let of_package = |name: &String| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
    std::env::vars().map(|(name, _)| name).filter(of_package).for_each(|name| {
        command.env_remove(name);
    });
    finish(command, &format!("cargo {}", arguments.join(" ")))
}

/// Runs a program in the repository with its output shown.
pub(crate) fn stipple(program: &Path, arguments: &[&str]) -> Result<(), String> {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    finish(command, &format!("stipple {}", arguments.join(" ")))
}

/// Builds an example of the tests. Over the whole workspace too, for the same reason as [`BUILD`].
pub(crate) fn built_example(name: &str) -> Result<PathBuf, String> {
    cargo(&["build", "--quiet", "--workspace", "--example", name])?;
    Ok(target().join("debug/examples").join(name))
}

/// Builds an example of the tests and runs it.
pub(crate) fn example(name: &str, arguments: &[&str]) -> Result<(), String> {
    let mut command = Command::new(built_example(name)?);
    command.args(arguments).current_dir(root());
    finish(command, name)
}

/// Waits for a command and turns a failure into words.
pub(crate) fn finish(mut command: Command, what: &str) -> Result<(), String> {
    let status = command.status().map_err(|error| format!("`{what}` did not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{what}` failed ({status})")) }
}

/// The `stipple` program of a profile's folder (`debug` or `release`).
pub(crate) fn program(profile: &str) -> PathBuf {
    target().join(profile).join("stipple")
}

/// Where cargo builds.
pub(crate) fn target() -> PathBuf {
    std::env::var("CARGO_TARGET_DIR").map_or_else(|_| root().join("target"), PathBuf::from)
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(|| PathBuf::from("."), Path::to_owned)
}
