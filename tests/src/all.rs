//! The tests that need more than one crate, in one binary.
//!
//! Rules of the house ([`tidy`]) · the command as outsiders script it ([`contract`], [`bad_input`]) ·
//! closed loops with known truth ([`closed_loop`]) · real photographs ([`photographs`]).

mod bad_input;
mod closed_loop;
mod contract;
mod photographs;
mod stipple;
mod tidy;
