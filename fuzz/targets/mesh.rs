//! Strangers' bytes as the mesh of a head, its top filled: `cargo xtask fuzz mesh`.

#![no_main]

mod alone;
#[path = "../../tests/src/fuzzed/mesh.rs"]
mod target;

libfuzzer_sys::fuzz_target!(init: alone::prepare(), |bytes: &[u8]| target::mesh(bytes));
