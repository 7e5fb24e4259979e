//! What strangers see: nothing without consent, gone at once, and every page proves itself.

mod copied;
mod honest;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use stipple_synth::Change;
use tempfile::TempDir;

use self::copied::Copied;
use super::book::{at, by_link, day, grown_up, refused, session_on, signed, today};
use super::inside::{Clock, clock, inside};
use super::served::{Browser, Served, id};
use crate::publish::with_secrets;
use crate::stipple::{stipple, succeed, text};

/// A studio with an outcome of two photographs, four months after the last session.
struct Studio {
    _clock: Clock,
    folder: TempDir,
    owner: Browser,
    client: String,
    case: String,
    /// The reading before and the photograph after.
    pair: [String; 2],
    /// The file of the photograph after.
    file: Vec<u8>,
    outcome: String,
    /// The last draft's id.
    draft: Value,
    /// Where strangers look.
    home: String,
}

/// Days from the session to the photograph after.
const HEALED_DAYS: i64 = 120;

impl Studio {
    /// Photographs alone: no consent, no session on record.
    fn new() -> Self {
        Self::with(|_, _| {})
    }

    /// Consent, a session, a country, and what it asks for: made once, and every test has a copy of its own.
    fn ready() -> Self {
        static MADE: OnceLock<Copied> = OnceLock::new();
        MADE.get_or_init(|| Copied::of(&Self::made_ready())).opened()
    }

    fn made_ready() -> Self {
        let mut studio = Self::with(|owner, [client, case]| {
            grown_up(owner, client);
            owner.must("POST", &at(case, "consents"), Some(&signed("treatment")));
            let mut shown = signed("publication");
            shown["agreed"]["website"] = json!(true);
            owner.must("POST", &at(case, "consents"), Some(&shown));
            owner.must("POST", &at(case, "sessions"), Some(&session_on(&day(-HEALED_DAYS), "A7", 80)));
        });
        studio.owner.must("PUT", "/api/clinic", Some(&json!({"country": "GB", "medical": false})));
        let said = studio.owner.must("PUT", "/api/publishing", Some(&showcase()));
        assert_eq!(said["needs"], json!([]), "{}", said["needs"]);
        studio
    }

    /// A photograph, then what is done on that day, then another one four months later.
    fn with(done: impl Fn(&mut Browser, [&str; 2])) -> Self {
        let (clock, folder) = (clock(), TempDir::new().expect("a folder"));
        // Behind and not ahead, because what is signed must be valid today.
        clock.days_ahead(-HEALED_DAYS);
        let visits = crate::outcome::visits(7_300_011, Change::easy);
        let [before, after] = [&visits.before, &visits.after].map(|visit| with_secrets(&visit.photo));
        let mut owner = inside(folder.path(), None);
        owner.first_run("First clinic", "owner");
        let [client, case, visit] = owner.new_visit("Ada Example");
        let (before, _) = owner.upload(&visit, &before, 1 << 20);
        let asked = json!({"pixel_pitch_um": 83.3333});
        let reading = owner.result_of(&format!("/api/photographs/{before}/readings"), &asked);
        done(&mut owner, [&client, &case]);
        clock.days_ahead(0);
        owner.sign_in("owner");
        let later = json!({"day": today(), "kind": "follow_up"});
        let later = id(&owner.must("POST", &at(&case, "visits"), Some(&later)));
        let (photograph, _) = owner.upload(&later, &after, 1 << 20);
        let mut studio = Self {
            _clock: clock,
            folder,
            owner,
            client,
            case,
            pair: [reading, photograph],
            file: after,
            outcome: String::new(),
            draft: Value::Null,
            home: String::new(),
        };
        studio.measure(HEALED_DAYS);
        studio
    }

    /// Holds the photograph after against the reading before; somebody types so many days.
    fn measure(&mut self, days: i64) {
        let [reading, after] = &self.pair;
        let asked = json!({"reading": reading, "pixel_pitch_um": 83.3333, "days_since_last_session": days});
        let job = self.owner.must("POST", &format!("/api/photographs/{after}/outcomes"), Some(&asked));
        self.outcome = self.owner.ended(&job)["result"].as_str().expect("an outcome").to_owned();
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// What the chain tells of the client.
    fn trail(&mut self) -> String {
        self.owner.must("GET", &format!("/api/clients/{}/trail", self.client), None).to_string()
    }

    /// Somebody who is not signed in.
    fn anybody(&self) -> Browser {
        self.owner.another()
    }

    /// What is laid out to choose on.
    fn drafted(&mut self) -> Value {
        let path = format!("/api/outcomes/{}/draft", self.outcome);
        let job = self.owner.must("POST", &path, None);
        self.draft = self.owner.ended(&job)["result"].clone();
        let draft = self.draft.as_str().expect("a draft");
        self.owner.must("GET", &format!("/api/records/{draft}"), None)["body"].clone()
    }

    /// Tries to show it; the job as it ended.
    fn publish(&mut self, draft: &Value) -> Value {
        let asked = json!({"crop": draft["crop"], "hidden": draft["hidden"], "language": "en"});
        let path = format!("/api/outcomes/{}/publication", self.outcome);
        let job = self.owner.must("POST", &path, Some(&asked));
        let ended = self.owner.ended(&job);
        let page = self.owner.must("GET", "/api/publishing", None)["page"].clone();
        if let Some(page) = page.as_str() {
            self.home = page.trim_end_matches("index.html").to_owned();
        }
        ended
    }

    /// Whether what the pages tell programs comes to be so within a while.
    fn told_until(&self, is_so: impl Fn(&Value) -> bool) -> bool {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(30) {
            if is_so(&self.anybody().ask("GET", &format!("{}portfolio.json", self.home), None).json) {
                return true;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        false
    }

    /// What a stranger reads.
    fn words_at(&self, name: &str) -> String {
        let said = self.anybody().ask("GET", &format!("{}{name}", self.home), None);
        String::from_utf8_lossy(&said.bytes).into_owned()
    }

    fn stranger(&self, name: &str) -> u16 {
        self.anybody().ask("GET", &format!("{}{name}", self.home), None).status
    }
}

fn showcase() -> Value {
    json!({
        "language": "en", "confirmed": ["not_targeting_minors"], "legal_signoff": null, "is_listed": false,
        "credentials": [{"what": "Training in scalp pigmentation", "issued_by": "Example school"}],
        "reviews_policy": "Every client is asked once, by a link, after the last session.", "address": null,
    })
}

#[test]
fn nothing_is_shown_without_consent_session_age_and_country() {
    let mut studio = Studio::new();
    let draft = studio.drafted();
    let refusals = draft["refusals"].to_string();
    for why in ["no consent to publication", "age", "no advertising rule", "days since the last session"] {
        assert!(refusals.contains(why), "{why}: {refusals}");
    }
    grown_up(&mut studio.owner, &studio.client);
    // Signed, but that it may stand on the clinic's pages was not ticked.
    studio.owner.must("POST", &at(&studio.case, "consents"), Some(&signed("publication")));
    assert!(studio.drafted()["refusals"].to_string().contains("no consent to publication"));
    let ended = studio.publish(&draft);
    assert_eq!(
        (ended["state"].as_str(), ended["code"].as_str()),
        (Some("failed"), Some("publishing_refused"))
    );
    assert!(studio.home.is_empty(), "there are no pages");
    let owner = &mut studio.owner;
    owner.must("PUT", "/api/clinic", Some(&json!({"country": "FR", "medical": false})));
    let needs = owner.must("PUT", "/api/publishing", Some(&showcase()))["needs"].clone();
    assert_eq!(needs[0]["check"], "", "nobody has read the rules of this country: {needs}");
    owner.must("PUT", "/api/clinic", Some(&json!({"country": "DE", "medical": false})));
    let needs = owner.must("GET", "/api/publishing", None)["needs"].clone();
    assert!(needs.to_string().contains("legal_signoff"), "{needs}");
    let mut signed_off = |day: &str, by: &str| {
        let mut said = showcase();
        said["legal_signoff"] = json!(day);
        said["legal_signoff_by"] = json!(by);
        said["reviews_policy"] = json!(" \n");
        owner.ask("PUT", "/api/publishing", Some(&said))
    };
    assert_eq!(refused(&signed_off("1900-01-01", "A lawyer")), "bad_signoff", "of no rules that stand here");
    assert_eq!(refused(&signed_off(&day(2), "A lawyer")), "bad_signoff", "of a day to come");
    assert_eq!(refused(&signed_off(&today(), " ")), "no_signer");
    let said = signed_off(&today(), " A lawyer ");
    assert_eq!(said.json["showcase"]["legal_signoff_by"], "A lawyer", "{}", said.json);
    assert_eq!(said.json["showcase"]["reviews_policy"], Value::Null, "blank words say nothing");
    assert!(!said.json["needs"].to_string().contains("legal_signoff"), "{}", said.json["needs"]);
}

#[test]
fn days_are_those_of_the_record_and_not_those_that_were_typed() {
    let mut studio = Studio::ready();
    studio.measure(HEALED_DAYS + 280);
    let refusals = studio.drafted()["refusals"].to_string();
    assert!(refusals.contains("not those of the record"), "{refusals}");
    let touch_up = session_on(&day(-3), "A7", 20);
    studio.owner.must("POST", &at(&studio.case, "sessions"), Some(&touch_up));
    let refusals = studio.drafted()["refusals"].to_string();
    assert!(refusals.contains("fresh treatment"), "three days after a touch-up: {refusals}");
}

#[test]
fn what_is_shown_proves_itself_and_is_gone_when_it_is_taken_back() {
    let mut studio = Studio::ready();
    let draft = studio.drafted();
    assert_eq!(draft["refusals"], json!([]), "{draft}");
    let ended = studio.publish(&draft);
    assert_eq!(ended["state"], "done", "{ended}");
    let shown = studio.owner.must("GET", "/api/publishing", None)["shown"][0].clone();
    let public_id = shown["public_id"].as_str().expect("a name").to_owned();
    let (page, picture) = (format!("case-{public_id}.html"), format!("pictures/{public_id}.jpg"));
    for name in ["index.html", "style.css", "portfolio.json", "compare.html", &page, &picture] {
        assert_eq!(studio.stranger(name), 200, "{name}");
    }
    for name in ["../../stipple.db", "nothing.html", ".hidden"] {
        assert_eq!(studio.stranger(name), 404, "{name}");
    }
    let public = folder_in(&studio.data().join("public"));
    let run = succeed(&["verify", text(&public), "--anchor", text(&public.join("authority.pem"))]);
    assert!(run.code == 0, "{}", run.message);
    no_secret_in(&public, &["Ada", "ada@example.org", &studio.client, &studio.case, &studio.outcome]);
    let record = studio.owner.ask("GET", &format!("/api/clients/{}/export.zip", studio.client), None).bytes;
    let record = unpacked(&record);
    let again = stipple(&["verify", text(&public.join(&picture)), "--originals", text(record.path())]);
    assert!(again.code == 0 && again.message.contains("every pixel is the same"), "{}", again.message);

    // A loss of power between taking back and making pages: nobody sees old ones, and they are mended.
    std::fs::write(public.with_extension("made"), "0").expect("written");
    assert_eq!((studio.stranger("index.html"), studio.stranger(&picture)), (503, 503));
    studio.anybody().sign_in("owner");
    let begun = Instant::now();
    while studio.stranger("index.html") != 200 {
        assert!(begun.elapsed() < Duration::from_secs(60), "nobody mended the pages");
        std::thread::sleep(Duration::from_millis(50));
    }

    assert_eq!(studio.owner.ask("GET", "/api/portfolio.zip", None).status, 200);
    let draft_of = studio.draft.clone();
    assert_eq!(
        studio.owner.ask("GET", &format!("/api/records/{}", draft_of.as_str().expect("an id")), None).status,
        200
    );
    let withdrawn = withdraw_under_load(&mut studio, &page);
    assert!(withdrawn < Duration::from_secs(1), "{withdrawn:?}");
    println!("told to fifty readers after {withdrawn:?}");
    assert_eq!((studio.stranger(&page), studio.stranger(&picture)), (410, 410));
    assert!(!public.join(&picture).exists(), "the picture is gone");
    let listed = studio.owner.must("GET", "/api/publishing", None)["shown"][0].clone();
    assert_eq!(listed["to_pull"].as_array().map(Vec::len), Some(1), "one ZIP holds it still: {listed}");
    let text_of = std::fs::read_to_string(public.join("portfolio.json")).expect("pages");
    let portfolio: Value = serde_json::from_str(&text_of).expect("JSON");
    assert_eq!(portfolio["denominator"]["withdrawn"], 1, "{}", portfolio["denominator"]);
    assert!(!text_of.contains(&public_id), "nothing but the count stays");
    succeed(&["verify", text(&public)]);
    succeed(&["audit", "verify", "--data", text(&studio.data())]);
    for made in [&draft_of, &shown["record"]] {
        let path = format!("/api/records/{}", made.as_str().expect("an id"));
        assert_eq!(studio.owner.ask("GET", &path, None).status, 404, "what was made for strangers is gone");
    }
    let ended = studio.publish(&draft);
    assert_eq!(ended["code"], "publishing_refused", "no re-publishing without a new signature");
}

#[test]
fn an_authority_vouches_for_the_same_key() {
    let mut studio = Studio::ready();
    let before = vouching(&mut studio.owner);
    let request = studio.folder.path().join("request.pem");
    let asked = studio.owner.ask("GET", "/api/publishing/request.pem", None);
    std::fs::write(&request, &asked.bytes).expect("written");
    let draft = studio.drafted();
    assert_eq!(studio.publish(&draft)["state"], "done");
    let shown = studio.owner.must("GET", "/api/publishing", None)["shown"][0]["public_id"].clone();
    let page = format!("case-{}.html", shown.as_str().expect("a name"));

    let chain = super::post::certified(&request);
    let [leaf, between, root] = [0, 1, 2].map(|k| parts(&chain)[k].clone());
    for (wrong, code) in [
        (leaf.clone(), "certificates_unreadable"),
        (format!("{root}{leaf}"), "certificates_other_key"),
        (format!("{leaf}{root}"), "certificates_order"),
        ("no certificate".to_owned(), "certificates_unreadable"),
    ] {
        assert_eq!(refused(&vouch(&mut studio.owner, &wrong)), code);
    }
    let taken = vouch(&mut studio.owner, &format!("{leaf}{between}{root}"));
    let now = &taken.json["certificates"];
    assert_eq!((&now["by"], &now["names"]), (&json!("Chamber of Tests"), &json!("First clinic")), "{now}");
    assert_eq!(now["fingerprint"], before["fingerprint"]);
    assert_eq!(studio.stranger(&page), 200, "a case keeps its name");

    // Pages and the picture that was signed before: one key.
    let public = folder_in(&studio.data().join("public"));
    let anchor = studio.folder.path().join("root.pem");
    std::fs::write(&anchor, &root).expect("written");
    let run = succeed(&["verify", text(&public), "--anchor", text(&anchor)]);
    for said in ["Chamber of Tests", "says that it is of \"First clinic\""] {
        assert!(run.message.contains(said), "{}", run.message);
    }
    assert!(studio.words_at("verify.html").contains("names Chamber of Tests as the one who vouches"));
    // Signed anew, the picture alone is vouched for too.
    assert_eq!(studio.publish(&draft)["state"], "done");
    let pictures = std::fs::read_dir(public.join("pictures")).expect("pictures");
    let picture = pictures.flatten().next().expect("a picture").path();
    succeed(&["verify", text(&picture), "--anchor", text(&anchor)]);
    let back = studio.owner.must("PUT", "/api/publishing/certificates", Some(&json!({"pem": null})));
    assert_eq!(back["certificates"], before);
    assert_eq!(stipple(&["verify", text(&public), "--anchor", text(&anchor)]).code, 4);
    succeed(&["verify", text(&public)]);
    let publication = back["shown"][0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(studio.owner.ask("DELETE", &format!("/api/publications/{publication}"), None).status, 204);
    assert_eq!(studio.stranger(&page), 410, "by the name that strangers had");
}

#[test]
fn what_the_clinic_takes_down_is_told_as_that() {
    let mut studio = Studio::ready();
    let draft = studio.drafted();
    assert_eq!(studio.publish(&draft)["state"], "done");
    let shown = studio.owner.must("GET", "/api/publishing", None)["shown"][0].clone();
    let page = format!("case-{}.html", shown["public_id"].as_str().expect("a name"));
    let path = format!("/api/publications/{}", shown["id"].as_str().expect("an id"));
    assert_eq!(studio.owner.ask("DELETE", &path, None).status, 204);
    let told = studio.words_at(&page);
    assert!(told.contains("The clinic took this case down") && !told.contains("does not want"), "{told}");
    let counts = |studio: &Studio, taken_down: u64, withdrawn: u64| {
        studio.told_until(|portfolio| {
            let of = &portfolio["denominator"];
            of["taken_down"] == taken_down && of["withdrawn"] == withdrawn
        })
    };
    assert!(counts(&studio, 1, 0), "the consent stands");
    let index = studio.words_at("index.html");
    assert!(index.contains("<b>1</b> agreed and shown once, then taken down by the clinic"), "{index}");
    // Then the person takes the consent back.
    let book = studio.owner.must("GET", &at(&studio.case, "book"), None);
    let consents = book["consents"].as_array().expect("consents").iter();
    let consent = consents.filter(|one| one["purpose"] == "publication").map(id).next().expect("signed");
    studio.owner.must("POST", &format!("/api/consents/{consent}/withdrawal"), Some(&json!({})));
    let told = studio.words_at(&page);
    assert!(told.contains("The clinic wrote down that the person"), "{told}");
    assert!(counts(&studio, 0, 1), "and is counted as that");
}

/// Who vouches for the key.
fn vouching(owner: &mut Browser) -> Value {
    owner.ask("GET", "/api/publishing/request.pem", None);
    let found = owner.must("GET", "/api/publishing", None)["certificates"].clone();
    assert_eq!(found["by"], Value::Null, "{found}");
    found
}

fn vouch(owner: &mut Browser, pem: &str) -> super::served::Said {
    owner.ask("PUT", "/api/publishing/certificates", Some(&json!({"pem": pem})))
}

/// Each certificate of a text.
fn parts(chain: &str) -> Vec<String> {
    chain.split_inclusive("-----END CERTIFICATE-----\n").map(str::to_owned).collect()
}

#[test]
fn what_comes_to_be_forbidden_is_not_shown_any_more() {
    let mut studio = Studio::ready();
    let draft = studio.drafted();
    assert_eq!(studio.publish(&draft)["state"], "done");
    assert_eq!(studio.stranger("index.html"), 200);
    let place = |country: &str| json!({"country": country, "medical": false});
    studio.owner.must("PUT", "/api/clinic", Some(&place("DE")));
    assert_eq!(studio.stranger("index.html"), 404, "nobody signed for it, as this country asks");
    assert_eq!(refused(&studio.owner.ask("GET", "/api/portfolio.zip", None)), "country_needs");
    studio.owner.must("PUT", "/api/clinic", Some(&place("GB")));
    assert_eq!(studio.stranger("index.html"), 200);
    let public_id = studio.owner.must("GET", "/api/publishing", None)["shown"][0]["public_id"].clone();
    let page = format!("case-{}.html", public_id.as_str().expect("a name"));
    assert_eq!(studio.stranger(&page), 200);
    // A touch-up after the day of the photograph is none of what the picture shows.
    studio.owner.must("POST", &at(&studio.case, "sessions"), Some(&session_on(&day(1), "A7", 20)));
    let told = studio.told_until(|portfolio| portfolio["cases"][0]["sessions"] == 1);
    assert!(told, "one session before the photograph");
    let now = studio.owner.must("GET", &format!("/api/clients/{}", studio.client), None);
    let young = json!({"version": now["version"], "name": "Ada Example", "born_in": 2015});
    studio.owner.must("PUT", &format!("/api/clients/{}", studio.client), Some(&young));
    let told = studio.told_until(|portfolio| portfolio["cases"].as_array().is_some_and(Vec::is_empty));
    assert!(told && studio.stranger(&page) == 404, "a minor is not shown");
}

#[test]
fn a_client_takes_a_consent_back_alone() {
    let mut studio = Studio::ready();
    let draft = studio.drafted();
    assert_eq!(studio.publish(&draft)["state"], "done");
    let shown = studio.owner.must("GET", "/api/publishing", None)["shown"][0].clone();
    let page = format!("case-{}.html", shown["public_id"].as_str().expect("a name"));
    let asked = json!({"kind": "consents", "days": 400});
    let link = studio.owner.must("POST", &at(&studio.case, "links"), Some(&asked));
    let secret = link["secret"].as_str().expect("a secret").to_owned();
    let mut phone = studio.anybody();
    let opened = by_link(&mut phone, &secret, "GET", "/api/with", None).json;
    let consents = opened["consents"].as_array().expect("consents");
    assert_eq!(consents.len(), 2, "{opened}");
    let publication = consents.iter().find(|one| one["purpose"] == "publication").expect("signed");
    let body = json!({"consent": publication["id"]});
    let other = json!({"consent": studio.outcome});
    assert_eq!(by_link(&mut phone, &secret, "POST", "/api/with/withdrawal", Some(&other)).status, 404);
    assert_eq!((studio.stranger(&page), studio.stranger("")), (200, 200), "the case, and the first page");
    assert_eq!(by_link(&mut phone, &secret, "POST", "/api/with/withdrawal", Some(&body)).status, 204);
    assert_eq!(studio.stranger(&page), 410, "in the same moment");
    assert!(
        studio.words_at(&page).contains("The person who was shown here does not want it"),
        "by a link of their own"
    );
    let book = studio.owner.must("GET", &at(&studio.case, "book"), None);
    let standing = |purpose: &str| {
        let all = book["consents"].as_array().expect("consents").iter();
        all.filter(|one| one["purpose"] == purpose && one["withdrawn_at"].is_null()).count()
    };
    assert_eq!((standing("publication"), standing("treatment")), (0, 1));
    let trail = studio.owner.must("GET", &format!("/api/clients/{}/trail", studio.client), None);
    let withdrawn =
        trail.as_array().expect("a trail").iter().find(|row| row["action"] == "consent.withdrawn");
    assert_eq!(withdrawn.expect("told")["by"], Value::Null, "the client did it");
    succeed(&["audit", "verify", "--data", text(&studio.data())]);
    studio.owner.must("POST", &at(&studio.case, "consents"), Some(&signed("data")));
    let uncounted = |portfolio: &Value| {
        let of = &portfolio["denominator"];
        of["uncounted"] == 1 && of["treated"] == 1 && of["followed"] == 0
    };
    assert!(studio.told_until(uncounted), "who does not want to be counted is a count");
    // Whoever is erased still counts, without a name.
    studio.owner.must("DELETE", &format!("/api/clients/{}", studio.client), None);
    let counts = |portfolio: &Value| portfolio["denominator"].clone();
    let expected = json!({
        "treated": 1, "followed": 0, "consented": 0, "published": 0, "withdrawn": 1, "taken_down": 0, "erased": 1, "removed": 0,
        "uncounted": 0,
    });
    assert!(studio.told_until(|portfolio| counts(portfolio) == expected), "still counted");
    succeed(&["audit", "verify", "--data", text(&studio.data())]);
}

/// Takes the consent back while fifty look; how long until all of them are told.
fn withdraw_under_load(studio: &mut Studio, page: &str) -> Duration {
    let book = studio.owner.must("GET", &at(&studio.case, "book"), None);
    let consents = book["consents"].as_array().expect("consents");
    let consent =
        consents.iter().find(|consent| consent["purpose"] == "publication").map(id).expect("signed");
    let address = format!("{}{page}", studio.home);
    let readers: Vec<_> = (0..50).map(|_| studio.anybody()).collect();
    let begun = Instant::now();
    std::thread::scope(|scope| {
        let readers: Vec<_> = readers
            .into_iter()
            .map(|mut reader| {
                let address = &address;
                scope.spawn(move || {
                    while reader.ask("GET", address, None).status != 410 {
                        assert!(begun.elapsed() < Duration::from_secs(60), "never told");
                    }
                    Instant::now()
                })
            })
            .collect();
        std::thread::sleep(Duration::from_millis(200));
        let taken_back = Instant::now();
        studio.owner.must("POST", &format!("/api/consents/{consent}/withdrawal"), Some(&json!({})));
        let last = readers.into_iter().map(|reader| reader.join().expect("told")).max();
        last.expect("fifty").saturating_duration_since(taken_back)
    })
}

#[test]
fn a_review_comes_once_from_a_client_and_is_never_removed_in_silence() {
    let mut studio = Studio::ready();
    let early = json!({"kind": "review", "days": 30});
    let [_, untreated, _] = studio.owner.new_visit("Bo Example");
    let said = studio.owner.ask("POST", &at(&untreated, "links"), Some(&early));
    assert_eq!(refused(&said), "no_sessions", "reviews follow a session");
    let draft = studio.drafted();
    let ended = studio.publish(&draft);
    assert_eq!(ended["state"], "done", "{ended}");
    assert_eq!(refused(&studio.owner.ask("POST", &at(&studio.case, "links"), Some(&early))), "no_offer");
    let offers = json!({"kind": "review", "days": 30, "offered": "10 % off"});
    let link = studio.owner.must("POST", &at(&studio.case, "links"), Some(&offers));
    let second = studio.owner.must("POST", &at(&studio.case, "links"), Some(&offers));
    let second = second["secret"].as_str().expect("a secret").to_owned();
    let secret = link["secret"].as_str().expect("a secret").to_owned();
    let mut client = studio.anybody();
    let words = "It hurt more than I thought.";
    let review = json!({"stars": 2, "text": words, "incentive": "They gave me 200 EUR", "insider": null});
    let mut send = |secret: &str, body: &Value| {
        by_link(&mut client, secret, "POST", "/api/with/review", Some(body)).status
    };
    assert_eq!(send(&"0".repeat(64), &review), 422, "guessed");
    let other = TempDir::new().expect("a folder");
    let other = Served::start(other.path(), None);
    let mut elsewhere = super::opened(&other);
    assert_eq!(
        refused(&by_link(&mut elsewhere, &secret, "POST", "/api/with/review", Some(&review))),
        "link_closed",
        "another clinic's"
    );
    assert_eq!(send(&secret, &json!({"stars": 9, "text": "x"})), 422);
    let signed_in = by_link(&mut studio.owner.clone(), &secret, "POST", "/api/with/review", Some(&review));
    assert_eq!(signed_in.status, 403, "not by whoever works here");
    assert!(studio.trail().contains("link.refused"), "which is told");
    let book = studio.owner.must("GET", &at(&studio.case, "book"), None);
    let open = book["links"].as_array().expect("links").iter().find(|one| one["kind"] == "review");
    let path = format!("/api/links/{}", id(open.expect("a link")));
    assert_eq!(refused(&studio.owner.ask("DELETE", &path, None)), "review_link_stays");
    assert_eq!(send(&secret, &review), 204);
    assert_eq!(send(&secret, &review), 422, "sent again");
    assert_eq!(send(&second, &review), 422, "one client has one say");
    assert_eq!(refused(&studio.owner.ask("POST", &at(&studio.case, "links"), Some(&offers))), "one_review");
    let stands = studio.told_until(|portfolio| portfolio["reviews"][0]["stars"] == 2);
    assert!(stands, "a review stands on the pages without anything that the clinic does");
    let intake =
        studio.owner.must("POST", &at(&studio.case, "links"), Some(&json!({"kind": "intake", "days": 1})));
    assert_eq!(send(intake["secret"].as_str().expect("a secret"), &review), 403, "a link for something else");
    assert!(studio.trail().contains("review.written"));
    let kept = studio.owner.must("GET", "/api/publishing", None)["reviews"][0].clone();
    let path = format!("/api/reviews/{}", kept["id"].as_str().expect("an id"));
    studio.owner.must("POST", &format!("{path}/answer"), Some(&json!({"text": "We are sorry."})));
    let page = studio.words_at("reviews.html");
    let both = ["The clinic says it gave: 10 % off", "The writer says they got: They gave me 200 EUR"];
    for shown in both.into_iter().chain([words, "We are sorry."]) {
        assert!(page.contains(shown), "{shown}");
    }
    let bad = studio.owner.ask("POST", &format!("{path}/removal"), Some(&json!({"reason": "bad"})));
    assert_eq!(refused(&bad), "bad_reason");
    studio.owner.must("POST", &format!("{path}/removal"), Some(&json!({"reason": "by_writer"})));
    let again = studio.owner.ask("POST", &format!("{path}/removal"), Some(&json!({"reason": "unlawful"})));
    assert_eq!(refused(&again), "removed_already");
    let public = folder_in(&studio.data().join("public"));
    let portfolio: Value =
        serde_json::from_slice(&std::fs::read(public.join("portfolio.json")).expect("pages")).expect("JSON");
    assert_eq!(portfolio["removed_reviews"][0]["count"], 1, "{portfolio}");
    let gone = std::fs::read_to_string(public.join("reviews.html")).expect("a page");
    assert!(!gone.contains("It hurt more"), "its words are gone, its count is not");
    let told = stipple(&["verify", text(&public)]);
    assert_eq!(told.code, 0, "{}", told.message);
}

#[test]
fn one_client_has_one_say_however_many_cases() {
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(folder.path(), None);
    let mut owner = super::opened(&served);
    let [client, first, _] = owner.new_visit("Ada Example");
    grown_up(&mut owner, &client);
    let second = json!({"title": "Another scar"});
    let second = id(&owner.must("POST", &format!("/api/clients/{client}/cases"), Some(&second)));
    let asked = json!({"kind": "review", "days": 30, "offered": ""});
    let links = [&first, &second].map(|case| {
        owner.must("POST", &at(case, "consents"), Some(&signed("treatment")));
        owner.must("POST", &at(case, "sessions"), Some(&session_on(&today(), "A7", 80)));
        let link = owner.must("POST", &at(case, "links"), Some(&asked));
        link["secret"].as_str().expect("a secret").to_owned()
    });
    let mut phone = owner.another();
    let review = json!({"stars": 4, "text": "Calm and exact.", "incentive": "", "insider": null});
    let mut said =
        links.iter().map(|link| by_link(&mut phone, link, "POST", "/api/with/review", Some(&review)));
    assert_eq!(said.next().expect("the first").status, 204);
    assert_eq!(refused(&said.next().expect("the second")), "one_review", "of the other case");
    for case in [&first, &second] {
        assert_eq!(refused(&owner.ask("POST", &at(case, "links"), Some(&asked))), "one_review");
    }
    // Somebody else is asked as before.
    let [other, case, _] = owner.new_visit("Bo Example");
    grown_up(&mut owner, &other);
    owner.must("POST", &at(&case, "consents"), Some(&signed("treatment")));
    owner.must("POST", &at(&case, "sessions"), Some(&session_on(&today(), "A7", 80)));
    owner.must("POST", &at(&case, "links"), Some(&asked));
}

#[test]
fn what_cannot_be_seen_is_in_no_review() {
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(folder.path(), None);
    let mut owner = super::opened(&served);
    let [client, case, _] = owner.new_visit("Ada Example");
    grown_up(&mut owner, &client);
    owner.must("POST", &at(&case, "consents"), Some(&signed("treatment")));
    owner.must("POST", &at(&case, "sessions"), Some(&session_on(&today(), "A7", 80)));
    let mut asked = json!({"kind": "review", "days": 30, "offered": "10 %\u{202e}"});
    assert_eq!(refused(&owner.ask("POST", &at(&case, "links"), Some(&asked))), "bad_text");
    asked["offered"] = json!("");
    let link = owner.must("POST", &at(&case, "links"), Some(&asked));
    let secret = link["secret"].as_str().expect("a secret");
    let mut phone = owner.another();
    let mut send = |text: &str, incentive: &str| {
        let review = json!({"stars": 4, "text": text, "incentive": incentive, "insider": null});
        by_link(&mut phone, secret, "POST", "/api/with/review", Some(&review))
    };
    for hidden in ["Kind.\0", "Kind.\n\u{202e}.tcaxE", "\u{2066}Kind.", "Kind.\u{1b}[2J"] {
        assert_eq!(refused(&send(hidden, "")), "bad_text", "{hidden:?}");
    }
    assert_eq!(refused(&send("Kind.", "a coffee\u{202d}")), "bad_text");
    assert_eq!(send("Kind.\n\nExact.\r\n\tThank you 👍🏽", "").status, 204, "lines and signs stay");
    let kept = owner.must("GET", "/api/publishing", None)["reviews"][0].clone();
    assert_eq!(kept["text"], "Kind.\n\nExact.\n Thank you 👍🏽");
    let path = format!("/api/reviews/{}/answer", id(&kept));
    assert_eq!(refused(&owner.ask("POST", &path, Some(&json!({"text": "Sorry\u{202e}"})))), "bad_text");
    let mut said = showcase();
    said["reviews_policy"] = json!("Everybody\u{202e}");
    assert_eq!(refused(&owner.ask("PUT", "/api/publishing", Some(&said))), "bad_text");
}

fn unpacked(zip: &[u8]) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let zip = zip::ZipArchive::new(std::io::Cursor::new(zip));
    zip.expect("a ZIP").extract(folder.path()).expect("unpacked");
    folder
}

fn folder_in(folder: &Path) -> PathBuf {
    let entries = std::fs::read_dir(folder).expect("a folder").flatten();
    // Beside them may lie what is being put in their place.
    let is_in_place = |path: &PathBuf| path.is_dir() && path.extension().is_none();
    entries.map(|entry| entry.path()).find(is_in_place).expect("the clinic's pages")
}

fn no_secret_in(folder: &Path, secrets: &[&str]) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            no_secret_in(&path, secrets);
            continue;
        }
        let bytes = std::fs::read(&path).expect("a file");
        assert_eq!(crate::publish::leak::found(&bytes), Vec::<String>::new(), "{}", path.display());
        for secret in secrets {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} in {}", path.display());
        }
    }
}
