//! The tests that need more than one crate, in one binary.
//!
//! Rules of the house ([`tidy`]) · the command as outsiders script it ([`contract`], [`bad_input`], [`wrong_use`],
//! [`formats`], [`pigments`], [`drawn`], [`outcome`]) · what is published ([`publish`], [`site`]) · what fuzzing found ([`fuzzed`]) · dots on heads in space ([`heads`]) ·
//! who is told what ([`stories`]) · the studio over HTTP ([`studio`]) · closed loops with known truth ([`closed_loop`]) · real photographs ([`photographs`]).

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "tests print what they measured and what they skipped"
)]

mod after;
mod agreement;
mod bad_input;
mod closed_loop;
mod contract;
mod dng;
mod drawn;
mod fading;
mod formats;
mod fuzzed;
mod heads;
mod outcome;
mod photographs;
mod pigments;
mod publish;
mod site;
mod stipple;
mod stories;
mod studio;
mod tidy;
mod wrong_use;
