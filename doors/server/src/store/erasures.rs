//! Who was erased, and whose record was closed, in a file beside the database: an older backup that is put back must not bring
//! anybody or anything back.
//!
//! A line is a client's id, which names nobody once the key is gone, and how many of their cases were treated: what is sealed
//! in a backup tells that no more. A record that was closed has a line with what the law keeps of it, sealed. A consent that
//! was taken back has a line with the entry that says so, because it must not stand again.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::backup::Rows;
use super::entity::{entry, gone};
use crate::error::Error;

/// The file in the studio's folder, and in every backup.
pub(super) const FILE: &str = "erased.txt";

/// What a line of a record that was closed begins with.
const CLOSED: &str = "closed ";
/// What a line of a consent that was taken back begins with.
const WITHDRAWN: &str = "withdrawn ";
/// Characters of an id.
const ID_CHARS: usize = 36;
/// Tables of which nothing is kept of a record that is closed.
const NOT_KEPT: [&str; 8] = ["set_aside", "visit", "photograph", "record", "job", "rating", "review", "mail"];

/// The list of one studio.
#[derive(Clone, Debug)]
pub(super) struct Erasures(PathBuf);

/// Whom a list names.
#[derive(Clone, Debug, Default)]
pub(super) struct Erased {
    /// Nothing is kept of them; lists of before do not say how many of their cases were treated.
    pub(super) wholly: Gone,
    /// The law keeps a part.
    pub(super) closed: BTreeMap<Uuid, Closed>,
    /// Consents that were taken back.
    pub(super) withdrawn: BTreeMap<Uuid, Withdrawn>,
}

/// That a consent was taken back.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Withdrawn {
    /// Whether what was shown by it is taken back with it.
    pub(super) is_to_show: bool,
    /// The entry, sealed.
    pub(super) entry: entry::Model,
}

/// Clients of whom nothing is kept, with how many of their cases were treated.
pub(super) type Gone = BTreeMap<Uuid, Option<u16>>;

/// What stays of a record that was closed.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Closed {
    /// The first day on which everything may go, YYYY-MM-DD.
    pub(super) until: String,
    /// The client without contact and notes, sealed.
    #[serde(with = "super::base64")]
    pub(super) person: Vec<u8>,
    /// Every case without its answers, sealed.
    pub(super) cases: BTreeMap<Uuid, SealedCase>,
}

/// A case, sealed.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(transparent)]
pub(super) struct SealedCase(#[serde(with = "super::base64")] pub(super) Vec<u8>);

impl Erasures {
    pub(super) fn in_folder(folder: &Path) -> Self {
        Self(folder.join(FILE))
    }

    /// Writes a client down, with how many of their cases were treated; on disk when it returns.
    pub(super) fn add(&self, client: Uuid, treated: Option<u16>) -> Result<(), Error> {
        self.append(&gone_line(client, treated))
    }

    /// Writes a record down that is closed; on disk when it returns.
    pub(super) fn close(&self, client: Uuid, closed: &Closed) -> Result<(), Error> {
        self.append(&line(CLOSED, client, closed))
    }

    /// Writes down that a consent is taken back; on disk when it returns.
    pub(super) fn withdraw(&self, consent: Uuid, withdrawn: &Withdrawn) -> Result<(), Error> {
        self.append(&line(WITHDRAWN, consent, withdrawn))
    }

    /// Adds whom another list names and this one does not.
    pub(super) fn extend(&self, more: &Erased) -> Result<(), Error> {
        let known = self.all()?;
        let mut back = more.withdrawn.iter().filter(|(id, _)| !known.withdrawn.contains_key(id));
        back.try_for_each(|(id, withdrawn)| self.withdraw(*id, withdrawn))?;
        let mut gone = more.wholly.iter().filter(|(id, _)| !known.wholly.contains_key(*id));
        gone.try_for_each(|(id, treated)| self.add(*id, *treated))?;
        let mut new = more.closed.iter().filter(|(id, _)| !known.closed.contains_key(id));
        new.try_for_each(|(id, closed)| self.close(*id, closed))
    }

    /// Everybody on the list.
    pub(super) fn all(&self) -> Result<Erased, Error> {
        read(&self.0).map(Option::unwrap_or_default)
    }

    fn append(&self, line: &str) -> Result<(), Error> {
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(&self.0)?;
        // The line before may have been torn by a loss of power.
        file.write_all(format!("\n{line}\n").as_bytes())?;
        Ok(file.sync_all()?)
    }
}

impl Erased {
    /// Adds whom another list names.
    pub(super) fn add(&mut self, other: Self) {
        other.wholly.into_iter().for_each(|(id, treated)| self.add_gone(id, treated));
        self.closed.extend(other.closed);
        self.withdrawn.extend(other.withdrawn);
    }

    /// Adds somebody of whom nothing is kept; what is known of them stays known.
    fn add_gone(&mut self, client: Uuid, treated: Option<u16>) {
        let known = self.wholly.entry(client).or_default();
        *known = (*known).max(treated);
    }

    /// How many lines it has, each of something else.
    pub(super) fn len(&self) -> usize {
        self.wholly.len() + self.closed.len() + self.withdrawn.len()
    }

    /// Whether something is missing that another list names; whoever was closed may be gone wholly since.
    pub(super) fn lacks(&self, other: &Self) -> bool {
        other.wholly.keys().any(|id| !self.wholly.contains_key(id))
            || other.closed.keys().any(|id| !self.closed.contains_key(id) && !self.wholly.contains_key(id))
            || other.withdrawn.keys().any(|id| !self.withdrawn.contains_key(id))
    }

    /// As a list is written.
    pub(super) fn text(&self) -> String {
        let wholly = self.wholly.iter().map(|(id, treated)| gone_line(*id, *treated));
        let closed = self.closed.iter().map(|(id, closed)| line(CLOSED, *id, closed));
        let withdrawn = self.withdrawn.iter().map(|(id, withdrawn)| line(WITHDRAWN, *id, withdrawn));
        wholly.chain(closed).chain(withdrawn).map(|line| line + "\n").collect()
    }

    fn read_line(&mut self, text: &str) -> Result<(), ()> {
        // A line that was torn by a loss of power is of what was not done yet.
        let is_torn_id = |text: &str| text.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
        if let Some(line) = text.strip_prefix(CLOSED) {
            self.closed.extend(named(line));
            return Ok(());
        }
        if let Some(line) = text.strip_prefix(WITHDRAWN) {
            self.withdrawn.extend(named(line));
            return Ok(());
        }
        let Some((id, rest)) = text.split_at_checked(ID_CHARS) else {
            let is_torn_word = [CLOSED, WITHDRAWN].iter().any(|word| word.starts_with(text));
            return if is_torn_id(text) || is_torn_word { Ok(()) } else { Err(()) };
        };
        let treated = match rest.trim() {
            "" => None,
            treated => Some(treated.parse().map_err(drop)?),
        };
        self.add_gone(id.parse().map_err(drop)?, treated);
        Ok(())
    }
}

fn gone_line(client: Uuid, treated: Option<u16>) -> String {
    treated.map_or_else(|| client.to_string(), |treated| format!("{client} {treated}"))
}

/// An id, and what a line says of it; nothing of a line that was torn.
fn named<T: serde::de::DeserializeOwned>(line: &str) -> Option<(Uuid, T)> {
    let id = line.get(..ID_CHARS)?.parse().ok()?;
    Some((id, serde_json::from_str(line.get(ID_CHARS..)?).ok()?))
}

/// A word, an id, and what is to be said of it.
fn line(word: &str, id: Uuid, said: &impl Serialize) -> String {
    format!("{word}{id} {}", serde_json::to_string(said).expect("plain data becomes JSON"))
}

/// Everybody on a list; none where there is no such file.
///
/// # Errors
/// A file that is no list.
pub(super) fn read(place: &Path) -> Result<Option<Erased>, Error> {
    let text = match std::fs::read_to_string(place) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let mut found = Erased::default();
    for line in text.lines().map(str::trim) {
        found.read_line(line).map_err(|()| {
            Error::unusable("no_erasures", "This file is no list of erased clients (erased.txt).")
        })?;
    }
    Ok(Some(found))
}

/// Leaves in rows what the law keeps of records that were closed since; whose they are.
pub(super) fn close_again(rows: &mut Rows, erased: &Erased) -> Vec<(Uuid, Uuid)> {
    let mut found = Vec::new();
    for row in rows.get_mut("client").into_iter().flatten().filter(|row| row["kept_until"].is_null()) {
        let Some((client, clinic)) = id(row, "id").zip(id(row, "clinic")) else { continue };
        let Some(closed) = erased.closed.get(&client) else { continue };
        row["kept_until"] = closed.until.clone().into();
        row["sealed"] = as_row(&closed.person);
        found.push((clinic, client));
    }
    let is = |row: &Value| id(row, "client").is_some_and(|id| found.iter().any(|(_, client)| *client == id));
    let titles: BTreeMap<Uuid, &SealedCase> =
        erased.closed.values().flat_map(|one| &one.cases).map(|(id, case)| (*id, case)).collect();
    let title = |row: &Value| id(row, "id").and_then(|id| titles.get(&id));
    let cases = rows.get_mut("case").into_iter().flatten();
    for (row, case) in cases.filter(|row| is(row)).filter_map(|row| title(row).map(|case| (row, case))) {
        row["sealed"] = as_row(&case.0);
    }
    let records: BTreeSet<Uuid> =
        rows["record"].iter().filter(|row| is(row)).filter_map(|row| id(row, "id")).collect();
    for (table, rows) in rows.iter_mut() {
        match *table {
            "file" => rows.retain(|row| !id(row, "record").is_some_and(|id| records.contains(&id))),
            "publication" => rows.iter_mut().filter(|row| is(row)).for_each(take_back),
            // A case that was removed before the record was closed has no title.
            "case" => rows.retain(|row| !is(row) || title(row).is_some()),
            table if NOT_KEPT.contains(&table) => rows.retain(|row| !is(row)),
            _ => {}
        }
    }
    found
}

/// Strangers are told that it was taken back.
fn take_back(publication: &mut Value) {
    if publication["withdrawn_at"].is_null() {
        publication["withdrawn_at"] = super::now().into();
    }
}

fn as_row(bytes: &[u8]) -> Value {
    data_encoding::BASE64.encode(bytes).into()
}

/// Takes everybody who was erased out of rows, and leaves what they counted for; who was in them.
pub(super) fn take_out(rows: &mut Rows, erased: &Gone) -> Vec<(Uuid, Uuid)> {
    let gone = |row: &Value, column: &str| id(row, column).is_some_and(|id| erased.contains_key(&id));
    let clients = rows.get("client").map_or(&[][..], Vec::as_slice);
    let found = clients.iter().filter(|row| gone(row, "id"));
    let found: Vec<(Uuid, Uuid)> =
        found.filter_map(|row| Some((id(row, "clinic")?, id(row, "id")?))).collect();
    let counted = |(clinic, client): &(Uuid, Uuid)| {
        let treated = erased.get(client).copied().flatten();
        counted(rows, (*clinic, *client), treated)
    };
    let counted: Vec<gone::Model> = found.iter().filter_map(counted).collect();
    let records: BTreeSet<Uuid> =
        rows["record"].iter().filter(|row| gone(row, "client")).filter_map(|row| id(row, "id")).collect();
    for (table, rows) in rows.iter_mut() {
        match *table {
            "client" => rows.retain(|row| !gone(row, "id")),
            "file" => rows.retain(|row| !id(row, "record").is_some_and(|id| records.contains(&id))),
            // What was done stays told; it names nobody.
            "audit" => {}
            "publication" => rows.iter_mut().filter(|row| gone(row, "client")).for_each(take_back),
            _ => rows.retain(|row| !gone(row, "client")),
        }
    }
    let counted = counted.iter().map(|row| serde_json::to_value(row).expect("plain data becomes JSON"));
    rows.entry("gone").or_default().extend(counted);
    found
}

/// What a client of a backup counted for on the pages for strangers; nothing of who was never treated. How many of their cases
/// were treated, the list of the erased says; where it does not, test dots count too, because sessions are sealed.
fn counted(rows: &Rows, (clinic, client): (Uuid, Uuid), treated: Option<u16>) -> Option<gone::Model> {
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
        treated: treated.map_or_else(|| count(cases(sessions)), i32::from),
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
        assert_eq!(take_out(&mut rows, &Gone::from([(gone, None)])), [(clinic, gone)]);
        let lefts = ["client", "record", "entry", "publication", "review"].map(|table| rows[table].len());
        assert_eq!(lefts, [1, 1, 2, 2, 1]);
        let shown: Vec<bool> = rows["publication"].iter().map(|row| row["withdrawn_at"].is_null()).collect();
        assert_eq!(shown, [false, true]);
        let [counted] = rows["gone"].as_slice() else { panic!("{:?}", rows["gone"]) };
        let counts = ["treated", "withdrawn", "reviews"].map(|column| counted[column].as_i64());
        assert_eq!(counts, [Some(1); 3]);
    }

    #[test]
    fn what_the_list_says_of_who_was_treated_counts() {
        let [clinic, gone] = [1, 2].map(Uuid::from_u128);
        let mut rows = Rows::from([
            ("client", vec![json!({"id": gone, "clinic": clinic})]),
            ("record", vec![]),
            // Test dots, as anybody who has the key could read.
            ("entry", vec![json!({"client": gone, "case": gone, "kind": "session"})]),
        ]);
        take_out(&mut rows, &Gone::from([(gone, Some(0))]));
        assert!(rows["gone"].is_empty(), "{:?}", rows["gone"]);
    }

    #[test]
    fn a_list_is_read_as_it_was_written_and_as_it_was_before() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let [known, old, torn] = [1, 2, 3].map(Uuid::from_u128);
        let list = Erasures::in_folder(folder.path());
        std::fs::write(folder.path().join(FILE), format!("{old}\n{}", &torn.to_string()[..20]))
            .expect("written");
        list.add(known, Some(2)).expect("added");
        list.add(known, None).expect("added");
        assert_eq!(list.all().expect("a list").wholly, Gone::from([(known, Some(2)), (old, None)]));
    }

    #[test]
    fn a_line_that_was_torn_names_nobody() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let (list, place) = (Erasures::in_folder(folder.path()), folder.path().join(FILE));
        let [client, case] = [1, 2].map(Uuid::from_u128);
        let cases = BTreeMap::from([(case, SealedCase(vec![3]))]);
        list.close(client, &Closed { until: "2036-01-01".into(), person: vec![1, 2], cases }).expect("added");
        let whole = std::fs::read_to_string(&place).expect("a list");
        assert_eq!(list.all().expect("a list").closed[&client].person, [1, 2]);
        for end in 0..whole.trim().len() {
            std::fs::write(&place, &whole.trim()[..end]).expect("written");
            let found = list.all().expect("a list");
            assert!(found.wholly.is_empty() && found.closed.is_empty(), "{}", &whole.trim()[..end]);
        }
        for no_list in ["Dear reader", &format!("{client} and more")] {
            std::fs::write(&place, no_list).expect("written");
            assert!(list.all().is_err(), "{no_list}");
        }
    }
}
