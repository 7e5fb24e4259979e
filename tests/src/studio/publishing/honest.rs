//! What somebody could try so that a case looks better than the record says.

use super::*;

#[test]
fn a_file_passes_for_one_person_and_one_day_alone() {
    let mut studio = Studio::ready();
    assert_eq!(studio.drafted()["refusals"], json!([]));
    let file = studio.file.clone();
    let earlier = json!({"day": day(-55), "kind": "follow_up"});
    let earlier = id(&studio.owner.must("POST", &at(&studio.case, "visits"), Some(&earlier)));
    let (again, _) = studio.owner.upload(&earlier, &file, 1 << 20);
    let refusals = studio.drafted()["refusals"].to_string();
    assert!(refusals.contains("at a visit of another day"), "{refusals}");
    studio.owner.must("DELETE", &format!("/api/photographs/{again}"), None);
    let draft = studio.drafted();
    assert_eq!(draft["refusals"], json!([]), "it was put there by mistake");
    assert_eq!(studio.publish(&draft)["state"], "done");
    let counts = |studio: &Studio, followed: u32| {
        studio.told_until(|portfolio| {
            let of = &portfolio["denominator"];
            // A measured photograph that is kept once more counts for nobody, which is told for good.
            of["followed"] == followed && of["removed"] == 1
        })
    };
    assert!(counts(&studio, 1));

    let [_, _, visit] = studio.owner.new_visit("Bo Example");
    let (others, _) = studio.owner.upload(&visit, &file, 1 << 20);
    let refusals = studio.drafted()["refusals"].to_string();
    assert!(refusals.contains("for another client"), "{refusals}");
    assert!(counts(&studio, 0), "what could not be published is not counted either");
    studio.owner.must("DELETE", &format!("/api/photographs/{others}"), None);
    assert!(counts(&studio, 1));
    assert_eq!(studio.drafted()["refusals"], json!([]));
    // One photograph may show two scars of one person.
    let cases = format!("/api/clients/{}/cases", studio.client);
    let other = id(&studio.owner.must("POST", &cases, Some(&json!({"title": "Another scar"}))));
    let same_day = json!({"day": today(), "kind": "follow_up"});
    let visit = id(&studio.owner.must("POST", &at(&other, "visits"), Some(&same_day)));
    studio.owner.upload(&visit, &file, 1 << 20);
    assert_eq!(studio.drafted()["refusals"], json!([]));
}

#[test]
fn a_photograph_that_was_stored_anew_does_not_pass_for_one_of_another_day() {
    let mut studio = Studio::ready();
    let picture = image::load_from_memory(&studio.file).expect("a picture");
    let mut copy = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut copy, 80);
    picture.adjust_contrast(-20.0).write_with_encoder(encoder).expect("stored");
    let earlier = json!({"day": day(-118), "kind": "follow_up"});
    let earlier = id(&studio.owner.must("POST", &at(&studio.case, "visits"), Some(&earlier)));
    studio.owner.upload(&earlier, &copy, 1 << 20);
    let refusals = studio.drafted()["refusals"].to_string();
    assert!(refusals.contains("of the same exposure"), "two days after the session: {refusals}");
}

#[test]
fn a_day_that_was_put_right_is_told_to_strangers() {
    let mut studio = Studio::ready();
    let book = studio.owner.must("GET", &at(&studio.case, "book"), None);
    let mut session = session_on(&day(20 - HEALED_DAYS), "A7", 80);
    session["corrects"] = book["sessions"][0]["id"].clone();
    studio.owner.must("POST", &at(&studio.case, "sessions"), Some(&session));
    studio.measure(HEALED_DAYS - 20);
    let draft = studio.drafted();
    assert_eq!(studio.publish(&draft)["state"], "done", "{draft}");
    let doubts = |portfolio: &Value| portfolio["cases"][0]["doubts"].to_string();
    assert!(studio.told_until(|portfolio| doubts(portfolio).contains("sessions_changed")));
    let public_id = told_to_owner(&mut studio)["public_id"].as_str().expect("a name").to_owned();
    let page = studio.words_at(&format!("case-{public_id}.html"));
    for said in ["The day of a session was changed", "A person typed how large", "No card with known grays"] {
        assert!(page.contains(said), "{said}: {page}");
    }
}

#[test]
fn a_file_that_came_before_the_day_of_its_visit_is_of_another_day() {
    let mut studio = Studio::ready();
    let [reading, _] = &studio.pair;
    let read = studio.owner.must("GET", &format!("/api/records/{reading}"), None);
    let before = read["photograph"].as_str().expect("a photograph").to_owned();
    // Four months after it came, in a visit of yesterday.
    let yesterday = json!({"day": day(-1), "kind": "follow_up"});
    let yesterday = id(&studio.owner.must("POST", &at(&studio.case, "visits"), Some(&yesterday)));
    let moved = json!({"visit": yesterday});
    studio.owner.must("PUT", &format!("/api/photographs/{before}"), Some(&moved));
    let refusals = studio.drafted()["refusals"].to_string();
    assert!(refusals.contains("was there before the day of its visit"), "{refusals}");
}

/// What the owner is told of the one case that is shown.
fn told_to_owner(studio: &mut Studio) -> Value {
    studio.owner.must("GET", "/api/publishing", None)["shown"][0].clone()
}

/// What the pages say.
fn text_of(studio: &Studio, name: &str) -> String {
    let bytes = studio.anybody().ask("GET", &format!("{}{name}", studio.home), None).bytes;
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn a_later_measurement_is_told_and_one_that_was_removed_still_counts() {
    let mut studio = Studio::ready();
    let draft = studio.drafted();
    assert_eq!(studio.publish(&draft)["state"], "done");
    let page = format!("case-{}.html", told_to_owner(&mut studio)["public_id"].as_str().expect("a name"));
    assert!(!text_of(&studio, &page).contains("later measurement"));
    // The same pixels in another file, as a photograph that was taken a moment later.
    let file = [studio.file.clone(), vec![0]].concat();
    let visit = json!({"day": today(), "kind": "follow_up"});
    let visit = id(&studio.owner.must("POST", &at(&studio.case, "visits"), Some(&visit)));
    let (second, _) = studio.owner.upload(&visit, &file, 1 << 20);
    let first = std::mem::replace(&mut studio.pair[1], second.clone());
    studio.measure(HEALED_DAYS);
    let later = |portfolio: &Value| portfolio["cases"][0]["later"]["days_since_last_session"] == HEALED_DAYS;
    assert!(studio.told_until(later), "the pages tell of it");
    assert!(text_of(&studio, &page).contains("There is a later measurement of this case, 120 days after"));

    studio.owner.must("DELETE", &format!("/api/photographs/{second}"), None);
    let counts = |followed: u32, removed: u32| {
        move |portfolio: &Value| {
            let of = &portfolio["denominator"];
            of["treated"] == 1 && of["followed"] == followed && of["removed"] == removed
        }
    };
    assert!(studio.told_until(counts(1, 1)), "the first one stays, and that there was a later one");
    studio.owner.must("DELETE", &format!("/api/photographs/{first}"), None);
    assert!(studio.told_until(counts(0, 1)), "one case, whatever was taken out");
    assert_eq!(studio.stranger(&page), 404);
    assert_eq!(told_to_owner(&mut studio)["not_shown"], json!([]), "what it rests on is gone");
    let index = text_of(&studio, "index.html");
    assert!(
        index.contains("In 1 of the treated cases the last measurement")
            && !index.contains("nobody measured"),
        "{index}"
    );
    succeed(&["audit", "verify", "--data", text(&studio.data())]);
}

#[test]
fn what_is_measured_again_is_told() {
    let mut studio = Studio::ready();
    let draft = studio.drafted();
    assert_eq!(studio.publish(&draft)["state"], "done");
    let removed = |studio: &mut Studio, removed: u32| {
        studio.owner.must("PUT", "/api/publishing", Some(&showcase()));
        studio.told_until(|portfolio| {
            portfolio["denominator"]["followed"] == 1 && portfolio["denominator"]["removed"] == removed
        })
    };
    studio.measure(HEALED_DAYS);
    assert!(removed(&mut studio, 0), "the same once more");
    measure_otherwise(&mut studio);
    assert!(removed(&mut studio, 1), "another result of one photograph");
}

/// Measures the photograph after at another scale, so that it has another result.
fn measure_otherwise(studio: &mut Studio) {
    let [reading, after] = studio.pair.clone();
    let asked = json!({"reading": reading, "pixel_pitch_um": 86.0, "days_since_last_session": HEALED_DAYS});
    let job = studio.owner.must("POST", &format!("/api/photographs/{after}/outcomes"), Some(&asked));
    assert_eq!(studio.owner.ended(&job)["state"], "done");
}

#[test]
fn two_results_of_two_photographs_of_one_day_are_told() {
    let mut studio = Studio::ready();
    let draft = studio.drafted();
    assert_eq!(studio.publish(&draft)["state"], "done");
    // The same pixels in another file, as a photograph of the same visit.
    let file = [studio.file.clone(), vec![0]].concat();
    let visit = json!({"day": today(), "kind": "follow_up"});
    let visit = id(&studio.owner.must("POST", &at(&studio.case, "visits"), Some(&visit)));
    studio.pair[1] = studio.owner.upload(&visit, &file, 1 << 20).0;
    measure_otherwise(&mut studio);
    let told = studio.told_until(|portfolio| {
        portfolio["denominator"]["followed"] == 1 && portfolio["denominator"]["removed"] == 1
    });
    assert!(told, "of two of one day, which one counts would be the clinic's choice");
    assert!(text_of(&studio, "index.html").contains("another one of the same day had another result"));
}

#[test]
fn whoever_is_not_shown_counts_without_anything_that_the_clinic_saves() {
    let mut studio = Studio::ready();
    let draft = studio.drafted();
    assert_eq!(studio.publish(&draft)["state"], "done");
    let treated = |count: u32| move |portfolio: &Value| portfolio["denominator"]["treated"] == count;
    assert!(studio.told_until(treated(1)));
    let [client, case, _] = studio.owner.new_visit("Bo Example");
    grown_up(&mut studio.owner, &client);
    studio.owner.must("POST", &at(&case, "consents"), Some(&signed("treatment")));
    let begun = Instant::now();
    studio.owner.must("POST", &at(&case, "sessions"), Some(&session_on(&today(), "A7", 80)));
    assert!(studio.told_until(treated(2)), "nothing of them is shown");
    println!("on the pages after {:?}", begun.elapsed());
    // A stop before the pages were made: what the chain tells since then is not lost.
    let made = folder_in(&studio.data().join("public")).with_extension("made");
    let lost = "9999999999999 1";
    std::fs::write(&made, lost).expect("written");
    let begun = Instant::now();
    while std::fs::read_to_string(&made).is_ok_and(|text| text == lost) {
        assert!(begun.elapsed() < Duration::from_secs(30), "nobody made them");
        std::thread::sleep(Duration::from_millis(50));
    }
    let kept = std::fs::read_to_string(&made).expect("kept");
    studio.owner.must("POST", &at(&case, "links"), Some(&json!({"kind": "intake", "days": 1})));
    std::thread::sleep(Duration::from_secs(5));
    assert_eq!(std::fs::read_to_string(&made).expect("kept"), kept, "what is on no page makes none");
}

#[test]
fn the_color_of_hair_is_what_was_answered() {
    let mut studio = Studio::ready();
    let draft = studio.drafted();
    assert_eq!(studio.publish(&draft)["state"], "done");
    let page = format!("case-{}.html", told_to_owner(&mut studio)["public_id"].as_str().expect("a name"));
    let hair = |word: &'static str| move |portfolio: &Value| portfolio["cases"][0]["hair"] == word;
    assert!(studio.told_until(hair("not_told")), "stubble mixes with skin: its color is not read");
    assert!(text_of(&studio, &page).contains("hair\u{a0}color\u{a0}not\u{a0}told"));
    let answers = json!({"answers": {"hair_color": "black", "hopes": "No more caps."}});
    studio.owner.must("PUT", &at(&studio.case, "answers"), Some(&answers));
    assert!(studio.told_until(hair("black")));
    let told = text_of(&studio, &page);
    assert!(told.contains("black\u{a0}hair") && !told.contains("not\u{a0}told"), "{told}");
    assert!(!told.contains("No more caps") && !text_of(&studio, "portfolio.json").contains("No more caps"));
    let back = json!({"answers": {"hair_color": null}});
    studio.owner.must("PUT", &at(&studio.case, "answers"), Some(&back));
    assert!(studio.told_until(hair("not_told")), "as answered today");
}

#[test]
fn a_record_that_is_put_right_takes_down_what_it_does_not_carry() {
    let mut studio = Studio::ready();
    let draft = studio.drafted();
    assert_eq!(studio.publish(&draft)["state"], "done");
    let told = told_to_owner(&mut studio);
    assert_eq!(told["not_shown"], Value::Null);
    let page = format!("case-{}.html", told["public_id"].as_str().expect("a name"));
    assert_eq!(studio.stranger(&page), 200);
    let book = studio.owner.must("GET", &at(&studio.case, "book"), None);
    let put_right = |studio: &mut Studio, session: &str, days: i64| {
        let mut right = session_on(&day(days), "A7", 80);
        right["corrects"] = json!(session);
        id(&studio.owner.must("POST", &at(&studio.case, "sessions"), Some(&right)))
    };
    assert_eq!(studio.owner.ask("GET", "/api/portfolio.zip", None).status, 200);
    let session = put_right(&mut studio, &id(&book["sessions"][0]), -60);
    let published = |count: u32| {
        move |portfolio: &Value| {
            let of = &portfolio["denominator"];
            of["published"] == count && of["followed"] == 1
        }
    };
    assert!(studio.told_until(published(0)), "the picture says 120 days");
    assert_eq!((studio.stranger(&page), studio.stranger("index.html")), (404, 200));
    let told = told_to_owner(&mut studio);
    assert!(told["not_shown"].to_string().contains("not those of the record"), "{told}");
    assert_eq!(told["to_pull"].as_array().map(Vec::len), Some(1), "a ZIP holds it still: {told}");
    put_right(&mut studio, &session, -HEALED_DAYS);
    assert!(studio.told_until(published(1)), "as it was");
    assert_eq!(told_to_owner(&mut studio)["not_shown"], Value::Null);
}

#[test]
fn test_dots_are_no_treatment() {
    let mut studio = Studio::ready();
    let mut dots = session_on(&day(-10), "A7", 20);
    dots["is_test"] = json!(true);
    studio.owner.must("POST", &at(&studio.case, "sessions"), Some(&dots));
    let [client, tested, _] = studio.owner.new_visit("Bo Example");
    grown_up(&mut studio.owner, &client);
    studio.owner.must("POST", &at(&tested, "consents"), Some(&signed("treatment")));
    dots["day"] = json!(today());
    studio.owner.must("POST", &at(&tested, "sessions"), Some(&dots));
    let review = json!({"kind": "review", "days": 30, "offered": ""});
    assert_eq!(refused(&studio.owner.ask("POST", &at(&tested, "links"), Some(&review))), "no_sessions");
    let draft = studio.drafted();
    assert_eq!(draft["refusals"], json!([]), "120 days after the session");
    assert_eq!(studio.publish(&draft)["state"], "done");
    let counts = |portfolio: &Value| {
        portfolio["denominator"]["treated"] == 1 && portfolio["cases"][0]["sessions"] == 1
    };
    assert!(studio.told_until(counts), "one client, one session");
    // Who is erased counts for no more than they did.
    studio.owner.must("DELETE", &format!("/api/clients/{client}"), None);
    let erased = |portfolio: &Value| {
        portfolio["denominator"]["treated"] == 1 && portfolio["denominator"]["erased"] == 0
    };
    assert!(studio.told_until(erased));
}

#[test]
fn a_picture_that_hides_the_scar_is_not_signed() {
    let mut studio = Studio::ready();
    let mut draft = studio.drafted();
    let [width, height] = ["width_px", "height_px"].map(|side| draft[side].as_u64().expect("pixels"));
    draft["hidden"] = json!([[0, 0, width, height]]);
    let ended = studio.publish(&draft);
    assert_eq!((ended["state"].as_str(), ended["code"].as_str()), (Some("failed"), Some("scar_hidden")));
    assert!(studio.home.is_empty(), "there are no pages");
}
