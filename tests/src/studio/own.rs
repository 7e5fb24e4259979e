//! A clinic's own texts, what the law keeps, and a record to take along.

use serde_json::{Value, json};
use tempfile::TempDir;

use super::book::{at, grown_up, kept, signed, today, wellbeing};
use super::flow::walk;
use super::opened;
use super::served::{Browser, Served};
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
