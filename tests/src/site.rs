//! A portfolio's pages: small, whole, escaped, and nothing in them that is not in the portfolio.

mod rules;
mod synthetic;

use std::path::Path;
use std::time::Instant;

use serde_json::json;
use stipple_model::{
    Bundle, Denominator, HairClass, Language, Later, Listed, Measures, Portfolio, PublishedCase, Removal,
    Removed, Review, Unpublished,
};
use stipple_pipeline::publishing::seal;
use stipple_quantity::Estimate;
use stipple_record::format::{bundle_to_json, portfolio_from_json, portfolio_to_json, signature_to_json};
use stipple_record::site::{DRAWN, drawn, site};
use stipple_record::store::sha256_hex;
use tempfile::TempDir;

use crate::publish::{published, signed_with, signer};
use crate::stipple::{root, stipple, text};
use synthetic::portfolio;

const PAGE_BYTES_MAX: usize = 300_000;
/// What a clinic's key is known by.
const KEY: &str = "0a1b 2c3d 4e5f 6071 8293 a4b5 c6d7 e8f9";

fn pages(portfolio: &Portfolio) -> Vec<(String, String)> {
    let all = site(portfolio, KEY, None).into_iter();
    all.map(|(name, bytes)| (name, String::from_utf8(bytes).expect("text"))).collect()
}

fn page(portfolio: &Portfolio, name: &str) -> String {
    pages(portfolio).into_iter().find(|(found, _)| found == name).expect("the page is there").1
}

#[test]
fn two_hundred_cases_are_pages_of_a_moment_and_small() {
    for language in Language::ALL {
        let portfolio = portfolio(1, 200, language);
        assert_eq!(portfolio.unfit(), None);
        let started = Instant::now();
        let files = site(&portfolio, KEY, None);
        println!("{} files in {:.2} s", files.len(), started.elapsed().as_secs_f64());
        assert!(started.elapsed().as_secs() < 60);
        assert!(files == site(&portfolio, KEY, None), "the same portfolio gives the same bytes");
        for (name, bytes) in &files {
            if name.ends_with(".html") {
                assert!(bytes.len() < PAGE_BYTES_MAX, "{name}: {} bytes", bytes.len());
            }
        }
        let largest = files.iter().map(|(name, bytes)| (bytes.len(), name)).max();
        println!("largest: {largest:?}");
    }
}

#[test]
fn links_lead_to_what_is_there_and_nothing_is_fetched_from_elsewhere() {
    let portfolio = portfolio(2, 60, Language::English);
    let files = pages(&portfolio);
    let pictures: Vec<String> = portfolio.cases.iter().map(|case| case.picture_name()).collect();
    let exists = |target: &str| {
        let name = target.split('#').next().unwrap_or_default();
        let sealed = ["files.json", "signature.json", "authority.pem"];
        files.iter().any(|(found, _)| found == name)
            || pictures.iter().any(|one| one == name)
            || sealed.contains(&name)
    };
    for (name, html) in files.iter().filter(|(name, _)| name.ends_with(".html")) {
        for attribute in [" href=\"", " src=\""] {
            for target in html.split(attribute).skip(1).filter_map(|rest| rest.split('"').next()) {
                let is_ours = target.starts_with("https://clinic.example/portfolio/");
                assert!(is_ours || target.starts_with('#') || exists(target), "{name} → {target}");
            }
        }
        assert!(!html.contains(" style=\"") && !html.contains(" onclick"), "{name}");
        assert!(name == "compare.html" || !html.contains("<script src"), "{name} needs a script");
    }
}

#[test]
fn what_strangers_wrote_stays_text() {
    const HOSTILE: &str = "<script>alert(1)</script>\"'&</title></script><!-- \u{202e}txet";
    let mut portfolio = portfolio(3, 6, Language::English);
    portfolio.clinic = HOSTILE.to_owned();
    portfolio.reviews_policy = Some(HOSTILE.to_owned());
    for credential in &mut portfolio.credentials {
        credential.what = HOSTILE.to_owned();
        credential.issued_by = format!("{HOSTILE} {{clinic}}");
        credential.number = Some(HOSTILE.to_owned());
    }
    for review in &mut portfolio.reviews {
        *review = Review {
            text: HOSTILE.to_owned(),
            offered: Some(HOSTILE.to_owned()),
            incentive: Some(HOSTILE.to_owned()),
            answer: Some(HOSTILE.to_owned()),
            ..review.clone()
        };
    }
    for (name, html) in pages(&portfolio).iter().filter(|(name, _)| name.ends_with(".html")) {
        assert!(!html.contains("<script>") && !html.contains("alert(1)</script>"), "{name}");
        assert!(!html.contains("\"'&<") && !html.contains("<!--"), "{name}");
        // One script element where there is linked data, one on the comparison.
        assert_eq!(html.matches("</script>").count(), html.matches("<script ").count(), "{name}");
    }
    let back = portfolio_from_json(portfolio_to_json(&portfolio)).expect("words may be anything");
    assert_eq!(back.clinic, HOSTILE);
}

#[test]
fn what_was_given_for_a_review_is_told_as_both_say_it() {
    for (language, clinic, writer) in [
        (Language::English, "The clinic says it gave: ", "The writer says they got: "),
        (Language::German, "Die Praxis sagt, sie gab dafür: ", "Wer das schrieb, sagt, dafür gab es: "),
    ] {
        let mut portfolio = portfolio(3, 6, language);
        let says = |portfolio: &Portfolio, who: &str, what: &str| {
            page(portfolio, "reviews.html").contains(&format!("{who}{what}"))
        };
        assert!(says(&portfolio, clinic, "a coffee"), "what the clinic says");
        assert!(says(&portfolio, writer, "10 % off the next touch-up"), "and what the writer says");
        portfolio.reviews.iter_mut().for_each(|review| review.incentive = None);
        assert!(says(&portfolio, clinic, "a coffee") && !says(&portfolio, writer, ""), "one alone");
    }
}

#[test]
fn nothing_comes_out_of_a_withdrawn_case_but_the_count() {
    let mut portfolio = portfolio(4, 12, Language::English);
    let gone = portfolio.cases.remove(3);
    portfolio.consented.remove(&gone.id);
    let Denominator { consented, published, withdrawn, .. } = portfolio.denominator;
    portfolio.denominator = Denominator {
        consented: consented - 1,
        published: published - 1,
        withdrawn: withdrawn + 1,
        ..portfolio.denominator
    };
    assert_eq!(portfolio.unfit(), None);
    for (name, text) in pages(&portfolio) {
        assert!(!name.contains(&gone.id.to_string()) && !text.contains(&gone.id.to_string()), "{name}");
    }
    let index = page(&portfolio, "index.html");
    assert!(index.contains("<b>3</b> took their agreement back"));
    assert!(index.contains("not in the charts"));
    portfolio.denominator.taken_down = portfolio.denominator.consented - portfolio.denominator.published;
    assert_eq!(portfolio.unfit(), None);
    portfolio.denominator.taken_down += 1;
    assert!(portfolio.unfit().is_some(), "whoever was taken down had agreed, and is not shown");
}

#[test]
fn the_last_measurement_counts_and_its_page_says_so() {
    let mut portfolio = portfolio(8, 12, Language::English);
    let mut measures = portfolio.cases[0].measures;
    measures.visible_distance_m.after = Some(Estimate::new(77.0, 1.0));
    portfolio.cases[0].later = Some(Later { days_since_last_session: 613, measures });
    assert!(portfolio.followed().any(|(told, is_shown)| is_shown && *told == measures));
    let told = page(&portfolio, &format!("case-{}.html", portfolio.cases[0].id));
    assert!(told.contains("a later measurement of this case, 613 days after"), "{told}");
    let other = page(&portfolio, &format!("case-{}.html", portfolio.cases[1].id));
    assert!(!other.contains("later measurement"));
    let back = portfolio_from_json(portfolio_to_json(&portfolio)).expect("a portfolio");
    assert_eq!(back.cases[0].later.map(|later| later.days_since_last_session), Some(613));
    assert_eq!(back.denominator.removed, 1);
    let index = page(&portfolio, "index.html");
    assert!(index.contains("In 1 of the treated cases the last measurement"), "{index}");
    assert!(!index.contains("nobody measured"));
    portfolio.denominator.removed = portfolio.denominator.treated + 1;
    assert!(portfolio.unfit().is_some(), "more than were treated");
}

#[test]
fn the_draw_is_repeated_by_anybody() {
    let portfolio = portfolio(5, 40, Language::English);
    let ours: Vec<String> = drawn(&portfolio).iter().map(ToString::to_string).collect();
    assert_eq!(ours.len(), DRAWN);
    let folder = TempDir::new().expect("a temporary folder");
    std::fs::write(folder.path().join("portfolio.json"), portfolio_to_json(&portfolio)).expect("written");
    let html = page(&portfolio, "sample.html");
    let command =
        html.split("<code>jq").nth(1).and_then(|rest| rest.split("</code>").next()).expect("a command");
    let plain =
        command.replace("&quot;", "\"").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">");
    let run =
        std::process::Command::new("sh").current_dir(&folder).arg("-c").arg(format!("jq{plain}")).output();
    let output = run.expect("a shell");
    if !output.status.success() || output.stdout.is_empty() {
        println!("jq is not installed: {}", String::from_utf8_lossy(&output.stderr));
        return;
    }
    let theirs: Vec<String> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| line.split_whitespace().nth(1).map(str::to_owned))
        .collect();
    assert_eq!(theirs, ours);
}

#[test]
fn few_cases_are_counted_and_not_told() {
    let whole = portfolio(6, 12, Language::English);
    let told = whole.unpublished.told().to_vec();
    assert_eq!((told.len(), whole.unpublished.counted()), (5, 1));
    let few = Portfolio { unpublished: Unpublished::of(&told[..4]), ..whole.clone() };
    let json = portfolio_to_json(&few);
    assert!(json.contains("\"counted\": 4") && json.contains("\"told\": []"), "{json}");
    assert!(page(&whole, "index.html").contains("only counted: 1."));
    // Held against nothing but themselves, the ones that are shown prove nothing.
    assert!(page(&whole, "index.html").contains("After, half of the"));
    assert!(!page(&few, "index.html").contains("After, half of the"));
    let pointed = portfolio_to_json(&whole).replacen("\"counted\": 1", "\"counted\": 7", 1);
    assert!(portfolio_from_json(pointed).expect_err("refused").to_string().contains("groups of 5"));
}

#[test]
fn one_is_said_as_one() {
    for (language, one, erased) in [
        (Language::English, "; the one shown here only from nearer than", ["1 was erased", "4 were erased"]),
        (
            Language::German,
            "; der eine hier gezeigte nur aus",
            ["hat die Praxis seither 1 gelöscht", "hat die Praxis seither 4 gelöscht"],
        ),
    ] {
        let whole = portfolio(14, 12, language);
        let only = |told: &[Measures]| {
            let mut one = whole.clone();
            one.cases.truncate(1);
            one.consented = [one.cases[0].id.clone()].into();
            one.unpublished = Unpublished::of(told);
            (one.denominator.consented, one.denominator.published) = (1, 1);
            one.denominator.followed = 1 + told.len();
            assert_eq!(one.unfit(), None);
            one
        };
        let told = only(whole.unpublished.told());
        let index = page(&told, "index.html");
        assert!(index.contains(one) && index.contains(erased[0]), "{index}");
        let mut more = whole.clone();
        more.denominator.erased = 4;
        let many = page(&more, "index.html");
        assert!(!many.contains(one) && many.contains(erased[1]), "{many}");
        let alone = page(&only(&[]), "index.html");
        assert!(!alone.contains("half of the 1") && !alone.contains("Hälfte der 1"), "a half of one is none");
    }
}

#[test]
fn the_charts_hold_every_followed_case_and_mark_those_shown() {
    let portfolio = portfolio(13, 60, Language::English);
    let index = page(&portfolio, "index.html");
    let table =
        index.split("<tbody>").nth(1).and_then(|rest| rest.split("</tbody>").next()).expect("a table");
    let cells = table.split("<td>").skip(1).filter_map(|rest| rest.split('<').next()?.parse::<usize>().ok());
    let cells: Vec<usize> = cells.collect();
    let sum = |first: usize| cells.iter().skip(first).step_by(2).sum::<usize>();
    assert_eq!((sum(0), sum(1)), (60, portfolio.unpublished.told().len()));
}

#[test]
fn stars_never_come_without_count_and_time_and_never_of_few_or_of_insiders() {
    let portfolio = portfolio(7, 6, Language::English);
    let reviews = page(&portfolio, "reviews.html");
    assert!(reviews.contains("<b>4.0 of 5 stars</b> · 6 reviews, June 2025 to September 2026"), "{reviews}");
    assert!(reviews.contains("not in the mean: 1."));
    for said in [
        "The writer says they got: 10 % off",
        "Works at the clinic",
        "The clinic answers",
        "1: the clinic says that it named somebody",
    ] {
        assert!(reviews.contains(said), "{said}");
    }
    let index = page(&portfolio, "index.html");
    assert!(index.contains("\"ratingCount\":5"));
    assert!(index.contains("as the clinic or the writer says: 1 of 5."), "beside the mean");
    let few = Portfolio { reviews: portfolio.reviews[1..].to_vec(), ..portfolio.clone() };
    assert!(!page(&few, "index.html").contains("aggregateRating"));
    let html = page(&few, "reviews.html");
    assert!(html.contains("Too few for a mean") && !html.contains("<b>3.8"), "{html}");
    let none = Portfolio { reviews: Vec::new(), ..portfolio };
    assert!(page(&none, "reviews.html").contains("There are no reviews."));
}

#[test]
fn a_mean_tells_how_many_reviews_are_gone_whatever_the_reason() {
    for (language, mean, taken_down, reason) in [
        (
            Language::English,
            "<b>4.0 of 5 stars</b> · 6 reviews, June 2025 to September 2026. ",
            "Taken down or erased, and not counted here: ",
            "1: the clinic says that it threatened",
        ),
        (
            Language::German,
            "<b>4,0 von 5 Sternen</b> · 6 Bewertungen, Juni 2025 bis September 2026. ",
            "Entfernt oder gelöscht und hier nicht mitgezählt: ",
            "1: nach den Worten der Praxis drohte",
        ),
    ] {
        let mut portfolio = portfolio(7, 6, language);
        let removed = |reason, count| Removed { reason, count };
        portfolio.removed_reviews = vec![
            removed(Removal::ByWriter, 4),
            removed(Removal::Ordered, 2),
            removed(Removal::Unlawful, 1),
            removed(Removal::Erased, 5),
        ];
        let reviews = page(&portfolio, "reviews.html");
        assert!(reviews.contains(&format!("{mean}{taken_down}12.")) && reviews.contains(reason), "{reviews}");
        assert!(page(&portfolio, "index.html").contains(&format!("\"description\":\"{taken_down}12.")));
        let few = Portfolio { reviews: portfolio.reviews[1..].to_vec(), ..portfolio.clone() };
        assert!(page(&few, "reviews.html").contains(&format!("{taken_down}12.")), "they may be why");
        let none = Portfolio { removed_reviews: Vec::new(), ..portfolio };
        assert!(page(&none, "reviews.html").contains(&format!("{mean}{taken_down}0.")));
    }
}

#[test]
fn hair_of_which_nobody_told_is_a_class_of_its_own() {
    for (language, told, class) in [
        (Language::English, "hair\u{a0}color\u{a0}not\u{a0}told", "hair color not told"),
        (Language::German, "Haarfarbe\u{a0}nicht\u{a0}genannt", "Haarfarbe nicht genannt"),
    ] {
        let mut portfolio = portfolio(15, 6, language);
        portfolio.cases[0].hair = HairClass::NotTold;
        let case = page(&portfolio, &format!("case-{}.html", portfolio.cases[0].id));
        assert!(case.contains(told) && case.contains(class), "{case}");
        let compare = page(&portfolio, "compare.html");
        assert!(compare.contains(&format!("<option value=\"not_told\">{class}</option>")), "{compare}");
        let json = portfolio_to_json(&portfolio);
        assert_eq!(portfolio_from_json(&json).expect("ours").cases[0].hair, HairClass::NotTold);
        let script = page(&portfolio, "compare.js");
        assert!(HairClass::ALL.iter().all(|class| script.contains(&format!("'{}'", class.name()))));
    }
}

#[test]
fn a_strangers_portfolio_comes_back_or_is_refused() {
    let portfolio = portfolio(8, 30, Language::German);
    let json = portfolio_to_json(&portfolio);
    let back = portfolio_from_json(&json).expect("ours");
    assert_eq!(portfolio_to_json(&back), json);
    let schema = std::fs::read_to_string(root().join("schemas/portfolio.schema.json")).expect("there");
    let parsed = |text: &str| serde_json::from_str(text).expect("JSON");
    jsonschema::validate(&parsed(&schema), &parsed(&json)).expect("it fits its schema");
    let id = portfolio.cases[0].id.to_string();
    let wrong = [
        (id.as_str(), "../../etc/passwd"),
        ("\"stars\": 5", "\"stars\": 6"),
        ("\"written\": \"2025-06\"", "\"written\": \"2025-01\""),
        ("\"country\": \"DE\"", "\"country\": \"Germany\""),
        ("https://clinic.example/portfolio/", "javascript:alert(1)//"),
        ("\"published\": 30", "\"published\": 31"),
        ("\"verdict\": \"comparable\"", "\"verdict\": \"not_comparable\""),
        ("\"as_of\": \"2026-11-29\"", "\"as_of\": \"soon\""),
        ("\"format\": \"stipple/portfolio/1\"", "\"format\": \"stipple/portfolio/2\""),
    ];
    for (found, put) in wrong {
        let other = json.replacen(found, put, 1);
        assert_ne!(other, json, "{found}");
        assert!(portfolio_from_json(&other).is_err(), "{put}");
    }
    let large = format!("{json}{}", " ".repeat(10 * 1024 * 1024));
    assert!(portfolio_from_json(large).expect_err("too large").to_string().contains("at most 10 MB"));
}

#[test]
fn who_vouches_is_named_and_that_no_page_checks_it() {
    for (language, [says, alone]) in [
        (Language::English, ["names Chamber &lt;b&gt; as the one who vouches", "“stipple audit verify”"]),
        (Language::German, ["nennt Chamber &lt;b&gt; als die Stelle", "„stipple audit verify“"]),
    ] {
        let portfolio = portfolio(9, 3, language);
        let html = |voucher| {
            let found = site(&portfolio, KEY, voucher).into_iter().find(|(name, _)| name == "verify.html");
            String::from_utf8(found.expect("a page").1).expect("text")
        };
        let vouched = html(Some("Chamber <b>"));
        assert!(vouched.contains(says) && vouched.contains("--anchor"), "{vouched}");
        assert!(!html(None).contains("--anchor"), "nobody else vouches");
        assert!(vouched.contains(alone), "a stranger cannot follow the chain alone");
    }
}

/// A picture that states the numbers of a case.
fn picture_of(case: &PublishedCase) -> Vec<u8> {
    let mut made: serde_json::Value = serde_json::from_str(&published().derivation_json).expect("JSON");
    let measured = |of: Estimate| json!({"value": of.value, "standard_uncertainty": of.standard_uncertainty});
    let (seen, color) = (case.measures.visible_distance_m, case.measures.color_difference);
    let pair = |before, after| json!({"before": before, "after": after});
    made["visible_distance_m"] = pair(seen.before.map(measured), seen.after.map(measured));
    made["color_difference"] = pair(Some(measured(color.before)), Some(measured(color.after)));
    made["days_since_last_session"] = json!(case.days_since_last_session);
    made["healing"] = json!(case.healing().name());
    made["scar_shown"] = json!(case.scar_shown);
    made["doubts"] = json!(case.doubts.iter().map(|doubt| doubt.name()).collect::<Vec<_>>());
    signed_with(&made.to_string())
}

/// Writes a portfolio with its pictures and seals it.
fn bundle(folder: &Path, portfolio: Portfolio) {
    let stated = portfolio.cases.clone();
    bundle_of(folder, portfolio, &stated);
}

/// The same with pictures that state the numbers of other cases.
fn bundle_of(folder: &Path, mut portfolio: Portfolio, stated: &[PublishedCase]) {
    let decoded = image::load_from_memory(&published().jpeg).expect("a JPEG");
    let pictures: Vec<Vec<u8>> = stated.iter().map(picture_of).collect();
    for (case, picture) in portfolio.cases.iter_mut().zip(&pictures) {
        case.picture.sha256 = sha256_hex(picture);
        (case.picture.width_px, case.picture.height_px) = (decoded.width(), decoded.height());
    }
    std::fs::create_dir_all(folder.join("pictures")).expect("made");
    let mut files = site(&portfolio, KEY, None);
    files.extend(portfolio.cases.iter().map(PublishedCase::picture_name).zip(pictures));
    let listed = files.iter().map(|(name, bytes)| {
        std::fs::write(folder.join(name), bytes).expect("written");
        Listed { name: name.clone(), sha256: sha256_hex(bytes) }
    });
    let files = listed.collect();
    let list = bundle_to_json(&Bundle { made_on: portfolio.as_of, ledger: Some(portfolio.ledger), files });
    std::fs::write(folder.join("files.json"), &list).expect("written");
    let signature = signature_to_json(&seal(list.as_bytes(), &signer()));
    std::fs::write(folder.join("signature.json"), signature).expect("written");
}

/// With `STIPPLE_SHOW`, leaves the bundles there for `doors/web/e2e/portfolio.ts`.
#[test]
fn a_sealed_portfolio_verifies_and_a_changed_number_is_told() {
    let place = TempDir::new().expect("a temporary folder");
    let root = std::env::var_os("STIPPLE_SHOW").map_or_else(|| place.path().to_owned(), Into::into);
    let folder = root.join("gate");
    bundle(&folder, portfolio(9, 24, Language::English));
    let whole = stipple(&["verify", text(&folder)]);
    assert_eq!(whole.code, 0, "{}", whole.message);
    assert!(whole.message.contains("says that it is of \"Clinic at the Gate\""), "{}", whole.message);
    assert!(!whole.message.contains("does not name that clinic"), "{}", whole.message);
    if root != place.path() {
        let north = Portfolio { clinic: "North Street".to_owned(), ..portfolio(10, 14, Language::English) };
        bundle(&root.join("north"), north);
        bundle(&root.join("tor"), portfolio(11, 70, Language::German));
        let mut empty = portfolio(12, 0, Language::English);
        (empty.credentials, empty.reviews, empty.address) = (Vec::new(), Vec::new(), None);
        empty.reviews_policy = None;
        bundle(&root.join("empty"), empty);
    }
    // Signed by the clinic at the gate.
    let other = place.path().join("other");
    bundle(&other, Portfolio { clinic: "North Street".to_owned(), ..portfolio(9, 3, Language::English) });
    let run = stipple(&["verify", text(&other)]);
    let said = "the certificate does not name that clinic: it names \"Clinic at the Gate\"";
    assert!(run.code == 0 && run.message.contains(said), "{} {}", run.code, run.message);
    // Sealed by the clinic itself, with better numbers than its pictures state.
    let better = place.path().join("better");
    let stated = portfolio(9, 3, Language::English);
    let dressed_up: [fn(&mut PublishedCase); 3] = [
        |case| case.days_since_last_session += 1,
        |case| case.measures.color_difference.after.value *= 0.9,
        |case| case.doubts.clear(),
    ];
    for (k, change) in dressed_up.into_iter().enumerate() {
        let (mut told, place) = (stated.clone(), better.join(k.to_string()));
        change(&mut told.cases[1]);
        bundle_of(&place, told, &stated.cases);
        let run = stipple(&["verify", text(&place)]);
        let said = "tells other numbers of pictures/";
        assert!(run.code == 4 && run.message.contains(said), "{k}: {} {}", run.code, run.message);
    }
    let (zip, bare) = (place.path().join("portfolio.zip"), place.path().join("bare"));
    std::fs::write(&zip, b"PK\x03\x04 a ZIP").expect("written");
    std::fs::create_dir(&bare).expect("made");
    std::fs::copy(folder.join("portfolio.json"), bare.join("portfolio.json")).expect("copied");
    for (what, said) in [(&zip, "unpack it"), (&bare, "a portfolio without its seal")] {
        let run = stipple(&["verify", text(what)]);
        assert!(run.code == 3 && run.message.contains(said), "{} {}", run.code, run.message);
    }
    let changed = place.path().join("changed");
    bundle(&changed, portfolio(9, 24, Language::English));
    let json = std::fs::read_to_string(changed.join("portfolio.json")).expect("there");
    std::fs::write(changed.join("portfolio.json"), json.replacen("\"treated\": 57", "\"treated\": 60", 1))
        .expect("written");
    let run = stipple(&["verify", text(&changed)]);
    assert!(
        run.code == 4 && run.message.contains("1 of its files are other than the list says: portfolio.json"),
        "{} {}",
        run.code,
        run.message
    );
}
