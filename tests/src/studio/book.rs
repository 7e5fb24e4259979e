//! Consent, sessions, links and the chain of what was done: what may be, what is refused, and what shows.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::opened;
use super::served::{Browser, Said, Served, id, sha256};
use crate::stipple::{stipple, text};

/// A consent with every clause agreed to that must be, as a tablet sends it.
pub(super) fn signed(purpose: &str) -> Value {
    signed_in("en", purpose)
}

pub(super) fn signed_in(language: &str, purpose: &str) -> Value {
    let shipped = stipple_record::settings::shipped_consents();
    let of = |form: &&stipple_model::ConsentForm| form.purpose.name() == purpose && form.language == language;
    let form = shipped.forms.iter().find(of).expect("a shipped text");
    let agreed: serde_json::Map<String, Value> =
        form.clauses.iter().map(|clause| (clause.id.clone(), json!(clause.must))).collect();
    json!({
        "purpose": purpose, "language": language, "version": shipped.version, "agreed": agreed,
        "questions": "Does it hurt? A little.", "signer": "Ada Example", "read_s": 95.0,
        "strokes": [[[0.1, 0.5, 0.0], [0.3, 0.2, 0.2], [0.5, 0.7, 0.5], [0.8, 0.4, 0.9]]],
    })
}

/// A session of so many dots on 1 cm², with a lot.
pub(super) fn session(lot: &str, dots: u32) -> Value {
    session_on(&today(), lot, dots)
}

pub(super) fn session_on(day: &str, lot: &str, dots: u32) -> Value {
    json!({
        "day": day, "practitioner": "Owner", "qualification": "Course 2024", "room": "1", "needle": "0.25 mm, lot N1", "machine": "rotary",
        "pigments": [{"product": "Carbon black", "lot": lot, "expires": "2030-01-01", "water_parts": 6.0}],
        "depth_mm": [0.3, 0.6], "zones": [{"name": "strip", "dots": dots, "area_mm2": 100.0, "passes": 1}],
        "pain": 2, "bleeding": "none",
    })
}

/// So many dots per cm² that somebody else set in the zone of [`session`].
pub(super) fn others_dots(per_cm2: f64) -> Value {
    json!({"zone": " Strip", "per_cm2": per_cm2, "known_from": "counted in a photograph"})
}

/// The day it is, UTC.
pub(super) fn today() -> String {
    day(0)
}

/// The day in so many days, UTC; below zero so many ago.
pub(super) fn day(ahead: i64) -> String {
    let now = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * ahead);
    now.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}

/// What a client tells of the skin.
pub(super) fn told(pain: u32, redness: &str, hives: bool) -> Value {
    json!({"answers": {"pain": pain, "redness": redness, "feverish_or_pus": false, "hives": hives}})
}

/// How somebody is.
pub(super) fn wellbeing() -> Value {
    json!({"noticeable": 7, "satisfied": 1, "confident": 3, "itches": false, "hurts": false})
}

/// What an observer scores of a scar.
pub(super) fn observed() -> Value {
    json!({"spread": 2, "erythema": 1, "dyspigmentation": 1, "suture_marks": 0, "hypertrophy_atrophy": 1, "overall": 1})
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

pub(super) fn grown_up(owner: &mut Browser, client: &str) {
    let now = owner.must("GET", &format!("/api/clients/{client}"), None);
    let born = json!({"version": now["version"], "name": "Ada Example", "contact": "ada@example.org", "born_in": 1980});
    owner.must("PUT", &format!("/api/clients/{client}"), Some(&born));
}

pub(super) fn at(case: &str, what: &str) -> String {
    format!("/api/cases/{case}/{what}")
}

pub(super) fn refused(said: &Said) -> &str {
    assert_eq!(said.status, 422, "{}", said.json);
    said.json["error"]["code"].as_str().expect("a code")
}

/// What a link says.
pub(super) fn by_link(
    browser: &mut Browser,
    secret: &str,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> Said {
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
}

#[test]
fn what_is_in_the_skin_has_a_lot_and_a_limit_and_can_be_put_right() {
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(folder.path(), None);
    let mut owner = opened(&served);
    let [client, case, _] = owner.new_visit("Ada Example");
    grown_up(&mut owner, &client);
    let consent = owner.must("POST", &at(&case, "consents"), Some(&signed("treatment")));
    let try_session = |owner: &mut Browser, body: &Value| {
        refused(&owner.ask("POST", &at(&case, "sessions"), Some(body))).to_owned()
    };
    assert_eq!(try_session(&mut owner, &session(" ", 80)), "no_lot");
    let mut open = session("A7", 80);
    open["needle"] = json!(" - ");
    assert_eq!(try_session(&mut owner, &open), "session_not_whole");
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
    let file = owner.must("GET", &at(&case, "passport.json"), None);
    assert_eq!(file["format"], "stipple/passport/1", "{file}");
    assert!(file["sessions"][0]["pigments"][0]["lot"].is_string(), "{file}");
    let taken_back = format!("/api/consents/{}/withdrawal", id(&consent));
    owner.must("POST", &taken_back, Some(&json!({"note": "changed my mind"})));
    owner.must("POST", &taken_back, Some(&json!({})));
    assert_eq!(try_session(&mut owner, &session("A9", 10)), "consent_withdrawn");
    let book = owner.must("GET", &at(&case, "book"), None);
    let standing =
        book["sessions"].as_array().expect("sessions").iter().find(|one| one["corrected"] == false);
    let mut right = session("CB\u{2013}1", 120);
    right["corrects"] = standing.expect("the correction")["id"].clone();
    owner.must("POST", &at(&case, "sessions"), Some(&right));
    let called = owner.must("GET", "/api/recall?lot=cb1", None);
    assert_eq!(
        called[0]["corrected"], false,
        "a lot that was mistyped can be put right, and any dash is one: {called}"
    );
    let page_after = owner.ask("GET", &format!("/api/consents/{}/page.pdf", id(&consent)), None).bytes;
    assert_ne!(page, page_after, "the page says that it was taken back");
    assert_eq!(refused(&owner.ask("DELETE", &format!("/api/cases/{case}"), None)), "holds_something");
}

#[test]
fn taking_a_consent_back_leaves_none_standing_and_no_session_after_it() {
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(folder.path(), None);
    let mut owner = opened(&served);
    let [client, case, _] = owner.new_visit("Ada Example");
    grown_up(&mut owner, &client);
    let first = owner.must("POST", &at(&case, "consents"), Some(&signed("treatment")));
    let again = owner.must("POST", &at(&case, "consents"), Some(&signed("treatment")));
    assert_eq!(first["id"], again["id"], "a double tap is one consent");
    let mut second = signed("treatment");
    second["strokes"][0][1][0] = json!(0.35);
    owner.must("POST", &at(&case, "consents"), Some(&second));
    let taken_back = format!("/api/consents/{}/withdrawal", id(&first));
    let sessions: Vec<_> = (0..6_u32)
        .map(|k| {
            let (mut browser, path, body) = (owner.clone(), at(&case, "sessions"), session("A7", 10 + k));
            std::thread::spawn(move || browser.ask("POST", &path, Some(&body)).status)
        })
        .collect();
    owner.must("POST", &taken_back, Some(&json!({})));
    for session in sessions {
        assert!(matches!(session.join().expect("it answers"), 200 | 422));
    }
    let trail = owner.must("GET", &format!("/api/clients/{client}/trail"), None);
    let place = |action: &str, pick: fn(&mut dyn Iterator<Item = i64>) -> Option<i64>| {
        let lines = trail.as_array().expect("lines").iter().filter(|line| line["action"] == action);
        pick(&mut lines.filter_map(|line| line["place"].as_i64()))
    };
    let back = place("consent.withdrawn", |all| all.min()).expect("taken back");
    let done = place("session.done", |all| all.max()).unwrap_or(0);
    assert!(done < back, "no session after it: {trail}");
    assert_eq!(
        refused(&owner.ask("POST", &at(&case, "sessions"), Some(&session("A9", 5)))),
        "consent_withdrawn"
    );
}

#[test]
fn a_link_takes_what_was_asked_and_no_more() {
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(folder.path(), None);
    let mut owner = opened(&served);
    let [client, case, _] = owner.new_visit("Ada Example");
    kept(&mut owner, &client, &case);
    let link = |owner: &mut Browser, kind: &str| {
        let made = owner.must("POST", &at(&case, "links"), Some(&json!({"kind": kind, "days": 3})));
        made["secret"].as_str().expect("a secret").to_owned()
    };
    let (intake, check_in) = (link(&mut owner, "intake"), link(&mut owner, "check_in"));
    let mut guest = served.browser();
    let mut more = told(5, "less", true);
    more["answers"]["story"] = json!("x".repeat(9000));
    let mut tell = |body: &Value| by_link(&mut guest, &check_in, "POST", "/api/with/check-in", Some(body));
    let once = tell(&more).json;
    assert_eq!(once, tell(&told(5, "less", true)).json, "sent again it is advised as it was");
    let mut long = told(5, "less", true);
    long["note"] = json!("x".repeat(70_000));
    assert!(matches!(tell(&long).status, 413 | 422));
    let calm = |k: u32| {
        let mut body = told(1, "less", false);
        body["note"] = json!(k.to_string());
        body
    };
    let statuses: Vec<u16> = (0..11).map(|k| tell(&calm(k)).status).collect();
    assert_eq!(statuses.last(), Some(&422), "enough for one day");
    let book = owner.must("GET", &at(&case, "book"), None);
    assert_eq!(book["check_ins"].as_array().map(Vec::len), Some(10));
    assert!(book["check_ins"][1]["answers"]["story"].is_null(), "nothing but what was asked is kept");

    let now = owner.must("GET", &format!("/api/clients/{client}"), None);
    let minor = json!({"version": now["version"], "name": "Ada Example", "born_in": 2012});
    owner.must("PUT", &format!("/api/clients/{client}"), Some(&minor));
    let older = json!({"answers": {"birth_date": "1980-01-01"}});
    assert_eq!(by_link(&mut guest, &intake, "PUT", "/api/with/answers", Some(&older)).status, 204);
    let mut again = signed("treatment");
    again["strokes"][0][1][0] = json!(0.35);
    assert_eq!(
        refused(&owner.ask("POST", &at(&case, "consents"), Some(&again))),
        "minor",
        "the younger counts"
    );
    for _ in 0..12 {
        by_link(&mut guest, "guess", "GET", "/api/with", None);
    }
    assert_eq!(by_link(&mut guest, &intake, "GET", "/api/with", None).status, 200, "guesses shut nobody out");
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
    owner.must("POST", &format!("/api/told/{}/seen", wants[0]["id"].as_str().expect("an id")), None);
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

/// A backup of a client whose consent was taken back, of their second case and of another client, and a head of its chain.
struct Kept {
    folder: TempDir,
    client: String,
    second_case: String,
    other: String,
}

impl Kept {
    fn made() -> Self {
        let folder = TempDir::new().expect("a folder");
        let data = folder.path().join("data");
        let served = Served::start(&data, None);
        let mut owner = opened(&served);
        let [client, case, _] = owner.new_visit("Ada Example");
        let [consent, ..] = kept(&mut owner, &client, &case);
        owner.must("POST", &format!("/api/consents/{consent}/withdrawal"), Some(&json!({})));
        let second_case = json!({"title": "Another scar"});
        let second_case =
            id(&owner.must("POST", &format!("/api/clients/{client}/cases"), Some(&second_case)));
        let [other, ..] = owner.new_visit("Bob Example");
        let rules = owner.must("GET", "/api/texts/rules", None)["shipped"].clone();
        owner.must("PUT", "/api/texts/rules", Some(&json!({"version": 0, "toml": rules})));
        let kept = Self { folder, client, second_case, other };
        let head = kept.at("head.json");
        said(&["audit", "head", "--data", text(&data), "--out", &head], 0);
        owner.new_visit("Cleo Example");
        let whole = said(&["audit", "verify", "--data", text(&data), "--head", &head], 0);
        assert!(whole.contains("goes on from the head"), "{whole}");
        said(&["backup", "--data", text(&data), "--out", &kept.at("backup")], 0);
        kept
    }

    fn at(&self, name: &str) -> String {
        text(&self.folder.path().join(name)).to_owned()
    }

    /// What is said of a store in which every table was changed.
    fn told_of_all(&self, change: &dyn Fn(&str, &mut Vec<Value>)) -> String {
        let changed = changed_backup(&self.folder.path().join("backup"), change);
        let again = changed.path().join("again");
        said(
            &["restore", text(&changed.path().join("backup")), "--data", text(&again), "--erased", "none"],
            0,
        );
        said(&["audit", "verify", "--data", text(&again), "--head", &self.at("head.json")], 3)
    }

    /// The same where one was.
    fn told(&self, table: &str, change: &dyn Fn(&mut Vec<Value>)) -> String {
        self.told_of_all(&|of, rows| {
            if of == table {
                change(rows);
            }
        })
    }
}

#[test]
fn every_change_of_what_was_signed_or_done_is_named() {
    let kept = Kept::made();
    assert!(kept.told("entry", &|rows| drop(rows.remove(1))).contains("is missing"));
    for (column, value) in [
        ("sealed", json!(null)),
        ("created_at", json!(1_700_000_000_000_i64)),
        ("parent", json!(null)),
        ("case", json!(kept.second_case)),
        ("account", json!(null)),
        ("kind", json!("session")),
        ("client", json!(kept.other)),
    ] {
        let changed = kept.told("entry", &|rows| {
            let row = rows.iter_mut().find(|row| row["kind"] == "withdrawal").expect("taken back");
            match column {
                "sealed" => flip(&mut row[column]),
                _ => row[column] = value.clone(),
            }
        });
        assert!(changed.contains("was changed"), "{column}: {changed}");
    }
    for (column, value) in [("toml", json!("format = 1")), ("name", json!("consents")), ("version", json!(7))]
    {
        let changed = kept.told("own_text", &|rows| rows[0][column] = value.clone());
        assert!(changed.contains("was changed"), "{column}: {changed}");
    }
    assert!(kept.told("own_text", &|rows| drop(rows.remove(0))).contains("is missing"));
    let gone = kept.told_of_all(&|table, rows| {
        let column = if table == "client" { "id" } else { "client" };
        if table != "audit" {
            rows.retain(|row| row[column] != kept.client.as_str());
        }
    });
    assert!(gone.contains("no row says that they were erased"), "{gone}");
}

#[test]
fn every_change_of_the_chain_is_named() {
    let kept = Kept::made();
    for column in ["at", "action", "account", "subject", "client", "bound", "hash", "id"] {
        let changed = kept.told("audit", &|rows| {
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
    assert!(kept.told("audit", &|rows| rows.retain(|row| row["place"] != 5)).contains("place 5 is missing"));
    let cut = kept.told("audit", &|rows| {
        let until = last(rows) - 6;
        rows.retain(|row| row["place"].as_i64() <= Some(until));
    });
    assert!(cut.contains("cut off"), "{cut}");
    let swapped = kept.told("audit", &|rows| {
        for row in rows.iter_mut() {
            let now = row["place"].as_i64().expect("a place");
            row["place"] = json!(match now {
                3 => 4,
                4 => 3,
                other => other,
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
    let restored = |list: &Path, exit| {
        said(&["restore", text(&backup), "--data", text(&again), "--erased", text(list)], exit)
    };
    assert!(restored(&backup.join("erased.txt"), 3).contains("the backup's own"));
    restored(&list, 0);
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
    let gone = std::fs::read_to_string(rows.join("rows/gone.jsonl")).expect("rows");
    let gone: Value = serde_json::from_str(gone.trim()).expect("one row");
    assert_eq!((&gone["treated"], &gone["withdrawn"]), (&json!(1), &json!(0)), "they still count: {gone}");
    // A list from which somebody was taken out is told, and one that is no later than the backup.
    let (empty, newest) = (folder.path().join("empty.txt"), folder.path().join("newest"));
    std::fs::write(&empty, "").expect("written");
    let from_later = |list: &Path, exit| {
        said(&["restore", text(&rows), "--data", text(&newest), "--erased", text(list)], exit)
    };
    assert!(from_later(&empty, 3).contains("it was shortened"));
    assert!(from_later(&list, 0).contains("names nobody who was erased after this backup"));
}

/// Runs the program; what it said on standard error.
fn said(args: &[&str], code: i32) -> String {
    let output = stipple(args);
    assert_eq!(output.code, code, "{args:?}: {}", output.message);
    output.message
}

/// A copy of a backup in which somebody changed rows, table by table, and made the hashes fit.
fn changed_backup(backup: &Path, change: &dyn Fn(&str, &mut Vec<Value>)) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let copy = folder.path().join("backup");
    copy_folder(backup, &copy);
    let place = copy.join("manifest.json");
    let mut manifest: Value =
        serde_json::from_slice(&std::fs::read(&place).expect("a manifest")).expect("JSON");
    for (table, hash) in manifest["rows"].as_object_mut().expect("tables") {
        let place = copy.join("rows").join(format!("{table}.jsonl"));
        let lines = std::fs::read_to_string(&place).expect("rows");
        let mut rows: Vec<Value> =
            lines.lines().map(|line| serde_json::from_str(line).expect("a row")).collect();
        change(table, &mut rows);
        let lines: String = rows.iter().map(|row| format!("{row}\n")).collect();
        std::fs::write(&place, &lines).expect("written");
        *hash = json!(sha256(lines.as_bytes()));
    }
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
