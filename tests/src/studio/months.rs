//! Months of the studio's clock, in a studio inside this process: what is written when, what is tried again, and what ends.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use stipple_model::Date;
use tempfile::TempDir;

use super::book::{at, by_link, refused, session_on, signed, today, told};
use super::feed::fetch;
use super::inside::{clock, inside};
use super::mail::{agree, letters, round, trail, treated};
use super::post::{Post, settings};
use super::postgres::free_port;
use super::served::{Browser, id};

/// An hour.
const HOUR: Duration = Duration::from_secs(3600);

fn settings_at(folder: &Path, port: u16) -> PathBuf {
    settings(folder, &format!("host = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\n"))
}

/// Days from the first to the second, YYYY-MM-DD.
fn days(from: &str, to: &str) -> i32 {
    let [from, to]: [Date; 2] = [from, to].map(|day| day.parse().expect("a day"));
    from.until(to).expect("in range").get_days()
}

#[test]
fn two_months_of_letters_are_the_days_of_the_protocol() {
    let (clock, folder) = (clock(), TempDir::new().expect("a folder"));
    let post = Post::open();
    let mut owner = inside(folder.path(), Some(&post.settings(folder.path())));
    owner.first_run("First clinic", "owner");
    let [ada, case] = treated(&mut owner, "ada@example.org");
    let [_, other] = treated(&mut owner, "tells@example.org");
    treated(&mut owner, "stops@example.org");
    let session = today();
    let mut came = 0;
    for hours in (0..62 * 24).step_by(6) {
        clock.ahead(hours * HOUR);
        if hours % 240 == 0 {
            owner.sign_in("owner");
        }
        round(&mut owner);
        let all = post.letters_from(came);
        came += all.len();
        for letter in all {
            let (to, secrets) = (letter.header("to").to_owned(), letter.secrets());
            let day = days(&session, letter.0["day"].as_str().expect("a day"));
            match (to.as_str(), day) {
                // Who has told before the day is not asked on it.
                ("tells@example.org", 3) => tell(&owner, &secrets[0]),
                ("stops@example.org", 3) => {
                    let stopped =
                        by_link(&mut owner.clone(), &secrets[1], "POST", "/api/with/stop-mail", None);
                    assert_eq!(stopped.status, 204);
                }
                _ => {}
            }
        }
    }
    let sent_to = |to: &str| -> Vec<i32> {
        let to = post.letters().into_iter().filter(|letter| letter.header("to") == to);
        to.map(|letter| days(&session, letter.0["day"].as_str().expect("a day"))).collect()
    };
    assert_eq!(sent_to("ada@example.org"), [0, 1, 3, 7, 14, 28]);
    assert_eq!(sent_to("tells@example.org"), [0, 1, 3, 7, 14, 28], "told on day 3, asked anew on day 7");
    assert_eq!(sent_to("stops@example.org"), [0, 1, 3]);
    let kinds: Vec<Value> = letters(&mut owner)
        .into_iter()
        .filter(|one| one["client"] == *ada)
        .map(|one| one["kind"].clone())
        .collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "calendar").count(), 1, "{kinds:?}");
    let [book, told] =
        [&case, &other].map(|case| owner.must("GET", &at(case, "book"), None)["check_ins"].clone());
    assert_eq!((book, &told[0]["by_client"]), (json!([]), &json!(true)));
}

#[test]
fn a_session_that_is_written_down_a_day_later_has_its_calendar_beside_what_is_asked() {
    let (clock, folder) = (clock(), TempDir::new().expect("a folder"));
    let post = Post::open();
    let mut owner = inside(folder.path(), Some(&post.settings(folder.path())));
    owner.first_run("First clinic", "owner");
    let [client, case, _] = owner.new_visit("Ada Example");
    agree(&mut owner, &client, "ada@example.org");
    owner.must("POST", &at(&case, "consents"), Some(&signed("treatment")));
    let session = session_on(&today(), "A7", 80);
    clock.days_ahead(1);
    owner.sign_in("owner");
    owner.must("POST", &at(&case, "sessions"), Some(&session));
    let mut kinds = Vec::new();
    // Some hour of that day is past eight.
    for hours in 24..48 {
        clock.ahead(hours * HOUR);
        round(&mut owner);
        kinds = letters(&mut owner)
            .into_iter()
            .map(|one| one["kind"].as_str().expect("a kind").to_owned())
            .collect();
        kinds.sort_unstable();
        if kinds.len() > 1 {
            break;
        }
    }
    assert_eq!(kinds, ["calendar", "check_in"]);
}

/// Tells by the link of a letter that all is well.
fn tell(owner: &Browser, secret: &str) {
    let said =
        by_link(&mut owner.clone(), secret, "POST", "/api/with/check-in", Some(&told(1, "less", false)));
    assert_eq!((said.status, &said.json["day"]), (200, &json!(3)), "{}", said.json);
}

#[test]
fn a_link_ends_with_its_days_and_that_is_told() {
    let (clock, folder) = (clock(), TempDir::new().expect("a folder"));
    let post = Post::open();
    let mut owner = inside(folder.path(), Some(&post.settings(folder.path())));
    owner.first_run("First clinic", "owner");
    let [client, case] = treated(&mut owner, "ada@example.org");
    let secret = |made: Value| made["secret"].as_str().expect("a secret").to_owned();
    let mut link =
        |kind: &str| secret(owner.must("POST", &at(&case, "links"), Some(&json!({"kind": kind, "days": 2}))));
    let (check_in, calendar) = (link("check_in"), link("calendar"));
    let feed = secret(owner.must("POST", "/api/me/feed", Some(&json!({"days": 2}))));
    let mut phone = owner.clone();
    clock.ahead(47 * HOUR);
    assert_eq!(by_link(&mut phone, &check_in, "GET", "/api/with", None).status, 200);
    assert_eq!(fetch(&mut phone, "client", &calendar, "").status, 200);
    assert_eq!(fetch(&mut phone, "studio", &feed, "").status, 200);
    clock.ahead(49 * HOUR);
    assert_eq!(refused(&by_link(&mut phone, &check_in, "GET", "/api/with", None)), "link_closed");
    assert_eq!(fetch(&mut phone, "client", &calendar, "").status, 401);
    assert_eq!(fetch(&mut phone, "studio", &feed, "").status, 401);
    owner.sign_in("owner");
    assert_eq!(trail(&mut owner, &client).iter().filter(|action| *action == "link.refused").count(), 2);
    let book = owner.must("GET", &at(&case, "book"), None);
    assert_eq!(book["links"][0]["open"], json!(false));
}

#[test]
fn a_server_that_is_down_gets_its_letters_later() {
    let (clock, folder) = (clock(), TempDir::new().expect("a folder"));
    let port = free_port();
    let mut owner = inside(folder.path(), Some(&settings_at(folder.path(), port)));
    owner.first_run("First clinic", "owner");
    let [erased, _] = treated(&mut owner, "erased@example.org");
    let [stopped, _] = treated(&mut owner, "stopped@example.org");
    let [_, case] = treated(&mut owner, "withdrawn@example.org");
    treated(&mut owner, "ada@example.org");
    let mut data = signed("data");
    data["agreed"]["messages"] = json!(true);
    let data = id(&owner.must("POST", &at(&case, "consents"), Some(&data)));
    // A server that is not there for one letter is not asked for the next in a round.
    (0..5).for_each(|_| round(&mut owner));
    let waiting = letters(&mut owner);
    assert_eq!(waiting.len(), 4);
    assert!(waiting.iter().all(|one| one["reason"] == "no_connection" && one["tries"] == 1), "{waiting:?}");

    owner.must("DELETE", &format!("/api/clients/{erased}"), None);
    let mut known = owner.must("GET", &format!("/api/clients/{stopped}"), None);
    known["mail_agreed"] = json!(false);
    owner.must("PUT", &format!("/api/clients/{stopped}"), Some(&known));
    owner.must("POST", &format!("/api/consents/{data}/withdrawal"), Some(&json!({})));
    let post = Post::at(port, false);
    round(&mut owner);
    assert!(post.letters().is_empty(), "it is not time yet");
    clock.ahead(Duration::from_secs(11 * 60));
    (0..2).for_each(|_| round(&mut owner));
    let to: Vec<String> = post.letters().iter().map(|letter| letter.header("to").to_owned()).collect();
    assert_eq!(to, ["ada@example.org"], "who was erased, stopped or took consent back gets nothing");
    assert_eq!(letters(&mut owner).len(), 1);
}

#[test]
fn after_five_tries_within_two_days_a_letter_is_given_up() {
    let (clock, folder) = (clock(), TempDir::new().expect("a folder"));
    let mut owner = inside(folder.path(), Some(&settings_at(folder.path(), free_port())));
    owner.first_run("First clinic", "owner");
    treated(&mut owner, "ada@example.org");
    // Of day 7, because no other letter overtakes that one within two days.
    let (mut begun, mut tries) = (None, Vec::new());
    for hours in (7 * 24)..(10 * 24) {
        clock.ahead(hours * HOUR);
        if hours % 8 == 0 {
            owner.sign_in("owner");
        }
        round(&mut owner);
        let Some(letter) = letters(&mut owner).pop() else { continue };
        let begun = *begun.get_or_insert(hours);
        if letter["state"] == "failed" {
            assert_eq!((letter["tries"].as_i64(), letter["kind"].as_str()), (Some(5), Some("check_in")));
            assert!((45..=48).contains(&(hours - begun)), "given up after {} hours", hours - begun);
            return;
        }
        tries.push(letter["tries"].as_i64());
    }
    panic!("it is tried for ever: {tries:?}");
}
