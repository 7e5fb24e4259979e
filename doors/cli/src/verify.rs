//! `stipple verify`: what was given is told by what it holds, never by its name.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use stipple_pipeline::verify::{LIST, PORTFOLIO, SIGNATURE};
use stipple_pipeline::{Verified, certificates_from_pem, replay_picture, verify_bundle, verify_picture};
use stipple_record::store::{files_below, read_below, read_plain_file, sha256_hex};

use crate::arguments::{self as typed, Shared};
use crate::command::{patiently, today};
use crate::trouble::Trouble;
use crate::{serve, show};

/// Largest file of anything published, bytes.
const FILE_BYTES_MAX: u64 = 64 << 20;
/// Largest file that is taken for an original, bytes.
const ORIGINAL_BYTES_MAX: u64 = 512 << 20;
/// Largest file of certificates, bytes.
const ANCHOR_BYTES_MAX: u64 = 1 << 20;

/// Checks what was published, a backup, or a studio.
pub(crate) fn verify(command: &typed::Verify, shared: &Shared) -> Result<(), Trouble> {
    let trusted = trusted(command.anchor.as_deref())?;
    match (&command.what, &command.data) {
        (Some(what), _) if !what.is_dir() => picture(what, command.originals.as_deref(), trusted, shared),
        (Some(_), _) if command.originals.is_some() => Err(originals_of_one()),
        (Some(what), _) if is_bundle(what) => published_folder(what.clone(), trusted, shared),
        (Some(what), _) if what.join(PORTFOLIO).is_file() => Err(without_seal()),
        (Some(what), _) => serve::verify_backup(what, shared),
        (None, Some(data)) => serve::verify_studio(data, shared),
        (None, None) => unreachable!("clap asks for one of both"),
    }
}

fn picture(
    path: &Path,
    originals: Option<&Path>,
    trusted: Vec<Vec<u8>>,
    shared: &Shared,
) -> Result<(), Trouble> {
    let bytes = Arc::new(read_plain_file("picture", path, FILE_BYTES_MAX)?);
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(packed());
    }
    let picture = bytes.clone();
    tell(patiently(shared, move |_| verify_picture(&picture, &trusted))?, shared)?;
    let Some(folder) = originals.map(Path::to_path_buf) else { return Ok(()) };
    let names = files_below("originals", &folder)?;
    let replayed = patiently(shared, move |show| {
        // What cannot be read is as if it were not there: it is told by its hash if it is needed.
        let read = |name: &String| read_below("originals", &folder, name, ORIGINAL_BYTES_MAX).ok();
        let hashed = names.iter().filter_map(|name| Some((sha256_hex(&read(name)?), name)));
        let by_hash: HashMap<String, &String> = hashed.collect();
        replay_picture(&bytes, &mut |sha256| read(by_hash.get(sha256)?), show)
    });
    tell(replayed?, shared)
}

fn published_folder(folder: PathBuf, trusted: Vec<Vec<u8>>, shared: &Shared) -> Result<(), Trouble> {
    let names = files_below("folder", &folder)?;
    let today = today();
    let verified = patiently(shared, move |_| {
        let mut read = |name: &str| read_below("published file", &folder, name, FILE_BYTES_MAX);
        verify_bundle(&names, &mut read, &trusted, today)
    });
    tell(verified?, shared)
}

fn originals_of_one() -> Trouble {
    let needed = "one published JPEG: a picture is held against its own originals".to_owned();
    stipple_record::Error::Field {
        field: "originals".to_owned(),
        found: "a folder to verify".to_owned(),
        needed,
    }
    .into()
}

/// A portfolio as it is downloaded, in one file.
fn packed() -> Trouble {
    unusable("a ZIP archive", "the folder that it holds: unpack it, and give that")
}

/// Pages without the list of them and its signature.
fn without_seal() -> Trouble {
    let needed =
        format!("{LIST} and {SIGNATURE} beside its portfolio.json: nobody can tell who made it without them");
    unusable("a portfolio without its seal", &needed)
}

fn unusable(found: &str, needed: &str) -> Trouble {
    let (found, needed) = (found.to_owned(), needed.to_owned());
    stipple_record::Error::Field { field: "what to verify".to_owned(), found, needed }.into()
}

/// Every sentence; those of what does not hold are the trouble.
fn tell(verified: Verified, shared: &Shared) -> Result<(), Trouble> {
    if !verified.holds {
        return Err(Trouble::Broken(verified.said.join("; ")));
    }
    verified.said.iter().for_each(|sentence| show::done(sentence, shared));
    Ok(())
}

fn trusted(anchor: Option<&Path>) -> Result<Vec<Vec<u8>>, Trouble> {
    let Some(anchor) = anchor else { return Ok(Vec::new()) };
    let pem = read_plain_file("certificates", anchor, ANCHOR_BYTES_MAX)?;
    Ok(certificates_from_pem(&pem).map_err(stipple_pipeline::Error::from)?)
}

/// Whether a folder is what a studio publishes: a signed list.
fn is_bundle(path: &Path) -> bool {
    path.join(LIST).is_file() && path.join(SIGNATURE).is_file()
}
