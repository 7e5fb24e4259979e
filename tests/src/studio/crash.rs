//! Loss of power at any moment: what was acknowledged is there, nothing is half-written.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};
use stipple_quantity::Seed;
use tempfile::TempDir;

use super::postgres;
use super::served::{Browser, Served, sha256};
use crate::stipple::program;

/// How often power is lost: a few times in every test, 200 times with `SLOW=1`.
fn times() -> usize {
    if std::env::var_os("SLOW").is_some() { 200 } else { 12 }
}

#[test]
fn power_is_lost_on_sqlite() {
    let folder = TempDir::new().expect("a folder");
    lose_power(folder.path(), None);
}

#[test]
fn power_is_lost_on_postgresql() {
    let folder = TempDir::new().expect("a folder");
    let database = postgres::database("crash");
    lose_power(folder.path(), Some(&database));
}

/// What the studio has acknowledged.
#[derive(Default)]
struct Acknowledged {
    /// Notes of clients by id.
    notes: BTreeMap<String, String>,
    /// How far uploads are.
    received: BTreeMap<String, u64>,
    /// Photographs that were kept, with their SHA-256.
    photographs: BTreeMap<String, String>,
    /// Consents that were signed, with their case.
    consents: BTreeMap<String, String>,
}

/// A thing that was acknowledged.
enum Done {
    Note(String, String),
    Piece(String, u64),
    Kept(String, String),
    Signed(String, String),
}

fn lose_power(folder: &Path, database: Option<&str>) {
    let mut known = Acknowledged::default();
    {
        let served = Served::start(folder, database);
        served.browser().first_run("Clinic", "owner");
        served.kill();
    }
    // Because a machine at other work does less in between, power is lost more often there, and later.
    let mut round = 0;
    while round < times() || !known.has_all_kinds() && round < 4 * times() {
        let served = Served::start(folder, database);
        let mut owner = served.browser();
        owner.sign_in("owner");
        known.check(&mut owner);
        audit_is_whole(folder, database);
        let (sender, receiver) = channel();
        let worker = std::thread::spawn({
            let owner = owner.clone();
            move || work(owner, round, |done| sender.send(done).is_ok())
        });
        let most_ms = 300 * (1 + round / times());
        let wait_ms = 5 + Seed(1).stream("power", round as u64).below(most_ms) as u64;
        std::thread::sleep(Duration::from_millis(wait_ms));
        served.kill();
        worker.join().expect("the browser only loses its studio");
        known.learn(&receiver);
        round += 1;
    }
    let served = Served::start(folder, database);
    let mut owner = served.browser();
    owner.sign_in("owner");
    known.check(&mut owner);
    audit_is_whole(folder, database);
    println!(
        "power lost {round} times: {} consents, {} notes, {} uploads, {} photographs, all as acknowledged",
        known.consents.len(),
        known.notes.len(),
        known.received.len(),
        known.photographs.len()
    );
    assert!(known.has_all_kinds(), "something was done in between");
}

/// Nothing is signed by half: every entry has its row in the chain, and every row its entry.
fn audit_is_whole(folder: &Path, database: Option<&str>) {
    let mut command = std::process::Command::new(program());
    command.args(["audit", "verify", "--data"]).arg(folder);
    let said = command.env("STIPPLE_DATABASE", database.unwrap_or_default()).output().expect("it runs");
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
}

/// Saves, signs, uploads and corrects until the studio is gone.
fn work(mut owner: Browser, round: usize, told: impl Fn(Done) -> bool) {
    for k in 0.. {
        if work_once(&mut owner, &format!("{round}.{k}"), &told).is_none() {
            return;
        }
    }
}

fn work_once(owner: &mut Browser, name: &str, told: &impl Fn(Done) -> bool) -> Option<()> {
    let client = asked(owner, "POST", "/api/clients", &json!({"name": name}))?;
    let client = client["id"].as_str()?.to_owned();
    told(Done::Note(client.clone(), String::new()));
    let changed = json!({"version": 1, "name": name, "note": name, "born_in": 1980});
    asked(owner, "PUT", &format!("/api/clients/{client}"), &changed)?;
    told(Done::Note(client.clone(), name.to_owned()));
    let case = asked(owner, "POST", &format!("/api/clients/{client}/cases"), &json!({"title": name}))?;
    let case_id = case["id"].as_str()?.to_owned();
    let at = format!("/api/cases/{case_id}/consents");
    let consent = asked(owner, "POST", &at, &super::book::signed("treatment"))?;
    told(Done::Signed(consent["id"].as_str()?.to_owned(), case_id));
    let visit = json!({"day": "2026-03-27", "kind": "session"});
    let visit = asked(owner, "POST", &format!("/api/cases/{}/visits", case["id"].as_str()?), &visit)?;
    let bytes = format!("not a picture, {name}").repeat(4000).into_bytes();
    let announced = json!({"bytes": bytes.len(), "sha256": sha256(&bytes)});
    let upload = asked(owner, "POST", &format!("/api/visits/{}/uploads", visit["id"].as_str()?), &announced)?;
    let upload = upload["id"].as_str()?.to_owned();
    for (k, piece) in bytes.chunks(32_000).enumerate() {
        let offset = (k * 32_000).to_string();
        let path = format!("/api/uploads/{upload}");
        let said = owner.try_send("PATCH", &path, &[("upload-offset", &offset)], Some(piece)).ok()?;
        assert_eq!(said.status, 200, "{}", said.json);
        told(Done::Piece(upload.clone(), said.json["received"].as_u64()?));
    }
    let kept = asked(owner, "POST", &format!("/api/uploads/{upload}/finish"), &json!({}))?;
    told(Done::Kept(kept["photograph"]["id"].as_str()?.to_owned(), sha256(&bytes)));
    Some(())
}

/// What was answered; nothing when the studio is gone.
fn asked(owner: &mut Browser, method: &str, path: &str, body: &Value) -> Option<Value> {
    let bytes = body.to_string().into_bytes();
    let said = owner.try_send(method, path, &[("content-type", "application/json")], Some(&bytes)).ok()?;
    assert!(said.status < 300, "{method} {path}: {} {}", said.status, said.json);
    Some(said.json)
}

impl Acknowledged {
    fn has_all_kinds(&self) -> bool {
        let kinds = [&self.notes, &self.photographs, &self.consents];
        !self.received.is_empty() && kinds.into_iter().all(|kind| !kind.is_empty())
    }

    fn learn(&mut self, done: &Receiver<Done>) {
        for done in done.try_iter() {
            match done {
                Done::Note(client, note) => drop(self.notes.insert(client, note)),
                Done::Signed(consent, case) => drop(self.consents.insert(consent, case)),
                Done::Piece(upload, received) => drop(self.received.insert(upload, received)),
                Done::Kept(photograph, hash) => {
                    self.received.remove(&photograph);
                    self.photographs.insert(photograph, hash);
                }
            }
        }
    }

    /// All of it is there.
    fn check(&mut self, owner: &mut Browser) {
        for (client, note) in &mut self.notes {
            let now = owner.must("GET", &format!("/api/clients/{client}"), None);
            let found = now["note"].as_str().expect("a note");
            // What was sent but not acknowledged may be there too.
            assert!(found == note || note.is_empty(), "acknowledged {note}, found {found}");
            found.clone_into(note);
        }
        for (upload, received) in &self.received {
            let now = owner.ask("GET", &format!("/api/uploads/{upload}"), None);
            let kept = now.status == 404
                && owner.ask("GET", &format!("/api/photographs/{upload}"), None).status == 200;
            let there = now.json["received"].as_u64().unwrap_or(0);
            assert!(kept || there >= *received, "acknowledged {received}, found {there}");
        }
        for (consent, case) in &self.consents {
            let book = owner.must("GET", &format!("/api/cases/{case}/book"), None);
            let there = book["consents"].as_array().expect("consents");
            assert!(there.iter().any(|one| one["id"] == *consent), "a signed consent is gone");
        }
        for (photograph, hash) in &self.photographs {
            let now = owner.must("GET", &format!("/api/photographs/{photograph}"), None);
            assert_eq!(now["sha256"].as_str(), Some(hash.as_str()));
        }
    }
}
