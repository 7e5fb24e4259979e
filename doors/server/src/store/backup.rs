//! Copies of a store: taken while it works, put back, checked.
//!
//! A backup is a folder: `rows/TABLE.jsonl`, `blobs/`, `erased.txt`, and `manifest.json`, written last, with a hash of every file
//! of rows. Uploads on their way, browsers that are signed in and ways in for clients are left out. All that is sealed stays sealed: a backup opens with the clinic's passwords and its key on paper.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use sea_orm::{ConnectionTrait as _, DatabaseTransaction, EntityTrait as _};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::audit::{CLOSED, Deed, ERASED, append};
use super::entity::{
    account, audit, case, client, clinic, entry, file, gone, job, mail, own_text, photograph, publication,
    rating, record, review, set_aside, showcase, signing, visit,
};
use super::erasures::{self, Erased, Erasures};
use super::migration::LAST_READING_STANDS;
use super::outbox::PUT_BACK_IS_UNSURE;
use super::{Store, off_the_loop, own_folder};
use crate::blobs::Blobs;
use crate::error::Error;

/// The word and version of a backup.
const FORMAT: &str = "stipple/backup/1";
/// Rows that are put back with one statement.
const BATCH: usize = 500;
/// How often a backup is begun anew because somebody erased a client meanwhile.
const TRIES: usize = 5;

/// What a backup or a store holds.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Held {
    /// Rows by table.
    pub rows: BTreeMap<String, usize>,
    /// Sealed files that rows point at.
    pub blobs: usize,
    /// Sealed files that no row points at: what a loss of power left.
    pub left_over: usize,
}

/// What was put back.
#[derive(Debug)]
pub struct Restored {
    /// What the backup held, without whom the lists name.
    pub held: Held,
    /// Clients and consents by which the lists that were known are later than the backup.
    pub erased_since: usize,
}

/// What stands in `manifest.json`.
#[derive(Deserialize, Serialize)]
struct Manifest {
    format: String,
    software: String,
    /// SHA-256 of every file of rows.
    rows: BTreeMap<String, String>,
}

/// Tables that older backups do not have.
const LATER: [&str; 9] =
    ["rating", "entry", "own_text", "mail", "publication", "showcase", "signing", "review", "gone"];

/// Rows of every table as JSON, by table.
pub(super) type Rows = BTreeMap<&'static str, Vec<Value>>;

/// Does the same with every table.
macro_rules! every_table {
    ($each:ident) => {
        $each!(
            clinic,
            account,
            audit,
            client,
            set_aside,
            case,
            visit,
            photograph,
            record,
            file,
            job,
            rating,
            entry,
            own_text,
            mail,
            publication,
            showcase,
            signing,
            review,
            gone
        )
    };
}

impl Store {
    /// Copies everything into a new folder while the studio works.
    ///
    /// # Errors
    /// A folder that is not empty, a full disk, or bytes that are damaged already.
    pub(crate) async fn back_up(&self, into: &Path) -> Result<Held, Error> {
        require_empty(into)?;
        for _ in 0..TRIES {
            let rows = self.snapshot().await?;
            require_whole(&rows)?;
            let (blobs, erasures, into) = (self.blobs.clone(), self.erasures.clone(), into.to_owned());
            let copied = off_the_loop(move || copy(&rows, &blobs, &erasures, &into)).await?;
            if let Some(held) = copied {
                return Ok(held);
            }
        }
        Err(Error::unusable(
            "restless",
            "Clients were erased while the backup was taken, five times. Try it again.",
        ))
    }

    /// Puts a backup into this store, which must be empty, without anybody on a list of the erased: the one given, that of
    /// the backup, and one that lies in the store's folder still.
    ///
    /// # Errors
    /// A store that holds something; a backup that is incomplete or damaged. Nothing is put in then.
    pub(crate) async fn restore(&self, from: &Path, erased: Option<&Path>) -> Result<Restored, Error> {
        if !self.is_new().await? {
            let message =
                "This store holds a clinic already. Name a new folder with --data, or an empty database.";
            return Err(Error::unusable("not_empty", message));
        }
        let backup = from.to_owned();
        let (erased, erased_since) = self.erased_until_now(from, erased)?;
        let mut rows = off_the_loop(move || read_rows(&backup)).await?;
        let taken_out = erasures::take_out(&mut rows, &erased.wholly);
        let closed = erasures::close_again(&mut rows, &erased);
        let (held, wanted) = (held(&rows), wanted(&rows));
        let (blobs, backup, put) = (self.blobs.clone(), from.join("blobs"), wanted.clone());
        off_the_loop(move || {
            let copies = Blobs::read_only(&backup);
            // All of them first, so that a damaged backup leaves nothing behind.
            for name in &wanted {
                copies.get(name).map_err(|_| damaged_blob(name))?;
            }
            wanted.iter().try_for_each(|name| blobs.put(&copies.get(name)?).map(drop))
        })
        .await?;
        let writing = self.begin().await?;
        match put_back(&writing, rows).await {
            Ok(()) => writing.commit().await?,
            Err(error) => {
                writing.rollback().await?;
                self.drop_blobs(put.into_iter().collect()).await?;
                return Err(error);
            }
        }
        self.chain_old_rows().await?;
        self.erasures.extend(&erased)?;
        let deeds =
            taken_out.into_iter().map(|one| (one, ERASED)).chain(closed.into_iter().map(|one| (one, CLOSED)));
        for ((clinic, client), deed) in deeds {
            let writing = self.begin().await?;
            append(&writing, clinic, None, Deed::new(deed).of(client)).await?;
            writing.commit().await?;
        }
        self.withdraw_again(&erased.withdrawn).await?;
        Ok(Restored { held, erased_since })
    }

    /// Looks whether everything that rows point at is there and unharmed.
    ///
    /// # Errors
    /// The first thing that is not.
    pub(crate) async fn verify(&self) -> Result<Held, Error> {
        if self.db.get_database_backend() == sea_orm::DbBackend::Sqlite {
            let checked =
                sea_orm::Statement::from_string(sea_orm::DbBackend::Sqlite, "PRAGMA integrity_check");
            let row = self.db.query_one_raw(checked).await?;
            let said: String = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
            if said != "ok" {
                return Err(Error::Damaged { kind: "database" });
            }
        }
        let mut tries = TRIES;
        loop {
            let rows = self.snapshot().await?;
            require_whole(&rows)?;
            let blobs = self.blobs.clone();
            let checked = off_the_loop(move || check(&rows, &blobs)).await;
            // What was erased meanwhile is not damaged: look again.
            tries -= 1;
            if checked.is_ok() || tries == 0 {
                return checked;
            }
        }
    }

    /// Everybody who is known to have been erased, and how many lines of that are later than the backup.
    fn erased_until_now(&self, backup: &Path, given: Option<&Path>) -> Result<(Erased, usize), Error> {
        let of_backup = erasures::read(&backup.join(erasures::FILE))?.unwrap_or_default();
        let before = of_backup.len();
        let mut erased = self.erasures.all()?;
        if let Some(given) = given {
            let given = given_list(backup, given)?;
            // A list only grows.
            if given.lacks(&of_backup) {
                let message = "The list of erased clients lacks some whom the backup itself names: it was shortened, or is of \
                               another studio. Name erased.txt of the studio's folder, or of its latest backup.";
                return Err(Error::unusable("short_erasures", message));
            }
            erased.add(given);
        }
        erased.add(of_backup);
        let since = erased.len() - before;
        Ok((erased, since))
    }

    /// Every row as of one moment.
    async fn snapshot(&self) -> Result<Rows, Error> {
        let reading = self.begin_reading().await?;
        let mut rows = Rows::new();
        macro_rules! read {
            ($($table:ident),*) => {$(
                let found = $table::Entity::find().all(&reading).await?;
                let json = found.iter().map(serde_json::to_value).collect::<Result<_, _>>();
                rows.insert(stringify!($table), json.map_err(|_| Error::Damaged { kind: "row" })?);
            )*};
        }
        every_table!(read);
        reading.rollback().await?;
        Ok(rows)
    }
}

/// Every sealed file that rows point at is unharmed.
fn check(rows: &Rows, blobs: &Blobs) -> Result<Held, Error> {
    let wanted = wanted(rows);
    wanted.iter().try_for_each(|name| blobs.get(name).map(drop))?;
    let left_over = blobs.names()?.iter().filter(|name| !wanted.contains(*name)).count();
    Ok(Held { left_over, ..held(rows) })
}

async fn put_back(writing: &DatabaseTransaction, mut rows: Rows) -> Result<(), Error> {
    macro_rules! write {
        ($($table:ident),*) => {$(
            let found = rows.remove(stringify!($table)).unwrap_or_default();
            let models = found.into_iter().map(serde_json::from_value::<$table::Model>);
            let models = models.collect::<Result<Vec<_>, _>>().map_err(|_| Error::Damaged { kind: "row" })?;
            for some in models.chunks(BATCH) {
                let some = some.iter().cloned().map($table::ActiveModel::from).map(sea_orm::IntoActiveModel::into_active_model);
                let some: Vec<$table::ActiveModel> = some.map(all_set).collect();
                $table::Entity::insert_many(some).exec_without_returning(writing).await?;
            }
        )*};
    }
    every_table!(write);
    writing.execute_unprepared(PUT_BACK_IS_UNSURE).await?;
    // Backups of before hold no choice.
    writing.execute_unprepared(LAST_READING_STANDS).await?;
    Ok(())
}

/// Because a row that was read counts as unchanged, and unchanged values are not written.
fn all_set<A: sea_orm::ActiveModelTrait>(row: A) -> A {
    row.reset_all()
}

/// A list that was named, which must not be the backup's own: that knows of nobody who was erased later.
fn given_list(backup: &Path, given: &Path) -> Result<Erased, Error> {
    let place = |path: &Path| path.canonicalize().ok();
    if place(given).is_some_and(|given| place(&backup.join(erasures::FILE)) == Some(given)) {
        let message = "This list is the backup's own and knows of nobody who was erased later. Name erased.txt of the studio's folder or \
                       of a later backup; if none is left, say --erased none.";
        return Err(Error::unusable("own_erasures", message));
    }
    erasures::read(given)?.ok_or_else(|| {
        let message = "The list of erased clients is not there. Name erased.txt of the studio's folder.";
        Error::unusable("no_erasures", message)
    })
}

/// Writes rows and blobs; nothing if a blob was erased meanwhile.
fn copy(rows: &Rows, blobs: &Blobs, erasures: &Erasures, into: &Path) -> Result<Option<Held>, Error> {
    let [sealed, folder] = ["blobs", "rows"].map(|name| into.join(name));
    // Rows hold logins and wrapped keys: nobody else on this machine is to read them.
    [into, &sealed, &folder].into_iter().try_for_each(own_folder)?;
    let copies = Blobs::in_folder(&sealed)?;
    for name in wanted(rows) {
        match blobs.get(&name) {
            Ok(sealed) => drop(copies.put(&sealed)?),
            Err(_) if !blobs.has(&name) => return Ok(None),
            Err(error) => return Err(error),
        }
    }
    let erased = erasures.all()?.text();
    stipple_record::store::write_file(&into.join(erasures::FILE), erased.as_bytes())?;
    let mut hashes = BTreeMap::new();
    for (table, rows) in rows {
        let lines: String = rows.iter().map(|row| format!("{row}\n")).collect();
        stipple_record::store::write_file(&folder.join(format!("{table}.jsonl")), lines.as_bytes())?;
        hashes.insert((*table).to_owned(), hash(lines.as_bytes()));
    }
    let manifest =
        Manifest { format: FORMAT.to_owned(), software: stipple_record::SOFTWARE.to_owned(), rows: hashes };
    let text = serde_json::to_vec_pretty(&manifest).expect("plain data becomes JSON");
    stipple_record::store::write_file(&into.join("manifest.json"), &text)?;
    Ok(Some(held(rows)))
}

fn damaged_blob(name: &str) -> Error {
    let message =
        format!("The file {name} under blobs is missing from the backup or damaged. Use another backup.");
    Error::unusable("damaged_backup", message)
}

fn read_rows(from: &Path) -> Result<Rows, Error> {
    let none =
        |_| Error::unusable("no_backup", "This folder is no backup: manifest.json is missing or damaged.");
    let manifest: Manifest =
        serde_json::from_slice(&fs::read(from.join("manifest.json")).map_err(|_| none(()))?)
            .map_err(|_| none(()))?;
    if manifest.format != FORMAT {
        return Err(none(()));
    }
    let mut rows = Rows::new();
    macro_rules! read {
        ($($table:ident),*) => {$(
            rows.insert(stringify!($table), read_table(from, stringify!($table), &manifest)?);
        )*};
    }
    every_table!(read);
    rows.entry("rating").and_modify(rated_once);
    require_whole(&rows)?;
    Ok(rows)
}

/// Leaves the first rating of a picture in a round: older programs kept what a double tap had sent twice.
fn rated_once(ratings: &mut Vec<Value>) {
    ratings.sort_by(|a, b| a["id"].as_str().cmp(&b["id"].as_str()));
    let mut seen = BTreeSet::new();
    ratings.retain(|row| match (row["round"].as_str(), row["photograph"].as_str()) {
        (Some(round), Some(photograph)) => seen.insert((round.to_owned(), photograph.to_owned())),
        _ => true,
    });
}

fn read_table(from: &Path, table: &str, manifest: &Manifest) -> Result<Vec<Value>, Error> {
    const DAMAGED: Error = Error::Damaged { kind: "backup" };
    if LATER.contains(&table) && !manifest.rows.contains_key(table) {
        return Ok(Vec::new());
    }
    let lines = fs::read(from.join("rows").join(format!("{table}.jsonl"))).map_err(|_| DAMAGED)?;
    if manifest.rows.get(table) != Some(&hash(&lines)) {
        return Err(DAMAGED);
    }
    let lines = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(serde_json::from_slice).collect::<Result<_, _>>().map_err(|_| DAMAGED)
}

/// The names of every sealed file that rows point at.
fn wanted(rows: &Rows) -> BTreeSet<String> {
    let columns = [
        ("photograph", "blob"),
        ("photograph", "screen_blob"),
        ("photograph", "small_blob"),
        ("file", "blob"),
    ];
    let of = |(table, column): (&str, &str)| -> Vec<String> {
        let rows = rows.get(table).map_or(&[][..], Vec::as_slice);
        rows.iter().filter_map(|row| row[column].as_str()).map(str::to_owned).collect()
    };
    columns.into_iter().flat_map(of).collect()
}

/// Every row's owner is there.
fn require_whole(rows: &Rows) -> Result<(), Error> {
    const OWNERS: [(&str, &str, &str); 18] = [
        ("account", "clinic", "clinic"),
        ("client", "clinic", "clinic"),
        ("set_aside", "client", "client"),
        ("case", "client", "client"),
        ("visit", "case", "case"),
        ("visit", "client", "client"),
        ("photograph", "visit", "visit"),
        ("photograph", "client", "client"),
        ("record", "photograph", "photograph"),
        ("file", "record", "record"),
        ("job", "client", "client"),
        ("rating", "client", "client"),
        ("rating", "photograph", "photograph"),
        ("rating", "account", "account"),
        ("audit", "clinic", "clinic"),
        ("entry", "client", "client"),
        ("entry", "case", "case"),
        ("own_text", "clinic", "clinic"),
    ];
    for (table, column, owner) in OWNERS {
        let ids: BTreeSet<&str> = rows[owner].iter().filter_map(|row| row["id"].as_str()).collect();
        if !rows[table].iter().all(|row| row[column].as_str().is_some_and(|id| ids.contains(id))) {
            return Err(Error::Damaged { kind: "database" });
        }
    }
    Ok(())
}

fn held(rows: &Rows) -> Held {
    let counts = rows.iter().map(|(table, rows)| ((*table).to_owned(), rows.len())).collect();
    Held { rows: counts, blobs: wanted(rows).len(), left_over: 0 }
}

fn require_empty(folder: &Path) -> Result<(), Error> {
    let occupied = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
    if occupied {
        return Err(Error::unusable("not_empty", "The folder for the backup is not empty. Name a new one."));
    }
    Ok(())
}

fn hash(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_double_tap_in_an_older_backup_is_one_rating() {
        let rating = |id: &str, round: Option<&str>| json!({"id": id, "round": round, "photograph": "p"});
        let mut all = vec![
            rating("3", Some("a")),
            rating("1", Some("a")),
            rating("2", None),
            rating("4", None),
            rating("5", Some("b")),
        ];
        rated_once(&mut all);
        let left: Vec<&str> = all.iter().filter_map(|row| row["id"].as_str()).collect();
        assert_eq!(left, ["1", "2", "4", "5"]);
    }
}
