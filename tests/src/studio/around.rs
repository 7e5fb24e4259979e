//! Ways around what stands between a client and a session, or what was taken back: none leads anywhere.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::against::{TwoScars, answer, refusal};
use super::book::{at, by_link, day, grown_up, kept, refused, session, session_on, signed, wellbeing};
use super::flow::walk;
use super::inside::{clock, inside};
use super::opened;
use super::served::{Browser, Served, id};
use crate::stipple::{stipple, text};

#[test]
fn test_dots_keep_what_was_said_of_them_whatever_is_put_right() {
    let mut two = TwoScars::new();
    let (case, other, test) = (two.case.clone(), two.other.clone(), two.test.clone());
    let whole = session("A7", 80);
    let first = two.write(&case, &test).expect("set");
    let mut tomorrow = test.clone();
    tomorrow["day"] = json!(day(1));
    tomorrow["corrects"] = json!(first);
    let moved = two.write(&case, &tomorrow).expect("where a tablet is it may be tomorrow");
    assert_eq!(two.write(&case, &whole), refusal("test_open"), "it counts today");
    let mut back = test.clone();
    back["corrects"] = json!(moved);
    let first = two.write(&case, &back).expect("set");
    two.say(&first, "stop", "Raised.").expect("said");
    tomorrow["corrects"] = json!(first);
    assert_eq!(two.write(&case, &tomorrow), refusal("looked_before"));
    assert_eq!(two.write(&other, &whole), refusal("test_against_elsewhere"));
    two.say(&first, "go_on", "It was a scratch beside the dots.").expect("said");
    let mut repainted = test.clone();
    repainted["pigments"][0]["product"] = json!("Ash gray");
    repainted["corrects"] = json!(first);
    let repainted = two.write(&case, &repainted).expect("put right");
    assert_eq!(two.write(&case, &whole), refusal("test_open"), "nobody looked at dots of another pigment");
    assert_eq!(two.say(&repainted, "go_on", ""), refusal("not_tested"));
}

#[test]
fn an_age_below_18_counts_in_every_case_and_so_does_what_was_taken_back() {
    let mut two = TwoScars::new();
    let (case, other) = (two.case.clone(), two.other.clone());
    let whole = session("A7", 80);
    answer(
        &mut two.owner,
        &other,
        &json!({"birth_date": format!("{}-01-01", day(0)[..4].parse::<i32>().expect("a year") - 14)}),
    );
    assert_eq!(two.write(&case, &whole), refusal("minor"));
    assert_eq!(refused(&two.owner.ask("POST", &at(&case, "consents"), Some(&signed("treatment")))), "minor");
    answer(&mut two.owner, &other, &json!({"birth_date": null}));
    let link = two.owner.must("POST", &at(&case, "links"), Some(&json!({"kind": "intake", "days": 5})));
    let secret = link["secret"].as_str().expect("a secret").to_owned();
    let data = id(&two.owner.must("POST", &at(&other, "consents"), Some(&signed("data"))));
    two.owner.must("POST", &format!("/api/consents/{data}/withdrawal"), Some(&json!({})));
    let mut phone = two.owner.another();
    let answered = json!({"answers": {"diabetes": true}});
    assert_eq!(
        refused(&by_link(&mut phone, &secret, "PUT", "/api/with/answers", Some(&answered))),
        "data_withdrawn"
    );
    for (what, body) in [("links", json!({"kind": "intake", "days": 5})), ("wellbeing", wellbeing())] {
        assert_eq!(
            refused(&two.owner.ask("POST", &at(&case, what), Some(&body))),
            "data_withdrawn",
            "{what}"
        );
    }
    assert_eq!(refused(&two.owner.ask("PUT", &at(&case, "answers"), Some(&answered))), "data_withdrawn");
    answer(&mut two.owner, &case, &json!({"birth_date": "1980-05-05"}));
    two.owner.must("POST", &at(&case, "consents"), Some(&signed("data")));
    for case in [&case, &other] {
        two.owner.must("PUT", &at(case, "answers"), Some(&answered));
    }
    two.write(&case, &whole).expect("agreed to anew, in whatever case");
}

#[test]
fn what_was_signed_before_18_stands_for_nothing() {
    let (clock, folder) = (clock(), TempDir::new().expect("a folder"));
    clock.days_ahead(-30);
    let mut owner = inside(folder.path(), None);
    owner.first_run("First clinic", "owner");
    let [_, case, _] = owner.new_visit("Ada Example");
    owner.must("POST", &at(&case, "consents"), Some(&signed("treatment")));
    clock.days_ahead(0);
    owner.sign_in("owner");
    let born =
        jiff::civil::Date::strptime("%Y-%m-%d", day(-10)).expect("a day") - jiff::Span::new().years(18);
    answer(&mut owner, &case, &json!({"birth_date": born.to_string()}));
    let done = owner.ask("POST", &at(&case, "sessions"), Some(&session("A7", 80)));
    assert_eq!(refused(&done), "no_consent");
    let mut anew = signed("treatment");
    anew["strokes"][0][0][0] = json!(0.2);
    owner.must("POST", &at(&case, "consents"), Some(&anew));
    owner.must("POST", &at(&case, "sessions"), Some(&session("A7", 80)));
}

#[test]
fn a_session_names_somebody_keeps_its_reason_and_is_one_of_its_plan() {
    let mut two = TwoScars::new();
    let case = two.case.clone();
    for nobody in ["\u{200b}", " ", "\u{2060}\u{200d}"] {
        let mut done = session("A7", 80);
        done["practitioner"] = json!(nobody);
        assert_eq!(two.write(&case, &done), refusal("bad_text"), "{nobody:?}");
        let mut consent = signed("treatment");
        consent["signer"] = json!(nobody);
        assert_eq!(refused(&two.owner.ask("POST", &at(&case, "consents"), Some(&consent))), "bad_text");
    }
    let mut done = session("A7", 80);
    done["plan_session"] = json!(3);
    assert_eq!(two.write(&case, &done), refusal("no_plan_session"));
    let book = two.owner.must("GET", &at(&case, "book"), None);
    assert!(book["open_questions"].as_u64().is_some_and(|open| open > 5), "nobody asked yet: {book}");
    answer(&mut two.owner, &case, &json!({"pregnant_or_breastfeeding": true}));
    let mut done = session("A7", 80);
    done["despite"] = json!("Her doctor agrees.");
    let first = two.write(&case, &done).expect("with a reason");
    done["despite"] = json!("");
    done["pain"] = json!(4);
    done["corrects"] = json!(first);
    two.write(&case, &done).expect("put right");
    let book = two.owner.must("GET", &at(&case, "book"), None);
    assert_eq!(book["sessions"][1]["despite"], "Her doctor agrees.");
}

#[test]
fn what_really_was_is_written_down_and_what_was_not_is_struck_out() {
    let mut two = TwoScars::new();
    let (case, other) = (two.case.clone(), two.other.clone());
    let here = two.write(&case, &session("A7", 150)).expect("done");
    let strike = |two: &mut TwoScars, id: &str, reason: &str| {
        two.owner.ask("POST", &format!("/api/sessions/{id}/struck"), Some(&json!({"reason": reason})))
    };
    assert_eq!(two.write(&other, &session("A7", 150)), refusal("too_many_dots"), "the same zone twice");
    assert_eq!(refused(&strike(&mut two, &here, " - ")), "no_reason");
    let struck = strike(&mut two, &here, "It belongs to the other scar.");
    assert_eq!((struck.status, &struck.json["struck"]), (200, &json!("It belongs to the other scar.")));
    assert_eq!(strike(&mut two, &here, "Again.").status, 404, "once");
    let there = two.write(&other, &session("A7", 150)).expect("where it was");
    let recalled = two.owner.must("GET", "/api/recall?lot=A7", None);
    let stand = recalled.as_array().expect("sessions").iter().filter(|one| one["corrected"] == false);
    assert_eq!((stand.count(), recalled.as_array().map(Vec::len)), (1, Some(2)), "{recalled}");
    let mut right = session("B8", 300);
    right["corrects"] = json!(there);
    right["pigments"][0]["expires"] = json!(day(-3));
    assert_eq!(two.write(&other, &right), refusal("pigment_expired"));
    right["deviations"] =
        json!("The bottle was out of date, and more was set than planned; seen afterwards.");
    let told = two.write(&other, &right).expect("what was");
    let mut new = session("B8", 10);
    new["deviations"] = json!("More.");
    let more = two.write(&other, &new).expect("what was done, with a word");
    let ledger = two.owner.must("GET", &at(&other, "book"), None)["ledger"].clone();
    assert_eq!(
        (&ledger["per_cm2"], &ledger["per_cm2_max"]),
        (&json!(310.0), &json!(200.0)),
        "beyond, and told"
    );
    assert_eq!(strike(&mut two, &more, "It was not done.").status, 200);
    assert_eq!(strike(&mut two, &told, "It was not done.").status, 200, "with what it put right");
    let first = two.write(&case, &two.test.clone()).expect("set");
    assert_eq!(two.say(&first, "go_on", ""), refusal("looked_early"));
    two.say(&first, "stop", "").expect("said");
    assert_eq!(refused(&strike(&mut two, &first, "Never set.")), "test_stays");
}

#[test]
fn a_reading_that_is_damaged_hides_neither_the_book_nor_what_was_signed() {
    let folder = TempDir::new().expect("a folder");
    let data = folder.path().join("data");
    let served = Served::start(&data, None);
    let mut owner = opened(&served);
    let [client, case, visit] = owner.new_visit("Ada Example");
    kept(&mut owner, &client, &case);
    super::against::planned(&mut owner, &visit, folder.path());
    assert_eq!(owner.must("GET", &at(&case, "book"), None)["unreadable"], false);
    let mut passport = |name: &str| owner.ask("GET", &at(&case, name), None).bytes.len();
    let [bare, shown] = ["passport.pdf", "passport.pdf?photographs=true"].map(&mut passport);
    assert!(bare > 1_000 && shown > bare + 10_000, "{bare} and {shown} bytes");
    spoil(&data.join("blobs"));
    assert!(owner.ask("GET", &at(&case, "passport.pdf?photographs=true"), None).bytes.starts_with(b"%PDF"));
    let book = owner.must("GET", &at(&case, "book"), None);
    assert_eq!(book["unreadable"], true, "{book}");
    assert_eq!(
        (book["consents"].as_array().map(Vec::len), book["sessions"].as_array().map(Vec::len)),
        (Some(1), Some(1))
    );
}

/// Turns a byte of every file in a folder.
fn spoil(folder: &Path) {
    for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            spoil(&entry);
        } else {
            let mut bytes = std::fs::read(&entry).expect("bytes");
            *bytes.last_mut().expect("a byte") ^= 1;
            std::fs::write(&entry, bytes).expect("written");
        }
    }
}

#[test]
fn what_the_law_does_not_keep_of_a_client_does_not_come_back_with_an_older_backup() {
    let folder = TempDir::new().expect("a folder");
    let data = folder.path().join("data");
    let served = Served::start(&data, None);
    let mut owner = opened(&served);
    owner.must("PUT", "/api/clinic", Some(&json!({"country": "DE", "medical": true})));
    let [client, case, visit] = owner.new_visit("Ada Example");
    kept(&mut owner, &client, &case);
    answer(&mut owner, &case, &json!({"diabetes": true}));
    owner.upload(&visit, b"no picture", 100);
    let secret = owner.must("POST", &at(&case, "links"), Some(&json!({"kind": "intake", "days": 5})));
    let backup = folder.path().join("backup");
    run(&["backup", "--data", text(&data), "--out", text(&backup)]);
    owner.must("DELETE", &format!("/api/clients/{client}"), None);
    let until = owner.must("GET", &format!("/api/clients/{client}"), None)["kept_until"].clone();
    closed_stays_closed(&mut owner, [&client, &case], &until);
    let mut phone = served.browser();
    let answered = json!({"answers": {"diabetes": true}});
    let secret = secret["secret"].as_str().expect("a secret");
    assert_ne!(by_link(&mut phone, secret, "PUT", "/api/with/answers", Some(&answered)).status, 204);
    served.kill();
    let again = folder.path().join("again");
    let list = data.join("erased.txt");
    run(&["restore", text(&backup), "--data", text(&again), "--erased", text(&list)]);
    run(&["verify", "--data", text(&again)]);
    let served = Served::start(&again, None);
    let mut owner = served.browser();
    owner.sign_in("owner");
    closed_stays_closed(&mut owner, [&client, &case], &until);
    assert_eq!(walk(&again.join("blobs")), 0, "no photograph either");
    let later = folder.path().join("later");
    run(&["backup", "--data", text(&again), "--out", text(&later)]);
    let known = std::fs::read_to_string(later.join("erased.txt")).expect("a list");
    assert!(known.contains(&client), "a later backup knows it too");
}

/// What the law keeps is there and nothing else.
fn closed_stays_closed(owner: &mut Browser, [client, case]: [&str; 2], until: &Value) {
    let one = owner.must("GET", &format!("/api/clients/{client}"), None);
    assert!(until.is_string() && one["kept_until"] == *until, "{one}");
    assert_eq!((&one["name"], &one["contact"]), (&json!("Ada Example"), &json!("")), "{one}");
    assert_eq!(one["cases"][0]["answers"], json!({}), "{one}");
    let book = owner.must("GET", &at(case, "book"), None);
    assert_eq!(book["sessions"].as_array().map(Vec::len), Some(1), "{book}");
    for (what, body) in [("links", json!({"kind": "intake", "days": 5})), ("wellbeing", wellbeing())] {
        assert_eq!(refused(&owner.ask("POST", &at(case, what), Some(&body))), "record_closed", "{what}");
    }
}

#[test]
fn moving_the_day_of_test_dots_lifts_nothing_that_was_said_of_them() {
    let (clock, folder) = (clock(), TempDir::new().expect("a folder"));
    clock.days_ahead(-30);
    let mut owner = inside(folder.path(), None);
    owner.first_run("First clinic", "owner");
    let [client, case, _] = owner.new_visit("Ada Example");
    grown_up(&mut owner, &client);
    owner.must("POST", &at(&case, "consents"), Some(&signed("treatment")));
    let mut test = session_on(&day(-20), "A7", 5);
    test["is_test"] = json!(true);
    clock.days_ahead(-5);
    owner.sign_in("owner");
    let set = id(&owner.must("POST", &at(&case, "sessions"), Some(&test)));
    let stop = json!({"day": day(-5), "decision": "stop", "note": "Raised."});
    owner.must("POST", &format!("/api/sessions/{set}/test-result"), Some(&stop));
    clock.days_ahead(0);
    owner.sign_in("owner");
    let after = session_on(&day(-3), "A7", 80);
    assert_eq!(refused(&owner.ask("POST", &at(&case, "sessions"), Some(&after))), "test_against");
    // Older words of an earlier look take nothing back, and newer dots that went well do not either.
    let used = json!({"product": "Carbon black", "water_parts": 6.0, "depth_mm": [0.3, 0.6]});
    let go_on = json!({"day": day(-15), "decision": "go_on", "note": "It was fine then.", "used": used});
    let mut say =
        |of: &str, word: &Value| owner.must("POST", &format!("/api/sessions/{of}/test-result"), Some(word));
    say(&set, &go_on);
    assert_eq!(refused(&owner.ask("POST", &at(&case, "sessions"), Some(&after))), "test_against");
    let mut newer = test.clone();
    newer["day"] = json!(day(-14));
    let newer = id(&owner.must("POST", &at(&case, "sessions"), Some(&newer)));
    let mut say =
        |of: &str, word: &Value| owner.must("POST", &format!("/api/sessions/{of}/test-result"), Some(word));
    say(&newer, &json!({"day": day(-6), "decision": "go_on", "note": "Calm.", "used": go_on["used"]}));
    assert_eq!(refused(&owner.ask("POST", &at(&case, "sessions"), Some(&after))), "test_against");
    test["corrects"] = json!(set);
    test["day"] = json!(day(0));
    assert_eq!(refused(&owner.ask("POST", &at(&case, "sessions"), Some(&test))), "looked_before");
    assert_eq!(refused(&owner.ask("POST", &at(&case, "sessions"), Some(&after))), "test_against");
}

/// Runs the program.
fn run(args: &[&str]) {
    let run = stipple(args);
    assert_eq!(run.code, 0, "{args:?}: {}", run.message);
}
