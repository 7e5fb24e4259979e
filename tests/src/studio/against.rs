//! What the rules say against a session on its day, by answers that may be newer than any report.

use std::process::Command;

use serde_json::{Value, json};
use stipple_synth::Change;
use tempfile::TempDir;

use super::book::{at, by_link, day, grown_up, kept, refused, session, session_on, signed, told};
use super::inside::{clock, inside};
use super::opened;
use super::served::{Browser, Served, id};
use crate::stipple::{stipple, text};

pub(super) fn answer(owner: &mut Browser, case: &str, answers: &Value) {
    owner.must("PUT", &at(case, "answers"), Some(&json!({"answers": answers})));
}

fn against(owner: &mut Browser, case: &str) -> Value {
    owner.must("GET", &at(case, "book"), None)["against"].clone()
}

#[test]
fn answers_that_speak_against_a_session_stop_it_until_somebody_writes_down_why() {
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(folder.path(), None);
    let mut owner = opened(&served);
    let [client, case, _] = owner.new_visit("Ada Example");
    grown_up(&mut owner, &client);
    owner.must("POST", &at(&case, "consents"), Some(&signed("treatment")));
    assert_eq!(against(&mut owner, &case), Value::Null, "nothing was answered");
    answer(&mut owner, &case, &json!({"scar_date": day(-60), "pigment_allergy": false}));
    let young = against(&mut owner, &case);
    assert_eq!((&young["verdict"], &young["photograph"]), (&json!("not_yet"), &Value::Null));
    assert!(young["not_before"].as_str().expect("a day") > day(100).as_str(), "{young}");
    assert_eq!(
        refused(&owner.ask("POST", &at(&case, "sessions"), Some(&session("A7", 80)))),
        "rules_against"
    );
    let mut despite = session("A7", 80);
    despite["despite"] = json!("Two test dots, asked for by the surgeon.");
    let done = owner.must("POST", &at(&case, "sessions"), Some(&despite));
    assert_eq!(done["despite"], despite["despite"], "the reason stays in the entry");
    answer(&mut owner, &case, &json!({"scar_date": "2015-05-31", "pigment_allergy": true}));
    let allergy = against(&mut owner, &case);
    assert_eq!((&allergy["verdict"], &allergy["not_before"]), (&json!("not_smp"), &Value::Null));
    answer(&mut owner, &case, &json!({"pigment_allergy": false}));
    assert_eq!(against(&mut owner, &case), Value::Null);
    // What was done stays what it was: a correction of the same day is not asked anew.
    answer(&mut owner, &case, &json!({"pregnant_or_breastfeeding": true}));
    let mut corrected = despite;
    corrected["pain"] = json!(3);
    corrected["despite"] = json!("");
    corrected["corrects"] = json!(id(&done));
    owner.must("POST", &at(&case, "sessions"), Some(&corrected));
}

#[test]
fn what_a_person_answers_in_one_case_holds_in_every_other() {
    let mut two = TwoScars::new();
    let (case, other) = (two.case.clone(), two.other.clone());
    answer(&mut two.owner, &other, &json!({"pregnant_or_breastfeeding": true, "scar_date": day(-60)}));
    let found = against(&mut two.owner, &case);
    assert_eq!(
        (&found["verdict"], &found["not_before"]),
        (&json!("not_yet"), &Value::Null),
        "no day is known"
    );
    assert_eq!(
        found["reasons"].as_array().map(Vec::len),
        Some(1),
        "the age of a scar is that scar's: {found}"
    );
    answer(&mut two.owner, &other, &json!({"pregnant_or_breastfeeding": false}));
    assert_eq!(against(&mut two.owner, &case), Value::Null);
    // One zone may lie in two cases: what both hold adds up.
    two.write(&case, &session("A7", 150)).expect("within the cap");
    let mut more = session("A7", 150);
    more["despite"] = json!("The scar is young.");
    assert_eq!(two.write(&other, &more), refusal("too_many_dots"));
}

#[test]
fn test_dots_come_first_and_decide_pigment_and_depth() {
    let (clock, folder) = (clock(), TempDir::new().expect("a folder"));
    clock.days_ahead(-40);
    let mut owner = inside(folder.path(), None);
    owner.first_run("First clinic", "owner");
    let [client, case, _] = owner.new_visit("Ada Example");
    grown_up(&mut owner, &client);
    let mut wants = signed("treatment");
    wants["agreed"]["patch_test"] = json!(true);
    owner.must("POST", &at(&case, "consents"), Some(&wants));
    let whole = session_on(&day(-40), "A7", 80);
    assert_eq!(refused(&owner.ask("POST", &at(&case, "sessions"), Some(&whole))), "test_first");
    let mut test = session_on(&day(-40), "A7", 5);
    test["is_test"] = json!(true);
    let test = owner.must("POST", &at(&case, "sessions"), Some(&test));
    let sent = owner.ask("POST", &at(&case, "sessions"), Some(&whole));
    assert_eq!(refused(&sent), "test_open", "the same day");
    let mut made_whole = whole.clone();
    made_whole["corrects"] = test["id"].clone();
    let sent = owner.ask("POST", &at(&case, "sessions"), Some(&made_whole));
    assert_eq!(refused(&sent), "test_first", "a test that is made a session after all");
    let mut many = session_on(&day(-40), "A7", 201);
    many["is_test"] = json!(true);
    assert_eq!(refused(&owner.ask("POST", &at(&case, "sessions"), Some(&many))), "bad_session");
    clock.days_ahead(0);
    owner.sign_in("owner");
    let mut next = session_on(&day(0), "A7", 80);
    assert_eq!(refused(&owner.ask("POST", &at(&case, "sessions"), Some(&next))), "test_open");
    let said =
        |decision: &str, used: serde_json::Value| json!({"day": day(0), "decision": decision, "used": used});
    let place = format!("/api/sessions/{}/test-result", test["id"].as_str().expect("an id"));
    let used = json!({"product": "carbon  BLACK", "water_parts": 15.0, "depth_mm": [0.25, 0.3]});
    assert_eq!(refused(&owner.ask("POST", &place, Some(&said("stop", used.clone())))), "bad_test");
    owner.must("POST", &place, Some(&said("stop", json!(null))));
    assert_eq!(refused(&owner.ask("POST", &at(&case, "sessions"), Some(&next))), "test_against");
    let before = session_on(&day(-1), "A7", 80);
    assert_eq!(
        refused(&owner.ask("POST", &at(&case, "sessions"), Some(&before))),
        "test_open",
        "as it was known then"
    );
    let mut again = said("test_again", json!(null));
    again["note"] = json!("The light was bad.");
    owner.must("POST", &place, Some(&again));
    assert_eq!(refused(&owner.ask("POST", &at(&case, "sessions"), Some(&next))), "test_again");
    decide_for_what_was_set_alone(&mut owner, &place, said("go_on", used));
    assert_eq!(refused(&owner.ask("POST", &at(&case, "sessions"), Some(&next))), "other_than_test");
    next["deviations"] = json!("The client had to leave early.");
    let sent = owner.ask("POST", &at(&case, "sessions"), Some(&next));
    assert_eq!(refused(&sent), "other_than_test", "another word is no reason");
    next["deviations"] = json!("");
    next["pigments"][0]["product"] = json!("Carbon Black");
    next["pigments"][0]["water_parts"] = json!(15.0);
    next["depth_mm"] = json!([0.25, 0.3]);
    owner.must("POST", &at(&case, "sessions"), Some(&next));
    next["depth_mm"] = json!([0.25, 0.45]);
    next["despite_test"] = json!("The scar was harder at its ends.");
    owner.must("POST", &at(&case, "sessions"), Some(&next));
    let book = owner.must("GET", &at(&case, "book"), None);
    assert_eq!(book["test_results"].as_array().map(Vec::len), Some(3));
    let tested = book["sessions"].as_array().expect("sessions")[0]["id"].clone();
    assert_eq!(book["test_results"][2]["session"], tested);
    let no_test = format!("/api/sessions/{}/test-result", book["sessions"][1]["id"].as_str().expect("an id"));
    assert_eq!(refused(&owner.ask("POST", &no_test, Some(&said("stop", json!(null))))), "no_test");
}

/// Lets sessions follow after test dots; what these cannot have shown is refused.
fn decide_for_what_was_set_alone(owner: &mut Browser, place: &str, mut go_on: Value) {
    let mut not_set = go_on.clone();
    not_set["used"]["product"] = json!("Ash");
    assert_eq!(refused(&owner.ask("POST", place, Some(&not_set))), "not_tested");
    let without = refused(&owner.ask("POST", place, Some(&go_on))).to_owned();
    assert_eq!(without, "tested_otherwise", "water and depth need a word");
    go_on["note"] = json!("Healed dots were dark and a little wide: more water, less deep.");
    owner.must("POST", place, Some(&go_on));
}

/// The plan of a synthetic scalp that is photographed at a visit.
pub(super) fn planned(owner: &mut Browser, visit: &str, folder: &std::path::Path) -> Value {
    let [photo, _] = crate::outcome::pair(&crate::outcome::visits(7_300_011, Change::easy), folder);
    let (photo, _) = owner.upload(visit, &std::fs::read(photo).expect("a photograph"), 1 << 20);
    let asked = json!({"pixel_pitch_um": 83.3333});
    let reading = owner.result_of(&format!("/api/photographs/{photo}/readings"), &asked);
    let plan = owner.result_of(&format!("/api/readings/{reading}/consultation"), &json!({}));
    owner.must("GET", &format!("/api/records/{plan}"), None)["body"].clone()
}

#[test]
fn a_clinics_own_protocol_is_what_sessions_and_plans_follow() {
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(&folder.path().join("data"), None);
    let mut owner = opened(&served);
    let [client, case, visit] = owner.new_visit("Ada Example");
    grown_up(&mut owner, &client);
    owner.must("POST", &at(&case, "consents"), Some(&signed("treatment")));
    let shown = owner.must("GET", "/api/texts/protocol", None);
    let own = shown["shipped"].as_str().expect("TOML");
    let own = own.replace("lifetime_dots_per_cm2_max = 200.0", "lifetime_dots_per_cm2_max = 60.0");
    let own = own.replace("test = { first = false, days = 28 }", "test = { first = true, days = 40 }");
    let own = own.replace("needle_depth_in_scar_mm = [0.2, 0.4]", "needle_depth_in_scar_mm = [0.2, 0.3]");
    let put = |toml: &str| json!({"version": 0, "toml": toml});
    let bad = own.replace("first = true, days = 40", "first = true, days = 4000");
    assert_eq!(refused(&owner.ask("PUT", "/api/texts/protocol", Some(&put(&bad)))), "bad_own_text");
    owner.must("PUT", "/api/texts/protocol", Some(&put(&own)));
    let ledger = owner.must("GET", &at(&case, "book"), None)["ledger"].clone();
    assert_eq!((&ledger["per_cm2_max"], &ledger["test_days"]), (&json!(60.0), &json!(40)));
    let whole = session_on(&day(0), "A7", 30);
    assert_eq!(refused(&owner.ask("POST", &at(&case, "sessions"), Some(&whole))), "test_first");
    let mut dense = session_on(&day(0), "A7", 90);
    dense["is_test"] = json!(true);
    assert_eq!(refused(&owner.ask("POST", &at(&case, "sessions"), Some(&dense))), "too_many_dots");
    let plan = planned(&mut owner, &visit, folder.path());
    let dots = plan["sessions"][0]["dots"].as_array().expect("dots").iter();
    let in_scar: Vec<&Value> = dots.filter(|dot| dot["in_scar"] == json!(true)).collect();
    assert!(!in_scar.is_empty() && in_scar.iter().all(|dot| dot["needle_depth_mm"] == json!([0.2, 0.3])));
    let mut test = session_on(&day(0), "A7", 5);
    test["is_test"] = json!(true);
    test["pigments"][0]["product"] = json!("Warm brown (generic, iron oxide)");
    test["pigments"][0]["water_parts"] = json!(3.0);
    test["depth_mm"] = json!([0.3, 0.3]);
    let test = owner.must("POST", &at(&case, "sessions"), Some(&test));
    let used =
        json!({"product": "Warm brown (generic, iron oxide)", "water_parts": 3.0, "depth_mm": [0.3, 0.3]});
    let place = format!("/api/sessions/{}/test-result", id(&test));
    owner.must(
        "POST",
        &place,
        Some(&json!({"day": day(0), "decision": "go_on", "used": used, "note": "Not healed yet."})),
    );
    let plan = planned(&mut owner, &visit, folder.path());
    let dot = plan["sessions"][0]["dots"]
        .as_array()
        .expect("dots")
        .iter()
        .find(|dot| dot["in_scar"] == json!(true));
    assert_eq!(dot.expect("a dot")["needle_depth_mm"], json!([0.275, 0.325]));
    let pigments = plan["pigments"].as_array().expect("pigments");
    assert!(
        pigments.iter().all(|one| one["id"] == "iron-oxide-brown" && one["dilution"] == 3.0),
        "{pigments:?}"
    );
    let changed =
        |owner: &mut Browser| owner.must("GET", &at(&case, "book"), None)["changed_since_plan"].clone();
    assert_eq!(changed(&mut owner), json!([]));
    let now = json!({"birth_date": "1980-01-01", "hair_color": "gray", "fast_hair_loss": true});
    answer(&mut owner, &case, &now);
    assert_eq!(changed(&mut owner), json!(["hair_loss"]), "a color that was not answered then is no change");
}

/// A client with two scars, both of which may be treated.
pub(super) struct TwoScars {
    _served: Served,
    _folder: TempDir,
    pub(super) owner: Browser,
    pub(super) case: String,
    pub(super) other: String,
    /// A few test dots, as they are written down.
    pub(super) test: Value,
}

impl TwoScars {
    pub(super) fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let served = Served::start(folder.path(), None);
        let mut owner = opened(&served);
        let [client, case, _] = owner.new_visit("Ada Example");
        grown_up(&mut owner, &client);
        let other = json!({"title": "Another scar"});
        let other = id(&owner.must("POST", &format!("/api/clients/{client}/cases"), Some(&other)));
        for case in [&case, &other] {
            owner.must("POST", &at(case, "consents"), Some(&signed("treatment")));
        }
        let mut test = session("A7", 5);
        test["is_test"] = json!(true);
        Self { _served: served, _folder: folder, owner, case, other, test }
    }

    /// Writes a session down; the word that refuses it, or its id.
    pub(super) fn write(&mut self, case: &str, session: &Value) -> Result<String, String> {
        let sent = self.owner.ask("POST", &at(case, "sessions"), Some(session));
        if sent.status == 200 { Ok(id(&sent.json)) } else { Err(refused(&sent).to_owned()) }
    }

    /// Says today what test dots showed.
    pub(super) fn say(&mut self, test: &str, decision: &str, note: &str) -> Result<String, String> {
        let used = json!({"product": self.test["pigments"][0]["product"], "depth_mm": self.test["depth_mm"]});
        let used = if decision == "go_on" { used } else { Value::Null };
        let said = json!({"day": day(0), "decision": decision, "note": note, "used": used});
        let sent = self.owner.ask("POST", &format!("/api/sessions/{test}/test-result"), Some(&said));
        if sent.status == 200 { Ok(id(&sent.json)) } else { Err(refused(&sent).to_owned()) }
    }
}

pub(super) fn refusal<T>(word: &str) -> Result<T, String> {
    Err(word.to_owned())
}

#[test]
fn test_dots_that_speak_against_it_count_for_every_scar_of_the_client() {
    let mut two = TwoScars::new();
    let (case, other, test) = (two.case.clone(), two.other.clone(), two.test.clone());
    let whole = session("A7", 80);
    let first = two.write(&case, &test).expect("set");
    two.say(&first, "stop", "Raised and itching.").expect("said");
    assert_eq!(two.write(&other, &whole), refusal("test_against_elsewhere"));
    let book = two.owner.must("GET", &at(&other, "book"), None);
    assert_eq!(book["obstacles"][0]["code"], "test_against_elsewhere", "it is told before");
    let mut newer = test.clone();
    newer["pain"] = json!(1);
    two.write(&case, &newer).expect("set");
    assert_eq!(
        two.write(&other, &whole),
        refusal("test_against_elsewhere"),
        "nobody has looked at the new ones"
    );
    let here = two.write(&other, &test).expect("set");
    assert_eq!(two.write(&other, &whole), refusal("test_open"), "those here are looked at first");
    let mut none = whole.clone();
    none["corrects"] = json!(here);
    assert_eq!(two.write(&other, &none), refusal("test_against_elsewhere"), "a test that is made none");
    two.say(&here, "go_on", "Calm.").expect("said");
    two.write(&other, &whole).expect("they went well");
    assert_eq!(two.write(&case, &whole), refusal("test_open"), "there it stands");
    two.say(&first, "stop", "Still raised.").expect("said");
    let mut more = whole;
    more["pain"] = json!(5);
    assert_eq!(two.write(&other, &more), refusal("test_against_elsewhere"), "the later word of a day counts");
}

#[test]
fn what_test_dots_decided_is_not_dodged_by_a_correction_or_an_empty_word() {
    let mut two = TwoScars::new();
    let (case, test) = (two.case.clone(), two.test.clone());
    let first = two.write(&case, &test).expect("set");
    two.say(&first, "stop", "").expect("said");
    let mut none = test.clone();
    none["is_test"] = json!(false);
    none["corrects"] = json!(first);
    assert_eq!(two.write(&case, &none), refusal("test_stays"));
    for nothing in ["", " - ", "\u{200b}"] {
        assert_eq!(two.say(&first, "go_on", nothing), refusal("word_reversed"), "{nothing:?}");
    }
    two.say(&first, "go_on", "It was a scratch beside the dots.").expect("said");
    let whole = session("A7", 80);
    let done = two.write(&case, &whole).expect("as they decided");
    let mut otherwise = whole;
    otherwise["depth_mm"] = json!([0.1, 0.9]);
    otherwise["corrects"] = json!(done);
    for nothing in ["", "-"] {
        otherwise["despite_test"] = json!(nothing);
        assert_eq!(two.write(&case, &otherwise), refusal("other_than_test"), "{nothing:?}");
    }
    otherwise["despite_test"] = json!("The scar was harder at its ends.");
    two.write(&case, &otherwise).expect("with a reason");
}

/// A studio in which the last entry of a kind cannot be read, of two clients who have one each.
pub(super) fn unreadable(kind: &str) -> (Served, TempDir, Browser) {
    let folder = TempDir::new().expect("a folder");
    let data = folder.path().join("data");
    let served = Served::start(&data, None);
    let mut owner = opened(&served);
    for name in ["Ada Example", "Bob Example"] {
        let [client, case, _] = owner.new_visit(name);
        kept(&mut owner, &client, &case);
        owner.must("POST", &at(&case, "check-ins"), Some(&told(2, "less", true)));
    }
    let last = format!("(SELECT max(id) FROM entry WHERE kind = '{kind}')");
    change_rows(&data, &format!("UPDATE entry SET sealed = x'00' WHERE id = {last}"));
    (served, folder, owner)
}

#[test]
fn what_cannot_be_read_hides_nothing_else_that_clients_told() {
    let (_served, _folder, mut owner) = unreadable("check_in");
    let waits = owner.must("GET", "/api/attention", None);
    let lines = waits.as_array().expect("lines");
    assert_eq!(lines.len(), 2, "{waits}");
    assert_eq!((&lines[0]["is_damaged"], &lines[1]["is_damaged"]), (&json!(true), &json!(false)), "{waits}");
}

#[test]
fn a_client_says_alone_and_once_how_they_are() {
    let (clock, folder) = (clock(), TempDir::new().expect("a folder"));
    clock.days_ahead(-40);
    let mut owner = inside(folder.path(), None);
    owner.first_run("First clinic", "owner");
    let [client, case, _] = owner.new_visit("Ada Example");
    grown_up(&mut owner, &client);
    owner.must("POST", &at(&case, "consents"), Some(&signed("treatment")));
    let link = |owner: &mut Browser| {
        let made = owner.must("POST", &at(&case, "links"), Some(&json!({"kind": "wellbeing", "days": 100})));
        made["secret"].as_str().expect("a secret").to_owned()
    };
    let mut phone = owner.another();
    let said = json!({"noticeable": 7, "satisfied": 1, "confident": 3, "itches": false, "hurts": false});
    let mut tell =
        |secret: &str| by_link(&mut phone, secret, "POST", "/api/with/wellbeing", Some(&said)).status;
    let first = link(&mut owner);
    assert_eq!((tell(&first), tell(&first)), (204, 422), "a link works once");
    owner.must("POST", &at(&case, "sessions"), Some(&session_on(&day(-40), "A7", 80)));
    let second = link(&mut owner);
    assert_eq!(tell(&second), 422, "nobody is asked while the skin heals");
    clock.days_ahead(0);
    owner.sign_in("owner");
    assert_eq!(tell(&second), 204);
    let book = owner.must("GET", &at(&case, "book"), None);
    let told = book["wellbeing"].as_array().expect("told");
    let moments: Vec<&Value> = told.iter().map(|one| &one["moment"]).collect();
    assert_eq!(moments, ["before", "healed"], "{book}");
    assert!(told.iter().all(|one| one["by_client"] == true), "{book}");
    // Somebody scores the scar beside what the client told now; what was before is over.
    let score = |owner: &mut Browser, place: usize| {
        let path = format!("/api/wellbeing/{}/observed", told[place]["id"].as_str().expect("an id"));
        owner.ask("POST", &path, Some(&super::book::observed()))
    };
    assert_eq!(refused(&score(&mut owner, 0)), "not_to_observe");
    let scored = score(&mut owner, 1);
    assert_eq!((scored.status, &scored.json["scar_sum"]), (200, &json!(6)), "{}", scored.json);
    assert_eq!(refused(&score(&mut owner, 1)), "not_to_observe", "once");
    let book = owner.must("GET", &at(&case, "book"), None);
    assert_eq!((&book["wellbeing"][1]["scar_sum"], &book["asks_now"]), (&json!(6), &json!("healed")));
}

#[test]
fn what_is_taken_back_ends_sessions_and_photographs_and_is_told() {
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(folder.path(), None);
    let mut owner = opened(&served);
    let [client, case, visit] = owner.new_visit("Ada Example");
    grown_up(&mut owner, &client);
    for purpose in ["treatment", "data", "photographs"] {
        owner.must("POST", &at(&case, "consents"), Some(&signed(purpose)));
    }
    let link = owner.must("POST", &at(&case, "links"), Some(&json!({"kind": "consents", "days": 400})));
    let secret = link["secret"].as_str().expect("a secret").to_owned();
    let mut phone = served.browser();
    let opened = by_link(&mut phone, &secret, "GET", "/api/with", None).json;
    let mut take_back = |purpose: &str| {
        let all = opened["consents"].as_array().expect("consents").iter();
        let one = all.clone().find(|one| one["purpose"] == purpose).expect("signed");
        let body = json!({"consent": one["id"]});
        assert_eq!(by_link(&mut phone, &secret, "POST", "/api/with/withdrawal", Some(&body)).status, 204);
    };
    take_back("photographs");
    let new = json!({"bytes": 4, "sha256": "0".repeat(64)});
    let path = format!("/api/visits/{visit}/uploads");
    assert_eq!(refused(&owner.ask("POST", &path, Some(&new))), "photographs_withdrawn");
    take_back("data");
    assert_eq!(
        refused(&owner.ask("POST", &at(&case, "sessions"), Some(&session("A7", 80)))),
        "data_withdrawn"
    );
    let second = json!({"title": "Another scar"});
    let second = id(&owner.must("POST", &format!("/api/clients/{client}/cases"), Some(&second)));
    owner.must("POST", &at(&second, "consents"), Some(&signed("treatment")));
    assert_eq!(
        refused(&owner.ask("POST", &at(&second, "sessions"), Some(&session("A7", 80)))),
        "data_withdrawn"
    );
    let told = owner.must("GET", "/api/attention", None);
    let purposes: Vec<&str> =
        told.as_array().expect("a list").iter().filter_map(|one| one["taken_back"].as_str()).collect();
    assert_eq!(purposes, ["data", "photographs"]);
    for one in told.as_array().expect("a list") {
        owner.ask(
            "POST",
            &format!("/api/told/{}/seen", one["id"].as_str().expect("an id")),
            Some(&json!({})),
        );
    }
    assert_eq!(owner.must("GET", "/api/attention", None), json!([]));
}

#[test]
fn an_age_below_18_in_the_answers_counts_whatever_the_record_says() {
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(folder.path(), None);
    let mut owner = opened(&served);
    let [client, case, _] = owner.new_visit("Ada Example");
    grown_up(&mut owner, &client);
    answer(&mut owner, &case, &json!({"age_years": 17}));
    assert_eq!(refused(&owner.ask("POST", &at(&case, "consents"), Some(&signed("treatment")))), "minor");
    // In the year in which somebody becomes 18, the day tells.
    let year = day(0)[..4].parse::<i32>().expect("a year") - 18;
    let now = owner.must("GET", &format!("/api/clients/{client}"), None);
    let this_year = json!({"version": now["version"], "name": "Ada Example", "born_in": year});
    owner.must("PUT", &format!("/api/clients/{client}"), Some(&this_year));
    answer(&mut owner, &case, &json!({"age_years": null}));
    owner.must("POST", &at(&case, "consents"), Some(&signed("treatment")));
    let done = session("A7", 80);
    assert_eq!(refused(&owner.ask("POST", &at(&case, "sessions"), Some(&done))), "age_unknown");
    answer(&mut owner, &case, &json!({"birth_date": format!("{year}-01-01")}));
    owner.must("POST", &at(&case, "sessions"), Some(&done));
}

#[test]
fn a_session_whose_day_is_put_right_does_not_silence_rising_pain() {
    let (clock, folder) = (clock(), TempDir::new().expect("a folder"));
    clock.days_ahead(-10);
    let mut owner = inside(folder.path(), None);
    owner.first_run("First clinic", "owner");
    let [client, case, _] = owner.new_visit("Ada Example");
    grown_up(&mut owner, &client);
    owner.must("POST", &at(&case, "consents"), Some(&signed("treatment")));
    clock.days_ahead(-8);
    owner.sign_in("owner");
    let done = owner.must("POST", &at(&case, "sessions"), Some(&session_on(&day(-8), "A7", 80)));
    clock.days_ahead(-5);
    owner.sign_in("owner");
    owner.must("POST", &at(&case, "check-ins"), Some(&told(2, "less", false)));
    let mut right = session_on(&day(-9), "A7", 80);
    right["corrects"] = json!(id(&done));
    owner.must("POST", &at(&case, "sessions"), Some(&right));
    clock.days_ahead(-4);
    owner.sign_in("owner");
    let advised = owner.must("POST", &at(&case, "check-ins"), Some(&told(8, "less", false)));
    assert!(advised["signs"].to_string().contains("pain"), "{advised}");
    let book = owner.must("GET", &at(&case, "book"), None);
    let days: Vec<&Value> =
        book["check_ins"].as_array().expect("told").iter().map(|one| &one["day"]).collect();
    assert_eq!(days, [4, 5], "as the day stands now, not as it was when the client told");
}

#[test]
fn a_row_that_cannot_be_read_any_more_is_named() {
    let folder = TempDir::new().expect("a folder");
    let data = folder.path().join("data");
    let served = Served::start(&data, None);
    let mut owner = opened(&served);
    let [client, case, _] = owner.new_visit("Ada Example");
    let [consent, ..] = kept(&mut owner, &client, &case);
    drop(served);
    let change = |sql: &str| change_rows(&data, sql);
    let told = || {
        let run = stipple(&["audit", "verify", "--data", text(&data)]);
        assert_eq!(run.code, 3, "{}", run.message);
        run.message
    };
    change("UPDATE audit SET account = x'0102' WHERE place = 3");
    assert!(told().contains("The row at place 3 was changed"));
    change("UPDATE audit SET account = NULL WHERE place = 3");
    change("UPDATE entry SET parent = x'0102' WHERE kind = 'consent'");
    assert!(told().contains(&format!("The entry {consent} was changed")));
}

/// Changes rows of a studio behind its back.
fn change_rows(data: &std::path::Path, sql: &str) {
    let base = data.join("stipple.db");
    let code =
        "import sqlite3,sys; b=sqlite3.connect(sys.argv[1]); b.execute(sys.argv[2]); b.commit(); b.close()";
    let run = Command::new("python3").args(["-c", code, text(&base), sql]).status();
    assert!(run.expect("python").success(), "{sql}");
}
