//! A clinic's own texts, what the law keeps, and a record to take along.

use std::io::Read as _;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::book::{at, by_link, grown_up, kept, signed, today, wellbeing};
use super::flow::walk;
use super::mail::agree;
use super::opened;
use super::served::{Browser, Served, id};
use crate::stipple::{succeed, text};

#[test]
fn a_clinic_makes_texts_its_own_and_the_chain_holds_them() {
    let folder = TempDir::new().expect("a folder");
    let data = folder.path().join("data");
    let served = Served::start(&data, None);
    let mut owner = opened(&served);
    let [client, case, _] = owner.new_visit("Ada Example");
    grown_up(&mut owner, &client);
    let shown = owner.must("GET", "/api/texts/consents", None);
    let shipped = shown["shipped"].as_str().expect("TOML").to_owned();
    let refused = |owner: &mut Browser, body: Value, code: &str| {
        let said = owner.ask("PUT", "/api/texts/consents", Some(&body));
        assert_eq!((said.status, said.json["error"]["code"].as_str()), (422, Some(code)), "{}", said.json);
        said.json["error"]["message"].as_str().expect("words").to_owned()
    };
    let said = refused(&mut owner, json!({"version": 0, "toml": "format = 3"}), "bad_own_text");
    assert!(said.contains("line 1"), "{said}");
    let other = shipped.replacen("cooling_off_days = ", "cooling_off_days = 1", 1);
    refused(&mut owner, json!({"version": 0, "toml": other}), "old_text_version");
    let raised = other.replacen("\nversion = ", "\nversion = 1", 1);
    let own = owner.must("PUT", "/api/texts/consents", Some(&json!({"version": 0, "toml": raised})));
    assert_eq!((own["version"].as_i64(), own["own"].as_bool()), (Some(1), Some(true)));
    refused(&mut owner, json!({"version": 0, "toml": raised}), "other_text_version");
    let forms = owner.must("GET", "/api/consent-forms", None);
    assert!(forms[0]["version"].as_u64() > Some(9), "the clinic's own stands: {}", forms[0]["version"]);
    let old = owner.ask("POST", &at(&case, "consents"), Some(&signed("treatment")));
    assert_eq!(old.json["error"]["code"], "other_text", "nobody signs a text that does not stand");
}

#[test]
fn what_the_law_keeps_is_kept_and_said_and_all_else_goes() {
    let folder = TempDir::new().expect("a folder");
    let data = folder.path().join("data");
    let served = Served::start(&data, None);
    let mut owner = opened(&served);
    let [client, case, visit] = owner.new_visit("Ada Example");
    let [consent, ..] = kept(&mut owner, &client, &case);
    owner.upload(&visit, b"no picture", 100);
    let keeping = format!("/api/clients/{client}/keeping");
    let unknown = owner.must("GET", &keeping, None);
    assert_eq!((unknown["country_known"].as_bool(), unknown["until"].as_str()), (Some(false), None));
    let bad = owner.ask("PUT", "/api/clinic", Some(&json!({"country": "Austria", "medical": false})));
    assert_eq!(bad.json["error"]["code"], "bad_country");
    owner.must("PUT", "/api/clinic", Some(&json!({"country": "at", "medical": false})));
    let zip = owner.ask("GET", &format!("/api/clients/{client}/export.zip"), None);
    assert!(zip.status == 200 && zip.bytes.starts_with(b"PK") && zip.bytes.len() > 10_000);
    let year: i32 = today()[..4].parse().expect("a year");
    let said = owner.must("DELETE", &format!("/api/clients/{client}"), None);
    assert_eq!(
        said["until"].as_str().map(|day| day[..4].to_owned()),
        Some((year + 10).to_string()),
        "{said}"
    );
    assert_eq!(walk(&data.join("blobs")), 0, "photographs are gone");
    let closed = owner.must("GET", &format!("/api/clients/{client}"), None);
    assert!(closed["contact"] == "" && closed["cases"][0]["answers"] == json!({}), "{closed}");
    assert!(closed["kept_until"].is_string());
    owner.must("GET", &at(&case, "book"), None);
    assert_eq!(owner.ask("GET", &format!("/api/consents/{consent}/page.pdf"), None).status, 200);
    let written = owner.ask("POST", &at(&case, "wellbeing"), Some(&wellbeing()));
    assert_eq!(written.json["error"]["code"], "record_closed");
    let clients = |owner: &mut Browser, closed: &str| {
        owner.must("GET", &format!("/api/clients?closed={closed}"), None)["total"].as_u64()
    };
    assert_eq!((clients(&mut owner, "false"), clients(&mut owner, "true")), (Some(0), Some(1)));
    succeed(&["audit", "verify", "--data", text(&data)]);
    // What was said then holds, wherever the clinic moves.
    owner.must("PUT", "/api/clinic", Some(&json!({"country": "FR", "medical": false})));
    owner.must("DELETE", &format!("/api/clients/{client}"), None);
    owner.must("GET", &format!("/api/clients/{client}"), None);
    // Of somebody else no rule keeps anything there, and everything goes.
    let [other, ..] = owner.new_visit("Bob Example");
    owner.must("DELETE", &format!("/api/clients/{other}"), None);
    assert_eq!(owner.ask("GET", &format!("/api/clients/{other}"), None).status, 404);
    succeed(&["audit", "verify", "--data", text(&data)]);
}

#[test]
fn every_version_of_a_text_can_be_read_again() {
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(folder.path(), None);
    let mut owner = opened(&served);
    let (path, versions) = ("/api/texts/rules", "/api/texts/rules/versions");
    assert_eq!(owner.must("GET", versions, None), json!([]), "the shipped one was never changed");
    let shown = owner.must("GET", path, None);
    let own = format!("{}\n# Ours.\n", shown["shipped"].as_str().expect("TOML"));
    owner.must("PUT", path, Some(&json!({"version": 0, "toml": own})));
    owner.must("PUT", path, Some(&json!({"version": 1, "toml": null})));
    let told = owner.must("GET", versions, None);
    let told = told.as_array().expect("versions");
    let of = |k: usize| (told[k]["version"].as_i64(), told[k]["toml"].as_str());
    assert_eq!((told.len(), of(0), of(1)), (2, (Some(2), None), (Some(1), Some(own.as_str()))));
    let who = &owner.look()["account"]["name"];
    assert!(told.iter().all(|one| one["changed_by"] == *who && one["changed_at"].is_string()), "{told:?}");
    assert_eq!(owner.ask("GET", "/api/texts/nothing/versions", None).status, 404);
    let mut stranger = served.browser();
    stranger.first_run("Second clinic", "stranger");
    assert_eq!(stranger.must("GET", versions, None), json!([]), "another clinic's texts are its own");
}

/// A file of a ZIP, as text.
pub(super) fn file_in(zip: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(zip)).expect("a ZIP");
    let mut text = String::new();
    zip.by_name(name).expect(name).read_to_string(&mut text).expect("text");
    text
}

/// A client's review of a case, and the clinic's answer.
fn reviewed(owner: &mut Browser, case: &str) {
    let asked = json!({"kind": "review", "days": 30, "offered": "10 % off"});
    let link = owner.must("POST", &at(case, "links"), Some(&asked));
    let review = json!({"stars": 4, "text": "Calm and exact.", "incentive": "", "insider": null});
    let secret = link["secret"].as_str().expect("a secret");
    let said = by_link(&mut owner.another(), secret, "POST", "/api/with/review", Some(&review));
    assert_eq!(said.status, 204, "{}", said.json);
    let written = id(&owner.must("GET", "/api/publishing", None)["reviews"][0]);
    let answer = json!({"text": "Thank you for the word."});
    owner.must("POST", &format!("/api/reviews/{written}/answer"), Some(&answer));
}

#[test]
fn a_record_to_take_along_holds_all_that_is_kept() {
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(folder.path(), None);
    let mut owner = opened(&served);
    let [client, case, visit] = owner.new_visit("Ada Example");
    let [consent, ..] = kept(&mut owner, &client, &case);
    agree(&mut owner, &client, "letters@example.org");
    for diabetes in [true, false] {
        owner.must("PUT", &at(&case, "answers"), Some(&json!({"answers": {"diabetes": diabetes}})));
    }
    let (photograph, _) = owner.upload(&visit, b"no picture", 100);
    let rated = json!({"by": "observer", "noticeability": 6});
    owner.must("POST", &format!("/api/photographs/{photograph}/ratings"), Some(&rated));
    reviewed(&mut owner, &case);
    let why = json!({"note": "I moved away."});
    owner.must("POST", &format!("/api/consents/{consent}/withdrawal"), Some(&why));

    let zip = owner.ask("GET", &format!("/api/clients/{client}/export.zip"), None).bytes;
    let told = |name: &str| -> Value { serde_json::from_str(&file_in(&zip, name)).expect("JSON") };
    assert_eq!(told("books.json")[0]["book"]["consents"][0]["withdrawal_note"], "I moved away.");
    let review = told("reviews.json")[0].clone();
    assert_eq!((&review["stars"], &review["text"]), (&json!(4), &json!("Calm and exact.")));
    assert_eq!(
        (&review["offered"], &review["answer"]),
        (&json!("10 % off"), &json!("Thank you for the word."))
    );
    let rating = told("ratings.json")[0].clone();
    assert_eq!((&rating["noticeability"], &rating["photograph"]), (&json!(6), &json!(photograph)));
    let earlier = owner.must("GET", &format!("/api/clients/{client}/earlier"), None);
    assert!(earlier[0]["text"]["answers"]["diabetes"] == true, "{earlier}");
    assert_eq!(told("earlier.json"), earlier);
    let page = file_in(&zip, "index.html");
    for said in [
        "letters@example.org",
        "Letters by e-mail",
        "I moved away.",
        "Calm and exact.",
        "10 % off",
        "Thank you for the word.",
        "6 / 10",
        "What was written before",
        "href=\"ratings.json\"",
    ] {
        assert!(page.contains(said), "{said}");
    }
}

#[test]
fn how_it_healed_stays_with_the_treatment_and_that_is_said() {
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(folder.path(), None);
    let mut owner = opened(&served);
    let [client, case, _] = owner.new_visit("Ada Example");
    owner.must("POST", &at(&case, "wellbeing"), Some(&wellbeing()));
    kept(&mut owner, &client, &case);
    owner.must("PUT", "/api/clinic", Some(&json!({"country": "AT", "medical": false})));
    let left = owner.must("DELETE", &format!("/api/clients/{client}"), None);
    let book = owner.must("GET", &at(&case, "book"), None);
    for what in ["check_ins", "wellbeing"] {
        assert_eq!(book[what].as_array().map(Vec::len), Some(1), "{what}: {book}");
    }
    let rule = &left["rules"][0]["text"];
    let says = |language: &str, word: &str| rule[language].as_str().is_some_and(|text| text.contains(word));
    assert!(says("en", "how it healed") && says("de", "zur Heilung"), "{rule}");
    let told = owner.must("GET", "/api/openapi.json", None);
    let erasing = told["paths"]["/api/clients/{id}"]["delete"]["summary"].as_str().expect("a sentence");
    assert!(erasing.contains("check-ins and wellbeing"), "{erasing}");
    let english = include_str!("../../../doors/web/src/messages/en.json");
    let german = include_str!("../../../doors/web/src/messages/de.json");
    for (messages, words) in [(english, ["healed", "how they are"]), (german, ["Heilung", "Befinden"])] {
        let messages: Value = serde_json::from_str(messages).expect("JSON");
        for key in ["erase.kept.healing", "closed.text"] {
            let said = messages[key].as_str().expect(key);
            assert!(words.iter().all(|word| said.contains(word)), "{key}: {said}");
        }
    }
}
