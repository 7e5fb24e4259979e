//! Several files in places of their own: none takes the place of an input, all are written or none.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

use super::{
    not_written, parent_of, partial_in, remove_stale, require_place_of_file, sync_folder, unwritten,
};
use crate::error::Error;

/// Asks before any work whether results would destroy an input or one another.
///
/// # Errors
/// If a result would take the place of an input, or two results would share one file, by whatever name.
pub fn require_places_of_their_own(results: &[&Path], inputs: &[&Path]) -> Result<(), Error> {
    for (k, result) in results.iter().enumerate() {
        if inputs.iter().any(|input| is_same_file(result, input)) {
            return Err(not_written("it would take the place of an input"));
        }
        if results[..k].iter().any(|other| is_same_file(result, other)) {
            return Err(not_written("two results would share one file"));
        }
    }
    Ok(())
}

/// Writes files, all or none: all are staged beside their places, then named one after the other; on trouble all
/// names go back to what had them.
///
/// # Errors
/// If a folder is missing or not writable, the disk is full, or a path is a folder.
pub fn write_files(files: &[(&Path, &[u8])]) -> Result<(), Error> {
    files.iter().try_for_each(|(path, _)| require_place_of_file(path))?;
    let staged = files.iter().map(|(path, bytes)| Staged::of(path, bytes)).collect::<Result<Vec<_>, _>>();
    let mut placed = Vec::new();
    for file in staged.map_err(|trouble| unwritten(&trouble))? {
        match file.place() {
            Ok(done) => placed.extend(done),
            Err(trouble) => {
                placed.into_iter().rev().for_each(Placed::put_back);
                return Err(unwritten(&trouble));
            }
        }
    }
    Ok(())
}

/// A file's bytes, safe on the disk but not yet named.
enum Staged<'a> {
    File {
        partial: NamedTempFile,
        target: PathBuf,
    },
    /// Because a pipe or a device cannot be replaced, it is written to.
    Device {
        target: PathBuf,
        bytes: &'a [u8],
    },
}

impl<'a> Staged<'a> {
    fn of(path: &Path, bytes: &'a [u8]) -> std::io::Result<Self> {
        // Because replacing a link would cut it, what it points to is replaced.
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        if fs::metadata(&target).is_ok_and(|facts| !facts.is_file()) {
            return Ok(Self::Device { target, bytes });
        }
        remove_stale(parent_of(&target));
        let mut partial = partial_in(parent_of(&target))?;
        partial.write_all(bytes)?;
        partial.as_file().sync_all()?;
        Ok(Self::File { partial, target })
    }

    fn place(self) -> std::io::Result<Option<Placed>> {
        match self {
            Self::Device { target, bytes } => fs::write(target, bytes).map(|()| None),
            Self::File { partial, target } => {
                let former = if target.exists() { Some(kept(&target)?) } else { None };
                partial.persist(&target).map_err(|trouble| trouble.error)?;
                sync_folder(parent_of(&target))?;
                Ok(Some(Placed { target, former }))
            }
        }
    }
}

/// A file that has its name, and what had the name before.
struct Placed {
    target: PathBuf,
    former: Option<TempPath>,
}

impl Placed {
    fn put_back(self) {
        // Nothing more can be done when even this fails.
        let _ = match self.former {
            Some(former) => former.persist(self.target).is_ok(),
            None => fs::remove_file(self.target).is_ok(),
        };
    }
}

/// What has a name now, kept beside it under another until it is dropped.
fn kept(target: &Path) -> std::io::Result<TempPath> {
    let kept = partial_in(parent_of(target))?.into_temp_path();
    fs::copy(target, &kept)?;
    Ok(kept)
}

/// Whether two paths lead to one regular file, or would once it is written.
fn is_same_file(one: &Path, other: &Path) -> bool {
    match (fs::metadata(one), fs::metadata(other)) {
        (Ok(facts), Ok(others)) => {
            facts.is_file()
                && others.is_file()
                && (is_same_inode(&facts, &others)
                    || fs::canonicalize(one).ok() == fs::canonicalize(other).ok())
        }
        (Err(_), Err(_)) => place_of(one).is_some_and(|place| Some(place) == place_of(other)),
        _ => false,
    }
}

#[cfg(unix)]
fn is_same_inode(one: &fs::Metadata, other: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
fn is_same_inode(_: &fs::Metadata, _: &fs::Metadata) -> bool {
    false
}

/// The place of a file that is not there yet.
fn place_of(path: &Path) -> Option<PathBuf> {
    Some(fs::canonicalize(parent_of(path)).ok()?.join(path.file_name()?))
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn several_files_are_written_all_or_none() {
        let folder = TempDir::new().expect("a place for the test");
        let [old, new, lost] = ["old", "new", "missing/last"].map(|name| folder.path().join(name));
        fs::write(&old, "before").expect("writable");
        let files: [(&Path, &[u8]); 3] = [(&old, b"after"), (&new, b"new"), (&lost, b"lost")];
        assert!(matches!(write_files(&files), Err(Error::NotWritten { .. })));
        assert_eq!(fs::read_to_string(&old).expect("still there"), "before");
        assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 1, "nothing is left behind");
        write_files(&files[..2]).expect("both are written");
        assert_eq!(fs::read_to_string(&old).expect("there"), "after");
        assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 2);
    }

    #[test]
    fn what_was_named_goes_back_when_a_later_one_fails() {
        let folder = TempDir::new().expect("a place for the test");
        let [old, new] = ["old", "new"].map(|name| folder.path().join(name));
        fs::write(&old, "before").expect("writable");
        for (path, bytes) in [(&old, b"after" as &[u8]), (&new, b"new")] {
            let placed = Staged::of(path, bytes).and_then(Staged::place).expect("placed");
            placed.expect("a file").put_back();
        }
        assert_eq!(fs::read_to_string(&old).expect("still there"), "before");
        assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 1);
    }

    #[test]
    fn a_result_takes_no_input_s_place_by_any_name() {
        let folder = TempDir::new().expect("a place for the test");
        let [input, link, fresh] = ["input", "link", "fresh"].map(|name| folder.path().join(name));
        fs::write(&input, "mine").expect("writable");
        fs::hard_link(&input, &link).expect("linked");
        let roundabout = folder.path().join(".").join("input");
        for result in [&input, &link, &roundabout] {
            let trouble = require_places_of_their_own(&[result], &[&input]).expect_err("refused").to_string();
            assert!(trouble.contains("the place of an input"), "{trouble}");
        }
        let again = folder.path().join(".").join("fresh");
        assert!(require_places_of_their_own(&[&fresh, &again], &[&input]).is_err());
        assert!(require_places_of_their_own(&[&fresh], &[&input]).is_ok());
    }
}
