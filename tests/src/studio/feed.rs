//! Calendars that programs fetch: strict readers open them, and nothing else does without the secret.

use serde_json::{Value, json};
use tempfile::TempDir;

use super::book::{at, grown_up, session, signed_in, today, told};
use super::mail::{trail, treated};
use super::post::{Post, calendar};
use super::served::{Browser, Said, Served};

/// What a calendar program asks.
pub(super) fn fetch(browser: &mut Browser, user: &str, secret: &str, known: &str) -> Said {
    let login = data_encoding::BASE64.encode(format!("{user}:{secret}").as_bytes());
    let login = format!("Basic {login}");
    let headers = [("authorization", login.as_str()), ("if-none-match", known)];
    browser.send("GET", "/api/feed.ics", &headers, None)
}

fn titles(said: &Said) -> Vec<String> {
    let read = calendar(&said.bytes);
    let days = read["days"].as_array().expect("days").iter();
    days.map(|day| day["title"].as_str().expect("a title").to_owned()).collect()
}

#[test]
fn a_clients_calendar_opens_with_its_secret_alone_while_the_studio_is_locked_too() {
    let folder = TempDir::new().expect("a folder");
    let post = Post::open();
    let (data, settings) = (folder.path().join("data"), post.settings(folder.path()));
    let served = Served::start_with(&data, None, Some(&settings));
    let mut owner = super::opened(&served);
    let [client, case] = treated(&mut owner, "ada@example.org");
    let made = owner.must("POST", &at(&case, "links"), Some(&json!({"kind": "calendar", "days": 30})));
    let secret = made["secret"].as_str().expect("a secret").to_owned();
    assert!(made["address"].as_str().expect("an address").ends_with(&format!("/#/with/{secret}")));
    assert!(made["qr_svg"].as_str().expect("a picture").contains("<svg"));
    let intake = owner.must("POST", &at(&case, "links"), Some(&json!({"kind": "intake", "days": 30})));
    served.kill();

    let served = Served::start_with(&data, None, Some(&settings));
    let mut program = served.browser();
    let said = fetch(&mut program, "client", &secret, "");
    assert_eq!(said.status, 200, "a locked studio");
    let read = calendar(&said.bytes);
    assert_eq!(read["name"], "First clinic");
    let days = read["days"].as_array().expect("days");
    let first = days.iter().find(|day| day["title"] == "Keep it dry").expect("the first step of care");
    assert_eq!(first["from"], today());
    let asked: Vec<&Value> = days.iter().filter(|day| day["title"] == "A few short questions").collect();
    assert_eq!(asked.len(), 8, "every day of the protocol");
    assert!(!String::from_utf8_lossy(&said.bytes).contains("Ada"), "it names nobody");
    assert_eq!(fetch(&mut program, "client", &secret, &said.etag).status, 304);

    let intake = intake["secret"].as_str().expect("a secret");
    for (user, wrong) in [("client", intake), ("client", &"ab".repeat(32)), ("studio", &secret), ("", "")] {
        assert_eq!(fetch(&mut program, user, wrong, "").status, 401, "{user}");
    }
    assert_eq!(program.ask("GET", &format!("/api/feed.ics?secret={secret}"), None).status, 401);
    let mut owner = served.browser();
    owner.sign_in("owner");
    let book = owner.must("GET", &at(&case, "book"), None);
    let links = book["links"].as_array().expect("links");
    let link = links.iter().find(|link| link["kind"] == "calendar").expect("the link");
    owner.must("DELETE", &format!("/api/links/{}", link["id"].as_str().expect("an id")), None);
    assert_eq!(fetch(&mut program, "client", &secret, "").status, 401, "closed");
    assert_eq!(trail(&mut owner, &client).iter().filter(|action| *action == "link.refused").count(), 2);
    let guessed = (0..12).map(|k| fetch(&mut program, "client", &format!("{k:064}"), "").status).last();
    assert_eq!(guessed, Some(429), "guessing is slowed down");
}

#[test]
fn care_comes_in_the_language_that_was_signed_in_with_what_was_answered_about_the_sun() {
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(&folder.path().join("data"), None);
    let mut owner = super::opened(&served);
    let [client, case, _] = owner.new_visit("Ada Example");
    grown_up(&mut owner, &client);
    owner.must("POST", &at(&case, "consents"), Some(&signed_in("de", "treatment")));
    let done = owner.must("POST", &at(&case, "sessions"), Some(&session("A7", 80)));
    let path = format!("/api/sessions/{}/aftercare/", done["id"].as_str().expect("an id"));
    let days = |owner: &mut Browser, asked: &str| {
        titles(&owner.ask("GET", &format!("{path}calendar.ics{asked}"), None))
    };
    let of_sun = ["Lange Tage in der Sonne", "Sonne macht Punkte blass"].map(str::to_owned);
    let asked = days(&mut owner, "");
    assert!(asked.contains(&"Trocken halten".to_owned()) && !asked.contains(&of_sun[0]), "{asked:?}");
    let answers = json!({"answers": {"outdoor_work": true}});
    owner.must("PUT", &at(&case, "answers"), Some(&answers));
    assert_eq!(owner.must("GET", &at(&case, "book"), None)["life"], json!(["sun", "outdoor_work"]));
    let asked = days(&mut owner, "");
    assert!(of_sun.iter().all(|title| asked.contains(title)), "{asked:?}");
    let chosen = days(&mut owner, "?life=sport");
    assert!(chosen.iter().any(|title| title.starts_with("Kein Sport")), "{chosen:?}");
    assert!(!chosen.contains(&of_sun[0]), "what is chosen goes over what was answered");
    let page = owner.ask("GET", &format!("{path}page.pdf"), None);
    assert!(page.status == 200 && page.bytes.starts_with(b"%PDF"));

    let made = owner.must("POST", &at(&case, "links"), Some(&json!({"kind": "calendar", "days": 30})));
    let feed = titles(&fetch(&mut owner, "client", made["secret"].as_str().expect("a secret"), ""));
    assert!(of_sun.iter().all(|title| feed.contains(title)), "{feed:?}");

    // A clinic's own text from before there were languages stands as it is.
    let own = "format = \"stipple/aftercare/1\"\nversion = 7\n[warning]\ntext = \"Call us.\"\nsource = \"own\"\ngrade = \"D\"\n\
               [[steps]]\nid = \"rest\"\ndays = [0, 1]\ntitle = \"Rest\"\ntext = \"Rest a day.\"\nsource = \"own\"\ngrade = \"D\"\n";
    owner.must("PUT", "/api/texts/aftercare", Some(&json!({"version": 0, "toml": own})));
    assert_eq!(days(&mut owner, ""), ["Rest"]);
}

#[test]
fn an_accounts_calendar_names_nobody_and_waits_for_a_sign_in() {
    let folder = TempDir::new().expect("a folder");
    let post = Post::open();
    let (data, settings) = (folder.path().join("data"), post.settings(folder.path()));
    let served = Served::start_with(&data, None, Some(&settings));
    let mut owner = super::opened(&served);
    let [_, case] = treated(&mut owner, "ada@example.org");
    assert_eq!(owner.must("GET", "/api/me/feed", None)["expires_at"], Value::Null);
    let made = owner.must("POST", "/api/me/feed", Some(&json!({"days": 365})));
    let secret = made["secret"].as_str().expect("a secret").to_owned();
    let said = fetch(&mut owner, "studio", &secret, "");
    let all = titles(&said);
    assert_eq!((all.len(), all[0].as_str()), (9, "A. E., day 1"), "{all:?}");
    assert_eq!(all.iter().filter(|title| *title == "A. E., look again").count(), 1, "after two years");
    let text = String::from_utf8_lossy(&said.bytes).to_lowercase();
    // Numbers of events are letters too, by chance any.
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    assert!(words.all(|word| !["ada", "example", "strip"].contains(&word)), "{text}");
    owner.must("POST", &at(&case, "check-ins"), Some(&told(1, "less", false)));
    assert_eq!(titles(&fetch(&mut owner, "studio", &secret, "")).len(), 9, "day 0 is no day of the protocol");
    served.kill();

    let served = Served::start_with(&data, None, Some(&settings));
    let mut program = served.browser();
    assert_eq!(fetch(&mut program, "studio", &secret, "").status, 503, "its secret holds no key");
    let mut owner = served.browser();
    owner.sign_in("owner");
    assert_eq!(fetch(&mut program, "studio", &secret, "").status, 200);
    owner.must("POST", "/api/me/feed", Some(&json!({"days": 1})));
    assert_eq!(fetch(&mut program, "studio", &secret, "").status, 401, "another one takes its place");
    owner.must("DELETE", "/api/me/feed", None);
    assert_eq!(owner.must("GET", "/api/me/feed", None)["expires_at"], Value::Null);
}
