//! What really was is written down, whatever else is true; and what was taken back, or told in need, is never lost.

use serde_json::{Value, json};
use tempfile::TempDir;

use super::against::{TwoScars, answer, refusal, unreadable};
use super::book::{at, by_link, day, kept, others_dots, refused, session, session_on, signed, told};
use super::feed::fetch;
use super::inside::{clock, inside};
use super::mail::{agree, treated};
use super::opened;
use super::served::{Browser, Served, id};
use crate::stipple::{stipple, text};

#[test]
fn a_session_of_the_wrong_case_is_moved_to_where_it_was() {
    let mut two = TwoScars::new();
    let (case, other) = (two.case.clone(), two.other.clone());
    let consent = two.owner.must("GET", &at(&other, "book"), None)["consents"][0].clone();
    let here = two.write(&case, &session("A7", 80)).expect("done");
    two.owner.must("POST", &format!("/api/consents/{}/withdrawal", id(&consent)), Some(&json!({})));
    let strike = |two: &mut TwoScars, case: &Value| {
        let asked = json!({"reason": "It was the other scar.", "case": case});
        two.owner.ask("POST", &format!("/api/sessions/{here}/struck"), Some(&asked))
    };
    let somebody = two.owner.new_visit("Bob Example")[1].clone();
    for nowhere in [&somebody, &case] {
        assert_eq!(
            strike(&mut two, &json!(nowhere)).status,
            404,
            "not a case of the same client, or this one"
        );
    }
    assert_eq!(strike(&mut two, &json!(other)).status, 200, "where no consent stands any more");
    let book = |two: &mut TwoScars, case: &str| two.owner.must("GET", &at(case, "book"), None);
    let (left, there) = (book(&mut two, &case), book(&mut two, &other));
    assert_eq!((&left["sessions"][0]["corrected"], &left["ledger"]["dots"]), (&json!(true), &json!(0)));
    assert_eq!((&there["sessions"][0]["day"], &there["ledger"]["dots"]), (&json!(day(0)), &json!(80)));
    let recalled = two.owner.must("GET", "/api/recall?lot=A7", None);
    let lines = recalled.as_array().expect("sessions");
    assert_eq!(lines.iter().filter(|one| one["corrected"] == false && one["case"] == *other).count(), 1);
}

#[test]
fn a_session_that_is_moved_to_a_case_without_consent_says_so() {
    let mut two = TwoScars::new();
    let case = two.case.clone();
    let here = two.write(&case, &session("A7", 80)).expect("done");
    let client = two.owner.must("GET", &format!("/api/cases/{}", two.case), None)["client"].clone();
    let cases = format!("/api/clients/{}/cases", client.as_str().expect("an id"));
    let unsigned = id(&two.owner.must("POST", &cases, Some(&json!({"title": "Nobody signed here"}))));
    let moved = json!({"reason": "It was the other scar.", "case": unsigned});
    let lacks = |two: &mut TwoScars, case: &str| {
        two.owner.must("GET", &at(case, "book"), None)["sessions"][0]["without_consent"].clone()
    };
    assert_eq!(lacks(&mut two, &case), json!(false));
    two.owner.must("POST", &format!("/api/sessions/{here}/struck"), Some(&moved));
    assert_eq!(lacks(&mut two, &unsigned), json!(true));
}

#[test]
fn the_last_signature_decides_about_letters() {
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(folder.path(), None);
    let mut owner = opened(&served);
    let [client, case, _] = owner.new_visit("Ada Example");
    agree(&mut owner, &client, "ada@example.org");
    let path = format!("/api/clients/{client}");
    let sign = |owner: &mut Browser, letters: bool| {
        let mut data = signed("data");
        data["agreed"]["messages"] = json!(letters);
        // Other lines: the same ones would be the same signature, sent twice.
        data["strokes"][0][0][0] = json!(if letters { 0.11 } else { 0.12 });
        owner.must("POST", &at(&case, "consents"), Some(&data));
        owner.must("GET", &path, None)
    };
    let mut known = sign(&mut owner, false);
    assert_eq!(known["mail_agreed"], false);
    known["mail_agreed"] = json!(true);
    assert_eq!(refused(&owner.ask("PUT", &path, Some(&known))), "letters_declined");
    assert_eq!(sign(&mut owner, true)["mail_agreed"], true, "as it was signed");
}

#[test]
fn who_stops_during_a_session_has_it_on_record_and_an_old_bottle_is_too() {
    let mut two = TwoScars::new();
    let case = two.case.clone();
    let consent = two.owner.must("GET", &at(&case, "book"), None)["consents"][0].clone();
    let mut done = session("A7", 40);
    done["pigments"][0]["expires"] = json!(day(-1));
    assert_eq!(two.write(&case, &done), refusal("pigment_expired"));
    two.owner.must("POST", &format!("/api/consents/{}/withdrawal", id(&consent)), Some(&json!({})));
    done["deviations"] = json!("-");
    assert_eq!(two.write(&case, &done), refusal("pigment_expired"), "no word");
    done["pigments"][0]["expires"] = json!("2030-01-01");
    assert_eq!(two.write(&case, &done), refusal("consent_withdrawn"));
    done["pigments"][0]["expires"] = json!(day(-1));
    done["deviations"] =
        json!("Half the scar: he wanted to stop. The bottle was out of date; seen afterwards.");
    two.write(&case, &done).expect("what was");
    let mut later = done.clone();
    later["day"] = json!(day(1));
    assert_eq!(two.write(&case, &later), refusal("consent_withdrawn"), "on another day it is taken back");
}

#[test]
fn dots_that_somebody_else_set_count_for_what_the_skin_may_hold() {
    let mut two = TwoScars::new();
    let (case, other) = (two.case.clone(), two.other.clone());
    answer(&mut two.owner, &case, &json!({"previous_smp": true}));
    let book = two.owner.must("GET", &at(&case, "book"), None);
    assert_eq!(book["others_dots_open"], true, "the client told of them, and nobody wrote them down");
    let too_few = two.owner.ask("POST", &at(&other, "others-dots"), Some(&others_dots(0.0)));
    assert_eq!(refused(&too_few), "bad_others_dots");
    two.write(&other, &session("A7", 5)).expect("five dots");
    let mut elsewhere = others_dots(196.0);
    elsewhere["zone"] = json!("crown");
    let hidden = two.owner.ask("POST", &at(&other, "others-dots"), Some(&elsewhere));
    assert_eq!(refused(&hidden), "unknown_zone", "196 and 5 may be the same skin");
    let told = two.owner.must("POST", &at(&other, "others-dots"), Some(&others_dots(145.0)));
    let twice = two.owner.must("POST", &at(&other, "others-dots"), Some(&others_dots(145.0)));
    assert_eq!(told["id"], twice["id"], "sent twice is one");
    let mut session = session("A7", 60);
    session["despite"] = json!("The old dots are faint.");
    assert_eq!(two.write(&case, &session), refusal("too_many_dots"));
    let mut renamed = session.clone();
    renamed["zones"][0]["name"] = json!("back of the head");
    assert_eq!(two.write(&case, &renamed), refusal("unknown_zone"));
    let book = two.owner.must("GET", &at(&case, "book"), None);
    assert_eq!((&book["others_dots_open"], &book["ledger"]["per_cm2"]), (&json!(true), &json!(150.0)));
    let passport = two.owner.must("GET", &at(&case, "passport.json"), None);
    assert_eq!((&passport["others"][0]["per_cm2"], &passport["per_cm2"]), (&json!(145.0), &json!(150.0)));
    let strike = |two: &mut TwoScars, reason: &str| {
        let of = format!("/api/others-dots/{}/struck", id(&told));
        two.owner.ask("POST", &of, Some(&json!({"reason": reason})))
    };
    assert_eq!(refused(&strike(&mut two, " ")), "no_reason");
    assert_eq!(strike(&mut two, "Counted hairs.").json["struck"], "Counted hairs.");
    assert_eq!(strike(&mut two, "Twice.").status, 404);
    two.write(&case, &session).expect("nothing of others lies there");
    let client = two.owner.must("GET", &format!("/api/cases/{case}"), None)["client"].clone();
    let client = client.as_str().expect("an id");
    let trail = two.owner.must("GET", &format!("/api/clients/{client}/trail"), None);
    assert!(trail.to_string().contains("others_dots.struck"), "{trail}");
}

#[test]
fn a_day_that_has_not_come_shortens_no_time_to_think() {
    let (clock, folder) = (clock(), TempDir::new().expect("a folder"));
    clock.days_ahead(0);
    let mut owner = inside(folder.path(), None);
    owner.first_run("First clinic", "owner");
    let shown = owner.must("GET", "/api/texts/consents", None);
    let shipped = shown["shipped"].as_str().expect("TOML");
    let slow = shipped.replacen("cooling_off_days = ", "cooling_off_days = 1", 1);
    let slow = slow.replacen("\nversion = ", "\nversion = 1", 1);
    owner.must("PUT", "/api/texts/consents", Some(&json!({"version": 0, "toml": slow})));
    let [_, case, _] = owner.new_visit("Ada Example");
    let mut consent = signed("treatment");
    consent["version"] = owner.must("GET", "/api/consent-forms", None)[0]["version"].clone();
    owner.must("POST", &at(&case, "consents"), Some(&consent));
    answer(&mut owner, &case, &json!({"birth_date": "1980-05-05"}));
    let tomorrow = owner.ask("POST", &at(&case, "sessions"), Some(&session_on(&day(1), "A7", 80)));
    assert_eq!(refused(&tomorrow), "cooling_off");
    let book = owner.must("GET", &at(&case, "book"), None);
    assert_eq!(
        (&book["obstacles"][0]["code"], &book["obstacles"][0]["day"]),
        (&json!("cooling_off"), &json!(day(10)))
    );
}

#[test]
fn who_may_have_been_17_signs_anew() {
    let (clock, folder) = (clock(), TempDir::new().expect("a folder"));
    let year: i64 = day(0)[..4].parse().expect("a year");
    clock.days_ahead(0);
    let mut owner = inside(folder.path(), None);
    owner.first_run("First clinic", "owner");
    let [client, case, _] = owner.new_visit("Ada Example");
    owner.must("POST", &at(&case, "consents"), Some(&signed("treatment")));
    let now = owner.must("GET", &format!("/api/clients/{client}"), None);
    let born = json!({"version": now["version"], "name": "Ada Example", "contact": "", "born_in": year - 18});
    owner.must("PUT", &format!("/api/clients/{client}"), Some(&born));
    let codes = |owner: &mut Browser| {
        let book = owner.must("GET", &at(&case, "book"), None);
        book["obstacles"].as_array().expect("lines").iter().map(|one| one["code"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(codes(&mut owner), ["age_unknown"]);
    clock.days_ahead(366);
    owner.sign_in("owner");
    assert_eq!(codes(&mut owner), ["no_consent"]);
}

#[test]
fn a_session_that_cannot_be_read_hides_nobody_else_from_a_recall_or_a_calendar() {
    let (_served, _folder, mut owner) = unreadable("session");
    let secret = owner.must("POST", "/api/me/feed", Some(&json!({"days": 5})));
    let recalled = owner.must("GET", "/api/recall?lot=a-7", None);
    let lines = recalled.as_array().expect("sessions");
    let mut told: Vec<(bool, &str)> =
        lines.iter().map(|one| (one["unreadable"] == true, one["lot"].as_str().expect("a lot"))).collect();
    told.sort_unstable();
    assert_eq!(told, [(false, "A7"), (true, "")], "{recalled}");
    assert_eq!(lines.iter().filter(|one| one["name"] == "Ada Example").count(), 2, "whose it is, is known");
    let feed = fetch(&mut owner, "studio", secret["secret"].as_str().expect("a secret"), "");
    assert_eq!(feed.status, 200);
}

#[test]
fn a_sign_of_danger_is_heard_whatever_was_struck_out_or_told_before() {
    let mut two = TwoScars::new();
    let case = two.case.clone();
    let done = two.write(&case, &session("A7", 80)).expect("done");
    let link = two.owner.must("POST", &at(&case, "links"), Some(&json!({"kind": "check_in", "days": 5})));
    let secret = link["secret"].as_str().expect("a secret").to_owned();
    two.owner.must("POST", &format!("/api/sessions/{done}/struck"), Some(&json!({"reason": "Not here."})));
    let mut phone = two.owner.another();
    let mut tell = |note: usize, hives: bool| {
        let mut body = told(1, "less", hives);
        body["note"] = json!(format!("{note}"));
        by_link(&mut phone, &secret, "POST", "/api/with/check-in", Some(&body))
    };
    for note in 0..10 {
        assert_eq!(tell(note, false).status, 200);
    }
    assert_eq!(refused(&tell(10, false)), "told_enough");
    let heard = tell(11, true);
    assert_eq!(heard.status, 200, "{}", heard.json);
    assert!(!heard.json["signs"].as_array().expect("signs").is_empty());
    let waits = two.owner.must("GET", "/api/attention", None);
    assert!(waits.as_array().expect("lines").iter().any(|one| one["signs"] != json!([])), "{waits}");
}

#[test]
fn who_leaves_letters_unticked_gets_none() {
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(folder.path(), None);
    let mut owner = opened(&served);
    let [client, case, _] = owner.new_visit("Ada Example");
    let agreed = |owner: &mut Browser| {
        owner.must("GET", &format!("/api/clients/{client}"), None)["mail_agreed"].clone()
    };
    agree(&mut owner, &client, "ada@example.org");
    let mut data = signed("data");
    data["agreed"]["messages"] = json!(true);
    owner.must("POST", &at(&case, "consents"), Some(&data));
    assert_eq!(agreed(&mut owner), json!(true));
    data["agreed"]["messages"] = json!(false);
    data["strokes"][0][0][0] = json!(0.2);
    owner.must("POST", &at(&case, "consents"), Some(&data));
    assert_eq!(agreed(&mut owner), json!(false));
}

#[test]
fn a_consent_that_was_taken_back_does_not_stand_again_with_an_older_backup() {
    let folder = TempDir::new().expect("a folder");
    let at_folder = |name: &str| folder.path().join(name);
    let data = at_folder("data");
    let served = Served::start(&data, None);
    let mut owner = opened(&served);
    let [client, case, _] = owner.new_visit("Ada Example");
    let [consent, ..] = kept(&mut owner, &client, &case);
    let run = |args: &[&str]| {
        let run = stipple(args);
        assert_eq!(run.code, 0, "{args:?}: {}", run.message);
    };
    run(&["backup", "--data", text(&data), "--out", text(&at_folder("backup"))]);
    owner.must("POST", &format!("/api/consents/{consent}/withdrawal"), Some(&json!({"note": "No more."})));
    served.kill();
    let list = data.join("erased.txt");
    let again = at_folder("again");
    run(&["restore", text(&at_folder("backup")), "--data", text(&again), "--erased", text(&list)]);
    run(&["verify", "--data", text(&again)]);
    run(&["audit", "verify", "--data", text(&again)]);
    let served = Served::start(&again, None);
    let mut owner = served.browser();
    owner.sign_in("owner");
    let book = owner.must("GET", &at(&case, "book"), None);
    assert!(!book["consents"][0]["withdrawn_at"].is_null(), "{book}");
    run(&["backup", "--data", text(&again), "--out", text(&at_folder("later"))]);
    let known = std::fs::read_to_string(at_folder("later").join("erased.txt")).expect("a list");
    assert!(known.contains(&consent), "a later backup knows it too");
}

#[test]
fn a_zone_of_a_new_name_does_not_hide_dots() {
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(folder.path(), None);
    let mut owner = opened(&served);
    let [client, case, _] = owner.new_visit("Ada Example");
    kept(&mut owner, &client, &case);
    let named = |name: &str, dots: u32| {
        let mut text = session("A7", dots);
        text["zones"][0]["name"] = json!(name);
        text
    };
    let mut write = |text: &Value| owner.ask("POST", &at(&case, "sessions"), Some(text));
    // 80 are there; 200 are the most.
    let mut beside = named("strip scar", 130);
    let said = write(&beside);
    assert_eq!(refused(&said), "unknown_zone");
    let message = said.json["error"]["message"].as_str().expect("words").to_owned();
    assert!(message.contains("210 dots/cm²") && message.contains("\"strip\""), "{message}");
    assert!(write(&named("strip two", 110)).status < 300, "too few to hide any");
    beside["other_skin"] = json!("Behind the other ear.");
    assert!(write(&beside).status < 300);
    assert_eq!(refused(&write(&named("Strip", 130))), "too_many_dots");
    assert_eq!(
        refused(&write(&named("strip two", 20))),
        "unknown_zone",
        "a name that is known hides none either"
    );
}

#[test]
fn one_link_does_not_bury_what_else_is_in_a_trail() {
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(folder.path(), None);
    let mut owner = opened(&served);
    let [client, case, _] = owner.new_visit("Ada Example");
    let link = owner.must("POST", &at(&case, "links"), Some(&json!({"kind": "consents", "days": 5})));
    let secret = link["secret"].as_str().expect("a secret");
    let mut phone = served.browser();
    let told = told(1, "less", false);
    let said: Vec<u16> = (0..12)
        .map(|_| by_link(&mut phone, secret, "POST", "/api/with/check-in", Some(&told)).status)
        .collect();
    assert_eq!(said, [[403; 8].as_slice(), &[429; 4]].concat());
    let trail = owner.must("GET", &format!("/api/clients/{client}/trail"), None).to_string();
    assert_eq!(trail.matches("link.refused").count(), 8);
    let used = (0..300).find(|_| by_link(&mut phone, secret, "GET", "/api/with", None).status == 429);
    assert!(used.is_some_and(|tries| tries > 250), "{used:?}");
}

#[test]
fn a_wait_ends_on_the_day_that_was_said_first() {
    let (clock, folder) = (clock(), TempDir::new().expect("a folder"));
    let mut owner = inside(folder.path(), None);
    owner.first_run("First clinic", "owner");
    let [_, case, _] = owner.new_visit("Ada Example");
    answer(&mut owner, &case, &json!({"sunburn": true}));
    let mut against = |days: i64| {
        clock.days_ahead(days);
        owner.sign_in("owner");
        owner.must("GET", &at(&case, "book"), None)["against"].clone()
    };
    let first = against(0);
    assert!(first["not_before"].is_string(), "{first}");
    assert_eq!(against(10)["not_before"], first["not_before"]);
    let over = against(40);
    assert!(over["not_before"].is_null() && over["reasons"][1].to_string().contains("ask again"), "{over}");
    answer(&mut owner, &case, &json!({"sunburn": false}));
    assert!(owner.must("GET", &at(&case, "book"), None)["against"].is_null());
}

#[test]
fn rules_that_never_speak_are_told() {
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(folder.path(), None);
    let mut owner = opened(&served);
    let shown = owner.must("GET", "/api/texts/rules", None);
    let none = json!({"unknown_facts": [], "mistyped_rules": [], "unread_questions": [], "milder_signs": []});
    assert_eq!(shown["doubts"], none);
    let own =
        shown["shipped"].as_str().expect("TOML").replace("\"pregnant_or_breastfeeding\"", "\"pregnent\"");
    let saved = owner.must("PUT", "/api/texts/rules", Some(&json!({"version": 0, "toml": own})));
    let mut doubts = none.clone();
    doubts["unknown_facts"] = json!(["pregnent"]);
    doubts["unread_questions"] = json!(["pregnant_or_breastfeeding"]);
    assert_eq!(saved["doubts"], doubts);
    let slip = "fact = \"pregnant_or_breastfeeding\", operator = \"is\", value = ";
    let own = shown["shipped"].as_str().expect("TOML");
    let own = own.replace(&format!("{slip}true"), &format!("{slip}\"true\""));
    let saved = owner.must("PUT", "/api/texts/rules", Some(&json!({"version": 1, "toml": own})));
    assert_eq!(saved["doubts"]["mistyped_rules"], json!(["pregnant_or_breastfeeding"]));
    let shown = owner.must("GET", "/api/texts/check_ins", None);
    assert_eq!(shown["doubts"], none);
    let milder = shown["shipped"].as_str().expect("TOML").replace("\"emergency\"", "\"practitioner\"");
    let saved = owner.must("PUT", "/api/texts/check_ins", Some(&json!({"version": 0, "toml": milder})));
    assert_eq!(saved["doubts"]["milder_signs"], json!(["hives"]));
}

#[test]
fn why_a_consent_was_taken_back_is_read_in_the_book_and_by_the_client() {
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(folder.path(), None);
    let mut owner = opened(&served);
    let [client, case, _] = owner.new_visit("Ada Example");
    kept(&mut owner, &client, &case);
    let others = ["photographs", "publication"]
        .map(|purpose| id(&owner.must("POST", &at(&case, "consents"), Some(&signed(purpose)))));
    let link = owner.must("POST", &at(&case, "links"), Some(&json!({"kind": "consents", "days": 3})));
    let secret = link["secret"].as_str().expect("a secret").to_owned();
    let notes = |told: &Value| -> Vec<Value> {
        told["consents"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|one| one["withdrawal_note"].clone())
            .collect()
    };
    let book = owner.must("GET", &at(&case, "book"), None);
    assert_eq!(notes(&book), [Value::Null, Value::Null, Value::Null]);
    let first = id(&book["consents"][0]);
    let why = json!({"note": "It took too long."});
    let said = owner.must("POST", &format!("/api/consents/{first}/withdrawal"), Some(&why));
    assert_eq!(said["withdrawal_note"], "It took too long.");
    owner.must("POST", &format!("/api/consents/{}/withdrawal", others[1]), Some(&json!({"note": " "})));
    let mut phone = owner.another();
    let mine = json!({"consent": others[0], "note": "No more pictures."});
    assert_eq!(by_link(&mut phone, &secret, "POST", "/api/with/withdrawal", Some(&mine)).status, 204);
    let expected = [json!("It took too long."), json!("No more pictures."), Value::Null];
    let book = owner.must("GET", &at(&case, "book"), None);
    assert_eq!(notes(&book), expected);
    assert!(book["consents"].as_array().expect("a list").iter().all(|one| one["withdrawn_at"].is_string()));
    assert_eq!(notes(&by_link(&mut phone, &secret, "GET", "/api/with", None).json), expected);
}

#[test]
fn a_recall_says_how_to_reach_whoever_has_an_e_mail_address_alone() {
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(folder.path(), None);
    let mut owner = opened(&served);
    let [client, _] = treated(&mut owner, "ada@example.org");
    let contact = |owner: &mut Browser| owner.must("GET", "/api/recall?lot=A7", None)[0]["contact"].clone();
    assert_eq!(contact(&mut owner), "ada@example.org");
    let path = format!("/api/clients/{client}");
    for (typed, told) in [("0160 1", "0160 1, ada@example.org"), ("ada@example.org", "ada@example.org")] {
        let mut known = owner.must("GET", &path, None);
        known["contact"] = json!(typed);
        owner.must("PUT", &path, Some(&known));
        assert_eq!(contact(&mut owner), told);
    }
}
