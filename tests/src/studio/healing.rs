//! Photographs that clients send while the skin heals.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::book::{at, grown_up, session, signed};
use super::opened;
use super::served::{Browser, Served};

#[test]
fn a_photograph_comes_by_a_link_and_its_redness_is_measured() {
    let folder = TempDir::new().expect("a folder");
    let visits = crate::outcome::visits(7_300_021, stipple_synth::Change::easy);
    let [before, after] = crate::outcome::pair(&visits, folder.path());
    let read = |path| std::fs::read(path).expect("a photograph");
    let served = Served::start(&folder.path().join("data"), None);
    let mut owner = opened(&served);
    let [client, case, visit] = owner.new_visit("Ada Example");
    let (before, _) = owner.upload(&visit, &read(before), 1 << 20);
    let asked = json!({"pixel_pitch_um": 83.3333});
    let job = owner.must("POST", &format!("/api/photographs/{before}/readings"), Some(&asked));
    owner.ended(&job);
    grown_up(&mut owner, &client);
    owner.must("POST", &at(&case, "consents"), Some(&signed("treatment")));
    owner.must("POST", &at(&case, "sessions"), Some(&session("A7", 80)));
    let mut shown = signed("photographs");
    shown["agreed"]["from_home"] = json!(true);
    let mut link = |kind: &str| {
        let made = owner.must("POST", &at(&case, "links"), Some(&json!({"kind": kind, "days": 5})));
        made["secret"].as_str().expect("a secret").to_owned()
    };
    let (secret, intake) = (link("check_in"), link("intake"));
    let mut phone = served.browser();
    let mut send = |secret: &str, bytes: &[u8]| {
        let headers = [("content-type", "application/octet-stream"), ("x-stipple-link", secret)];
        phone.send("POST", "/api/with/photograph", &headers, Some(bytes)).status
    };
    let photograph = read(after);
    assert_eq!(send(&intake, &photograph), 403, "a link for something else");
    // Whoever guesses is refused before the file is read.
    assert_eq!(send(&"0".repeat(64), b"a file"), 422, "guessed");
    assert_eq!(send(&secret, &photograph), 422, "nobody agreed to send photographs from home");
    owner.must("POST", &at(&case, "consents"), Some(&shown));
    assert_eq!(send(&secret, b""), 422, "empty");
    assert_eq!(send(&secret, b"no photograph"), 422, "the client hears it at once");
    assert_eq!(send(&secret, b"\xff\xd8\xff\xe0 a damaged one"), 204, "looked at later, and said then");
    assert_eq!(send(&secret, &photograph), 204);
    assert_eq!(send(&secret, &photograph), 204, "sent again because its answer was lost");
    let healing = measured(&mut owner, &case);
    let all = healing["photographs"].as_array().expect("photographs");
    assert_eq!(all.len(), 2, "{healing}");
    let told: Vec<&Value> = all.iter().filter(|one| !one["redness"].is_null()).collect();
    assert_eq!((told.len(), &told[0]["day"]), (1, &json!(0)), "{healing}");
    let [was, is] = [&told[0]["before"], &told[0]["redness"]].map(|r| r["value"].as_f64().expect("a number"));
    let unsure = told[0]["redness"]["standard_uncertainty"].as_f64().expect("a number");
    assert!((was - is).abs() < 4.0 * unsure, "nothing was done to this scar: {healing}");
    let came = owner.must("GET", "/api/attention", None);
    assert_eq!(came.as_array().expect("a list").len(), 2, "the clinic hears that photographs came: {came}");
    let sent = told[0]["sent"].as_str().expect("an entry");
    let seen = owner.ask("POST", &format!("/api/told/{sent}/seen"), Some(&json!({})));
    assert_eq!(seen.status, 204);
    let left = owner.must("GET", "/api/attention", None);
    assert_eq!(
        (left.as_array().expect("a list").len(), left[0]["photograph"] == told[0]["photograph"]),
        (1, false)
    );
    for k in 0..3u8 {
        assert_eq!(send(&secret, &[0xff, 0xd8, 0xff, k]), 204);
    }
    assert_eq!(send(&secret, &[0xff, 0xd8, 0xff, 9]), 422, "enough for one day");
    let trail = owner.must("GET", &format!("/api/clients/{client}/trail"), None);
    assert!(trail.to_string().contains("photograph.sent_by_client"), "{trail}");
}

/// How the skin healed, once every photograph was measured or could not be.
fn measured(owner: &mut Browser, case: &str) -> Value {
    let started = Instant::now();
    loop {
        let healing = owner.must("GET", &at(case, "book"), None)["healing"].clone();
        let all = healing["photographs"].as_array().expect("photographs");
        if all.iter().all(|one| !one["redness"].is_null() || !one["code"].is_null()) {
            return healing;
        }
        assert!(started.elapsed() < Duration::from_secs(120), "nothing was measured: {healing}");
        std::thread::sleep(Duration::from_millis(100));
    }
}
