//! `stipple` on the command line.
//!
//! # Place in the flow
//! Floor 5, a door: files and flags in, files and exit codes out. The work is done by the pipeline.
//!
//! # What it can do
//! The commands of the outside contract: `consult`, `read`, `assess`, `plan`, `preview`, `synth`, `card`;
//! `head`, which places dots on a 3-D scan; `verify`, which tells whether what was published holds;
//! `serve`, which opens the studio's door; and `template`, which writes the shipped protocol, rules or questions for a clinic to make its own.
//!
//! # Invariants
//! Exit codes: 0 done, 1 our fault, 2 wrong usage, 3 the input cannot be used, 4 refused by a rule, or what was verified does not hold.
//! No name, path or picture appears in a message. No network but where `serve` listens.
//!
//! # Modules in reading order
//! [`arguments`], [`command`], [`mod@head`], [`mod@synth`], [`mod@serve`], [`mod@verify`], [`show`], [`trouble`].

mod arguments;
mod command;
mod head;
mod serve;
mod show;
mod synth;
mod trouble;
mod verify;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::Parser as _;

use trouble::Trouble;

fn main() -> ExitCode {
    let arguments = match arguments::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(message) => return show::usage(message),
    };
    // Because a panic's own report holds paths, and decoders of strangers' files panic where nothing is wrong here.
    std::panic::set_hook(Box::new(|_| {}));
    let worked = catch_unwind(AssertUnwindSafe(|| command::run(&arguments)));
    match worked.unwrap_or_else(|_| Err(Trouble::Ours("the work ended unfinished".to_owned()))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            show::trouble(&trouble, &arguments.shared);
            trouble.exit_code()
        }
    }
}
