//! Consent, sessions, links and the chain of what was done: what may be, what is refused, and what shows.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::opened;
use super::served::{Browser, Said, Served, id, sha256};
use crate::stipple::{stipple, text};

/// A consent with every clause agreed to that must be, as a tablet sends it.
pub(super) fn signed(purpose: &str) -> Value {
    let shipped = stipple_record::settings::shipped_consents();
    let of = |form: &&stipple_model::ConsentForm| form.purpose.name() == purpose && form.language == "en";
    let form = shipped.forms.iter().find(of).expect("a shipped text");
    let agreed: serde_json::Map<String, Value> =
        form.clauses.iter().map(|clause| (clause.id.clone(), json!(clause.must))).collect();
    json!({
        "purpose": purpose, "language": "en", "version": shipped.version, "agreed": agreed,
        "questions": "Does it hurt? A little.", "signer": "Ada Example", "read_s": 95.0,
        "strokes": [[[0.1, 0.5, 0.0], [0.3, 0.2, 0.2], [0.5, 0.7, 0.5], [0.8, 0.4, 0.9]]],
    })
}

/// A session of so many dots on 1 cm², with a lot.
pub(super) fn session(lot: &str, dots: u32) -> Value {
    json!({
        "day": today(), "practitioner": "Owner", "needle": "0.25 mm, lot N1", "machine": "rotary",
        "pigments": [{"product": "Carbon black", "lot": lot, "expires": "2030-01-01", "water_parts": 6.0}],
        "depth_mm": [0.3, 0.6], "zones": [{"name": "strip", "dots": dots, "area_mm2": 100.0, "passes": 1}],
        "pain": 2, "bleeding": "none",
    })
}

/// The day it is, UTC.
fn today() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    stipple_model::Date::constant(1970, 1, 1).checked_add(since).expect("a day").to_string()
}

/// What a client tells of the skin.
pub(super) fn told(pain: u32, redness: &str, hives: bool) -> Value {
    json!({"answers": {"pain": pain, "redness": redness, "feverish_or_pus": false, "hives": hives}})
}

/// How somebody is.
pub(super) fn wellbeing() -> Value {
    json!({"moment": "before", "noticeable": 7, "satisfied": 1, "confident": 3, "itches": false, "hurts": false})
}

/// One consent, one session, one check-in and one link of a case: their ids.
pub(super) fn kept(owner: &mut Browser, client: &str, case: &str) -> [String; 4] {
    grown_up(owner, client);
    let consent = id(&owner.must("POST", &at(case, "consents"), Some(&signed("treatment"))));
    let done = id(&owner.must("POST", &at(case, "sessions"), Some(&session("A7", 80))));
    owner.must("POST", &at(case, "check-ins"), Some(&told(1, "less", false)));
    owner.must("POST", &at(case, "links"), Some(&json!({"kind": "intake", "days": 1})));
    let book = owner.must("GET", &at(case, "book"), None);
    [consent, done, id(&book["check_ins"][0]), id(&book["links"][0])]
}

fn grown_up(owner: &mut Browser, client: &str) {
    let now = owner.must("GET", &format!("/api/clients/{client}"), None);
    let born = json!({"version": now["version"], "name": "Ada Example", "contact": "ada@example.org", "born_in": 1980});
    owner.must("PUT", &format!("/api/clients/{client}"), Some(&born));
}

fn at(case: &str, what: &str) -> String {
    format!("/api/cases/{case}/{what}")
}

fn refused(said: &Said) -> &str {
    assert_eq!(said.status, 422, "{}", said.json);
    said.json["error"]["code"].as_str().expect("a code")
}

/// What a link says.
fn by_link(browser: &mut Browser, secret: &str, method: &str, path: &str, body: Option<&Value>) -> Said {
    let body = body.map(|body| body.to_string().into_bytes());
    let headers = [("content-type", "application/json"), ("x-stipple-link", secret)];
    browser.send(method, path, &headers, body.as_deref())
}

#[test]
fn no_session_without_consent_age_and_lot() {
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(folder.path(), None);
    let mut owner = opened(&served);
    let [client, case, _] = owner.new_visit("Ada Example");
    let try_session = |owner: &mut Browser, body: &Value| {
        refused(&owner.ask("POST", &at(&case, "sessions"), Some(body))).to_owned()
    };
    assert_eq!(try_session(&mut owner, &session("A7", 80)), "age_unknown");
    let minor = json!({"version": 1, "name": "Ada Example", "born_in": 2012});
    owner.must("PUT", &format!("/api/clients/{client}"), Some(&minor));
    assert_eq!(refused(&owner.ask("POST", &at(&case, "consents"), Some(&signed("treatment")))), "minor");
    grown_up(&mut owner, &client);
    assert_eq!(try_session(&mut owner, &session("A7", 80)), "no_consent");

    let mut half = signed("treatment");
    half["agreed"]["fades"] = json!(false);
    assert_eq!(refused(&owner.ask("POST", &at(&case, "consents"), Some(&half))), "not_agreed");
    let mut unsigned = signed("treatment");
    unsigned["strokes"] = json!([[[0.5, 0.5, 0.0]]]);
    assert_eq!(refused(&owner.ask("POST", &at(&case, "consents"), Some(&unsigned))), "no_signature");
    let mut old = signed("treatment");
    old["version"] = json!(0);
    assert_eq!(refused(&owner.ask("POST", &at(&case, "consents"), Some(&old))), "other_text");
    owner.must("POST", &at(&case, "consents"), Some(&signed("data")));
    assert_eq!(
        try_session(&mut owner, &session("A7", 80)),
        "no_consent",
        "another purpose is another consent"
    );
    let consent = owner.must("POST", &at(&case, "consents"), Some(&signed("treatment")));

    assert_eq!(try_session(&mut owner, &session(" ", 80)), "no_lot");
    let mut past = session("A7", 80);
    past["pigments"][0]["expires"] = json!("2026-11-19");
    assert_eq!(try_session(&mut owner, &past), "pigment_expired");
    let mut earlier = session("A7", 80);
    earlier["day"] = json!("2026-11-19");
    assert_eq!(try_session(&mut owner, &earlier), "signed_later");
    assert_eq!(try_session(&mut owner, &session("A7", 201)), "too_many_dots");
    let first = owner.must("POST", &at(&case, "sessions"), Some(&session("A7", 150)));
    let again = owner.must("POST", &at(&case, "sessions"), Some(&session("A7", 150)));
    assert_eq!(first["id"], again["id"], "a lost answer makes no second session");
    assert_eq!(try_session(&mut owner, &session("A8", 60)), "too_many_dots");
    let mut right = session("a 7", 120);
    right["corrects"] = first["id"].clone();
    owner.must("POST", &at(&case, "sessions"), Some(&right));
    let book = owner.must("GET", &at(&case, "book"), None);
    assert_eq!(
        (&book["ledger"]["dots"], &book["ledger"]["sessions"]),
        (&json!(120), &json!(1)),
        "the correction counts"
    );

    let called = owner.must("GET", "/api/recall?lot=a7", None);
    assert_eq!(called.as_array().map(Vec::len), Some(2), "both were in the skin or in the book: {called}");
    assert_eq!(called[0]["contact"], "ada@example.org");
    let page = owner.ask("GET", &format!("/api/consents/{}/page.pdf", id(&consent)), None).bytes;
    assert!(page.starts_with(b"%PDF"));
    assert!(owner.ask("GET", &at(&case, "passport.pdf"), None).bytes.starts_with(b"%PDF"));
    let taken_back = format!("/api/consents/{}/withdrawal", id(&consent));
    owner.must("POST", &taken_back, Some(&json!({"note": "changed my mind"})));
    owner.must("POST", &taken_back, Some(&json!({})));
    assert_eq!(try_session(&mut owner, &session("A9", 10)), "consent_withdrawn");
    let page_after = owner.ask("GET", &format!("/api/consents/{}/page.pdf", id(&consent)), None).bytes;
    assert_ne!(page, page_after, "the page says that it was taken back");
    assert_eq!(refused(&owner.ask("DELETE", &format!("/api/cases/{case}"), None)), "holds_something");
}

#[test]
fn a_link_opens_one_thing_and_every_other_try_is_told() {
    let folder = TempDir::new().expect("a folder");
    let data = folder.path().join("data");
    let served = Served::start(&data, None);
    let mut owner = opened(&served);
    let [client, case, _] = owner.new_visit("Ada Example");
    grown_up(&mut owner, &client);
    let intake = owner.must("POST", &at(&case, "links"), Some(&json!({"kind": "intake", "days": 3})));
    let intake = intake["secret"].as_str().expect("a secret").to_owned();
    let early = owner.ask("POST", &at(&case, "links"), Some(&json!({"kind": "check_in", "days": 3})));
    assert_eq!(refused(&early), "no_sessions");
    owner.must("POST", &at(&case, "consents"), Some(&signed("treatment")));
    owner.must("POST", &at(&case, "sessions"), Some(&session("A7", 80)));
    let check_in = owner.must("POST", &at(&case, "links"), Some(&json!({"kind": "check_in", "days": 3})));
    let check_in = check_in["secret"].as_str().expect("a secret").to_owned();
    served.kill();

    // Nobody has signed in since: the link opens its own client all the same.
    let served = Served::start(&data, None);
    let mut guest = served.browser();
    let seen = by_link(&mut guest, &intake, "GET", "/api/with", None);
    assert_eq!((seen.status, &seen.json["clinic"]), (200, &json!("First clinic")), "{}", seen.json);
    let answers = json!({"answers": {"diabetes": true}});
    assert_eq!(by_link(&mut guest, &intake, "PUT", "/api/with/answers", Some(&answers)).status, 204);
    let seen = by_link(&mut guest, &intake, "GET", "/api/with", None);
    assert_eq!(seen.json["answers"], json!({"diabetes": true}), "may be left and gone on with");
    let advised = by_link(&mut guest, &check_in, "POST", "/api/with/check-in", Some(&told(1, "none", true)));
    assert_eq!(advised.json["signs"][0]["urgency"], "emergency", "{}", advised.json);

    let wider = by_link(&mut guest, &intake, "POST", "/api/with/check-in", Some(&told(1, "none", false)));
    assert_eq!(wider.status, 403);
    assert_eq!(
        guest.ask("GET", &format!("/api/clients/{client}"), None).status,
        401,
        "a link signs nobody in"
    );
    let mut guess = intake.clone();
    guess.replace_range(..1, if intake.starts_with('0') { "1" } else { "0" });
    assert_eq!(refused(&by_link(&mut guest, &guess, "GET", "/api/with", None)), "link_closed");

    let mut owner = served.browser();
    owner.sign_in("owner");
    let wants = owner.must("GET", "/api/attention", None);
    assert_eq!((&wants[0]["name"], wants.as_array().map(Vec::len)), (&json!("Ada Example"), Some(1)));
    owner.must(
        "POST",
        &format!("/api/check-ins/{}/seen", wants[0]["check_in"].as_str().expect("an id")),
        None,
    );
    assert_eq!(owner.must("GET", "/api/attention", None), json!([]));
    let book = owner.must("GET", &at(&case, "book"), None);
    assert!(book["check_ins"][0]["by_client"] == true && book["check_ins"][0]["seen"] == true, "{book}");
    owner.must("DELETE", &format!("/api/links/{}", id(&book["links"][0])), None);
    assert_eq!(refused(&by_link(&mut guest, &intake, "GET", "/api/with", None)), "link_closed");
    let trail = owner.must("GET", &format!("/api/clients/{client}/trail"), None);
    let actions: Vec<&str> =
        trail.as_array().expect("lines").iter().filter_map(|line| line["action"].as_str()).collect();
    assert_eq!(actions.iter().filter(|action| **action == "link.refused").count(), 2, "{actions:?}");
    assert!(
        actions.contains(&"case.answered_by_client") && actions.contains(&"consent.signed"),
        "{actions:?}"
    );
    for _ in 0..10 {
        by_link(&mut guest, "guess", "GET", "/api/with", None);
    }
    assert_eq!(by_link(&mut guest, "guess", "GET", "/api/with", None).status, 429, "guessing is slow");
}

#[test]
fn every_change_of_a_sealed_thing_or_of_the_chain_is_named() {
    let folder = TempDir::new().expect("a folder");
    let data = folder.path().join("data");
    let served = Served::start(&data, None);
    let mut owner = opened(&served);
    let [client, case, _] = owner.new_visit("Ada Example");
    kept(&mut owner, &client, &case);
    let head = folder.path().join("head.json");
    said(&["audit", "head", "--data", text(&data), "--out", text(&head)], 0);
    owner.new_visit("Bob Example");
    let whole = said(&["audit", "verify", "--data", text(&data), "--head", text(&head)], 0);
    assert!(whole.contains("goes on from the head"), "{whole}");
    let backup = folder.path().join("backup");
    said(&["backup", "--data", text(&data), "--out", text(&backup)], 0);
    served.kill();

    let told = |table: &str, change: &dyn Fn(&mut Vec<Value>)| {
        let changed = changed_backup(&backup, table, change);
        let again = changed.path().join("again");
        said(&["restore", text(&changed.path().join("backup")), "--data", text(&again)], 0);
        said(&["audit", "verify", "--data", text(&again), "--head", text(&head)], 3)
    };
    let consent = told("entry", &|rows| flip(&mut rows[0]["sealed"]));
    assert!(consent.contains("was changed"), "{consent}");
    assert!(told("entry", &|rows| drop(rows.remove(1))).contains("is missing"));
    let backdated = told("entry", &|rows| rows[0]["created_at"] = json!(1_700_000_000_000_i64));
    assert!(backdated.contains("was changed"), "{backdated}");
    for column in ["at", "action", "account", "subject", "client", "bound", "hash", "id"] {
        let changed = told("audit", &|rows| {
            let row = rows.iter_mut().find(|row| row["action"] == "consent.signed").expect("signed");
            row[column] = match column {
                "at" => json!(1),
                "action" | "hash" | "bound" => json!("case.made"),
                _ => json!("00000000-0000-0000-0000-000000000001"),
            };
        });
        assert!(changed.contains("was changed"), "{column}: {changed}");
    }
    let last = |rows: &Vec<Value>| rows.iter().filter_map(|row| row["place"].as_i64()).max().expect("rows");
    assert!(told("audit", &|rows| rows.retain(|row| row["place"] != 5)).contains("place 5 is missing"));
    let cut = told("audit", &|rows| {
        let keep = last(rows) - 6;
        rows.retain(|row| row["place"].as_i64() <= Some(keep));
    });
    assert!(cut.contains("cut off") || cut.contains("no row of the audit tells of it"), "{cut}");
    let swapped = told("audit", &|rows| {
        let place = |row: &Value| row["place"].as_i64().expect("a place");
        for row in rows.iter_mut() {
            let now = place(row);
            row["place"] = json!(if now == 3 {
                4
            } else if now == 4 {
                3
            } else {
                now
            });
        }
    });
    assert!(swapped.contains("place 3 was changed"), "{swapped}");
}

#[test]
fn who_was_erased_does_not_come_back_with_an_older_backup() {
    let folder = TempDir::new().expect("a folder");
    let data = folder.path().join("data");
    let served = Served::start(&data, None);
    let mut owner = opened(&served);
    let [client, case, visit] = owner.new_visit("Ada Example");
    kept(&mut owner, &client, &case);
    owner.upload(&visit, b"no picture", 100);
    let [other, ..] = owner.new_visit("Bob Example");
    let backup = folder.path().join("backup");
    said(&["backup", "--data", text(&data), "--out", text(&backup)], 0);
    owner.must("DELETE", &format!("/api/clients/{client}"), None);
    served.kill();

    let again = folder.path().join("again");
    let list = data.join("erased.txt");
    said(&["restore", text(&backup), "--data", text(&again), "--erased", text(&list)], 0);
    said(&["verify", "--data", text(&again)], 0);
    let served = Served::start(&again, None);
    let mut owner = served.browser();
    owner.sign_in("owner");
    assert_eq!(owner.ask("GET", &format!("/api/clients/{client}"), None).status, 404);
    owner.must("GET", &format!("/api/clients/{other}"), None);
    assert_eq!(std::fs::read_dir(again.join("blobs")).expect("a folder").count(), 0, "no photograph either");
    let rows = folder.path().join("later");
    said(&["backup", "--data", text(&again), "--out", text(&rows)], 0);
    let erased = std::fs::read_to_string(rows.join("erased.txt")).expect("a list");
    assert!(erased.contains(&client), "a later backup knows it too");
}

/// Runs the program; what it said on standard error.
fn said(args: &[&str], code: i32) -> String {
    let output = stipple(args);
    assert_eq!(output.code, code, "{args:?}: {}", output.message);
    output.message
}

/// A copy of a backup in which somebody changed rows and made the hashes fit.
fn changed_backup(backup: &Path, table: &str, change: &dyn Fn(&mut Vec<Value>)) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let copy = folder.path().join("backup");
    copy_folder(backup, &copy);
    let place = copy.join("rows").join(format!("{table}.jsonl"));
    let lines = std::fs::read_to_string(&place).expect("rows");
    let mut rows: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("a row")).collect();
    change(&mut rows);
    let lines: String = rows.iter().map(|row| format!("{row}\n")).collect();
    std::fs::write(&place, &lines).expect("written");
    let place = copy.join("manifest.json");
    let mut manifest: Value =
        serde_json::from_slice(&std::fs::read(&place).expect("a manifest")).expect("JSON");
    manifest["rows"][table] = json!(sha256(lines.as_bytes()));
    std::fs::write(&place, manifest.to_string()).expect("written");
    folder
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy_folder(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).expect("copied")),
        }
    }
}

/// Changes a character of what is sealed.
fn flip(sealed: &mut Value) {
    let text = sealed.as_str().expect("base64").to_owned();
    let other = if &text[40..41] == "A" { "B" } else { "A" };
    *sealed = json!(format!("{}{other}{}", &text[..40], &text[41..]));
}
