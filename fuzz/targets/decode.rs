//! Strangers' bytes as a photograph: `cargo xtask fuzz decode`.

#![no_main]

mod alone;
#[path = "../../tests/src/fuzzed/decode.rs"]
mod target;

libfuzzer_sys::fuzz_target!(init: alone::prepare(), |bytes: &[u8]| target::decode(bytes));
