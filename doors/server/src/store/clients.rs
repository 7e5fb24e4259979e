//! Clients: listed, made, changed, erased.

use std::collections::HashMap;

use rayon::prelude::*;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, EntityTrait,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::audit::{self, Deed};
use super::entity::{
    case, client, entry, file, gone, job, link, mail, photograph, piece, publication, rating, record, review,
    set_aside, upload, visit,
};
use super::shelf::Case;
use super::texts::{Changed, Column, NewVersion, conflict, not_too_long, opened, required, sealed, stamp};
use super::{Store, Who, now, off_the_loop, place_of_client_key, publishing};
use crate::error::Error;
use crate::keys::Key;
use crate::mail::letter;
use crate::worker::publishing::ConsentSaid;

/// Where the text of a client stands.
const COLUMN: Column<client::Entity> =
    Column { id: client::Column::Id, version: client::Column::Version, sealed: client::Column::Sealed };

/// What is known of a client.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
pub(crate) struct Person {
    /// As the client is called.
    pub(super) name: String,
    /// Year of birth.
    #[serde(default)]
    pub(super) born_in: Option<i32>,
    /// How the client is reached.
    #[serde(default)]
    contact: String,
    /// Where letters go.
    #[serde(default)]
    email: String,
    /// Whether the client said yes to letters by e-mail.
    #[serde(default)]
    mail_agreed: bool,
    /// What else is to be remembered.
    #[serde(default)]
    note: String,
}

/// A client in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ClientLine {
    id: Uuid,
    name: String,
    #[schema(required)]
    born_in: Option<i32>,
    cases: u64,
    photographs: u64,
    /// RFC 3339, UTC.
    changed_at: String,
    /// Until when only what the law keeps is kept, YYYY-MM-DD.
    #[schema(required)]
    kept_until: Option<String>,
}

/// A part of the list of clients.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClientList {
    /// How many were found.
    total: usize,
    clients: Vec<ClientLine>,
}

/// A client.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Client {
    id: Uuid,
    version: i64,
    #[serde(flatten)]
    person: Person,
    created_at: String,
    changed_at: String,
    /// Until when only what the law keeps is kept, YYYY-MM-DD.
    #[schema(required)]
    kept_until: Option<String>,
    cases: Vec<Case>,
}

impl Store {
    /// Clients whose name or contact holds every word of `query`, the last changed first; those that are closed, or the others.
    pub(crate) async fn clients(
        &self,
        who: &Who,
        query: &str,
        closed: bool,
        (offset, limit): (usize, usize),
    ) -> Result<ClientList, Error> {
        let kept = client::Column::KeptUntil;
        let of = client::Entity::find().filter(client::Column::Clinic.eq(who.clinic));
        let of = of.filter(if closed { kept.is_not_null() } else { kept.is_null() });
        let rows = of.order_by_desc(client::Column::ChangedAt).all(&self.db).await?;
        let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
        let known = |row: client::Model| -> Result<(client::Model, Person), Error> {
            let person = opened(&self.unwrapped(&row)?, "client", row.id, &row.sealed)?;
            Ok((row, person))
        };
        let (total, shown): (usize, Vec<_>) = if words.is_empty() {
            let total = rows.len();
            let page = rows.into_iter().skip(offset).take(limit);
            (total, page.map(known).collect::<Result<_, _>>()?)
        } else {
            // Names are sealed, so that every one has to be opened.
            let mut all: Vec<_> = rows.into_par_iter().map(known).collect::<Result<_, _>>()?;
            all.retain(|(_, person)| person.answers_to(&words));
            (all.len(), all.into_iter().skip(offset).take(limit).collect())
        };
        let ids: Vec<Uuid> = shown.iter().map(|(row, _)| row.id).collect();
        let cases =
            self.count_by_client::<case::Entity>(case::Column::Client, case::Column::Id, &ids).await?;
        let photographs = self
            .count_by_client::<photograph::Entity>(photograph::Column::Client, photograph::Column::Id, &ids)
            .await?;
        let line = |(row, person): (client::Model, Person)| ClientLine {
            id: row.id,
            name: person.name,
            born_in: person.born_in,
            cases: cases.get(&row.id).copied().unwrap_or(0),
            photographs: photographs.get(&row.id).copied().unwrap_or(0),
            changed_at: stamp(row.changed_at),
            kept_until: row.kept_until,
        };
        Ok(ClientList { total, clients: shown.into_iter().map(line).collect() })
    }

    /// How many rows each of some clients has, in one question: one for every client would take a tenth of a second.
    async fn count_by_client<E: EntityTrait>(
        &self,
        client: E::Column,
        row: E::Column,
        ids: &[Uuid],
    ) -> Result<HashMap<Uuid, u64>, Error> {
        let of = E::find().select_only().column(client).column_as(row.count(), "rows");
        let of = of.filter(client.is_in(ids.iter().copied())).group_by(client);
        let counts: Vec<(Uuid, i64)> = of.into_tuple().all(&self.db).await?;
        Ok(counts.into_iter().map(|(id, rows)| (id, rows.unsigned_abs())).collect())
    }

    /// A new client with a key of its own.
    pub(crate) async fn new_client(&self, who: &Who, person: Person) -> Result<Client, Error> {
        let person = person.checked()?;
        let (id, key) = (Uuid::now_v7(), Key::fresh());
        let row = client::ActiveModel {
            id: Set(id),
            clinic: Set(who.clinic),
            version: Set(1),
            key_wrapped: Set(key.wrapped_by(&self.clinic_key(who.clinic)?, place_of_client_key(&id))),
            sealed: Set(sealed(&key, "client", id, &person)),
            created_at: Set(now()),
            changed_at: Set(now()),
            kept_until: Set(None),
        };
        client::Entity::insert(row).exec_without_returning(&self.db).await?;
        self.note(who, Deed::new("client.made").of(id)).await?;
        self.client(who, id).await
    }

    /// A client with cases, visits and photographs.
    pub(crate) async fn client(&self, who: &Who, id: Uuid) -> Result<Client, Error> {
        let shelf = self.shelf(who, id).await?;
        let row = client::Entity::find_by_id(id).one(&self.db).await?.ok_or(Error::Missing("client"))?;
        Ok(Client {
            id,
            version: row.version,
            person: opened(&self.unwrapped(&row)?, "client", id, &row.sealed)?,
            created_at: stamp(row.created_at),
            changed_at: stamp(row.changed_at),
            kept_until: row.kept_until,
            cases: shelf.cases()?,
        })
    }

    /// A client's name, without all else that is known.
    pub(super) async fn name_of_client(&self, who: &Who, id: Uuid) -> Result<String, Error> {
        let key = self.client_key_to_read(who, id).await?;
        let row = client::Entity::find_by_id(id).one(&self.db).await?.ok_or(Error::Missing("client"))?;
        Ok(opened::<Person>(&key, "client", id, &row.sealed)?.name)
    }

    /// Changes what is known of a client; what stood before is kept, and so is what comes too late.
    pub(crate) async fn change_client(
        &self,
        who: &Who,
        id: Uuid,
        new: Changed<Person>,
    ) -> Result<Client, Error> {
        let key = self.client_key(who.clinic, id).await?;
        let person = new.text.checked()?;
        if person.mail_agreed && self.are_letters_declined(who, id).await? {
            let message = "The client left letters unticked in the last consent that data are kept. Let them sign it anew, if they want \
                           letters now.";
            return Err(Error::unusable("letters_declined", message));
        }
        let sealed = sealed(&key, "client", id, &person);
        let new = NewVersion { client: id, subject: id, changes: new.version, sealed, kind: "client" };
        if !self.write_version(who.account, COLUMN, new).await? {
            return Err(conflict(&self.client(who, id).await?, &person));
        }
        if person.address().is_none() {
            self.drop_waiting(id).await?;
        }
        self.note(who, Deed::new("client.changed").of(id)).await?;
        self.client(who, id).await
    }

    /// Writes down, in the name of an account, whether a client wants letters; nothing where there is no address for them. Twice is
    /// once.
    pub(super) async fn set_letters(
        &self,
        key: &Key,
        account: Uuid,
        (id, are_wanted): (Uuid, bool),
    ) -> Result<(), Error> {
        loop {
            let row = client::Entity::find_by_id(id).one(&self.db).await?.ok_or(Error::Missing("client"))?;
            let mut person: Person = opened(key, "client", id, &row.sealed)?;
            if person.mail_agreed == are_wanted || (are_wanted && person.email.is_empty()) {
                return if are_wanted { Ok(()) } else { self.drop_waiting(id).await };
            }
            person.mail_agreed = are_wanted;
            let sealed = sealed(key, "client", id, &person);
            let new = NewVersion { client: id, subject: id, changes: row.version, sealed, kind: "client" };
            // Somebody may have been faster; then it is read anew.
            self.write_version(account, COLUMN, new).await?;
        }
    }

    /// Destroys a client's key and removes everything of theirs.
    pub(super) async fn erase_for_good(&self, who: &Who, id: Uuid) -> Result<(), Error> {
        let blobs = self.blobs_of(id).await?;
        let counted = self.counted(who, id).await?;
        // First, so that whatever happens now an older backup does not bring them back.
        let treated = counted.as_ref().map_or(0, |row| row.treated);
        let (erasures, treated) = (self.erasures.clone(), u16::try_from(treated).ok());
        off_the_loop(move || erasures.add(id, treated)).await?;
        let writing = self.begin().await?;
        remove_things(&writing, id).await?;
        entry::Entity::delete_many().filter(entry::Column::Client.eq(id)).exec(&writing).await?;
        case::Entity::delete_many().filter(case::Column::Client.eq(id)).exec(&writing).await?;
        client::Entity::delete_by_id(id).exec(&writing).await?;
        if let Some(row) = counted {
            gone::Entity::insert(gone::ActiveModel::from(row).reset_all())
                .exec_without_returning(&writing)
                .await?;
        }
        audit::append(&writing, who.clinic, Some(who.account), Deed::new(audit::ERASED).of(id)).await?;
        writing.commit().await?;
        self.remembered.forget();
        self.forget_old_pages().await?;
        self.drop_blobs(blobs).await?;
        self.make_pages(who).await
    }

    /// What a client counted for on the pages for strangers; nothing of who was never treated.
    async fn counted(&self, who: &Who, id: Uuid) -> Result<Option<gone::Model>, Error> {
        let (mut treated, mut withdrawn) = (0, 0);
        for case in self.case_ids(id).await? {
            treated += i32::from(self.treatments_ever(who, case).await?.is_some());
            let shown = publication::Entity::find().filter(publication::Column::Case.eq(case));
            let was_shown = shown.one(&self.db).await?.is_some();
            let consent = self.consent_to_be_shown(who, case).await?;
            withdrawn += i32::from(was_shown && consent == ConsentSaid::Withdrawn);
        }
        let reviews = review::Entity::find().filter(review::Column::Client.eq(id)).all(&self.db).await?;
        let reviews = i32::try_from(reviews.len()).unwrap_or(i32::MAX);
        let row = gone::Model { id: Uuid::now_v7(), clinic: who.clinic, treated, withdrawn, reviews };
        Ok(Some(row).filter(|row| row.treated + row.withdrawn + row.reviews > 0))
    }

    /// The names of every blob of a client.
    pub(super) async fn blobs_of(&self, id: Uuid) -> Result<Vec<String>, Error> {
        let photographs =
            photograph::Entity::find().filter(photograph::Column::Client.eq(id)).all(&self.db).await?;
        let of = record::Entity::find().filter(record::Column::Client.eq(id)).select_only();
        let records: Vec<Uuid> = of.column(record::Column::Id).into_tuple().all(&self.db).await?;
        let files = file::Entity::find().filter(file::Column::Record.is_in(records)).all(&self.db).await?;
        let of = upload::Entity::find().filter(upload::Column::Client.eq(id)).select_only();
        let uploads: Vec<Uuid> = of.column(upload::Column::Id).into_tuple().all(&self.db).await?;
        let pieces = piece::Entity::find().filter(piece::Column::Upload.is_in(uploads)).all(&self.db).await?;
        let of_photographs = photographs
            .into_iter()
            .flat_map(|row| [Some(row.blob), row.screen_blob, row.small_blob])
            .flatten();
        let others = files.into_iter().map(|row| row.blob).chain(pieces.into_iter().map(|row| row.blob));
        Ok(of_photographs.chain(others).collect())
    }
}

/// Removes rows of a client: all but who it is, the cases, and what stands in their books.
pub(super) async fn remove_things(writing: &DatabaseTransaction, id: Uuid) -> Result<(), Error> {
    let uploads = upload::Entity::find().filter(upload::Column::Client.eq(id)).all(writing).await?;
    let uploads: Vec<Uuid> = uploads.into_iter().map(|row| row.id).collect();
    piece::Entity::delete_many().filter(piece::Column::Upload.is_in(uploads)).exec(writing).await?;
    let records = record::Entity::find().filter(record::Column::Client.eq(id)).all(writing).await?;
    let records: Vec<Uuid> = records.into_iter().map(|row| row.id).collect();
    file::Entity::delete_many().filter(file::Column::Record.is_in(records)).exec(writing).await?;
    upload::Entity::delete_many().filter(upload::Column::Client.eq(id)).exec(writing).await?;
    record::Entity::delete_many().filter(record::Column::Client.eq(id)).exec(writing).await?;
    job::Entity::delete_many().filter(job::Column::Client.eq(id)).exec(writing).await?;
    rating::Entity::delete_many().filter(rating::Column::Client.eq(id)).exec(writing).await?;
    // That something was shown and taken back stays known; whose it was does not.
    publishing::withdraw(writing, publication::Column::Client.eq(id)).await?;
    review::Entity::delete_many().filter(review::Column::Client.eq(id)).exec(writing).await?;
    photograph::Entity::delete_many().filter(photograph::Column::Client.eq(id)).exec(writing).await?;
    visit::Entity::delete_many().filter(visit::Column::Client.eq(id)).exec(writing).await?;
    link::Entity::delete_many().filter(link::Column::Client.eq(id)).exec(writing).await?;
    mail::Entity::delete_many().filter(mail::Column::Client.eq(id)).exec(writing).await?;
    set_aside::Entity::delete_many().filter(set_aside::Column::Client.eq(id)).exec(writing).await?;
    Ok(())
}

impl Client {
    /// Nothing of the person but who it is.
    pub(super) fn person_alone(self) -> Person {
        let (contact, note, email) = (String::new(), String::new(), String::new());
        Person { contact, note, email, mail_agreed: false, ..self.person }
    }
}

impl Person {
    /// Where letters go; nowhere without the client's yes.
    pub(super) fn address(&self) -> Option<&str> {
        (self.mail_agreed && !self.email.is_empty()).then_some(self.email.as_str())
    }

    /// How they are reached, by whatever is known: contact and e-mail, each once.
    pub(super) fn reached(&self) -> String {
        let is_new = !self.email.is_empty() && !self.contact.contains(&self.email);
        let email = Some(self.email.as_str()).filter(|_| is_new);
        let contact = Some(self.contact.trim()).filter(|contact| !contact.is_empty());
        contact.into_iter().chain(email).collect::<Vec<_>>().join(", ")
    }

    /// First letters of the name's parts: `A. E.`.
    pub(super) fn initials(&self) -> String {
        let letters =
            self.name.split_whitespace().filter_map(|part| part.chars().find(|c| c.is_alphanumeric()));
        letters.map(|letter| format!("{}.", letter.to_uppercase())).collect::<Vec<_>>().join(" ")
    }

    /// Whether name or contact holds every one of some words in lower case.
    fn answers_to(&self, words: &[String]) -> bool {
        let text = format!("{} {} {}", self.name, self.contact, self.email).to_lowercase();
        words.iter().all(|word| text.contains(word.as_str()))
    }

    fn checked(mut self) -> Result<Self, Error> {
        self.name = required(&self.name, "name")?;
        if self.born_in.is_some_and(|year| !(1900..=2100).contains(&year)) {
            return Err(Error::unusable(
                "bad_year",
                "The year of birth must lie between 1900 and 2100, or be left out.",
            ));
        }
        self.email = self.email.trim().to_owned();
        if !self.email.is_empty() {
            letter::address(&self.email)?;
        } else if self.mail_agreed {
            let message =
                "Letters need an address. Write the client's e-mail address down, or leave letters off.";
            return Err(Error::unusable("mail_no_address", message));
        }
        not_too_long(&self.contact)?;
        not_too_long(&self.note)?;
        Ok(self)
    }
}
