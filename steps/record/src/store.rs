//! The disk: what comes in is bounded, what goes out is whole or absent.

use std::fs::{self, File};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use tempfile::{Builder, NamedTempFile, TempDir};

use crate::error::Error;

/// What the name of anything unfinished begins with.
const PARTIAL: &str = ".stipple-partial-";
/// An unfinished folder that has not changed for so long belongs to nobody.
const STALE: Duration = Duration::from_secs(24 * 60 * 60);

/// SHA-256 of bytes, 64 lower-case hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of an input. `role` is what messages call it, such as "photo".
///
/// # Errors
/// If it is missing, a folder, not readable, or holds more than `bytes_max`.
pub fn read_input(role: &'static str, path: &Path, bytes_max: u64) -> Result<Vec<u8>, Error> {
    let unreadable = |trouble: std::io::Error| Error::Unreadable { role, reason: reason(&trouble) };
    let file = File::open(path).map_err(unreadable)?;
    let facts = file.metadata().map_err(unreadable)?;
    if facts.is_dir() {
        return Err(Error::Unreadable { role, reason: "it is a folder".into() });
    }
    let mut bytes = Vec::new();
    file.take(bytes_max.saturating_add(1)).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > bytes_max {
        let megabytes = |bytes: u64| bytes.div_ceil(1024 * 1024);
        let found_mb = megabytes(facts.len().max(bytes.len() as u64));
        return Err(Error::TooLarge { role, found_mb, allowed_mb: megabytes(bytes_max) });
    }
    Ok(bytes)
}

/// The same of a regular file alone: somebody may never write into a pipe.
///
/// # Errors
/// As [`read_input`], and if it is no file.
pub fn read_plain_file(role: &'static str, path: &Path, bytes_max: u64) -> Result<Vec<u8>, Error> {
    let facts = fs::metadata(path).map_err(|trouble| Error::Unreadable { role, reason: reason(&trouble) })?;
    if !facts.is_file() && !facts.is_dir() {
        return Err(Error::Unreadable { role, reason: "it is no plain file".into() });
    }
    read_input(role, path, bytes_max)
}

/// Asks before long work whether a file can be written.
///
/// # Errors
/// If its folder is missing or not writable, or the path is a folder.
pub fn require_place_of_file(file: &Path) -> Result<(), Error> {
    match fs::metadata(file) {
        Ok(facts) if facts.is_dir() => return Err(not_written("a folder stands in its place")),
        Ok(facts) if !facts.is_file() => return Ok(()),
        _ => {}
    }
    partial_in(parent_of(file)).map(drop).map_err(|trouble| unwritten(&trouble))
}

/// Asks before long work whether a folder can be written into, or be made.
///
/// # Errors
/// If it, or the nearest folder above that exists, is no folder or not writable.
pub fn require_place_of_folder(folder: &Path) -> Result<(), Error> {
    let there = |path: &&Path| fs::symlink_metadata(path).is_ok();
    let above = folder.ancestors().filter(|path| !path.as_os_str().is_empty()).find(there);
    let nearest = above.unwrap_or(Path::new("."));
    if !nearest.is_dir() {
        return Err(not_written("a file stands in the place of the folder"));
    }
    partial_in(nearest).map(drop).map_err(|trouble| unwritten(&trouble))
}

/// Writes a file: afterwards it holds all bytes, or, on an error, what it held before.
///
/// # Errors
/// If the folder is missing or not writable, the disk is full, or the path is a folder.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    write_files(&[(path, bytes)])
}

/// Writes files into a folder, all or none. The folder is made if it is missing; what else stands in it stays.
///
/// # Errors
/// If the disk is full, a place is not writable, or a folder stands where a file should go; nothing is left
/// behind and what stood there before still stands.
///
/// # Limits
/// Into a folder that exists files go one after the other: a power cut in that instant may leave some old, some
/// new, each whole.
///
/// # Panics
/// If a name is not a plain file name or is used twice: that is our own bug.
pub fn write_folder(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), Error> {
    for (k, (name, _)) in files.iter().enumerate() {
        let mut parts = Path::new(name).components();
        let plain = matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None));
        assert!(plain, "a file in a folder has a plain name");
        assert!(files[..k].iter().all(|(other, _)| other != name), "every file has a name of its own");
    }
    match fs::metadata(folder) {
        Ok(facts) if facts.is_dir() => write_into(folder, files),
        Ok(_) => Err(not_written("a file stands in the place of the folder")),
        Err(_) => write_new(folder, files),
    }
}

/// Makes a folder: its content is staged beside it, then named at once.
fn write_new(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), Error> {
    let made = make_parents(folder)?;
    let written = || -> std::io::Result<()> {
        let parent = parent_of(folder);
        remove_stale(parent);
        let stage = stage_in(parent, files)?;
        fs::rename(stage.path(), folder)?;
        // Because it has its name now, it must no longer vanish at the end.
        let _ = stage.keep();
        sync_folder(parent)
    };
    written().map_err(|trouble| {
        made.iter().for_each(|parent| drop(fs::remove_dir(parent)));
        unwritten(&trouble)
    })
}

/// Adds to a folder: its content is staged inside, then every file is named; on trouble all names go back.
fn write_into(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), Error> {
    let is_taken = |name: &str| fs::metadata(folder.join(name)).is_ok_and(|facts| !facts.is_file());
    if files.iter().any(|(name, _)| is_taken(name)) {
        return Err(not_written("a folder or a device stands in the place of a file"));
    }
    remove_stale(folder);
    let written = || -> std::io::Result<()> {
        let stage = stage_in(folder, files)?;
        let former = TempDir::with_prefix_in(PARTIAL, folder)?;
        name_all(folder, stage.path(), former.path(), files.iter().map(|(name, _)| name.as_str()))?;
        sync_folder(folder)
    };
    written().map_err(|trouble| unwritten(&trouble))
}

/// Moves staged files to their names, keeping in `former` what had them; on trouble all names go back.
fn name_all<'a>(
    folder: &Path,
    stage: &Path,
    former: &Path,
    names: impl Iterator<Item = &'a str>,
) -> std::io::Result<()> {
    let mut placed = Vec::new();
    let mut place = |name: &'a str| -> std::io::Result<()> {
        let (target, kept) = (folder.join(name), former.join(name));
        if target.exists() {
            fs::hard_link(&target, &kept).or_else(|_| fs::copy(&target, &kept).map(drop))?;
        }
        fs::rename(stage.join(name), target)?;
        placed.push(name);
        Ok(())
    };
    let outcome = names.into_iter().try_for_each(&mut place);
    if outcome.is_err() {
        placed.iter().for_each(|name| put_back(folder, former, name));
    }
    outcome
}

/// Gives a name back to what had it before, or frees it.
fn put_back(folder: &Path, former: &Path, name: &str) {
    let (target, kept) = (folder.join(name), former.join(name));
    let _ = if kept.exists() { fs::rename(kept, target) } else { fs::remove_file(target) };
}

/// A hidden folder inside another that holds the files, safe on the disk; it vanishes when dropped.
fn stage_in(folder: &Path, files: &[(String, Vec<u8>)]) -> std::io::Result<TempDir> {
    let stage = TempDir::with_prefix_in(PARTIAL, folder)?;
    for (name, bytes) in files {
        let mut file = File::create(stage.path().join(name))?;
        file.write_all(bytes)?;
        file.sync_all()?;
    }
    sync_folder(stage.path())?;
    Ok(stage)
}

/// An unfinished file in a folder, with the rights that the person's other files get.
fn partial_in(folder: &Path) -> std::io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(PARTIAL);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// Makes the folders above a folder; gives those it made, innermost first.
fn make_parents(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let missing = |path: &&Path| !path.as_os_str().is_empty() && !path.exists();
    let missing: Vec<PathBuf> =
        folder.ancestors().skip(1).take_while(missing).map(Path::to_path_buf).collect();
    fs::create_dir_all(parent_of(folder)).map_err(|trouble| {
        missing.iter().for_each(|parent| drop(fs::remove_dir(parent)));
        unwritten(&trouble)
    })?;
    Ok(missing)
}

/// Removes what a killed run left in a folder a day ago or earlier.
fn remove_stale(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let is_ours = entry.file_name().to_string_lossy().starts_with(PARTIAL);
        let age =
            entry.metadata().and_then(|facts| facts.modified()).ok().and_then(|then| then.elapsed().ok());
        if is_ours && age.is_some_and(|age| age > STALE) {
            let _ = fs::remove_dir_all(entry.path()).or_else(|_| fs::remove_file(entry.path()));
        }
    }
}

fn parent_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes the names in a folder safe on the disk.
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn not_written(reason: impl Into<String>) -> Error {
    Error::NotWritten { reason: reason.into() }
}

fn unwritten(trouble: &std::io::Error) -> Error {
    match trouble.kind() {
        ErrorKind::NotFound => not_written("its folder does not exist"),
        _ => not_written(reason(trouble)),
    }
}

/// What the system says, without the path that it may say too.
fn reason(trouble: &std::io::Error) -> String {
    match trouble.kind() {
        ErrorKind::NotFound => "it does not exist".into(),
        ErrorKind::PermissionDenied => "it is not allowed".into(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "the disk is full".into(),
        ErrorKind::ReadOnlyFilesystem => "the disk is read-only".into(),
        kind => kind.to_string(),
    }
}

mod below;
mod several;

pub use below::{files_below, read_below};
pub use several::{require_places_of_their_own, write_files};

#[cfg(test)]
mod tests;
