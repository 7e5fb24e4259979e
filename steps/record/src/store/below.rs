//! Strangers' folders: what lies in them, without leaving them.

use std::fs;
use std::path::Path;

use super::{read_input, reason};
use crate::error::Error;

/// Most files of a folder.
const FILES_MAX: usize = 20_000;
/// Deepest folder in a folder.
const DEPTH_MAX: usize = 8;

/// The names of all files below a folder, with forward slashes, in order.
///
/// # Errors
/// If it holds anything but files and folders (a link leads elsewhere), too many, too deep, or names that are no text.
pub fn files_below(role: &'static str, folder: &Path) -> Result<Vec<String>, Error> {
    let mut names = Vec::new();
    collect(role, folder, "", 0, &mut names)?;
    names.sort();
    Ok(names)
}

/// The bytes of a file below a folder, by a name that [`files_below`] gave.
///
/// # Errors
/// If it is no file, or larger than allowed.
pub fn read_below(role: &'static str, folder: &Path, name: &str, bytes_max: u64) -> Result<Vec<u8>, Error> {
    let path = folder.join(name);
    let facts = fs::symlink_metadata(&path)
        .map_err(|trouble| Error::Unreadable { role, reason: reason(&trouble) })?;
    if !facts.is_file() {
        return Err(unreadable(role, "it is no plain file"));
    }
    read_input(role, &path, bytes_max)
}

fn collect(
    role: &'static str,
    folder: &Path,
    within: &str,
    depth: usize,
    names: &mut Vec<String>,
) -> Result<(), Error> {
    let wrong = |trouble: std::io::Error| Error::Unreadable { role, reason: reason(&trouble) };
    if depth > DEPTH_MAX {
        return Err(unreadable(role, "it has folders in folders more than 8 deep"));
    }
    for entry in fs::read_dir(folder).map_err(wrong)? {
        let entry = entry.map_err(wrong)?;
        let kind = entry.file_type().map_err(wrong)?;
        let Some(name) = entry.file_name().to_str().map(|name| format!("{within}{name}")) else {
            return Err(unreadable(role, "a name in it is no text"));
        };
        if kind.is_dir() {
            collect(role, &entry.path(), &format!("{name}/"), depth + 1, names)?;
        } else if kind.is_file() {
            names.push(name);
        } else {
            return Err(unreadable(role, "it holds a link, or what is neither a file nor a folder"));
        }
        if names.len() > FILES_MAX {
            return Err(unreadable(role, "it holds more than 20 000 files"));
        }
    }
    Ok(())
}

fn unreadable(role: &'static str, reason: &str) -> Error {
    Error::Unreadable { role, reason: reason.to_owned() }
}
