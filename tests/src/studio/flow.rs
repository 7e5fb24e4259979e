//! The whole way over HTTP, and what happens at its edges.

use serde_json::{Value, json};
use stipple_synth::Change;
use tempfile::TempDir;

use super::book::{at, others_dots};
use super::served::{Browser, PASSWORD, Served, id};
use super::{opened, postgres};
use crate::contract::small_scalp;
use crate::stipple::{stipple, text};

#[test]
fn a_client_goes_from_photograph_to_report_on_sqlite() {
    let folder = TempDir::new().expect("a folder");
    whole_way(&folder, None);
}

#[test]
fn a_client_goes_from_photograph_to_report_on_postgresql() {
    let folder = TempDir::new().expect("a folder");
    let database = postgres::database("flow");
    whole_way(&folder, Some(&database));
}

/// First run → client → photograph → reading → correction → plan → report; then a restart, and all is there.
fn whole_way(folder: &TempDir, database: Option<&str>) {
    let photo = std::fs::read(small_scalp(folder.path())).expect("a photograph");
    let data = folder.path().join("data");
    let served = Served::start(&data, database);
    let mut owner = opened(&served);
    let [client, case, visit] = owner.new_visit("Ada Example");
    let (photograph, job) = owner.upload(&visit, &photo, 100_000);
    assert_eq!(job["state"], "done", "{job}");
    let seen = owner.must("GET", &format!("/api/photographs/{photograph}"), None);
    assert_eq!(seen["look"]["width_px"], 1000);
    let picture = owner.ask("GET", &format!("/api/photographs/{photograph}/picture"), None);
    assert_eq!(image::load_from_memory(&picture.bytes).expect("a picture").width(), 1000);

    let asked = json!({"pixel_pitch_um": 100.0});
    let first = owner.must("POST", &format!("/api/photographs/{photograph}/readings"), Some(&asked));
    let first = owner.ended(&first)["result"].as_str().expect("a reading").to_owned();
    let reading = owner.must("GET", &format!("/api/records/{first}"), None);
    assert_eq!(reading["body"]["format"], "stipple/reading/1");
    let strokes = json!([{"side": "inside", "path_px": [[200.0, 400.0], [800.0, 400.0]], "radius_px": 8.0}]);
    let asked = json!({"pixel_pitch_um": 100.0, "strokes": strokes, "parent": first});
    let second = owner.must("POST", &format!("/api/photographs/{photograph}/readings"), Some(&asked));
    let second = owner.ended(&second)["result"].as_str().expect("a correction").to_owned();
    let lines = owner.must("GET", &format!("/api/photographs/{photograph}"), None);
    let lines: Vec<&Value> = lines["records"].as_array().expect("records").iter().collect();
    assert_eq!(lines.len(), 2, "both are kept");
    assert_eq!((&lines[1]["parent"], &lines[1]["corrected"]), (&json!(first), &json!(true)));
    somebody_else_corrects_too(&mut owner, &photograph, [&first, &second], &asked);

    let live = owner.must("POST", &format!("/api/readings/{second}/live"), None);
    let mut wish = live["wish"].clone();
    wish["density"] = json!(0.8);
    let at = format!("/api/live/{}", live["live"].as_str().expect("an id"));
    let asked = json!({"wish": wish, "view": {"moment": "healed", "width_px": 500}}).to_string();
    let json_type = [("content-type", "application/json")];
    let frame = owner.send("POST", &format!("{at}/frame"), &json_type, Some(asked.as_bytes()));
    assert_eq!(image::load_from_memory(&frame.bytes).expect("a picture").width(), 500);
    let asked = json!({"wish": wish}).to_string();
    let dots = owner.send("POST", &format!("{at}/dots"), &json_type, Some(asked.as_bytes())).bytes.len() / 16;

    let wished = json!({"wish": wish, "answers": {}});
    let plan = owner.result_of(&format!("/api/readings/{second}/consultation"), &wished);
    let saved = owner.must("GET", &format!("/api/records/{plan}"), None);
    assert_eq!(saved["body"]["totals"]["dots"], dots, "what was seen is what is saved");
    let report = owner.ask("GET", &format!("/api/records/{plan}/files/report.pdf"), None);
    assert!(report.bytes.starts_with(b"%PDF"), "{}", report.json);

    served.kill();
    let served = Served::start(&data, database);
    let mut owner = served.browser();
    assert_eq!(owner.look()["phase"], "locked");
    owner.sign_in("owner");
    assert_eq!(owner.must("GET", "/api/clients?query=ada", None)["total"], 1);
    let again = owner.ask("GET", &format!("/api/records/{plan}/files/report.pdf"), None);
    assert!(again.bytes == report.bytes, "the same report");

    owner.must("DELETE", &format!("/api/clients/{client}"), None);
    for path in
        [format!("/api/cases/{case}"), format!("/api/records/{plan}"), format!("/api/clients/{client}")]
    {
        assert_eq!(owner.ask("GET", &path, None).status, 404, "{path}");
    }
    let blobs = walk(&data.join("blobs"));
    assert_eq!(blobs, 0, "nothing of an erased client stays");
}

/// Files in a folder and those below.
pub(super) fn walk(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).expect("a folder").flatten();
    entries.map(|entry| if entry.path().is_dir() { walk(&entry.path()) } else { 1 }).sum()
}

#[test]
fn two_tablets_on_one_client_lose_nothing() {
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(folder.path(), None);
    let mut one = opened(&served);
    let [client, ..] = one.new_visit("Ada Example");
    let path = format!("/api/clients/{client}");
    let mut other = one.clone();
    one.must("PUT", &path, Some(&json!({"version": 1, "name": "Ada Example", "note": "from one"})));
    let late = json!({"version": 1, "name": "Ada Example", "note": "from the other"});
    let said = other.ask("PUT", &path, Some(&late));
    assert_eq!(said.status, 409);
    assert_eq!(said.json["theirs"]["note"], "from one");
    assert_eq!(said.json["yours"]["note"], "from the other");
    let chosen = json!({"version": said.json["theirs"]["version"], "name": "Ada Example", "note": "both"});
    assert_eq!(other.must("PUT", &path, Some(&chosen))["note"], "both");
    // What does not stand is kept: the empty note, what came too late, and what was chosen against.
    let earlier = other.must("GET", &format!("{path}/earlier"), None);
    let notes: Vec<&Value> =
        earlier.as_array().expect("a list").iter().map(|one| &one["text"]["note"]).collect();
    assert_eq!(notes, ["from one", "from the other", ""]);
    assert!(earlier[0]["of"] == "client" && earlier[0]["changed_by"] != "", "{earlier}");
}

#[test]
fn what_a_client_answers_is_kept_with_the_case_and_adds_up() {
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(&folder.path().join("data"), None);
    let mut first = opened(&served);
    let [client, case, _] = first.new_visit("Ada Example");
    let mut second = served.browser();
    second.sign_in("owner");
    let at = format!("/api/cases/{case}/answers");
    first.must("PUT", &at, Some(&json!({"answers": {"diabetes": true, "age_years": 40}})));
    second.must("PUT", &at, Some(&json!({"answers": {"sunburn": false}})));
    let kept = first.must("PUT", &at, Some(&json!({"answers": {"age_years": null}})));
    assert_eq!(kept["answers"], json!({"diabetes": true, "sunburn": false}));
    let changed = json!({"version": kept["version"], "title": "Burn"});
    let kept = second.must("PUT", &format!("/api/cases/{case}"), Some(&changed));
    assert_eq!((&kept["title"], &kept["answers"]["diabetes"]), (&json!("Burn"), &json!(true)));
    let refused = first.ask("PUT", &at, Some(&json!({"answers": {"diabetes": ["x".repeat(9)]}})));
    assert_eq!((refused.status, &refused.json["error"]["code"]), (422, &json!("bad_answer")));
    let clients = first.must("GET", &format!("/api/clients/{client}"), None);
    assert_eq!(clients["cases"][0]["answers"], json!({"diabetes": true, "sunburn": false}));
    let long = first.ask("PUT", &at, Some(&json!({"answers": {"hopes": "ü".repeat(2001)}})));
    assert_eq!((long.status, &long.json["error"]["code"]), (422, &json!("bad_answer")));
    for none in
        [json!({"diabetes": "perhaps"}), json!({"scar_date": "2999-01-01"}), json!({"age_years": 400})]
    {
        let refused = first.ask("PUT", &at, Some(&json!({"answers": none})));
        assert_eq!((refused.status, &refused.json["error"]["code"]), (422, &json!("bad_answer")));
    }
    first.must("PUT", &at, Some(&json!({"answers": {"age_years": 40, "scar_age_months": 30}})));
    let days = json!({"answers": {"birth_date": "1986-02-03", "scar_date": "2024-05-31"}});
    let kept = first.must("PUT", &at, Some(&days));
    assert!(kept["answers"].get("age_years").or(kept["answers"].get("scar_age_months")).is_none(), "{kept}");
    let hopes = "Wieder kurzes Haar tragen. Mehr nicht.";
    first.must("PUT", &at, Some(&json!({"answers": {"hopes": hopes, "outdoor_work": true}})));
    let zip = first.ask("GET", &format!("/api/clients/{client}/export.zip"), None);
    // Files lie in the ZIP as they are: once in the page, once for programs.
    let text = String::from_utf8_lossy(&zip.bytes);
    assert_eq!(text.matches(hopes).count(), 2, "the client takes their own words along");
    assert!(text.contains("<th scope=\"row\">Do you work outdoors?</th>"));
}

#[test]
fn an_upload_that_is_finished_twice_at_once_is_one_photograph() {
    let folder = TempDir::new().expect("a folder");
    let data = folder.path().join("data");
    let served = Served::start(&data, None);
    let mut owner = opened(&served);
    let [_, _, visit] = owner.new_visit("Ada Example");
    for round in 0..8 {
        let bytes: Vec<u8> = (0..400_000u32).map(|k| (k * 31 + round) as u8).collect();
        let finish = format!("/api/uploads/{}/finish", owner.sent(&visit, &bytes, 100_000));
        let said: Vec<u16> = std::thread::scope(|scope| {
            let ask = |mut browser: Browser| browser.ask("POST", &finish, None).status;
            let both = [owner.clone(), owner.clone()].map(|browser| scope.spawn(move || ask(browser)));
            both.into_iter().map(|one| one.join().expect("an answer")).collect()
        });
        assert_eq!(said, [202, 202], "round {round}");
    }
    served.kill();
    let verified = stipple(&["verify", "--data", text(&data)]);
    assert!(
        verified.message.contains("8 photographs") && !verified.message.contains("left over"),
        "{}",
        verified.message
    );
}

#[test]
fn what_was_kept_by_mistake_is_moved_or_removed() {
    let folder = TempDir::new().expect("a folder");
    let photo = std::fs::read(small_scalp(folder.path())).expect("a photograph");
    let data = folder.path().join("data");
    let served = Served::start(&data, None);
    let mut owner = opened(&served);
    let [client, case, visit] = owner.new_visit("Ada Example");
    let (before, _) = owner.upload(&visit, &photo, 1 << 20);
    let asked = json!({"pixel_pitch_um": 100.0});
    let reading = owner.result_of(&format!("/api/photographs/{before}/readings"), &asked);
    let (visits, never) =
        (format!("/api/cases/{case}/visits"), json!({"day": "9999-10-01", "kind": "follow_up"}));
    let refused = owner.ask("POST", &visits, Some(&never));
    assert_eq!(refused.json["error"]["code"], "date_future", "{}", refused.json);
    let later = json!({"day": "2026-10-01", "kind": "follow_up"});
    let later = id(&owner.must("POST", &visits, Some(&later)));
    let (after, _) = owner.upload(&visit, &photo, 1 << 20);
    let [.., elsewhere] = owner.new_visit("Bo Example");

    let at = format!("/api/photographs/{after}");
    let refused = owner.ask("PUT", &at, Some(&json!({"visit": elsewhere})));
    assert_eq!((refused.status, &refused.json["error"]["code"]), (422, &json!("other_client")));
    assert_eq!(owner.must("PUT", &at, Some(&json!({"visit": later})))["visit"], json!(later));
    let held = json!({"reading": reading});
    let job = owner.must("POST", &format!("/api/photographs/{after}/outcomes"), Some(&held));
    let outcome = owner.ended(&job)["result"].as_str().map(str::to_owned);
    owner.must("POST", &format!("{at}/ratings"), Some(&json!({"by": "observer", "noticeability": 3})));

    for full in [format!("/api/visits/{visit}"), format!("/api/cases/{case}")] {
        let refused = owner.ask("DELETE", &full, None);
        assert_eq!(
            (refused.status, &refused.json["error"]["code"]),
            (422, &json!("holds_something")),
            "{full}"
        );
    }
    // What a later photograph was told by this one goes with it; the later photograph stays.
    owner.must("DELETE", &format!("/api/photographs/{before}"), None);
    for gone in [Some(reading), outcome].into_iter().flatten() {
        assert_eq!(owner.ask("GET", &format!("/api/records/{gone}"), None).status, 404);
    }
    assert_eq!(owner.must("GET", &at, None)["records"], json!([]));
    owner.must("DELETE", &at, None);
    assert_eq!(walk(&data.join("blobs")), 0, "sealed files are left");
    for empty in
        [format!("/api/visits/{visit}"), format!("/api/visits/{later}"), format!("/api/cases/{case}")]
    {
        owner.must("DELETE", &empty, None);
    }
    assert_eq!(owner.must("GET", &format!("/api/clients/{client}"), None)["cases"], json!([]));
}

/// Of two corrections of one reading the first stands and the other waits, until a person chooses; who chose meanwhile is told.
fn somebody_else_corrects_too(
    owner: &mut Browser,
    photograph: &str,
    [first, second]: [&str; 2],
    asked: &Value,
) {
    let at = format!("/api/photographs/{photograph}");
    let third = owner.must("POST", &format!("{at}/readings"), Some(asked));
    let third = owner.ended(&third)["result"].as_str().expect("a rival").to_owned();
    let seen = owner.must("GET", &at, None);
    let waiting = |seen: &Value| -> Vec<bool> {
        let lines = seen["records"].as_array().expect("records").iter();
        lines.map(|line| line["waiting"].as_bool().expect("yes or no")).collect()
    };
    assert_eq!((&seen["reading"], waiting(&seen)), (&json!(second), vec![false, false, true]));
    let choose = |owner: &mut Browser, reading: &str, instead_of: &str| {
        let chosen = json!({"reading": reading, "instead_of": instead_of});
        owner.ask("PUT", &format!("{at}/reading"), Some(&chosen))
    };
    let late = choose(owner, &third, first);
    assert_eq!((late.status, &late.json["theirs"]["reading"]), (409, &json!(second)));
    let kept = choose(owner, second, second).json;
    assert_eq!((&kept["reading"], waiting(&kept)), (&json!(second), vec![false; 3]), "none waits any more");
    assert_eq!(choose(owner, &third, second).json["reading"], json!(third));
    assert_eq!(choose(owner, first, &third).json["reading"], json!(first), "a correction is taken back");
    assert_eq!(choose(owner, photograph, first).status, 404);
    assert_eq!(choose(owner, second, first).json["reading"], json!(second));
}

#[test]
fn strangers_files_are_refused_with_words_and_harm_nothing() {
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(folder.path(), None);
    let mut owner = opened(&served);
    let [.., visit] = owner.new_visit("Ada Example");
    let gray = image::DynamicImage::from(image::RgbImage::from_pixel(40, 30, image::Rgb([128, 128, 128])));
    let mut thumbnail = std::io::Cursor::new(Vec::new());
    gray.write_to(&mut thumbnail, image::ImageFormat::Png).expect("a picture");
    let thumbnail = thumbnail.into_inner();
    let strange = [
        ("photo_kind", b"no picture at all".to_vec()),
        ("photo_kind", vec![0xff; 5000]),
        ("photo_damaged", thumbnail[..thumbnail.len() / 2].to_vec()),
        ("photo_too_small", thumbnail),
    ];
    for (code, bytes) in strange {
        let (photograph, job) = owner.upload(&visit, &bytes, 4096);
        assert_eq!((&job["state"], &job["code"]), (&json!("failed"), &json!(code)), "{job}");
        assert!(job["message"].as_str().is_some_and(|words| words.len() > 40), "{job}");
        let seen = owner.must("GET", &format!("/api/photographs/{photograph}"), None);
        assert_eq!((&seen["state"], &seen["look"]["code"]), (&json!("unusable"), &json!(code)));
    }
    assert_eq!(owner.look()["phase"], "signed_in");
}

#[test]
fn only_who_knows_gets_in() {
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(folder.path(), None);
    let mut owner = served.browser();
    owner.first_run("Clinic", "owner");
    let before = owner.cookie.clone();
    let mut stranger = served.browser();
    let wrong = json!({"login": "owner", "password": "not the password"});
    for _ in 0..8 {
        assert_eq!(stranger.ask("POST", "/api/sign-in", Some(&wrong)).status, 401);
    }
    assert_eq!(stranger.ask("POST", "/api/sign-in", Some(&wrong)).status, 429, "slowed down");
    let typed = json!({"login": "owner", "recovery_key": "AAAA-BBBB", "new_password": "another few words"});
    let said = stranger.ask("POST", "/api/recover", Some(&typed));
    assert_eq!(said.status, 401, "the key on paper is counted apart: {}", said.json);
    let (mut page, key) = (owner.clone(), json!({"old": PASSWORD, "new": "another few words"}));
    page.token = "0".repeat(64);
    assert_eq!(page.ask("PUT", "/api/me/password", Some(&key)).status, 403, "without the page's token");
    let origin = [("origin", "https://elsewhere.example"), ("content-type", "application/json")];
    let said = owner.send("PUT", "/api/me/password", &origin, Some(key.to_string().as_bytes()));
    assert_eq!(said.status, 403, "from another page");
    let host = [("host", "elsewhere.example")];
    assert_eq!(owner.send("GET", "/api/state", &host, None).status, 403, "by another name");
    owner.must("PUT", "/api/me/password", Some(&key));
    assert_ne!(owner.cookie, before, "a new id at every sign-in");
    let mut old = owner.clone();
    old.cookie = before;
    assert_eq!(old.ask("GET", "/api/clients", None).status, 401, "the old one is signed out");
}

#[test]
fn the_key_on_paper_opens_a_studio_whose_password_is_lost() {
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(folder.path(), None);
    let mut owner = served.browser();
    let paper = owner.first_run("Clinic", "owner");
    let [client, ..] = owner.new_visit("Ada Example");
    served.kill();
    let served = Served::start(folder.path(), None);
    let mut owner = served.browser();
    let typed = json!({"login": "owner", "recovery_key": paper.to_lowercase(), "new_password": PASSWORD});
    let new = owner.must("POST", "/api/recover", Some(&typed));
    assert_ne!(new["recovery_key"], json!(paper));
    assert_eq!(owner.must("GET", &format!("/api/clients/{client}"), None)["name"], "Ada Example");
    let mut second = served.browser();
    assert_eq!(second.ask("POST", "/api/recover", Some(&typed)).status, 401, "a key opens once");
    // A key that never came to paper: another takes its place, for whoever knows the password.
    let path = "/api/me/recovery-key";
    owner.look();
    assert_eq!(owner.ask("POST", path, Some(&json!({"password": "not it, not it"}))).status, 422);
    let other = owner.must("POST", path, Some(&json!({"password": PASSWORD})));
    let typed = |key: &Value| json!({"login": "owner", "recovery_key": key, "new_password": PASSWORD});
    let old = typed(&new["recovery_key"]);
    assert_eq!(second.ask("POST", "/api/recover", Some(&old)).status, 401, "the one before");
    second.must("POST", "/api/recover", Some(&typed(&other["recovery_key"])));
}

#[test]
fn an_owner_gives_a_new_password_to_whoever_lost_theirs() {
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(folder.path(), None);
    let mut owner = opened(&served);
    let new =
        json!({"name": "Kim", "login": "kim", "password": "the one that is lost", "role": "practitioner"});
    let kim = id(&owner.must("POST", "/api/accounts", Some(&new)));
    let path = format!("/api/accounts/{kim}/password");
    for (bad, code) in
        [("short", "short_password"), ("1234567890", "weak_password"), ("kimkimkimkim", "weak_password")]
    {
        let said = owner.ask("PUT", &path, Some(&json!({"new": bad})));
        assert_eq!((said.status, &said.json["error"]["code"]), (422, &json!(code)), "{bad}");
    }
    owner.must("PUT", &path, Some(&json!({"new": PASSWORD})));
    let mut browser = served.browser();
    browser.sign_in("kim");
    browser.must("GET", "/api/clients", None);
    owner.must("PUT", &path, Some(&json!({"new": "yet another one"})));
    assert_eq!(browser.ask("GET", "/api/clients", None).status, 401, "signed out everywhere");
    let own = format!("/api/accounts/{}/password", id(&owner.look()["account"]));
    assert_eq!(
        owner.ask("PUT", &own, Some(&json!({"new": PASSWORD}))).status,
        422,
        "one's own asks for the old"
    );
}

#[test]
fn the_first_look_says_what_another_photograph_could_mend() {
    let folder = TempDir::new().expect("a folder");
    let good = image::open(small_scalp(folder.path())).expect("a picture").to_rgb8();
    let served = Served::start(&folder.path().join("data"), None);
    let mut owner = opened(&served);
    let [_, _, visit] = owner.new_visit("Ada Example");
    let mut weights = |picture: &image::RgbImage| -> Vec<String> {
        let mut bytes = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut bytes, image::ImageFormat::Png).expect("encoded");
        let (photograph, _) = owner.upload(&visit, &bytes.into_inner(), 1 << 20);
        let seen = owner.must("GET", &format!("/api/photographs/{photograph}"), None);
        let caveats = seen["look"]["caveats"].as_array().expect("caveats").iter();
        let told = caveats.map(|caveat| format!("{}: {}", caveat["code"], caveat["weight"]));
        told.filter(|told| !told.contains("note")).collect()
    };
    let dark = image::RgbImage::from_fn(1000, 800, |x, y| good.get_pixel(x, y).0.map(|c| c / 12).into());
    let bright = image::RgbImage::from_fn(1000, 800, |x, y| {
        good.get_pixel(x, y).0.map(|c| c.saturating_mul(4)).into()
    });
    let small = image::imageops::thumbnail(&good, 190, 152);
    let even = image::RgbImage::from_pixel(1000, 800, image::Rgb([170, 130, 110]));
    let dim = image::RgbImage::from_fn(1000, 800, |x, y| good.get_pixel(x, y).0.map(|c| c / 8).into());
    let told = weights(&dim);
    assert!(told.iter().any(|told| told.contains("photo.exposure") && told.contains("blocks")), "{told:?}");
    for (what, bad) in [("dark", dark), ("bright", bright), ("small", small), ("even", even)] {
        assert!(weights(&bad).iter().any(|told| told.contains("blocks")), "{what}: {:?}", weights(&bad));
    }
    for sigma_px in [3.0, 5.0] {
        let told = weights(&image::imageops::blur(&good, sigma_px));
        assert!(told.iter().any(|told| told.contains("photo.blurred")), "blurred by {sigma_px} px: {told:?}");
    }
    // It has no card: that is doubted, and nothing else.
    let told = weights(&good);
    let is_of_the_card =
        |told: &String| told.contains("scale.estimated") || told.contains("light.no_neutral");
    assert!(told.iter().all(|told| is_of_the_card(told) && told.contains("doubt")), "{told:?}");
}

#[test]
fn a_name_of_what_cannot_be_seen_is_refused() {
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(folder.path(), None);
    let mut owner = opened(&served);
    for name in ["Ada\u{0}Example", "Ada\u{202e}elpmaxE"] {
        assert_eq!(owner.ask("POST", "/api/clients", Some(&json!({"name": name}))).status, 422, "{name:?}");
    }
}

#[test]
fn a_place_where_somebody_listens_already_is_said() {
    let folder = TempDir::new().expect("a folder");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("it has one").to_string();
    let run = crate::stipple::stipple(&[
        "serve",
        "--listen",
        &address,
        "--data",
        crate::stipple::text(folder.path()),
    ]);
    assert!(run.code == 3 && run.message.contains("--listen"), "{} {}", run.code, run.message);
}

#[test]
fn a_plan_leaves_room_for_what_lies_in_the_skin_and_knows_what_was_answered() {
    let folder = TempDir::new().expect("a folder");
    let photo = std::fs::read(small_scalp(folder.path())).expect("a photograph");
    let served = Served::start(&folder.path().join("data"), None);
    let mut owner = opened(&served);
    let [_, case, visit] = owner.new_visit("Ada Example");
    let (photograph, _) = owner.upload(&visit, &photo, 1 << 20);
    let asked = json!({"pixel_pitch_um": 100.0});
    let reading = owner.result_of(&format!("/api/photographs/{photograph}/readings"), &asked);
    let answers = json!({"answers": {"previous_smp": true}});
    owner.must("PUT", &format!("/api/cases/{case}/answers"), Some(&answers));
    let mut others = others_dots(195.0);
    owner.must("POST", &at(&case, "others-dots"), Some(&others));
    let plan = owner.result_of(&format!("/api/readings/{reading}/consultation"), &json!({}));
    let made = owner.must("GET", &format!("/api/records/{plan}"), None)["body"].clone();
    let of = |made: &Value| {
        made["caveats"].as_array().expect("caveats").iter().find(|one| one["code"] == "plan.in_skin").cloned()
    };
    let said = of(&made).expect("told")["message"].to_string();
    assert!(said.contains("holds 195") && said.contains("at most 5 more"), "{said}");
    assert!(
        made["totals"]["dot_density_per_cm2"].as_f64().is_some_and(|density| density <= 5.5),
        "{}",
        made["totals"]
    );
    let judged = owner.ask("GET", &format!("/api/records/{plan}/files/assessment.json"), None).bytes;
    assert!(
        String::from_utf8_lossy(&judged).contains("previous_smp"),
        "what is answered in the case was asked"
    );
    let changed =
        |owner: &mut Browser| owner.must("GET", &at(&case, "book"), None)["changed_since_plan"].clone();
    assert_eq!(changed(&mut owner), json!([]));
    others["per_cm2"] = json!(3.0);
    owner.must("POST", &at(&case, "others-dots"), Some(&others));
    assert_eq!(changed(&mut owner), json!(["in_skin"]));
}

/// Whether a course of fading comes to be on record within a while.
fn is_fading_told(owner: &mut Browser, case: &str) -> bool {
    (0..300).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(100));
        owner.must("GET", &format!("/api/cases/{case}"), None).to_string().contains("\"fading\"")
    })
}

#[test]
fn a_later_photograph_is_held_against_the_one_before() {
    let folder = TempDir::new().expect("a folder");
    let visits = crate::outcome::visits(7_300_011, Change::easy);
    let [before, _] = crate::outcome::pair(&visits, folder.path());
    let served = Served::start(&folder.path().join("data"), None);
    let mut owner = opened(&served);
    let [client, case, visit] = owner.new_visit("Ada Example");
    let read = |path| std::fs::read(path).expect("a photograph");
    let (before, _) = owner.upload(&visit, &read(before), 1 << 20);
    let asked = json!({"pixel_pitch_um": 83.3333});
    let reading = owner.result_of(&format!("/api/photographs/{before}/readings"), &asked);
    let plan = owner.result_of(&format!("/api/readings/{reading}/consultation"), &json!({}));
    let later = json!({"day": "2026-09-01", "kind": "follow_up"});
    let later = id(&owner.must("POST", &format!("/api/cases/{case}/visits"), Some(&later)));
    let spots = crate::outcome::dots_of(&owner.must("GET", &format!("/api/records/{plan}"), None)["body"]);
    let visits = crate::outcome::visits_with(7_300_011, Change::easy, &spots);
    let [_, after] = crate::outcome::pair(&visits, folder.path());
    let (after, _) = owner.upload(&later, &read(after), 1 << 20);

    let fades = format!("/api/plans/{plan}/fading");
    let job = owner.must("POST", &fades, Some(&json!({})));
    assert_eq!(owner.ended(&job)["code"], "no_outcomes");
    let path = format!("/api/photographs/{after}/outcomes");
    let asked =
        json!({"reading": reading, "plan": plan, "pixel_pitch_um": 83.3333, "days_since_last_session": 94});
    let job = owner.must("POST", &path, Some(&asked));
    let job = owner.ended(&job);
    let outcome = job["result"].as_str().unwrap_or_else(|| panic!("{job}")).to_owned();
    let kept = owner.must("GET", &format!("/api/records/{outcome}"), None);
    assert_eq!((&kept["line"]["kind"], &kept["line"]["parent"]), (&json!("outcome"), &json!(reading)));
    assert_eq!(kept["photograph"], json!(after));
    assert_eq!(kept["body"]["comparability"]["healing"], "settled");
    let inputs: Vec<&Value> = kept["body"]["inputs"].as_array().expect("inputs").iter().collect();
    assert!(inputs.iter().any(|input| input["name"] == "plan"), "{inputs:?}");
    for (name, begins) in [("outcome.pdf", "%PDF".as_bytes()), ("outcome.png", b"\x89PNG")] {
        let file = owner.ask("GET", &format!("/api/records/{outcome}/files/{name}"), None);
        assert!(file.bytes.starts_with(begins), "{name}");
    }
    let kept = &kept["body"]["deposits"]["retained_fraction"]["value"];
    assert!(kept.as_f64().is_some_and(|share| share > 0.8), "{kept}");
    assert!(is_fading_told(&mut owner, &case), "by itself, with what was measured");
    let job = owner.must("POST", &fades, Some(&json!({"last_session": "2026-05-30"})));
    let job = owner.ended(&job);
    let fading = job["result"].as_str().unwrap_or_else(|| panic!("{job}")).to_owned();
    let course = owner.must("GET", &format!("/api/records/{fading}"), None);
    assert_eq!((&course["line"]["kind"], &course["line"]["parent"]), (&json!("fading"), &json!(plan)));
    assert_eq!(course["body"]["visits"].as_array().map(Vec::len), Some(1), "{course}");
    let figure = owner.ask("GET", &format!("/api/records/{fading}/files/fading.png"), None);
    assert!(figure.bytes.starts_with(b"\x89PNG"));
    assert_eq!(
        owner.ask("POST", &fades, Some(&json!({"last_session": "soon"}))).json["error"]["code"],
        "bad_day"
    );
    what_cannot_be_compared_is_refused(&served, &mut owner, [&before, &after, &reading, &plan]);
    owner.must("DELETE", &format!("/api/photographs/{after}"), None);
    for gone in [&outcome, &fading] {
        let said = owner.ask("GET", &format!("/api/records/{gone}"), None);
        assert_eq!(said.status, 404, "what rests on a removed photograph goes with it");
    }
    owner.must("GET", &format!("/api/records/{plan}"), None);
    owner.must("DELETE", &format!("/api/clients/{client}"), None);
    assert_eq!(owner.ask("GET", &format!("/api/records/{plan}/files/report.pdf"), None).status, 404);
}

/// Before, after, reading and plan named where they do not fit, and by strangers.
fn what_cannot_be_compared_is_refused(
    served: &Served,
    owner: &mut Browser,
    [before, after, reading, plan]: [&str; 4],
) {
    // A reading of the same photograph, a reading that is none, and a plan that is none.
    for (at, asked, status) in [
        (before, json!({"reading": reading}), 422),
        (after, json!({"reading": plan}), 404),
        (after, json!({"reading": reading, "plan": reading}), 404),
    ] {
        let said = owner.ask("POST", &format!("/api/photographs/{at}/outcomes"), Some(&asked));
        assert_eq!(said.status, status, "{}", said.json);
    }
    // Of another clinic nothing can be held against.
    let mut stranger = served.browser();
    stranger.first_run("Second clinic", "stranger");
    let [_, _, visit] = stranger.new_visit("Somebody Else");
    let (own, _) = stranger.upload(&visit, b"not a picture", 1 << 20);
    let said =
        stranger.ask("POST", &format!("/api/photographs/{own}/outcomes"), Some(&json!({"reading": reading})));
    assert_eq!(said.status, 404);
}
