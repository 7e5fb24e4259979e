//! A studio whose clock follows a file, for the browser test: `studio_clock --data FOLDER --program STIPPLE --clock FILE`.
//!
//! The file holds whole days ahead of the machine's clock, below zero where the studio is behind. The product has no
//! such switch: only a program that takes the server in can move its clock.

#![allow(clippy::print_stderr, reason = "whoever starts it reads there where the studio is")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::SignedDuration;
use stipple_server::{Options, set_clock_ahead};

/// How often the file is looked at.
const OFTEN: Duration = Duration::from_millis(50);

fn main() {
    let [data, program, clock] = ["--data", "--program", "--clock"].map(given);
    follow(&clock);
    std::thread::spawn(move || {
        loop {
            follow(&clock);
            std::thread::sleep(OFTEN);
        }
    });
    let options = Options {
        data,
        database: None,
        listen: "127.0.0.1:0".parse().expect("an address"),
        hosts: Vec::new(),
        several_clinics: false,
        mail: None,
        program,
    };
    let served =
        stipple_server::serve(&options, |address| eprintln!("the studio is open at http://{address}"));
    served.expect("served");
}

/// The path after a word of the command line.
fn given(name: &str) -> PathBuf {
    let path = std::env::args().skip_while(|word| word != name).nth(1);
    path.unwrap_or_else(|| panic!("{name} PATH is missing")).into()
}

/// Sets the clock by the file, which is empty for a moment while somebody writes it.
fn follow(file: &Path) {
    let days = std::fs::read_to_string(file).ok().and_then(|text| text.trim().parse::<i64>().ok());
    if let Some(days) = days {
        set_clock_ahead(SignedDuration::from_hours(24 * days));
    }
}
