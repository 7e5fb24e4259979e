//! Sealed bytes on disk, named by their own hash, there in full or not at all.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::error::Error;

/// A folder of sealed bytes.
///
/// # Invariants
/// A name that was given back stays readable over a loss of power: written, synced, renamed, folder synced.
/// The name is the SHA-256 of the sealed bytes, so that damage shows without any key.
#[derive(Clone)]
pub(crate) struct Blobs {
    folder: PathBuf,
}

impl Blobs {
    /// The folder, made if it is not there; what an earlier run left half-written is removed.
    pub(crate) fn in_folder(folder: &Path) -> Result<Self, Error> {
        fs::create_dir_all(folder)?;
        for entry in fs::read_dir(folder)?.flatten().filter(|entry| entry.path().is_file()) {
            fs::remove_file(entry.path())?;
        }
        Ok(Self { folder: folder.to_owned() })
    }

    /// A folder that is only read.
    pub(crate) fn read_only(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Whether a name is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.place(name).exists()
    }

    /// Writes bytes and gives their name.
    pub(crate) fn put(&self, sealed: &[u8]) -> Result<String, Error> {
        let name = data_encoding::HEXLOWER.encode(&Sha256::digest(sealed));
        let place = self.place(&name);
        if place.exists() {
            return Ok(name);
        }
        let folder = place.parent().expect("below the folder of blobs");
        if !folder.exists() {
            fs::create_dir_all(folder)?;
            File::open(&self.folder)?.sync_all()?;
        }
        // In the folder above, so that what a crash leaves is found at the next start.
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(sealed)?;
        file.as_file().sync_all()?;
        file.persist(&place).map_err(|error| error.error)?;
        File::open(folder)?.sync_all()?;
        Ok(name)
    }

    /// The bytes of a name.
    ///
    /// # Errors
    /// Missing, or not what was written.
    pub(crate) fn get(&self, name: &str) -> Result<Vec<u8>, Error> {
        let damaged = |_| Error::Damaged { kind: "file" };
        let sealed = fs::read(self.place(name)).map_err(damaged)?;
        let found = data_encoding::HEXLOWER.encode(&Sha256::digest(&sealed));
        if found == name { Ok(sealed) } else { Err(Error::Damaged { kind: "file" }) }
    }

    /// Removes bytes; it is well if they are gone already.
    pub(crate) fn remove(&self, name: &str) -> Result<(), Error> {
        match fs::remove_file(self.place(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Every name that is there.
    pub(crate) fn names(&self) -> Result<Vec<String>, Error> {
        let mut names = Vec::new();
        for folder in fs::read_dir(&self.folder)?.flatten().filter(|entry| entry.path().is_dir()) {
            for file in fs::read_dir(folder.path())?.flatten() {
                let (above, below) = (folder.file_name(), file.file_name());
                names.push(format!("{}{}", above.to_string_lossy(), below.to_string_lossy()));
            }
        }
        names.sort();
        Ok(names)
    }

    fn place(&self, name: &str) -> PathBuf {
        let (above, below) = name.split_at(2.min(name.len()));
        self.folder.join(above).join(below)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_is_got_and_damage_shows() {
        let folder = tempfile::tempdir().expect("a folder");
        let blobs = Blobs::in_folder(folder.path()).expect("made");
        let name = blobs.put(b"sealed").expect("written");
        assert_eq!(blobs.put(b"sealed").expect("again"), name);
        assert_eq!(blobs.names().expect("listed"), std::slice::from_ref(&name));
        assert_eq!(blobs.get(&name).expect("read"), b"sealed");
        fs::write(blobs.place(&name), b"sealef").expect("damaged");
        assert!(blobs.get(&name).is_err());
        blobs.remove(&name).expect("removed");
        blobs.remove(&name).expect("gone already");
        assert!(blobs.get(&name).is_err());
    }

    #[test]
    fn what_a_crash_left_is_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join(".tmpHalf"), b"half").expect("written");
        Blobs::in_folder(folder.path()).expect("opened");
        assert_eq!(fs::read_dir(folder.path()).expect("read").count(), 0);
    }
}
