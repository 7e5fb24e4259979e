//! What fuzzing looks into, and every file of its corpus once more ([how it is done](../../CONTRIBUTING.md)).

mod decode;
mod mesh;
mod read;

use std::panic::catch_unwind;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::stipple::root;

/// Far beyond what one small file takes, on a busy machine too: only one that is never done with fails by it.
const PATIENCE: Duration = Duration::from_secs(120);

/// Runs a target on every file of its corpus; names those that fail.
fn replay(name: &str, target: fn(&[u8])) {
    let folder = root().join("tests/corpus").join(name);
    let entries = std::fs::read_dir(&folder).expect("the corpus can be read");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    assert!(paths.len() > 20, "a corpus of {} files is none", paths.len());
    let failed = paths.par_iter().filter(|path| {
        let bytes = std::fs::read(path).expect("readable");
        let started = Instant::now();
        catch_unwind(|| target(&bytes)).is_err() || started.elapsed() > PATIENCE
    });
    let failed: Vec<_> = failed.collect();
    assert!(failed.is_empty(), "these panic or take too long: {failed:?}");
}

#[test]
fn files_that_decoders_were_led_astray_with() {
    replay("decode", decode::decode);
}

#[test]
fn scenes_that_the_reader_was_led_astray_with() {
    replay("read", read::read);
}

#[test]
fn surfaces_that_flattening_was_led_astray_with() {
    replay("mesh", mesh::mesh);
}
