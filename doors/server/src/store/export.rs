//! Everything about one client in a ZIP: a page to read, files as they came, PDFs, and JSON for programs.
//!
//! It is made while it is sent: no more than one file is in memory, and nothing lies on the disk in the clear.

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::Value;
use tokio::sync::mpsc::{self, Sender};
use tokio_stream::wrappers::ReceiverStream;
use uuid::Uuid;

use super::audit::Deed;
use super::entity::file;
use super::{Store, Who};
use crate::error::Error;

mod page;
mod zipping;

/// Chunks that wait to be sent.
const AHEAD: usize = 8;

/// A ZIP on its way; an end that comes too early is an error, so that nobody takes a part for the whole.
pub(crate) type Sent = ReceiverStream<std::io::Result<Vec<u8>>>;

/// All that is told of a client, as programs read it.
struct Told {
    client: Value,
    /// By case.
    books: Vec<(Uuid, Value)>,
    trail: Value,
    /// What was said in public.
    reviews: Value,
    /// What people said of the photographs, blind ratings too.
    ratings: Value,
    /// Texts and answers that do not stand any more.
    earlier: Value,
    /// What is asked while the skin heals, with its words.
    asked: Value,
}

/// The next file of a ZIP.
enum Next {
    File { name: String, bytes: Vec<u8> },
    End,
}

impl Store {
    /// Everything about a client.
    pub(crate) async fn export(&self, who: &Who, id: Uuid) -> Result<Sent, Error> {
        let told = self.told_of(who, id).await?;
        self.note(who, Deed::new("client.exported").of(id)).await?;
        let (to_zip, files) = mpsc::channel(1);
        let (to_send, sending) = mpsc::channel(AHEAD);
        let (store, who, failed) = (self.clone(), who.clone(), to_send.clone());
        tokio::task::spawn_blocking(move || zipping::zipped(files, &to_send));
        tokio::spawn(async move {
            if let Err(error) = store.give(&who, &told, &to_zip).await {
                crate::log::fault(&error.to_string());
                // Whoever waited for it may be gone.
                let _ = failed.send(Err(std::io::Error::other("a file of the record"))).await;
            }
        });
        Ok(ReceiverStream::new(sending))
    }

    /// The pages that strangers see, for any other host.
    pub(crate) async fn export_pages(&self, who: &Who) -> Result<Sent, Error> {
        self.make_pages(who).await?;
        let folder = self.public_folder(who.clinic);
        if !folder.exists() {
            self.require_nothing_missing(who).await?;
            return Err(Error::unusable("nothing_shown", "Nothing was shown yet, so there are no pages."));
        }
        self.note(who, Deed::new("pages.exported")).await?;
        let (to_zip, files) = mpsc::channel(1);
        let (to_send, sending) = mpsc::channel(AHEAD);
        tokio::task::spawn_blocking(move || zipping::zipped(files, &to_send));
        tokio::task::spawn_blocking(move || {
            if let Err(error) = zipping::give_folder(&folder, &to_zip) {
                crate::log::fault(&error.to_string());
            }
        });
        Ok(ReceiverStream::new(sending))
    }

    async fn told_of(&self, who: &Who, id: Uuid) -> Result<Told, Error> {
        let json = |value: serde_json::Result<Value>| value.map_err(|_| Error::Damaged { kind: "client" });
        let mut books = Vec::new();
        for case in self.case_ids(id).await? {
            books.push((case, json(serde_json::to_value(self.book(who, case).await?))?));
        }
        Ok(Told {
            client: json(serde_json::to_value(self.client(who, id).await?))?,
            books,
            trail: json(serde_json::to_value(self.trail(who, id).await?))?,
            reviews: json(serde_json::to_value(self.reviews_of(id).await?))?,
            ratings: json(serde_json::to_value(self.ratings_of(who, id).await?))?,
            earlier: json(serde_json::to_value(self.earlier_texts(who, id).await?))?,
            asked: json(serde_json::to_value(self.asked(who.clinic).await?))?,
        })
    }

    /// Gives one file after the other, the page to read last: it names them all.
    async fn give(&self, who: &Who, told: &Told, to: &Sender<Next>) -> Result<(), Error> {
        let papers = self.give_papers(who, told, to).await?;
        let (words, mut visits) = (told.words(), Vec::new());
        for case in list(&told.client["cases"]) {
            for visit in list(&case["visits"]) {
                let mut files = Vec::new();
                for photograph in list(&visit["photographs"]) {
                    for (name, bytes) in self.of_photograph(who, photograph).await? {
                        give(to, &name, bytes).await?;
                        files.push(name);
                    }
                }
                visits.push(page::visit(&words, case, visit, files));
            }
        }
        let mut for_programs = Vec::new();
        for (name, value) in told.files() {
            give(to, name, serde_json::to_vec_pretty(&value).unwrap_or_default()).await?;
            for_programs.push(name);
        }
        let page = page::of(told, &words, &visits, (&papers, &for_programs));
        give(to, "index.html", page.into_bytes()).await?;
        to.send(Next::End).await.map_err(|_| gone())
    }

    /// Consents and passports, and their names.
    async fn give_papers(&self, who: &Who, told: &Told, to: &Sender<Next>) -> Result<Vec<String>, Error> {
        let mut papers = Vec::new();
        for (_, book) in &told.books {
            for consent in list(&book["consents"]) {
                let name =
                    format!("papers/consent-{}-{}.pdf", text(&consent["purpose"]), text(&consent["id"]));
                give(to, &name, self.consent_page(who, id_of(consent)?).await?).await?;
                papers.push(name);
            }
        }
        // One for the whole person.
        if let Some((case, _)) = told.books.first() {
            match self.passport(who, *case, false).await {
                Ok(passport) => {
                    for (name, bytes) in [
                        ("papers/passport.pdf", passport.page_pdf),
                        ("papers/passport.json", passport.file_json),
                    ] {
                        give(to, name, bytes).await?;
                        papers.push(name.to_owned());
                    }
                }
                Err(error) if error.code() == "no_sessions" => {}
                Err(error) => return Err(error),
            }
        }
        Ok(papers)
    }

    /// A photograph and every file of every result of it, by their names in the ZIP.
    async fn of_photograph(&self, who: &Who, photograph: &Value) -> Result<Vec<(String, Vec<u8>)>, Error> {
        let id = id_of(photograph)?;
        let bytes = self.photograph_file(who.clinic, id).await?;
        let mut files = vec![(format!("photographs/{id}/photograph.{}", extension(&bytes)), bytes)];
        for record in list(&photograph["records"]) {
            let (kind, of) = (text(&record["kind"]), id_of(record)?);
            let rows = file::Entity::find().filter(file::Column::Record.eq(of)).all(&self.db).await?;
            for row in rows {
                let bytes = self.record_file(who, of, &row.name).await?;
                files.push((format!("photographs/{id}/{kind}-{of}/{}", row.name), bytes));
            }
        }
        Ok(files)
    }
}

impl Told {
    /// The words of the page: in the language of the last consent.
    fn words(&self) -> page::Words {
        let consents = self.books.iter().flat_map(|(_, book)| list(&book["consents"]));
        let last = consents.max_by_key(|consent| text(&consent["day"]));
        page::Words::in_language(&last.map(|consent| text(&consent["language"])).unwrap_or_default())
    }

    /// What programs read.
    fn files(&self) -> [(&'static str, Value); 6] {
        let books = self.books.iter().map(|(case, book)| serde_json::json!({"case": case, "book": book}));
        [
            ("client.json", self.client.clone()),
            ("books.json", Value::Array(books.collect())),
            ("trail.json", self.trail.clone()),
            ("reviews.json", self.reviews.clone()),
            ("ratings.json", self.ratings.clone()),
            ("earlier.json", self.earlier.clone()),
        ]
    }
}

async fn give(to: &Sender<Next>, name: &str, bytes: Vec<u8>) -> Result<(), Error> {
    to.send(Next::File { name: name.to_owned(), bytes }).await.map_err(|_| gone())
}

fn gone() -> Error {
    Error::Ours("whoever waited for an export is gone".to_owned())
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn id_of(value: &Value) -> Result<Uuid, Error> {
    value["id"].as_str().and_then(|id| id.parse().ok()).ok_or(Error::Damaged { kind: "client" })
}

/// How a photograph's name ends, by what its bytes begin with.
fn extension(bytes: &[u8]) -> &'static str {
    match bytes {
        [0xFF, 0xD8, ..] => "jpg",
        [0x89, b'P', b'N', b'G', ..] => "png",
        [b'R', b'I', b'F', b'F', ..] => "webp",
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => "heic",
        [b'I', b'I', ..] | [b'M', b'M', ..] => "tif",
        _ => "bin",
    }
}
