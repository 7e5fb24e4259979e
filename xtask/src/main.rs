//! All automation, in Rust and without dependencies: `cargo xtask <task>`.
//!
//! | task | what it does |
//! |---|---|
//! | `example` | builds Stipple and runs the main job on a synthetic scalp |
//! | `test` | installs what the tests need and runs all of them |
//! | `ci` | formatting, lints, documentation (CI runs `test` first) |
//! | `web` | builds the web application, which the program takes in |
//! | `schema` | writes the JSON Schemas anew from the types |
//! | `tables` | simulates the dot table of sources/optics anew (about 10 CPU minutes) |
//! | `time` | measures speed and memory, phase by phase, and prints the table of docs/performance.md |
//! | `fuzz [decode \| read \| mesh] [MINUTES]` | looks for bytes that break the decoders or the reader (30 minutes each) |
//! | `train` | learns the root head's weights anew from synthetic scalps (about two hours) |
//! | `bench read` | hair on synthetic scalps against scikit-image and OpenCV, by skin, hair and resolution |
//! | `bench words` | how old one must be to read what a client reads |
//! | `bench points` | planned dots against grown units: does a classifier tell them apart? ours, `fast_poisson`, `voronoice` |
//! | `bench sampler` | our sampler against spatstat's on the same energy, which it installs from Debian |
//! | `bench ablation` | what each group of nuisances of the synthetic scalps is worth to the root head (about an hour) |
//! | `bench color` | CIEDE2000 of pictures against `palette` and scikit-image, which it installs in target/ |

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a task talks to the person who started it")]

mod bench;
mod fuzz;
mod install;
mod root_head;
mod run;
mod time;
mod web;

use std::process::ExitCode;

fn main() -> ExitCode {
    let task = std::env::args().nth(1);
    let outcome = match task.as_deref() {
        Some("example") => example(),
        Some("test") => test(),
        Some("ci") => ci(),
        Some("web") => web::build(),
        Some("schema") => schema(),
        Some("tables") => tables(),
        Some("train") => root_head::train(),
        Some("fuzz") => fuzz::run(&std::env::args().skip(2).collect::<Vec<_>>()),
        Some("time") => time::table(),
        Some("bench") => bench::table(std::env::args().nth(2).as_deref()),
        _ => {
            eprintln!(
                "usage: cargo xtask example | test | ci | web | schema | tables | fuzz | train | time | bench color | read | points | sampler | words | ablation"
            );
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}

/// The main job on a bundled example: nothing else is needed.
fn example() -> Result<(), String> {
    install::c_compiler()?;
    web::build()?;
    run::step("Building Stipple (a few minutes the first time)");
    run::cargo(&run::BUILD)?;
    let program = run::program("debug");
    run::step("Making a synthetic scalp with a strip scar: out/example/photo.png");
    run::stipple(&program, &["synth", "--out", "out/example", "--seed", "7", "--card"])?;
    run::step("Consulting: read, assess, plan, preview, report");
    run::stipple(&program, &["consult", "out/example/photo.png", "--out", "out/example/consultation"])?;
    println!("\nDone. Look at:");
    for file in [
        "photo.png",
        "consultation/report.pdf",
        "consultation/preview-healed.png",
        "consultation/stencil.pdf",
    ] {
        println!("  out/example/{file}");
    }
    println!("\nYour own photograph:  {} consult PHOTO --out FOLDER", program.display());
    Ok(())
}

/// Everything that is tested, on a machine with Rust and a C compiler.
fn test() -> Result<(), String> {
    install::c_compiler()?;
    install::poppler()?;
    install::postgresql()?;
    install::mail_server()?;
    web::build()?;
    run::step("Building and testing");
    run::cargo(&["test", "--workspace"])?;
    web::try_out()
}

/// What CI asks beyond the tests.
fn ci() -> Result<(), String> {
    run::step("Formatting");
    run::cargo(&["fmt", "--all", "--check"])?;
    run::step("Lints");
    run::cargo(&["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"])?;
    run::step("Documentation");
    run::cargo_with(
        &["doc", "--workspace", "--no-deps", "--document-private-items"],
        &[("RUSTDOCFLAGS", "--deny warnings")],
    )
}

/// The schemas and OpenAPI follow the types; the tests that guard them also write them.
fn schema() -> Result<(), String> {
    // With the whole workspace, because a crate alone would be built anew with fewer features.
    let guards = ["test", "--workspace", "--lib", "--", "the_schemas_in_the_folder", "openapi"];
    run::cargo_with(&guards, &[("STIPPLE_ACCEPT", "1")])
}

/// The table of dots follows the photon transport; the same seed gives the same bytes on the same kind of
/// machine.
fn tables() -> Result<(), String> {
    run::step("Simulating dots in skin (about 10 CPU minutes)");
    let table = "sources/optics/dot_table.bin";
    run::cargo(&["run", "--release", "--package", "stipple-optics", "--example", "dot_table", "--", table])
}
