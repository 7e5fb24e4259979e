//! Letters to clients: they arrive once, at a real server, with the client's yes alone; nothing is lost or sent twice when
//! the server, the network or the power fails.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::book::{at, by_link, refused, session, signed, told};
use super::opened;
use super::post::{PUBLIC, Post, own, settings};
use super::postgres::{self, free_port};
use super::served::{Browser, Served, id};
use crate::stipple::{stipple, succeed, text};

/// Lets a client get letters, and writes the first one: its id.
pub(super) fn written(owner: &mut Browser, client: &str) -> String {
    agree(owner, client, "ada@example.org");
    owner.must("POST", "/api/mail/round", None);
    id(&letters(owner)[0])
}

/// Writes down an address, with the client's yes.
pub(super) fn agree(owner: &mut Browser, client: &str, email: &str) {
    let path = format!("/api/clients/{client}");
    let mut known = owner.must("GET", &path, None);
    (known["email"], known["mail_agreed"], known["born_in"]) = (json!(email), json!(true), json!(1980));
    owner.must("PUT", &path, Some(&known));
}

/// A client with a session today and letters to this address; the ids of client and case.
pub(super) fn treated(owner: &mut Browser, email: &str) -> [String; 2] {
    let [client, case, _] = owner.new_visit("Ada Example");
    agree(owner, &client, email);
    owner.must("POST", &at(&case, "consents"), Some(&signed("treatment")));
    owner.must("POST", &at(&case, "sessions"), Some(&session("A7", 80)));
    [client, case]
}

/// What the studio says of its letters, the last first.
pub(super) fn letters(owner: &mut Browser) -> Vec<Value> {
    owner.must("GET", "/api/mail", None)["letters"].as_array().expect("letters").clone()
}

pub(super) fn round(owner: &mut Browser) {
    owner.must("POST", "/api/mail/round", None);
}

pub(super) fn trail(owner: &mut Browser, client: &str) -> Vec<String> {
    let lines = owner.must("GET", &format!("/api/clients/{client}/trail"), None);
    let action = |line: &Value| line["action"].as_str().expect("a word").to_owned();
    lines.as_array().expect("lines").iter().map(action).collect()
}

#[test]
fn a_letter_arrives_once_on_sqlite() {
    let folder = TempDir::new().expect("a folder");
    arrives_once(folder.path(), None);
}

#[test]
fn a_letter_arrives_once_on_postgresql() {
    let folder = TempDir::new().expect("a folder");
    arrives_once(folder.path(), Some(&postgres::database("mail")));
}

fn arrives_once(folder: &Path, database: Option<&str>) {
    let post = Post::open();
    let served = Served::start_with(&folder.join("data"), database, Some(&post.settings(folder)));
    let mut owner = opened(&served);
    let [client, _] = treated(&mut owner, "ada@example.org");
    let [silent, other, _] = owner.new_visit("Bob Example");
    owner.must(
        "PUT",
        &format!("/api/clients/{silent}"),
        Some(&json!({"version": 1, "name": "Bob Example", "born_in": 1980, "email": "bob@example.org"})),
    );
    owner.must("POST", &at(&other, "consents"), Some(&signed("treatment")));
    owner.must("POST", &at(&other, "sessions"), Some(&session("A7", 80)));
    (0..3).for_each(|_| round(&mut owner));
    let came = post.letters();
    assert_eq!(came.len(), 1, "one letter, to who said yes");

    let letter = &came[0];
    assert_eq!(letter.header("subject"), "A note from First clinic");
    assert_eq!(letter.header("to"), "ada@example.org");
    assert_eq!(letter.header("from"), "Praxis für Pigment <post@example.org>");
    assert_eq!(letter.header("reply-to"), "desk@example.org");
    assert_eq!(
        (letter.0["type"].as_str(), letter.0["charset"].as_str()),
        (Some("text/plain"), Some("utf-8"))
    );
    assert!(letter.header("message-id").ends_with(&format!("@{PUBLIC}>")), "{}", letter.header("message-id"));
    assert_eq!(letter.header("auto-submitted"), "auto-generated");
    let [opens, stops] = <[String; 2]>::try_from(letter.secrets()).expect("two links");
    assert_eq!(letter.header("list-unsubscribe"), format!("<https://{PUBLIC}/#/with/{stops}>"));
    let whole = letter.0.to_string().to_lowercase();
    for word in ["ada example", "ada ", "scar", "skin", "pigment,", "session", "heals"] {
        assert!(!whole.contains(word), "{word} in {whole}");
    }
    let shown = by_link(&mut served.browser(), &opens, "GET", "/api/with", None);
    assert_eq!((shown.status, &shown.json["kind"]), (200, &json!("calendar")));

    let kept = &letters(&mut owner)[0];
    assert_eq!((&kept["state"], &kept["tries"]), (&json!("sent"), &json!(1)));
    assert!(trail(&mut owner, &client).contains(&"mail.sent".to_owned()));
    let twice = refused(&owner.ask("POST", &format!("/api/mail/{}/again", id(kept)), None)).to_owned();
    assert_eq!(twice, "mail_not_ended", "what went out does not go out again");
    stops_by_link(&served, &mut owner, &client, &stops);
    if database.is_none() {
        succeed(&["audit", "verify", "--data", text(&folder.join("data"))]);
    }
    assert_nothing_readable(&folder.join("data"), &[&opens, &stops, "A note from", "ada@example.org"]);
}

/// The link below a letter stops all of them, and does nothing else.
fn stops_by_link(served: &Served, owner: &mut Browser, client: &str, secret: &str) {
    let mut phone = served.browser();
    let wider = by_link(&mut phone, secret, "POST", "/api/with/check-in", Some(&told(1, "less", false)));
    assert_eq!(wider.status, 403, "a link to stop tells nothing");
    for _ in 0..2 {
        assert_eq!(by_link(&mut phone, secret, "POST", "/api/with/stop-mail", None).status, 204);
    }
    let now = owner.must("GET", &format!("/api/clients/{client}"), None);
    assert_eq!((&now["mail_agreed"], &now["email"]), (&json!(false), &json!("ada@example.org")));
    assert!(trail(owner, client).contains(&"mail.stopped_by_client".to_owned()));
}

/// Nothing of a letter lies on the disk as it is read.
fn assert_nothing_readable(folder: &Path, secrets: &[&str]) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten().filter(|entry| entry.path().is_file())
    {
        let bytes = std::fs::read(entry.path()).expect("read");
        for secret in secrets {
            let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!found, "{secret} lies readable in {:?}", entry.file_name());
        }
    }
}

#[test]
fn a_warning_sign_reaches_the_clinic_once_and_names_nobody() {
    let folder = TempDir::new().expect("a folder");
    let post = Post::open();
    let served = Served::start_with(&folder.path().join("data"), None, Some(&post.settings(folder.path())));
    let mut owner = opened(&served);
    let [_, case] = treated(&mut owner, "ada@example.org");
    let bad = owner.ask("PUT", "/api/mail/alarm", Some(&json!({"to": "nowhere", "language": "en"})));
    assert_eq!(refused(&bad), "bad_alarm_address");
    let desk = json!({"to": "desk@example.org", "language": "de"});
    assert_eq!(owner.must("PUT", "/api/mail/alarm", Some(&desk)), desk);
    let link = owner.must("POST", &at(&case, "links"), Some(&json!({"kind": "check_in", "days": 14})));
    let (secret, mut phone) = (link["secret"].as_str().expect("a secret").to_owned(), served.browser());
    let mut tell = |pain: u32, hives: bool| {
        let said = told(pain, "less", hives);
        assert_eq!(by_link(&mut phone, &secret, "POST", "/api/with/check-in", Some(&said)).status, 200);
    };
    tell(1, false);
    round(&mut owner);
    let calm = post.letters();
    assert!(calm.iter().all(|letter| letter.header("to") == "ada@example.org"), "nothing wants a doctor");
    tell(2, true);
    (0..3).for_each(|_| round(&mut owner));
    let came = post.letters_from(calm.len());
    assert_eq!(came.len(), 1, "once, whatever went to the client that day");
    assert_eq!(came[0].header("to"), "desk@example.org");
    assert_eq!(came[0].header("subject"), "First clinic: bitte gleich ansehen");
    let whole = came[0].0["text"].to_string().to_lowercase();
    for word in ["ada", "quaddel", "haut", "narbe", "pigment"] {
        assert!(!whole.contains(word), "{word} in {whole}");
    }
    // Somebody has looked: the next one is another sign.
    let told = owner.must("GET", "/api/attention", None)[0]["id"].as_str().expect("an id").to_owned();
    owner.must("POST", &format!("/api/told/{told}/seen"), None);
    round(&mut owner);
    assert_eq!(post.letters_from(calm.len()).len(), 1);
}

#[test]
fn starttls_with_a_password_and_a_test() {
    let folder = TempDir::new().expect("a folder");
    let post = Post::at(free_port(), true);
    let authority = post.folder.path().join("authority.pem");
    let how = |password: &str, more: &str| {
        format!(
            "host = \"localhost\"\nport = {}\nsecurity = \"starttls\"\nuser = \"studio\"\npassword = \"{password}\"\n{more}",
            post.port
        )
    };
    let trusted = format!("authority_file = \"{}\"\n", authority.display());
    let test = |how: &str| {
        let data = TempDir::new().expect("a folder");
        let served = Served::start_with(data.path(), None, Some(&settings(folder.path(), how)));
        let asked = json!({"to": "owner@example.org", "language": "de"});
        opened(&served).ask("POST", "/api/mail/test", Some(&asked))
    };
    assert_eq!(refused(&test(&how("a secret", ""))), "mail_tls", "an authority that nobody trusts");
    assert_eq!(refused(&test(&how("wrong", &trusted))), "mail_login");
    assert_eq!(test(&how("a secret", &trusted)).status, 204);
    let came = post.letters();
    assert_eq!((came.len(), came[0].header("to")), (1, "owner@example.org"));
    assert_eq!(came[0].header("subject"), "Eine Nachricht von First clinic");
}

#[test]
fn what_the_server_refuses_is_shown_and_not_tried_again() {
    let folder = TempDir::new().expect("a folder");
    let post = Post::open();
    let served = Served::start_with(&folder.path().join("data"), None, Some(&post.settings(folder.path())));
    let mut owner = opened(&served);
    let [client, _] = treated(&mut owner, "refuse@example.org");
    (0..2).for_each(|_| round(&mut owner));
    let letter = letters(&mut owner).swap_remove(0);
    assert_eq!(
        (&letter["state"], &letter["reason"], &letter["tries"]),
        (&json!("failed"), &json!("refused"), &json!(1))
    );
    assert!(!trail(&mut owner, &client).contains(&"mail.sent".to_owned()));
    agree(&mut owner, &client, "right@example.org");
    owner.must("POST", &format!("/api/mail/{}/again", id(&letter)), None);
    round(&mut owner);
    assert_eq!(post.letters()[0].header("to"), "right@example.org", "to the address that was put right");
}

#[test]
fn power_lost_between_asking_and_the_answer_sends_nothing_twice() {
    let folder = TempDir::new().expect("a folder");
    let post = Post::open();
    let (data, settings) = (folder.path().join("data"), post.settings(folder.path()));
    let served = Served::start_with(&data, None, Some(&settings));
    let mut owner = opened(&served);
    let [client, _] = treated(&mut owner, "hold@example.org");
    let asking = std::thread::spawn({
        let mut owner = owner.clone();
        // It never answers: the power is lost meanwhile.
        move || owner.try_send("POST", "/api/mail/round", &[], None).is_err()
    });
    post.wait_for(1);
    served.kill();
    assert!(asking.join().expect("it only loses its studio"));

    let served = Served::start_with(&data, None, Some(&settings));
    let mut owner = served.browser();
    owner.sign_in("owner");
    (0..2).for_each(|_| round(&mut owner));
    let letter = letters(&mut owner).swap_remove(0);
    assert_eq!((&letter["state"], &letter["reason"]), (&json!("perhaps_sent"), &json!("stopped")));
    assert_eq!(post.letters().len(), 1, "it is not sent again by itself");
    agree(&mut owner, &client, "ada@example.org");
    owner.must("POST", &format!("/api/mail/{}/again", id(&letter)), None);
    round(&mut owner);
    let came = post.letters();
    assert_eq!(came.len(), 2, "a person decides");
    assert_eq!(came[0].header("message-id"), came[1].header("message-id"), "so that mail programs show one");
}

#[test]
fn a_locked_studio_sends_nothing_until_somebody_signs_in() {
    let folder = TempDir::new().expect("a folder");
    let post = Post::open();
    let (data, settings) = (folder.path().join("data"), post.settings(folder.path()));
    let served = Served::start_with(&data, None, Some(&settings));
    treated(&mut opened(&served), "ada@example.org");
    served.kill();
    let served = Served::start_with(&data, None, Some(&settings));
    std::thread::sleep(Duration::from_millis(1500));
    assert!(post.letters().is_empty(), "nobody has signed in");
    let mut owner = served.browser();
    owner.sign_in("owner");
    round(&mut owner);
    assert_eq!(post.letters().len(), 1);
}

#[test]
fn a_backup_that_is_put_back_sends_nothing_by_itself() {
    let folder = TempDir::new().expect("a folder");
    let [data, copy, again] = ["data", "copy", "again"].map(|name| folder.path().join(name));
    let port = free_port();
    let how = format!("host = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\n");
    let file = settings(folder.path(), &how);
    let served = Served::start_with(&data, None, Some(&file));
    let mut owner = opened(&served);
    treated(&mut owner, "ada@example.org");
    round(&mut owner);
    assert_eq!(letters(&mut owner)[0]["state"], "waiting");
    succeed(&["backup", "--data", text(&data), "--out", text(&copy)]);
    served.kill();
    succeed(&["restore", text(&copy), "--data", text(&again), "--erased", "none"]);
    let post = Post::at(port, false);
    let served = Served::start_with(&again, None, Some(&file));
    let mut owner = served.browser();
    owner.sign_in("owner");
    round(&mut owner);
    let letter = letters(&mut owner).swap_remove(0);
    assert_eq!((&letter["state"], post.letters().len()), (&json!("perhaps_sent"), 0));
    owner.must("DELETE", &format!("/api/mail/{}", id(&letter)), None);
    round(&mut owner);
    assert_eq!(post.letters().len(), 0, "what was taken back is not written anew");
}

#[test]
fn settings_that_others_can_read_or_that_tell_everybody_are_refused() {
    let folder = TempDir::new().expect("a folder");
    let data = folder.path().join("data");
    let start = |file: &Path| {
        stipple(&["serve", "--listen", "127.0.0.1:0", "--data", text(&data), "--mail", text(file)])
    };
    let how = |host: &str| format!("host = \"{host}\"\nport = 25\nsecurity = \"none\"\n");
    let file = settings(folder.path(), &how("mail.example.org"));
    let run = start(&file);
    assert!(run.code == 3 && run.message.contains("on this machine"), "{}", run.message);
    let file = settings(folder.path(), &how("127.0.0.1"));
    own(&file, 0o644);
    let run = start(&file);
    assert!(run.code == 3 && run.message.contains("chmod 600"), "{}", run.message);
    own(&file, 0o600);
    let run = start(&file);
    assert!(run.code == 3 && run.message.contains("--host"), "no link would open: {}", run.message);
}

#[test]
fn without_settings_nothing_is_sent() {
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(folder.path(), None);
    let mut owner = opened(&served);
    treated(&mut owner, "ada@example.org");
    assert_eq!(refused(&owner.ask("POST", "/api/mail/round", None)), "mail_off");
    let said = owner.must("GET", "/api/mail", None);
    assert_eq!((&said["server"], &said["letters"]), (&Value::Null, &json!([])));
}
