//! Backups, as commands run them.

use std::path::Path;

use crate::error::Error;
use crate::store::Store;
use crate::store::audit::Head;
use crate::store::backup::{Held, Restored};

/// Copies a studio into a new folder while it works.
///
/// # Errors
/// A folder that is not empty, a full disk, or a store that is damaged already.
pub fn back_up(data: &Path, database: Option<&str>, into: &Path) -> Result<Held, Error> {
    run(async { Store::open_beside(data, database).await?.back_up(into).await })
}

/// Puts a backup into a new folder, or an empty database, without whoever was erased since: those on the list `erased`
/// (`erased.txt` of a studio's folder), too.
///
/// # Errors
/// A store that holds something already; a backup that is incomplete or damaged; a list that is the backup's own, or shorter.
pub fn restore(
    backup: &Path,
    data: &Path,
    database: Option<&str>,
    erased: Option<&Path>,
) -> Result<Restored, Error> {
    run(async {
        let store = Store::open(data, database).await?;
        let restored = store.restore(backup, erased).await?;
        Ok(Restored { held: store.verify().await?, ..restored })
    })
}

/// Looks whether everything in a studio is there and unharmed, while it works.
///
/// # Errors
/// The first thing that is not.
pub fn verify(data: &Path, database: Option<&str>) -> Result<Held, Error> {
    run(async {
        let store = Store::open_beside(data, database).await?;
        store.verify_audit(None).await?;
        store.verify().await
    })
}

/// Looks whether the audit of a studio is whole, holds what is kept with it, and goes on from a head; how many rows were
/// looked at.
///
/// # Errors
/// The first thing that is not as it was written.
pub fn verify_audit(data: &Path, database: Option<&str>, head: Option<&Head>) -> Result<usize, Error> {
    run(async { Store::open_beside(data, database).await?.verify_audit(head).await })
}

/// Where the audit of a studio ends now, to be kept elsewhere.
///
/// # Errors
/// A folder without a studio.
pub fn audit_head(data: &Path, database: Option<&str>) -> Result<Head, Error> {
    run(async { Store::open_beside(data, database).await?.audit_head().await })
}

/// Restores a backup into a folder that is thrown away, and checks it there.
///
/// # Errors
/// A backup that could not be restored.
pub fn verify_backup(backup: &Path) -> Result<Held, Error> {
    let folder = tempfile::tempdir()?;
    Ok(restore(backup, folder.path(), None, None)?.held)
}

fn run<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}
