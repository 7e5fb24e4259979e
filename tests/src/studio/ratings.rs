//! What people say of scars, knowing what they see or not.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::own::file_in;
use super::served::{Browser, PASSWORD, Served, id};
use super::{opened, postgres};
use crate::contract::small_scalp;

#[test]
fn ratings_are_kept_as_given_on_sqlite() {
    let folder = TempDir::new().expect("a folder");
    kept_as_given(&folder, None);
}

#[test]
fn ratings_are_kept_as_given_on_postgresql() {
    let folder = TempDir::new().expect("a folder");
    kept_as_given(&folder, Some(&postgres::database("ratings")));
}

/// Observer and client rate a photograph, somebody else two without knowing which; all of it is in the table.
fn kept_as_given(folder: &TempDir, database: Option<&str>) {
    let served = Served::start(&folder.path().join("data"), database);
    let mut owner = opened(&served);
    let photograph = two_visits(&mut owner, &folder.path().join("scalp"));
    let at = format!("/api/photographs/{photograph}/ratings");
    owner.must("POST", &at, Some(&observed()));
    owner.must("POST", &at, Some(&json!({"by": "client", "noticeability": 7})));
    let ratings = owner.must("GET", &at, None);
    let sums: Vec<[&Value; 3]> = ratings.as_array().expect("ratings").iter().map(sums_of).collect();
    assert_eq!(sums, [[&json!(7), &Value::Null, &Value::Null], [&json!(6), &json!(8), &json!(5)]]);

    let new = json!({"name": "Rater", "login": "rater", "password": PASSWORD, "role": "read_only"});
    owner.must("POST", "/api/accounts", Some(&new));
    let mut rater = served.browser();
    rater.sign_in("rater");
    let round = rater.must("POST", "/api/rounds", None);
    assert_eq!((&round["pictures"], &round["next"]), (&json!(2), &json!(0)));
    let round = id(&round);
    let mut seen = BTreeSet::new();
    for place in 0..2 {
        let picture = rater.ask("GET", &format!("/api/rounds/{round}/pictures/{place}"), None);
        assert_eq!(image::load_from_memory(&picture.bytes).expect("a picture").width(), 1000);
        seen.insert(picture.bytes);
        let at = format!("/api/rounds/{round}/pictures/{place}");
        assert_eq!(rater.ask("POST", &at, Some(&json!({"noticeability": place + 2}))).status, 201);
        assert_eq!(
            rater.ask("POST", &at, Some(&json!({"noticeability": 0}))).json["error"]["code"],
            "rated_already"
        );
    }
    assert_eq!(seen.len(), 2, "every picture once");
    assert_eq!(rater.must("GET", &format!("/api/rounds/{round}"), None)["next"], 2);
    assert_eq!(owner.ask("GET", &format!("/api/rounds/{round}"), None).status, 404, "another's round");

    // A picture that cannot be judged is passed over, and is in no table.
    let round = id(&rater.must("POST", "/api/rounds", None));
    let first = format!("/api/rounds/{round}/pictures/0");
    let both = json!({"noticeability": 3, "cannot_judge": true});
    assert_eq!(rater.ask("POST", &first, Some(&both)).json["error"]["code"], "not_judged");
    rater.must("POST", &first, Some(&json!({"cannot_judge": true})));
    assert_eq!(rater.must("GET", &format!("/api/rounds/{round}"), None)["next"], 1);

    blind_ones_are_in_the_record(&mut owner, &photograph);
    let table = owner.ask("GET", "/api/ratings.csv?scale=noticeability", None);
    let lines: Vec<&str> = std::str::from_utf8(&table.bytes).expect("text").lines().collect();
    assert_eq!(lines[..3], ["picture,rater,score,occasion", "1,observer 1,6,1", "1,client,7,1"]);
    assert_eq!(lines.len(), 5);
    assert!(lines[3..].iter().all(|line| line.contains(",blind 2,")), "{lines:?}");
    agreed(&mut owner, &at);
}

/// Whoever takes a record along has what others said of its pictures without knowing whose they are.
fn blind_ones_are_in_the_record(owner: &mut Browser, photograph: &str) {
    let client = owner.must("GET", &format!("/api/photographs/{photograph}"), None)["client"].clone();
    let client = client.as_str().expect("an id");
    let zip = owner.ask("GET", &format!("/api/clients/{client}/export.zip"), None).bytes;
    let ratings: Value = serde_json::from_str(&file_in(&zip, "ratings.json")).expect("JSON");
    let by: Vec<&str> =
        ratings.as_array().expect("ratings").iter().map(|one| one["by"].as_str().expect("who")).collect();
    assert_eq!(by, ["blind", "blind", "blind", "client", "observer"], "{ratings}");
    assert!(file_in(&zip, "index.html").contains("Without knowing what it is"));
}

/// Three shared pictures tell how far observer and client agree; fewer tell nothing.
fn agreed(owner: &mut Browser, at: &str) {
    let refused = owner.ask("GET", "/api/agreement?scale=noticeability", None);
    assert_eq!((refused.status, &refused.json["error"]["code"]), (422, &json!("nothing_told")));
    let visit = format!("/api/photographs/{}", at.split('/').nth(3).expect("an id"));
    let visit = owner.must("GET", &visit, None)["visit"].as_str().expect("a visit").to_owned();
    for (picture, scores) in [(b"another picture 1", [2, 3]), (b"another picture 2", [8, 8])] {
        let (photograph, _) = owner.upload(&visit, picture, 1 << 20);
        for (by, score) in ["observer", "client"].into_iter().zip(scores) {
            let said = json!({"by": by, "noticeability": score});
            owner.must("POST", &format!("/api/photographs/{photograph}/ratings"), Some(&said));
        }
    }
    let made = owner.must("GET", "/api/agreement?scale=noticeability", None);
    assert_eq!(made["format"], "stipple/agreement/1");
    assert_eq!(made["pairs"][0]["mean_and_difference"].as_array().map(Vec::len), Some(3), "{made}");
    let figure = owner.ask("GET", "/api/agreement.png?scale=noticeability", None);
    assert!(figure.bytes.starts_with(b"\x89PNG"));
}

fn observed() -> Value {
    let scar = json!({"spread": 2, "erythema": 1, "dyspigmentation": 1, "suture_marks": 1,
        "hypertrophy_atrophy": 1, "overall": 1, "itch": 1, "pain": 0});
    let vancouver = json!({"vascularity": 1, "pigmentation": 1, "pliability": 2, "height": 1});
    json!({"by": "observer", "noticeability": 6, "scar": scar, "vancouver": vancouver})
}

fn sums_of(rating: &Value) -> [&Value; 3] {
    [&rating["noticeability"], &rating["scar_sum"], &rating["vancouver_sum"]]
}

/// A case with a photograph at each of two visits, and one that is too dark; the first photograph.
fn two_visits(owner: &mut Browser, scalp: &std::path::Path) -> String {
    std::fs::create_dir_all(scalp).expect("a folder");
    let photo = std::fs::read(small_scalp(scalp)).expect("a photograph");
    let [_, case, visit] = owner.new_visit("Ada Example");
    let (photograph, _) = owner.upload(&visit, &photo, 1 << 20);
    let later = json!({"day": "2026-10-01", "kind": "follow_up"});
    let later = id(&owner.must("POST", &format!("/api/cases/{case}/visits"), Some(&later)));
    let picture = image::load_from_memory(&photo).expect("a picture");
    let dark = picture.to_rgb8().pixels().flat_map(|pixel| pixel.0.map(|c| c / 12)).collect();
    let dark = image::RgbImage::from_raw(picture.width(), picture.height(), dark).expect("as large");
    // Nobody is asked how a scar looks in the dark one.
    for shown in [picture.adjust_contrast(-5.0), dark.into()] {
        let mut bytes = std::io::Cursor::new(Vec::new());
        shown.write_to(&mut bytes, image::ImageFormat::Png).expect("a PNG");
        owner.upload(&later, &bytes.into_inner(), 1 << 20);
    }
    photograph
}

#[test]
fn ratings_off_their_scale_and_of_nothing_are_refused_with_words() {
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(&folder.path().join("data"), None);
    let mut owner = opened(&served);
    let [_, _, visit] = owner.new_visit("Ada Example");
    let (photograph, _) =
        owner.upload(&visit, &std::fs::read(small_scalp(folder.path())).expect("a photograph"), 1 << 20);
    let at = format!("/api/photographs/{photograph}/ratings");
    for (said, code) in [
        (json!({"by": "observer"}), "nothing_rated"),
        (json!({"by": "client", "noticeability": 11}), "off_scale"),
        (json!({"by": "client", "noticeability": -1}), "bad_json"),
        (json!({"by": "blind", "noticeability": 1}), "needs_round"),
        (json!({"by": "observer", "cannot_judge": true}), "not_judged"),
    ] {
        let refused = owner.ask("POST", &at, Some(&said));
        assert_eq!((refused.status, &refused.json["error"]["code"]), (422, &json!(code)), "{said}");
    }
    let refused = owner.ask("POST", "/api/rounds", None);
    assert_eq!((refused.status, &refused.json["error"]["code"]), (422, &json!("no_pairs")));
    assert_eq!(owner.must("GET", &at, None), json!([]), "nothing is kept");
}
