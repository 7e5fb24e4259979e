//! Clients, their cases and visits: sealed texts that people change, with every version kept.

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::ToSchema;
use uuid::Uuid;

use super::accounts::required;
use super::entity::{case, client, file, job, photograph, piece, record, set_aside, upload, visit};
use super::photographs::Photograph;
use super::{Store, Who, now, place_of_client_key};
use crate::error::Error;
use crate::keys::{Key, Place};

/// Longest note, characters.
const NOTE_CHARS_MAX: usize = 20_000;

/// What is known of a client.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
pub(crate) struct Person {
    /// As the client is called.
    pub(crate) name: String,
    /// Year of birth.
    #[serde(default)]
    born_in: Option<i32>,
    /// How the client is reached.
    #[serde(default)]
    contact: String,
    /// What else is to be remembered.
    #[serde(default)]
    note: String,
}

/// What a case is about.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
pub(crate) struct CaseText {
    title: String,
    #[serde(default)]
    note: String,
}

/// What a visit was.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
pub(crate) struct VisitText {
    /// YYYY-MM-DD.
    day: String,
    kind: VisitKind,
    #[serde(default)]
    note: String,
}

/// Why the client was there.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum VisitKind {
    Consultation,
    Session,
    FollowUp,
}

/// A text with the version that it changes.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Changed<T> {
    /// The version that was read.
    version: i64,
    #[serde(flatten)]
    text: T,
}

/// A client in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ClientLine {
    id: Uuid,
    name: String,
    born_in: Option<i32>,
    cases: usize,
    photographs: usize,
    /// RFC 3339, UTC.
    changed_at: String,
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
    cases: Vec<Case>,
}

/// One scar, or one wish, of a client.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Case {
    id: Uuid,
    client: Uuid,
    version: i64,
    #[serde(flatten)]
    text: CaseText,
    created_at: String,
    visits: Vec<Visit>,
}

/// A day on which the client was there.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Visit {
    id: Uuid,
    case: Uuid,
    version: i64,
    #[serde(flatten)]
    text: VisitText,
    photographs: Vec<Photograph>,
}

impl Store {
    /// Clients whose name or contact holds every word of `query`, the last changed first.
    pub(crate) async fn clients(
        &self,
        who: &Who,
        query: &str,
        offset: usize,
        limit: usize,
    ) -> Result<ClientList, Error> {
        let of = client::Entity::find().filter(client::Column::Clinic.eq(who.clinic));
        let rows = of.order_by_desc(client::Column::ChangedAt).all(&self.db).await?;
        let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
        let mut found = Vec::new();
        for row in rows {
            let person: Person = self.opened(&self.unwrapped(&row)?, "client", row.id, &row.sealed)?;
            let text = format!("{} {}", person.name, person.contact).to_lowercase();
            if words.iter().all(|word| text.contains(word.as_str())) {
                found.push((row, person));
            }
        }
        let total = found.len();
        let mut clients = Vec::new();
        for (row, person) in found.into_iter().skip(offset).take(limit) {
            clients.push(self.client_line(row, person).await?);
        }
        Ok(ClientList { total, clients })
    }

    async fn client_line(&self, row: client::Model, person: Person) -> Result<ClientLine, Error> {
        use sea_orm::PaginatorTrait as _;
        let cases = case::Entity::find().filter(case::Column::Client.eq(row.id)).count(&self.db).await?;
        let of = photograph::Column::Client.eq(row.id);
        let photographs = photograph::Entity::find().filter(of).count(&self.db).await?;
        Ok(ClientLine {
            id: row.id,
            name: person.name,
            born_in: person.born_in,
            cases: usize::try_from(cases).unwrap_or(usize::MAX),
            photographs: usize::try_from(photographs).unwrap_or(usize::MAX),
            changed_at: stamp(row.changed_at),
        })
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
        };
        client::Entity::insert(row).exec_without_returning(&self.db).await?;
        self.note(who, "client.made", Some(id)).await?;
        self.client(who, id).await
    }

    /// A client with cases, visits and photographs.
    pub(crate) async fn client(&self, who: &Who, id: Uuid) -> Result<Client, Error> {
        let row = client::Entity::find_by_id(id).one(&self.db).await?;
        let row = row.filter(|row| row.clinic == who.clinic).ok_or(Error::Missing("client"))?;
        let key = self.unwrapped(&row)?;
        let of = case::Entity::find().filter(case::Column::Client.eq(id));
        let mut cases = Vec::new();
        for row in of.order_by_asc(case::Column::CreatedAt).all(&self.db).await? {
            cases.push(self.case_of(&key, row).await?);
        }
        Ok(Client {
            id,
            version: row.version,
            person: self.opened(&key, "client", id, &row.sealed)?,
            created_at: stamp(row.created_at),
            changed_at: stamp(row.changed_at),
            cases,
        })
    }

    /// Changes what is known of a client; what stood before is kept, and so is what comes too late.
    pub(crate) async fn change_client(
        &self,
        who: &Who,
        id: Uuid,
        new: Changed<Person>,
    ) -> Result<Client, Error> {
        let key = self.client_key(who.clinic, id).await?;
        let old = self.client(who, id).await?;
        let person = new.text.checked()?;
        let write = client::Entity::update_many()
            .col_expr(client::Column::Version, Expr::value(new.version + 1))
            .col_expr(client::Column::Sealed, Expr::value(sealed(&key, "client", id, &person)))
            .col_expr(client::Column::ChangedAt, Expr::value(now()))
            .filter(client::Column::Id.eq(id).and(client::Column::Version.eq(new.version)));
        let writing = self.begin().await?;
        let written = write.exec(&writing).await?.rows_affected == 1;
        let aside = Aside { client: id, subject: id, kind: "client", version: new.version };
        if !written {
            // Missing by now if it was erased: then nothing is kept.
            let theirs = self.client(who, id).await?;
            set_aside(&writing, who, &key, &aside, &person).await?;
            writing.commit().await?;
            return Err(conflict(&theirs, &person));
        }
        set_aside(&writing, who, &key, &aside, &old.person).await?;
        writing.commit().await?;
        self.note(who, "client.changed", Some(id)).await?;
        self.client(who, id).await
    }

    /// Destroys a client's key and removes everything of theirs.
    pub(crate) async fn erase_client(&self, who: &Who, id: Uuid) -> Result<(), Error> {
        let row = client::Entity::find_by_id(id).one(&self.db).await?;
        row.filter(|row| row.clinic == who.clinic).ok_or(Error::Missing("client"))?;
        let blobs = self.blobs_of(id).await?;
        let writing = self.begin().await?;
        let uploads = upload::Entity::find().filter(upload::Column::Client.eq(id)).all(&writing).await?;
        let uploads: Vec<Uuid> = uploads.into_iter().map(|row| row.id).collect();
        piece::Entity::delete_many().filter(piece::Column::Upload.is_in(uploads)).exec(&writing).await?;
        let records = record::Entity::find().filter(record::Column::Client.eq(id)).all(&writing).await?;
        let records: Vec<Uuid> = records.into_iter().map(|row| row.id).collect();
        file::Entity::delete_many().filter(file::Column::Record.is_in(records)).exec(&writing).await?;
        upload::Entity::delete_many().filter(upload::Column::Client.eq(id)).exec(&writing).await?;
        record::Entity::delete_many().filter(record::Column::Client.eq(id)).exec(&writing).await?;
        job::Entity::delete_many().filter(job::Column::Client.eq(id)).exec(&writing).await?;
        photograph::Entity::delete_many().filter(photograph::Column::Client.eq(id)).exec(&writing).await?;
        visit::Entity::delete_many().filter(visit::Column::Client.eq(id)).exec(&writing).await?;
        case::Entity::delete_many().filter(case::Column::Client.eq(id)).exec(&writing).await?;
        set_aside::Entity::delete_many().filter(set_aside::Column::Client.eq(id)).exec(&writing).await?;
        client::Entity::delete_by_id(id).exec(&writing).await?;
        writing.commit().await?;
        self.forget_old_pages().await?;
        let store = self.blobs.clone();
        super::off_the_loop(move || blobs.iter().try_for_each(|name| store.remove(name))).await?;
        self.note(who, "client.erased", Some(id)).await
    }

    /// A new case of a client.
    pub(crate) async fn new_case(&self, who: &Who, client: Uuid, text: CaseText) -> Result<Case, Error> {
        let key = self.client_key(who.clinic, client).await?;
        let id = Uuid::now_v7();
        let row = case::ActiveModel {
            id: Set(id),
            client: Set(client),
            version: Set(1),
            sealed: Set(sealed(&key, "case", id, &text.checked()?)),
            created_at: Set(now()),
        };
        case::Entity::insert(row).exec_without_returning(&self.db).await?;
        self.note(who, "case.made", Some(id)).await?;
        self.case(who, id).await
    }

    /// A case with its visits and photographs.
    pub(crate) async fn case(&self, who: &Who, id: Uuid) -> Result<Case, Error> {
        let row = case::Entity::find_by_id(id).one(&self.db).await?.ok_or(Error::Missing("case"))?;
        let key = self.client_key(who.clinic, row.client).await.map_err(|error| hidden(error, "case"))?;
        self.case_of(&key, row).await
    }

    /// Changes what a case is about.
    pub(crate) async fn change_case(
        &self,
        who: &Who,
        id: Uuid,
        new: Changed<CaseText>,
    ) -> Result<Case, Error> {
        let old = self.case(who, id).await?;
        let key = self.client_key(who.clinic, old.client).await?;
        let text = new.text.checked()?;
        let write = case::Entity::update_many()
            .col_expr(case::Column::Version, Expr::value(new.version + 1))
            .col_expr(case::Column::Sealed, Expr::value(sealed(&key, "case", id, &text)))
            .filter(case::Column::Id.eq(id).and(case::Column::Version.eq(new.version)));
        let writing = self.begin().await?;
        let written = write.exec(&writing).await?.rows_affected == 1;
        let aside = Aside { client: old.client, subject: id, kind: "case", version: new.version };
        if !written {
            // Missing by now if it was erased: then nothing is kept.
            let theirs = self.case(who, id).await?;
            set_aside(&writing, who, &key, &aside, &text).await?;
            writing.commit().await?;
            return Err(conflict(&theirs, &text));
        }
        set_aside(&writing, who, &key, &aside, &old.text).await?;
        writing.commit().await?;
        self.note(who, "case.changed", Some(id)).await?;
        self.case(who, id).await
    }

    /// A new visit in a case.
    pub(crate) async fn new_visit(&self, who: &Who, case: Uuid, text: VisitText) -> Result<Visit, Error> {
        let client = self.case(who, case).await?.client;
        let key = self.client_key(who.clinic, client).await?;
        let id = Uuid::now_v7();
        let row = visit::ActiveModel {
            id: Set(id),
            client: Set(client),
            case: Set(case),
            version: Set(1),
            sealed: Set(sealed(&key, "visit", id, &text.checked()?)),
            created_at: Set(now()),
        };
        visit::Entity::insert(row).exec_without_returning(&self.db).await?;
        self.note(who, "visit.made", Some(id)).await?;
        self.visit(who, id).await
    }

    /// A visit with its photographs.
    pub(crate) async fn visit(&self, who: &Who, id: Uuid) -> Result<Visit, Error> {
        let (row, key) = self.visit_row(who, id).await?;
        self.visit_of(&key, row).await
    }

    /// Changes what a visit was.
    pub(crate) async fn change_visit(
        &self,
        who: &Who,
        id: Uuid,
        new: Changed<VisitText>,
    ) -> Result<Visit, Error> {
        let (row, key) = self.visit_row(who, id).await?;
        let old = self.visit_of(&key, row.clone()).await?;
        let text = new.text.checked()?;
        let write = visit::Entity::update_many()
            .col_expr(visit::Column::Version, Expr::value(new.version + 1))
            .col_expr(visit::Column::Sealed, Expr::value(sealed(&key, "visit", id, &text)))
            .filter(visit::Column::Id.eq(id).and(visit::Column::Version.eq(new.version)));
        let writing = self.begin().await?;
        let written = write.exec(&writing).await?.rows_affected == 1;
        let aside = Aside { client: row.client, subject: id, kind: "visit", version: new.version };
        if !written {
            // Missing by now if it was erased: then nothing is kept.
            let theirs = self.visit(who, id).await?;
            set_aside(&writing, who, &key, &aside, &text).await?;
            writing.commit().await?;
            return Err(conflict(&theirs, &text));
        }
        set_aside(&writing, who, &key, &aside, &old.text).await?;
        writing.commit().await?;
        self.note(who, "visit.changed", Some(id)).await?;
        self.visit(who, id).await
    }

    /// The row of a visit of this clinic, with its client's key.
    pub(super) async fn visit_row(&self, who: &Who, id: Uuid) -> Result<(visit::Model, Key), Error> {
        let row = visit::Entity::find_by_id(id).one(&self.db).await?.ok_or(Error::Missing("visit"))?;
        let key = self.client_key(who.clinic, row.client).await.map_err(|error| hidden(error, "visit"))?;
        Ok((row, key))
    }

    async fn case_of(&self, key: &Key, row: case::Model) -> Result<Case, Error> {
        let of = visit::Entity::find().filter(visit::Column::Case.eq(row.id));
        let mut visits = Vec::new();
        for row in of.order_by_asc(visit::Column::CreatedAt).all(&self.db).await? {
            visits.push(self.visit_of(key, row).await?);
        }
        let text = self.opened(key, "case", row.id, &row.sealed)?;
        let case::Model { id, client, version, created_at, .. } = row;
        Ok(Case { id, client, version, text, created_at: stamp(created_at), visits })
    }

    async fn visit_of(&self, key: &Key, row: visit::Model) -> Result<Visit, Error> {
        let photographs = self.photographs_of(key, row.id).await?;
        let text = self.opened(key, "visit", row.id, &row.sealed)?;
        Ok(Visit { id: row.id, case: row.case, version: row.version, text, photographs })
    }

    /// What [`sealed`] sealed.
    pub(super) fn opened<T: DeserializeOwned>(
        &self,
        key: &Key,
        kind: &'static str,
        id: Uuid,
        bytes: &[u8],
    ) -> Result<T, Error> {
        let text = key.open(Place { kind, id: id.as_bytes() }, bytes)?;
        serde_json::from_slice(&text).map_err(|_| Error::Damaged { kind })
    }

    /// The names of every blob of a client.
    async fn blobs_of(&self, id: Uuid) -> Result<Vec<String>, Error> {
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

/// Which version is set aside.
struct Aside {
    client: Uuid,
    subject: Uuid,
    kind: &'static str,
    version: i64,
}

/// Keeps a version beside what stands.
async fn set_aside<T: Serialize>(
    writing: &DatabaseTransaction,
    who: &Who,
    key: &Key,
    aside: &Aside,
    text: &T,
) -> Result<(), Error> {
    let row = set_aside::ActiveModel {
        id: Set(Uuid::now_v7()),
        client: Set(aside.client),
        subject: Set(aside.subject),
        version: Set(aside.version),
        account: Set(who.account),
        sealed: Set(sealed(key, aside.kind, aside.subject, text)),
        created_at: Set(now()),
    };
    set_aside::Entity::insert(row).exec_without_returning(writing).await?;
    Ok(())
}

/// JSON under a client's key.
pub(super) fn sealed<T: Serialize>(key: &Key, kind: &'static str, id: Uuid, text: &T) -> Vec<u8> {
    let json = serde_json::to_vec(text).expect("plain data becomes JSON");
    key.seal(Place { kind, id: id.as_bytes() }, &json)
}

/// Because what is another clinic's must look like what is not there.
pub(super) fn hidden(error: Error, what: &'static str) -> Error {
    if matches!(error, Error::Missing(_)) { Error::Missing(what) } else { error }
}

/// RFC 3339, UTC, of milliseconds since 1970.
pub(crate) fn stamp(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms).map_or_else(|_| String::new(), |at| at.to_string())
}

fn conflict<T: Serialize, U: Serialize>(theirs: &T, yours: &U) -> Error {
    let json = |value: Result<serde_json::Value, _>| Box::new(value.unwrap_or_default());
    Error::ChangedMeanwhile {
        theirs: json(serde_json::to_value(theirs)),
        yours: json(serde_json::to_value(yours)),
    }
}

impl Person {
    fn checked(mut self) -> Result<Self, Error> {
        self.name = required(&self.name, "name")?;
        if self.born_in.is_some_and(|year| !(1900..=2100).contains(&year)) {
            return Err(Error::unusable(
                "bad_year",
                "The year of birth must lie between 1900 and 2100, or be left out.",
            ));
        }
        not_too_long(&self.contact)?;
        not_too_long(&self.note)?;
        Ok(self)
    }
}

impl CaseText {
    fn checked(mut self) -> Result<Self, Error> {
        self.title = required(&self.title, "title of the case")?;
        not_too_long(&self.note)?;
        Ok(self)
    }
}

impl VisitText {
    fn checked(self) -> Result<Self, Error> {
        let day: Result<jiff::civil::Date, _> = self.day.parse();
        if self.day.len() != 10 || day.is_err() {
            return Err(Error::unusable(
                "bad_day",
                "The day of the visit must be a date such as 2026-11-27.",
            ));
        }
        not_too_long(&self.note)?;
        Ok(self)
    }
}

fn not_too_long(text: &str) -> Result<(), Error> {
    let found = text.chars().count();
    if found <= NOTE_CHARS_MAX {
        return Ok(());
    }
    Err(Error::unusable(
        "long_text",
        format!("The text has {found} characters; up to {NOTE_CHARS_MAX} are kept."),
    ))
}
