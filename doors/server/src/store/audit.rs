//! Who did what, when: a chain in which every row holds the hash of the one before.
//!
//! A row that is changed, removed, moved or put in between breaks the chain where it stands. Cutting off its end, or
//! making all of it anew, shows against a head that was kept elsewhere ([`Head`]).

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity::{account, audit, client, clinic, entry, own_text, photograph, publication};
use super::texts::stamp;
use super::{Store, Who, now, own_texts};
use crate::error::Error;

/// The word and version of a row's hash.
const ROW: &str = "stipple/audit-row/1";
/// The word and version of an entry's.
const ENTRY: &str = "stipple/entry/1";
/// The word and version of a head.
const HEAD: &str = "stipple/audit-head/1";
/// What the erasing of a client is called.
pub(super) const ERASED: &str = "client.erased";
/// The action by which all of a client goes but what the law keeps.
pub(super) const CLOSED: &str = "client.closed";
/// What it is called that a photograph came.
pub(super) const KEPT: &str = "photograph.kept";
/// Most rows of one client that are shown.
const TRAIL_MAX: u64 = 20_000;

/// Something that was done.
#[derive(Clone, Copy)]
pub(crate) struct Deed<'a> {
    action: &'a str,
    client: Option<Uuid>,
    subject: Option<Uuid>,
    bound: Option<&'a str>,
}

/// Where the chains of all clinics end: to be kept elsewhere, and held against the store later.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Head {
    format: String,
    clinics: Vec<End>,
}

/// Where the chain of a clinic ends.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
struct End {
    clinic: Uuid,
    /// Rows until here.
    place: i64,
    /// Hash of the last of them.
    hash: String,
}

/// A line of what was done with a client's record.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TrailLine {
    /// Place in the clinic's chain.
    place: i64,
    /// RFC 3339, UTC.
    at: String,
    /// Who did it; nobody who is signed in where the client did, by a link.
    #[schema(required)]
    by: Option<String>,
    action: String,
    #[schema(required)]
    subject: Option<Uuid>,
    /// Hash of the row, which holds that of the row before.
    hash: String,
}

impl Store {
    /// Writes down who did what.
    pub(crate) async fn note(&self, who: &Who, deed: Deed<'_>) -> Result<(), Error> {
        let writing = self.begin().await?;
        append(&writing, who.clinic, Some(who.account), deed).await?;
        Ok(writing.commit().await?)
    }

    /// What was done with a client's record, the last first.
    pub(crate) async fn trail(&self, who: &Who, id: Uuid) -> Result<Vec<TrailLine>, Error> {
        self.client_key_to_read(who, id).await?;
        let of = audit::Column::Clinic.eq(who.clinic).and(audit::Column::Client.eq(id));
        let rows = audit::Entity::find().filter(of).order_by_desc(audit::Column::Place).limit(TRAIL_MAX);
        let accounts = account::Entity::find().filter(account::Column::Clinic.eq(who.clinic));
        let names: BTreeMap<Uuid, String> =
            accounts.all(&self.db).await?.into_iter().map(|row| (row.id, row.name)).collect();
        let line = |row: audit::Model| TrailLine {
            place: row.place,
            at: stamp(row.at),
            by: row.account.and_then(|id| names.get(&id).cloned()),
            action: row.action,
            subject: row.subject,
            hash: row.hash,
        };
        Ok(rows.all(&self.db).await?.into_iter().map(line).collect())
    }

    /// Where every chain ends now.
    pub(crate) async fn audit_head(&self) -> Result<Head, Error> {
        let mut clinics = Vec::new();
        for of in clinic::Entity::find().order_by_asc(clinic::Column::Id).all(&self.db).await? {
            if let Some(last) = last_of(&self.db, of.id).await? {
                clinics.push(End { clinic: of.id, place: last.place, hash: last.hash });
            }
        }
        Ok(Head { format: HEAD.to_owned(), clinics })
    }

    /// Looks whether every chain is whole, holds what is kept with it, and goes on from a head that was kept elsewhere;
    /// how many rows were looked at.
    ///
    /// # Errors
    /// The first thing that is not as it was written, by its place.
    pub(crate) async fn verify_audit(&self, head: Option<&Head>) -> Result<usize, Error> {
        let reading = self.begin_reading().await?;
        let entries = whole_entries(&reading).await?;
        let texts = own_text::Entity::find().all(&reading).await?;
        let texts = texts.iter().map(|row| (row.id, own_texts::digest_of(row)));
        let kept: BTreeMap<Uuid, String> =
            entries.iter().map(|row| (row.id, digest_of(row))).chain(texts).collect();
        let of = client::Entity::find().select_only().column(client::Column::Id);
        let clients: BTreeSet<Uuid> = of.into_tuple().all(&reading).await?.into_iter().collect();
        let mut held = kept.clone();
        held.extend(hashes_of_files(&reading).await?);
        let clinics = clinic::Entity::find().all(&reading).await?;
        let (mut looked_at, mut told) = (0, BTreeSet::new());
        for of in &clinics {
            let rows = whole_rows(&reading, of.id).await?;
            require_chain(&rows)?;
            require_head(of.id, &rows, head)?;
            let erased = erased_in(&rows);
            require_clients(&rows, &clients, &erased)?;
            require_kept(&rows, &held, &erased)?;
            told.extend(rows.iter().filter(|row| row.bound.is_some()).filter_map(|row| row.subject));
            looked_at += rows.len();
        }
        reading.rollback().await?;
        if head
            .is_some_and(|head| head.clinics.iter().any(|end| clinics.iter().all(|of| of.id != end.clinic)))
        {
            return Err(broken("A clinic that the head names is not in this store."));
        }
        match kept.keys().find(|id| !told.contains(*id)) {
            Some(id) => Err(broken(format!("The entry {id} is kept, but no row of the audit tells of it."))),
            None => Ok(looked_at),
        }
    }

    /// Where a clinic's chain ends.
    pub(super) async fn end_of_chain(&self, clinic: Uuid) -> Result<(i64, String), Error> {
        let last = last_of(&self.db, clinic).await?;
        Ok(last.map_or_else(|| (0, "0".repeat(64)), |row| (row.place, row.hash)))
    }

    /// Chains rows of before there was a chain.
    pub(super) async fn chain_old_rows(&self) -> Result<(), Error> {
        let writing = self.begin().await?;
        for of in clinic::Entity::find().all(&writing).await? {
            let rows = audit::Entity::find().filter(audit::Column::Clinic.eq(of.id));
            let mut rows =
                rows.order_by_asc(audit::Column::At).order_by_asc(audit::Column::Id).all(&writing).await?;
            // Only where none is chained: a hole in a chain stays to be seen.
            if rows.iter().any(|row| !row.hash.is_empty()) {
                continue;
            }
            let mut before = String::new();
            for (row, place) in rows.iter_mut().zip(1..) {
                row.place = place;
                row.hash = hash_of(row, &before);
                before.clone_from(&row.hash);
                let chained = audit::Entity::update_many()
                    .col_expr(audit::Column::Place, Expr::value(row.place))
                    .col_expr(audit::Column::Hash, Expr::value(row.hash.clone()));
                chained.filter(audit::Column::Id.eq(row.id)).exec(&writing).await?;
            }
        }
        Ok(writing.commit().await?)
    }
}

impl<'a> Deed<'a> {
    /// What, such as `case.made`.
    pub(crate) fn new(action: &'a str) -> Self {
        Self { action, client: None, subject: None, bound: None }
    }

    /// Whose record it concerns.
    pub(crate) fn of(self, client: Uuid) -> Self {
        Self { client: Some(client), ..self }
    }

    /// To what it was done.
    pub(crate) fn about(self, subject: Uuid) -> Self {
        Self { subject: Some(subject), ..self }
    }

    /// SHA-256 of what was kept with it, hexadecimal.
    pub(super) fn bound(self, digest: &'a str) -> Self {
        Self { bound: Some(digest), ..self }
    }
}

/// Adds a row at the end of a clinic's chain, within a write that it belongs to.
pub(super) async fn append(
    writing: &impl ConnectionTrait,
    clinic: Uuid,
    account: Option<Uuid>,
    deed: Deed<'_>,
) -> Result<(), Error> {
    // PostgreSQL lets others in between; SQLite has one writer.
    clinic::Entity::find_by_id(clinic).lock_exclusive().one(writing).await?;
    let last = last_of(writing, clinic).await?;
    let (place, before) = last.map_or_else(|| (0, String::new()), |row| (row.place, row.hash));
    let mut row = audit::Model {
        id: Uuid::now_v7(),
        clinic,
        account,
        action: deed.action.to_owned(),
        client: deed.client,
        subject: deed.subject,
        bound: deed.bound.map(str::to_owned),
        at: now(),
        place: place + 1,
        hash: String::new(),
    };
    row.hash = hash_of(&row, &before);
    let row = audit::ActiveModel::from(row).reset_all();
    audit::Entity::insert(row).exec_without_returning(writing).await?;
    Ok(())
}

/// SHA-256 of all that is kept of an entry, sealed as it is, hexadecimal: told without its key.
pub(super) fn digest_of(row: &entry::Model) -> String {
    // Every column, by name: a new one that is not hashed does not compile.
    let entry::Model { id, client, case, kind, parent, account, sealed, created_at } = row;
    let told = serde_json::to_vec(&(ENTRY, id, client, case, kind, parent, account, created_at));
    let told = told.expect("plain data becomes JSON");
    data_encoding::HEXLOWER.encode(&Sha256::digest([told.as_slice(), sealed].concat()))
}

async fn last_of(db: &impl ConnectionTrait, clinic: Uuid) -> Result<Option<audit::Model>, Error> {
    let of = audit::Entity::find().filter(audit::Column::Clinic.eq(clinic));
    Ok(of.order_by_desc(audit::Column::Place).one(db).await?)
}

/// SHA-256 of all that a row says and of the hash before it, hexadecimal.
fn hash_of(row: &audit::Model, before: &str) -> String {
    let told = (ROW, row.clinic, row.place, row.at, row.account, &row.action, row.client, row.subject);
    let told = serde_json::to_vec(&(told, row.id, &row.bound, before)).expect("plain data becomes JSON");
    data_encoding::HEXLOWER.encode(&Sha256::digest(told))
}

/// Every entry; one whose columns are of another kind than they were written is named.
async fn whole_entries(db: &impl ConnectionTrait) -> Result<Vec<entry::Model>, Error> {
    let error = match entry::Entity::find().all(db).await {
        Ok(rows) => return Ok(rows),
        Err(error) => error,
    };
    let ids =
        entry::Entity::find().select_only().column(entry::Column::Id).into_tuple::<Uuid>().all(db).await;
    for id in ids.map_err(|_| broken("An entry has a name that is none: its row was changed."))? {
        if entry::Entity::find_by_id(id).one(db).await.is_err() {
            return Err(broken(format!("The entry {id} was changed: its row cannot be read.")));
        }
    }
    Err(error.into())
}

/// The rows of a clinic's chain in order; the same.
async fn whole_rows(db: &impl ConnectionTrait, clinic: Uuid) -> Result<Vec<audit::Model>, Error> {
    let of = || audit::Entity::find().filter(audit::Column::Clinic.eq(clinic));
    let error = match of().order_by_asc(audit::Column::Place).all(db).await {
        Ok(rows) => return Ok(rows),
        Err(error) => error,
    };
    let places = of().select_only().column(audit::Column::Place).order_by_asc(audit::Column::Place);
    for place in
        places.into_tuple::<i64>().all(db).await.map_err(|_| broken("A row has a place that is none."))?
    {
        if of().filter(audit::Column::Place.eq(place)).one(db).await.is_err() {
            return Err(broken(format!("The row at place {place} was changed: it cannot be read.")));
        }
    }
    Err(error.into())
}

/// SHA-256 of every photograph as it came, and of every picture that was shown.
async fn hashes_of_files(db: &impl ConnectionTrait) -> Result<Vec<(Uuid, String)>, Error> {
    let of = photograph::Entity::find()
        .select_only()
        .columns([photograph::Column::Id, photograph::Column::Sha256]);
    let mut hashes: Vec<(Uuid, String)> = of.into_tuple().all(db).await?;
    let shown = publication::Entity::find().all(db).await?;
    hashes.extend(shown.into_iter().filter_map(|row| Some((row.id, row.sha256?))));
    Ok(hashes)
}

/// Every row is in its place and as it was written.
fn require_chain(rows: &[audit::Model]) -> Result<(), Error> {
    let mut before = "";
    for (row, place) in rows.iter().zip(1..) {
        if row.place != place {
            return Err(broken(format!("The row at place {place} is missing, or stands elsewhere.")));
        }
        if row.hash != hash_of(row, before) {
            return Err(broken(format!("The row at place {place} was changed.")));
        }
        before = &row.hash;
    }
    Ok(())
}

/// The chain goes on from where a head says that it was.
fn require_head(clinic: Uuid, rows: &[audit::Model], head: Option<&Head>) -> Result<(), Error> {
    let end = head.and_then(|head| head.clinics.iter().find(|end| end.clinic == clinic));
    let Some(end) = end else { return Ok(()) };
    let found = usize::try_from(end.place - 1).ok().and_then(|place| rows.get(place));
    match found {
        None => Err(broken(format!(
            "The audit ends at place {}; the head names place {}: its end was cut off, or an older backup was put back.",
            rows.len(),
            end.place
        ))),
        Some(row) if row.hash != end.hash => Err(broken(format!(
            "The audit until place {} is not the one of the head: it was written anew.",
            end.place
        ))),
        Some(_) => Ok(()),
    }
}

/// Who was erased, by the chain.
fn erased_in(rows: &[audit::Model]) -> BTreeSet<Uuid> {
    rows.iter().filter(|row| row.action == ERASED).filter_map(|row| row.client).collect()
}

/// Every client that a row tells of is there, or was erased by another row.
fn require_clients(
    rows: &[audit::Model],
    clients: &BTreeSet<Uuid>,
    erased: &BTreeSet<Uuid>,
) -> Result<(), Error> {
    let gone = |client: &Uuid| !clients.contains(client) && !erased.contains(client);
    match rows.iter().find(|row| row.client.as_ref().is_some_and(gone)) {
        None => Ok(()),
        Some(row) => {
            let place = row.place;
            Err(broken(format!(
                "The client of place {place} is missing, and no row says that they were erased."
            )))
        }
    }
}

/// What a row says was kept with it is there as it was, unless the client was erased, or the photograph removed.
fn require_kept(
    rows: &[audit::Model],
    kept: &BTreeMap<Uuid, String>,
    erased: &BTreeSet<Uuid>,
) -> Result<(), Error> {
    let of = |action: &'static str| rows.iter().filter(move |row| row.action == action);
    let removed: BTreeSet<Uuid> = of("photograph.removed").filter_map(|row| row.subject).collect();
    let closed: BTreeSet<Uuid> = of(CLOSED).filter_map(|row| row.client).collect();
    for row in rows {
        let Some((bound, subject)) = row.bound.as_ref().zip(row.subject) else { continue };
        let was_erased = row.client.is_some_and(|client| erased.contains(&client))
            || row.action == KEPT
                && (removed.contains(&subject) || row.client.is_some_and(|one| closed.contains(&one)));
        let place = row.place;
        match kept.get(&subject) {
            Some(digest) if digest == bound => {}
            Some(_) => return Err(broken(format!("The entry {subject} (place {place}) was changed."))),
            None if was_erased => {}
            None => return Err(broken(format!("The entry {subject} (place {place}) is missing."))),
        }
    }
    Ok(())
}

fn broken(what: impl Into<String>) -> Error {
    Error::unusable("audit_broken", what)
}

impl Head {
    /// A head as it was written.
    ///
    /// # Errors
    /// Bytes that are none.
    pub fn from_json(bytes: &[u8]) -> Result<Self, Error> {
        let head: Option<Self> = serde_json::from_slice(bytes).ok();
        head.filter(|head| head.format == HEAD).ok_or_else(|| {
            Error::unusable(
                "no_head",
                "This file is no head of an audit. Name one that `stipple audit head` wrote.",
            )
        })
    }

    /// Pretty JSON.
    pub fn to_json(&self) -> String {
        format!("{}\n", serde_json::to_string_pretty(self).expect("plain data becomes JSON"))
    }

    /// Rows of all chains together.
    pub fn rows(&self) -> i64 {
        self.clinics.iter().map(|end| end.place).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(actions: &[&str]) -> Vec<audit::Model> {
        let mut rows: Vec<audit::Model> = Vec::new();
        for (action, place) in actions.iter().zip(1..) {
            let mut row = audit::Model {
                id: Uuid::now_v7(),
                clinic: Uuid::nil(),
                account: None,
                action: (*action).to_owned(),
                client: None,
                subject: None,
                bound: None,
                at: place * 1000,
                place,
                hash: String::new(),
            };
            row.hash = hash_of(&row, rows.last().map_or("", |row| &row.hash));
            rows.push(row);
        }
        rows
    }

    fn said(rows: &[audit::Model]) -> String {
        require_chain(rows).expect_err("broken").to_string()
    }

    #[test]
    fn every_edit_removal_and_move_is_told_by_its_place() {
        let rows = chain(&["a", "b", "c", "d"]);
        require_chain(&rows).expect("whole");
        let mut edited = rows.clone();
        edited[2].at += 1;
        assert_eq!(said(&edited), "The row at place 3 was changed.");
        let mut removed = rows.clone();
        removed.remove(1);
        assert_eq!(said(&removed), "The row at place 2 is missing, or stands elsewhere.");
        let mut moved = rows.clone();
        moved.swap(1, 2);
        (moved[1].place, moved[2].place) = (2, 3);
        assert_eq!(said(&moved), "The row at place 2 was changed.");
    }

    #[test]
    fn a_cut_end_and_a_chain_made_anew_show_against_a_head() {
        let rows = chain(&["a", "b", "c", "d"]);
        let end = End { clinic: Uuid::nil(), place: 3, hash: rows[2].hash.clone() };
        let head = Head { format: HEAD.to_owned(), clinics: vec![end] };
        let held = |rows: &[audit::Model]| require_head(Uuid::nil(), rows, Some(&head));
        held(&rows).expect("goes on");
        assert!(held(&rows[..2]).expect_err("cut").to_string().contains("ends at place 2"));
        let anew = chain(&["a", "b", "x", "d"]);
        require_chain(&anew).expect("whole in itself");
        assert!(held(&anew).expect_err("anew").to_string().contains("written anew"));
        assert_eq!(Head::from_json(head.to_json().as_bytes()).expect("reads"), head);
    }

    #[test]
    fn what_was_kept_is_held_against_its_row() {
        let (id, client) = (Uuid::now_v7(), Uuid::now_v7());
        let mut rows = chain(&["consent.signed"]);
        (rows[0].subject, rows[0].client, rows[0].bound) = (Some(id), Some(client), Some("right".to_owned()));
        let held = |digest: Option<&str>, erased: bool| {
            let kept = digest.map(|digest| (id, digest.to_owned())).into_iter().collect();
            require_kept(&rows, &kept, &erased.then_some(client).into_iter().collect())
        };
        held(Some("right"), false).expect("as it was");
        assert!(held(Some("wrong"), false).expect_err("changed").to_string().contains("was changed"));
        assert!(held(None, false).expect_err("gone").to_string().contains("is missing"));
        held(None, true).expect("erased with its client");
        let there = |clients: &[Uuid], erased: &[Uuid]| {
            require_clients(&rows, &clients.iter().copied().collect(), &erased.iter().copied().collect())
        };
        there(&[client], &[]).expect("is there");
        there(&[], &[client]).expect("was erased");
        assert!(there(&[], &[]).expect_err("gone").to_string().contains("place 1 is missing"));
    }
}
