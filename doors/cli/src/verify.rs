//! `stipple verify`: what was given is told by what it holds, never by its name.

use std::path::{Path, PathBuf};

use stipple_pipeline::verify::{LIST, SIGNATURE};
use stipple_pipeline::{Verified, certificates_from_pem, verify_bundle, verify_picture};
use stipple_record::store::{files_below, read_below, read_plain_file};

use crate::arguments::{self as typed, Shared};
use crate::command::{patiently, today};
use crate::trouble::Trouble;
use crate::{serve, show};

/// Largest file of anything published, bytes.
const FILE_BYTES_MAX: u64 = 64 << 20;
/// Largest file of certificates, bytes.
const ANCHOR_BYTES_MAX: u64 = 1 << 20;

/// Checks what was published, a backup, or a studio.
pub(crate) fn verify(command: &typed::Verify, shared: &Shared) -> Result<(), Trouble> {
    let trusted = trusted(command.anchor.as_deref())?;
    match (&command.what, &command.data) {
        (Some(what), _) if is_bundle(what) => published_folder(what.clone(), trusted, shared),
        (Some(what), _) if what.is_dir() => serve::verify_backup(what, shared),
        (Some(what), _) => picture(what, trusted, shared),
        (None, Some(data)) => serve::verify_studio(data, shared),
        (None, None) => unreachable!("clap asks for one of both"),
    }
}

fn picture(path: &Path, trusted: Vec<Vec<u8>>, shared: &Shared) -> Result<(), Trouble> {
    let bytes = read_plain_file("picture", path, FILE_BYTES_MAX)?;
    tell(patiently(shared, move |_| verify_picture(&bytes, &trusted))?, shared)
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
