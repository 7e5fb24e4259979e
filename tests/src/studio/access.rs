//! Every route × every role × other people's things. A route that this table does not know fails it.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::opened;
use super::post;
use super::served::{Browser, PASSWORD, Served, id};
use crate::contract::small_scalp;

/// Who may, from the weakest: nobody, anybody signed in, assistant, practitioner, owner.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum From {
    Nobody,
    ReadOnly,
    Assistant,
    Practitioner,
    Owner,
}

/// Every route, who may from on, and what stands for its id.
const ROUTES: &[(&str, &str, From, &str)] = &[
    ("GET", "/api/state", From::Nobody, ""),
    ("POST", "/api/first-run", From::Nobody, ""),
    ("POST", "/api/sign-in", From::Nobody, ""),
    ("POST", "/api/recover", From::Nobody, ""),
    ("PUT", "/api/me/password", From::ReadOnly, ""),
    ("POST", "/api/me/second-factor", From::ReadOnly, ""),
    ("PUT", "/api/me/second-factor", From::ReadOnly, ""),
    ("DELETE", "/api/me/second-factor", From::ReadOnly, ""),
    ("POST", "/api/me/recovery-key", From::Owner, ""),
    ("GET", "/api/accounts", From::Owner, ""),
    ("POST", "/api/accounts", From::Owner, ""),
    ("PUT", "/api/accounts/{id}", From::Owner, "account"),
    ("PUT", "/api/accounts/{id}/password", From::Owner, "account"),
    ("GET", "/api/clients", From::ReadOnly, ""),
    ("POST", "/api/clients", From::Assistant, ""),
    ("GET", "/api/clients/{id}", From::ReadOnly, "client"),
    ("PUT", "/api/clients/{id}", From::Assistant, "client"),
    ("GET", "/api/clients/{id}/earlier", From::ReadOnly, "client"),
    ("POST", "/api/clients/{id}/cases", From::Assistant, "client"),
    ("GET", "/api/cases/{id}", From::ReadOnly, "case"),
    ("PUT", "/api/cases/{id}", From::Assistant, "case"),
    ("DELETE", "/api/cases/{id}", From::Assistant, "case"),
    ("PUT", "/api/cases/{id}/answers", From::Assistant, "case"),
    ("POST", "/api/cases/{id}/visits", From::Assistant, "case"),
    ("PUT", "/api/visits/{id}", From::Assistant, "visit"),
    ("DELETE", "/api/visits/{id}", From::Assistant, "visit"),
    ("POST", "/api/visits/{id}/uploads", From::Assistant, "visit"),
    ("GET", "/api/uploads/{id}", From::Assistant, "upload"),
    ("PATCH", "/api/uploads/{id}", From::Assistant, "upload"),
    ("POST", "/api/uploads/{id}/finish", From::Assistant, "upload"),
    ("GET", "/api/photographs/{id}", From::ReadOnly, "photograph"),
    ("PUT", "/api/photographs/{id}", From::Assistant, "photograph"),
    ("DELETE", "/api/photographs/{id}", From::Practitioner, "photograph"),
    ("GET", "/api/photographs/{id}/picture", From::ReadOnly, "photograph"),
    ("POST", "/api/photographs/{id}/look", From::Assistant, "photograph"),
    ("POST", "/api/photographs/{id}/readings", From::Assistant, "photograph"),
    ("PUT", "/api/photographs/{id}/reading", From::Assistant, "photograph"),
    ("POST", "/api/photographs/{id}/outcomes", From::Assistant, "photograph"),
    ("GET", "/api/photographs/{id}/ratings", From::ReadOnly, "photograph"),
    ("POST", "/api/photographs/{id}/ratings", From::Assistant, "photograph"),
    ("POST", "/api/rounds", From::ReadOnly, ""),
    ("GET", "/api/rounds/{id}", From::ReadOnly, "round"),
    ("GET", "/api/rounds/{id}/pictures/{place}", From::ReadOnly, "round"),
    ("POST", "/api/rounds/{id}/pictures/{place}", From::ReadOnly, "round"),
    ("GET", "/api/ratings.csv", From::Practitioner, ""),
    ("GET", "/api/agreement", From::Practitioner, ""),
    ("GET", "/api/agreement.png", From::Practitioner, ""),
    ("GET", "/api/records/{id}", From::ReadOnly, "reading"),
    ("GET", "/api/records/{id}/scar.png", From::ReadOnly, "reading"),
    ("POST", "/api/readings/{id}/consultation", From::Practitioner, "reading"),
    ("POST", "/api/plans/{id}/fading", From::Assistant, "plan"),
    ("POST", "/api/readings/{id}/live", From::ReadOnly, "reading"),
    ("POST", "/api/live/{id}/frame", From::ReadOnly, "live"),
    ("POST", "/api/live/{id}/dots", From::ReadOnly, "live"),
    ("DELETE", "/api/live/{id}", From::ReadOnly, "live"),
    ("GET", "/api/records/{id}/files/{name}", From::ReadOnly, "reading"),
    ("GET", "/api/jobs/{id}", From::ReadOnly, "job"),
    ("GET", "/api/jobs/{id}/events", From::ReadOnly, "job"),
    ("DELETE", "/api/jobs/{id}", From::Assistant, "job"),
    ("GET", "/api/cases/{id}/book", From::ReadOnly, "case"),
    ("GET", "/api/clinic", From::ReadOnly, ""),
    ("PUT", "/api/clinic", From::Owner, ""),
    ("GET", "/api/texts", From::ReadOnly, ""),
    ("GET", "/api/texts/{name}", From::ReadOnly, ""),
    ("GET", "/api/texts/{name}/versions", From::ReadOnly, ""),
    ("PUT", "/api/texts/{name}", From::Owner, ""),
    ("GET", "/api/clients/{id}/keeping", From::ReadOnly, "client"),
    ("GET", "/api/clients/{id}/export.zip", From::Practitioner, "client"),
    ("GET", "/api/publishing", From::ReadOnly, ""),
    ("PUT", "/api/publishing", From::Owner, ""),
    ("GET", "/api/publishing/request.pem", From::Owner, ""),
    ("PUT", "/api/publishing/certificates", From::Owner, ""),
    ("POST", "/api/outcomes/{id}/draft", From::Practitioner, ""),
    ("POST", "/api/outcomes/{id}/publication", From::Practitioner, ""),
    ("DELETE", "/api/publications/{id}", From::Assistant, ""),
    ("GET", "/api/portfolio.zip", From::Owner, ""),
    ("POST", "/api/reviews/{id}/answer", From::Owner, ""),
    ("POST", "/api/reviews/{id}/removal", From::Owner, ""),
    ("POST", "/api/with/review", From::Nobody, ""),
    ("GET", "/api/consent-forms", From::ReadOnly, ""),
    ("POST", "/api/cases/{id}/consents", From::Assistant, "case"),
    ("GET", "/api/consents/{id}/page.pdf", From::ReadOnly, "consent"),
    ("POST", "/api/consents/{id}/withdrawal", From::Assistant, "consent"),
    ("POST", "/api/cases/{id}/sessions", From::Practitioner, "case"),
    ("POST", "/api/sessions/{id}/test-result", From::Practitioner, "session"),
    ("POST", "/api/sessions/{id}/struck", From::Practitioner, "session"),
    ("POST", "/api/cases/{id}/others-dots", From::Practitioner, "case"),
    ("POST", "/api/others-dots/{id}/struck", From::Practitioner, "others_dots"),
    ("GET", "/api/sessions/{id}/aftercare/{name}", From::ReadOnly, "session"),
    ("GET", "/api/cases/{id}/passport.json", From::ReadOnly, "case"),
    ("GET", "/api/cases/{id}/passport.pdf", From::ReadOnly, "case"),
    ("GET", "/api/recall", From::ReadOnly, ""),
    ("GET", "/api/check-in", From::ReadOnly, ""),
    ("POST", "/api/cases/{id}/check-ins", From::Assistant, "case"),
    ("POST", "/api/told/{id}/seen", From::Assistant, "check_in"),
    ("GET", "/api/attention", From::ReadOnly, ""),
    ("POST", "/api/cases/{id}/wellbeing", From::Assistant, "case"),
    ("POST", "/api/wellbeing/{id}/observed", From::Assistant, "wellbeing"),
    ("GET", "/api/clients/{id}/trail", From::ReadOnly, "client"),
    ("POST", "/api/cases/{id}/links", From::Assistant, "case"),
    ("DELETE", "/api/links/{id}", From::Assistant, "link"),
    ("GET", "/api/with", From::Nobody, ""),
    ("PUT", "/api/with/answers", From::Nobody, ""),
    ("POST", "/api/with/check-in", From::Nobody, ""),
    ("POST", "/api/with/photograph", From::Nobody, ""),
    ("POST", "/api/with/wellbeing", From::Nobody, ""),
    ("POST", "/api/with/withdrawal", From::Nobody, ""),
    ("POST", "/api/with/stop-mail", From::Nobody, ""),
    ("GET", FEED, From::Nobody, ""),
    ("GET", "/api/me/feed", From::ReadOnly, ""),
    ("POST", "/api/me/feed", From::ReadOnly, ""),
    ("DELETE", "/api/me/feed", From::ReadOnly, ""),
    ("GET", "/api/mail", From::ReadOnly, ""),
    ("POST", "/api/mail/test", From::Owner, ""),
    ("PUT", "/api/mail/alarm", From::Owner, ""),
    ("POST", "/api/mail/round", From::Assistant, ""),
    ("POST", "/api/mail/{id}/again", From::Assistant, "letter"),
    ("DELETE", "/api/mail/{id}", From::Assistant, "letter"),
    ("DELETE", "/api/clients/{id}", From::Owner, "client"),
    ("POST", "/api/sign-out", From::ReadOnly, ""),
];

/// Asks for a password of its own, whoever is signed in.
const FEED: &str = "/api/feed.ics";

/// An id of nothing that is there, so that nothing is changed.
const NOTHING: &str = "00000000-0000-0000-0000-000000000000";

/// A body that its route understands.
fn body(method: &str, path: &str) -> Option<Value> {
    Some(match (method, path) {
        ("PUT", "/api/accounts/{id}") => json!({"name": "X", "role": "owner", "active": true}),
        ("PUT", "/api/accounts/{id}/password") => json!({"new": PASSWORD}),
        ("PUT", "/api/clients/{id}") => json!({"version": 1, "name": "X"}),
        ("POST", "/api/clients/{id}/cases") => json!({"title": "X"}),
        ("PUT", "/api/cases/{id}") => json!({"version": 1, "title": "X"}),
        ("PUT", "/api/cases/{id}/answers") => json!({"answers": {"diabetes": true}}),
        ("POST", "/api/cases/{id}/visits") => json!({"day": "2026-03-27", "kind": "session"}),
        ("POST", "/api/live/{id}/frame") => {
            json!({"wish": wish(), "view": {"moment": "healed", "width_px": 100}})
        }
        ("PUT", "/api/photographs/{id}/reading") => json!({"reading": NOTHING, "instead_of": NOTHING}),
        ("POST", "/api/photographs/{id}/outcomes") => json!({"reading": NOTHING}),
        ("POST", "/api/live/{id}/dots") => json!({"wish": wish()}),
        ("PUT", "/api/visits/{id}") => json!({"version": 1, "day": "2026-03-27", "kind": "session"}),
        ("PUT", "/api/photographs/{id}") => json!({"visit": NOTHING}),
        ("POST", "/api/visits/{id}/uploads") => json!({"bytes": 5, "sha256": "0".repeat(64)}),
        ("POST", "/api/photographs/{id}/ratings") => json!({"by": "observer", "noticeability": 3}),
        ("POST", "/api/rounds/{id}/pictures/{place}") => json!({"noticeability": 3}),
        ("POST", "/api/cases/{id}/consents") => super::book::signed("treatment"),
        ("POST", "/api/cases/{id}/sessions") => super::book::session("A7", 100),
        ("POST", "/api/sessions/{id}/struck" | "/api/others-dots/{id}/struck") => {
            json!({"reason": "Of another case."})
        }
        ("POST", "/api/cases/{id}/others-dots") => super::book::others_dots(40.0),
        ("POST", "/api/sessions/{id}/test-result") => json!({"day": "2026-03-27", "decision": "stop"}),
        ("POST", "/api/cases/{id}/check-ins") => super::book::told(0, "none", false),
        ("POST", "/api/cases/{id}/links") => json!({"kind": "intake", "days": 1}),
        ("POST", "/api/cases/{id}/wellbeing") => super::book::wellbeing(),
        ("POST", "/api/wellbeing/{id}/observed") => super::book::observed(),
        ("PUT", "/api/publishing/certificates") => json!({"pem": null}),
        ("PUT", "/api/mail/alarm") => json!({"to": "desk@example.org", "language": "en"}),
        ("PUT", "/api/clinic") => json!({"country": null, "medical": false}),
        ("PUT", "/api/texts/{name}") => json!({"version": 0, "toml": null}),
        ("POST" | "PUT" | "DELETE", _) => json!({}),
        _ => return None,
    })
}

fn wish() -> Value {
    json!({"density": 1.0, "feather_mm": 5.0, "healed_diameter_um": 120.0, "sessions": 3})
}

fn call(browser: &mut Browser, method: &str, path: &str, at: &str, body: Option<&Value>) -> u16 {
    let name = match path {
        _ if path.contains("aftercare") => "calendar.ics",
        "/api/texts/{name}" | "/api/texts/{name}/versions" => "rules",
        _ => "reading.json",
    };
    let address = path.replace("{id}", at).replace("{name}", name).replace("{place}", "0");
    if method == "PATCH" {
        return browser.send(method, &address, &[("upload-offset", "0")], Some(b"12345")).status;
    }
    browser.ask(method, &address, body).status
}

#[test]
fn every_route_every_role_other_peoples_things() {
    let folder = TempDir::new().expect("a folder");
    let photo = std::fs::read(small_scalp(folder.path())).expect("a photograph");
    // Nobody takes its letters: they wait.
    let how = format!("host = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\n", super::postgres::free_port());
    let settings = post::settings(folder.path(), &how);
    let served = Served::start_with(&folder.path().join("data"), None, Some(&settings));
    let mut owner = opened(&served);
    assert_every_route_is_here(&mut owner);

    let things = Things::made(&mut owner, &photo);
    let mut stranger = served.browser();
    stranger.first_run("Second clinic", "stranger");
    for (role, from) in [
        (None, From::Nobody),
        (Some("read_only"), From::ReadOnly),
        (Some("assistant"), From::Assistant),
        (Some("practitioner"), From::Practitioner),
        (Some("owner"), From::Owner),
    ] {
        let mut browser = served.browser();
        if let Some(role) = role {
            let login = format!("the {role}");
            let new = json!({"name": role, "login": login, "password": PASSWORD, "role": role});
            owner.must("POST", "/api/accounts", Some(&new));
            browser.sign_in(&login);
        }
        for (method, path, least, _) in ROUTES {
            let status =
                call(&mut browser, method, path, NOTHING, body(method, path).map(|_| json!({})).as_ref());
            let refused = if from == From::Nobody { 401 } else { 403 };
            if *path == FEED {
                assert!([401, 429].contains(&status), "{role:?} without its password, but got {status}");
            } else if from >= *least {
                assert!(![401, 403].contains(&status), "{role:?} may {method} {path}, but got {status}");
            } else {
                assert_eq!(status, refused, "{role:?} must not {method} {path}");
            }
        }
    }
    for (method, path, _, what) in ROUTES.iter().filter(|(.., what)| !what.is_empty()) {
        let status = call(&mut stranger, method, path, things.id(what), body(method, path).as_ref());
        assert_eq!(status, 404, "another clinic's {what}: {method} {path}");
        if *method == "GET" {
            let status = call(&mut owner, method, path, things.id(what), None);
            assert_eq!(status, 200, "one's own {what}: {method} {path}");
        }
    }
    assert_eq!(stranger.must("GET", "/api/clients", None)["total"], 0, "another clinic's list");
}

fn assert_every_route_is_here(browser: &mut Browser) {
    let openapi = browser.must("GET", "/api/openapi.json", None);
    let mut told = BTreeSet::new();
    for (path, methods) in openapi["paths"].as_object().expect("paths") {
        told.extend(methods.as_object().expect("methods").keys().map(|m| (m.to_uppercase(), path.clone())));
    }
    let known: BTreeSet<(String, String)> =
        ROUTES.iter().map(|(method, path, ..)| ((*method).to_owned(), (*path).to_owned())).collect();
    assert_eq!(told, known, "routes of the interface and of this table");
}

/// One of everything of a clinic.
struct Things(Vec<(&'static str, String)>);

impl Things {
    fn made(owner: &mut Browser, photo: &[u8]) -> Self {
        let [client, case, visit] = owner.new_visit("Ada Example");
        let (photograph, _) = owner.upload(&visit, photo, 1 << 20);
        let asked = json!({"pixel_pitch_um": 100.0});
        let job = owner.must("POST", &format!("/api/photographs/{photograph}/readings"), Some(&asked));
        let reading = owner.ended(&job)["result"].as_str().expect("a reading").to_owned();
        let plan = owner.result_of(&format!("/api/readings/{reading}/consultation"), &json!({}));
        let live = owner.must("POST", &format!("/api/readings/{reading}/live"), None);
        let asked = json!({"bytes": 5, "sha256": "0".repeat(64)});
        let upload = id(&owner.must("POST", &format!("/api/visits/{visit}/uploads"), Some(&asked)));
        let account = id(&owner.look()["account"]);
        let later = json!({"day": "2026-10-01", "kind": "follow_up"});
        let later = id(&owner.must("POST", &format!("/api/cases/{case}/visits"), Some(&later)));
        owner.upload(&later, photo, 1 << 20);
        let round = id(&owner.must("POST", "/api/rounds", None));
        let wellbeing = super::book::wellbeing();
        let wellbeing = id(&owner.must("POST", &super::book::at(&case, "wellbeing"), Some(&wellbeing)));
        let [consent, session, check_in, link] = super::book::kept(owner, &client, &case);
        let others = super::book::others_dots(40.0);
        let others = id(&owner.must("POST", &super::book::at(&case, "others-dots"), Some(&others)));
        Self(vec![
            ("client", client.clone()),
            ("case", case),
            ("visit", visit),
            ("photograph", photograph),
            ("job", id(&job)),
            ("reading", reading),
            ("plan", plan),
            ("live", live["live"].as_str().expect("an id").to_owned()),
            ("upload", upload),
            ("account", account),
            ("round", round),
            ("consent", consent),
            ("session", session),
            ("others_dots", others),
            ("check_in", check_in),
            ("wellbeing", wellbeing),
            ("link", link),
            ("letter", super::mail::written(owner, &client)),
        ])
    }

    fn id(&self, what: &str) -> &str {
        &self.0.iter().find(|(name, _)| *name == what).expect("made").1
    }
}
