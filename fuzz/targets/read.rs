//! A photograph drawn from bytes, read: `cargo xtask fuzz read`.

#![no_main]

mod alone;
#[path = "../../tests/src/fuzzed/read.rs"]
mod target;

libfuzzer_sys::fuzz_target!(init: alone::prepare(), |bytes: &[u8]| target::read(bytes));
