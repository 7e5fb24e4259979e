//! Who was erased, in a file beside the database: an older backup that is put back must not bring anybody back.
//!
//! A line is a client's id, which names nobody once the key is gone.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;
use uuid::Uuid;

use super::backup::Rows;
use super::entity::gone;
use crate::error::Error;

/// The file in the studio's folder, and in every backup.
pub(super) const FILE: &str = "erased.txt";

/// Characters of an id.
const ID_CHARS: usize = 36;

/// The list of one studio.
#[derive(Clone, Debug)]
pub(super) struct Erasures(PathBuf);

impl Erasures {
    pub(super) fn in_folder(folder: &Path) -> Self {
        Self(folder.join(FILE))
    }

    /// Writes a client down; on disk when it returns.
    pub(super) fn add(&self, client: Uuid) -> Result<(), Error> {
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(&self.0)?;
        // The line before may have been torn by a loss of power.
        file.write_all(format!("\n{client}\n").as_bytes())?;
        Ok(file.sync_all()?)
    }

    /// Everybody on the list.
    pub(super) fn all(&self) -> Result<BTreeSet<Uuid>, Error> {
        read(&self.0).map(Option::unwrap_or_default)
    }
}

/// Everybody on a list; none where there is no such file.
///
/// # Errors
/// A file that is no list.
pub(super) fn read(place: &Path) -> Result<Option<BTreeSet<Uuid>>, Error> {
    let text = match std::fs::read_to_string(place) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    // A line that was torn by a loss of power names a client who was not erased yet.
    let torn = |line: &str| line.len() < ID_CHARS && line.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    let ids = text.lines().map(str::trim).filter(|line| !torn(line));
    let ids = ids.map(str::parse).collect::<Result<_, _>>();
    ids.map(Some)
        .map_err(|_| Error::unusable("no_erasures", "This file is no list of erased clients (erased.txt)."))
}

/// Takes everybody who was erased out of rows, and leaves what they counted for; who was in them.
pub(super) fn take_out(rows: &mut Rows, erased: &BTreeSet<Uuid>) -> Vec<(Uuid, Uuid)> {
    let gone = |row: &Value, column: &str| id(row, column).is_some_and(|id| erased.contains(&id));
    let clients = rows.get("client").map_or(&[][..], Vec::as_slice);
    let found = clients.iter().filter(|row| gone(row, "id"));
    let found: Vec<(Uuid, Uuid)> =
        found.filter_map(|row| Some((id(row, "clinic")?, id(row, "id")?))).collect();
    let counted: Vec<gone::Model> =
        found.iter().filter_map(|(clinic, client)| counted(rows, *clinic, *client)).collect();
    let records: BTreeSet<Uuid> =
        rows["record"].iter().filter(|row| gone(row, "client")).filter_map(|row| id(row, "id")).collect();
    for (table, rows) in rows.iter_mut() {
        match *table {
            "client" => rows.retain(|row| !gone(row, "id")),
            "file" => rows.retain(|row| !id(row, "record").is_some_and(|id| records.contains(&id))),
            // What was done stays told; it names nobody.
            "audit" => {}
            // Strangers are told that it was taken back.
            "publication" => {
                for row in rows.iter_mut().filter(|row| gone(row, "client") && row["withdrawn_at"].is_null())
                {
                    row["withdrawn_at"] = super::now().into();
                }
            }
            _ => rows.retain(|row| !gone(row, "client")),
        }
    }
    let counted = counted.iter().map(|row| serde_json::to_value(row).expect("plain data becomes JSON"));
    rows.entry("gone").or_default().extend(counted);
    found
}

/// What a client of a backup counted for on the pages for strangers; nothing of who was never treated.
fn counted(rows: &Rows, clinic: Uuid, client: Uuid) -> Option<gone::Model> {
    let of = |table: &str| {
        let rows = rows.get(table).map_or(&[][..], Vec::as_slice);
        rows.iter().filter(|row| id(row, "client") == Some(client)).collect::<Vec<_>>()
    };
    let cases =
        |rows: Vec<&Value>| rows.iter().filter_map(|row| id(row, "case")).collect::<BTreeSet<_>>().len();
    let count = |found: usize| i32::try_from(found).unwrap_or(i32::MAX);
    let sessions = of("entry").into_iter().filter(|row| row["kind"] == "session").collect();
    let row = gone::Model {
        id: Uuid::now_v7(),
        clinic,
        treated: count(cases(sessions)),
        withdrawn: count(cases(of("publication"))),
        reviews: count(of("review").len()),
    };
    Some(row).filter(|row| row.treated + row.withdrawn + row.reviews > 0)
}

fn id(row: &Value, column: &str) -> Option<Uuid> {
    row[column].as_str().and_then(|id| id.parse().ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn who_is_taken_out_still_counts_and_what_was_shown_is_taken_back() {
        let [clinic, gone, stays] = [1, 2, 3].map(Uuid::from_u128);
        let of = |client: Uuid, more: Value| {
            let mut row = json!({"client": client, "case": client});
            row.as_object_mut().expect("a row").extend(more.as_object().expect("columns").clone());
            row
        };
        let each = |more: Value| vec![of(gone, more.clone()), of(stays, more)];
        let mut rows = Rows::from([
            ("client", [gone, stays].map(|id| json!({"id": id, "clinic": clinic})).to_vec()),
            ("record", each(json!({"id": gone}))),
            ("entry", [each(json!({"kind": "session"})), each(json!({"kind": "consent"}))].concat()),
            ("publication", each(json!({"withdrawn_at": null}))),
            ("review", each(json!({}))),
        ]);
        assert_eq!(take_out(&mut rows, &BTreeSet::from([gone])), [(clinic, gone)]);
        let lefts = ["client", "record", "entry", "publication", "review"].map(|table| rows[table].len());
        assert_eq!(lefts, [1, 1, 2, 2, 1]);
        let shown: Vec<bool> = rows["publication"].iter().map(|row| row["withdrawn_at"].is_null()).collect();
        assert_eq!(shown, [false, true]);
        let [counted] = rows["gone"].as_slice() else { panic!("{:?}", rows["gone"]) };
        let counts = ["treated", "withdrawn", "reviews"].map(|column| counted[column].as_i64());
        assert_eq!(counts, [Some(1); 3]);
    }
}
