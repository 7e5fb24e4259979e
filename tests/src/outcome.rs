//! Before and after, as outsiders script it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use image::RgbImage;
use serde_json::Value;
use stipple_model::{Photo, Unwatched};
use stipple_outcome::Glance;
use stipple_quantity::{PointInPhoto, Seed};
use stipple_synth::{Change, PlacedDot, ScarShape, SynthOptions, Visits, synth_visits_with};
use tempfile::TempDir;

use crate::stipple::{Run, stipple, succeed, text};

const PX_PER_MM: f64 = 12.0;
pub(crate) const PITCH_UM: &str = "83.3333";
const SIZE_PX: (usize, usize) = (600, 480);

pub(crate) fn visits(seed: u64, change: fn(Seed) -> Change) -> Visits {
    visits_with(seed, change, &[])
}

/// Months later, without dots but those that are placed.
fn undotted(seed: Seed) -> Change {
    Change { dots_per_cm2: (0.0, 0.0), ..Change::harsh(seed) }
}

/// With dots in the second photograph.
pub(crate) fn visits_with(seed: u64, change: fn(Seed) -> Change, placed: &[PlacedDot]) -> Visits {
    let options = SynthOptions {
        width_px: SIZE_PX.0,
        height_px: SIZE_PX.1,
        pixel_pitch_um: 1000.0 / PX_PER_MM,
        scar: ScarShape::Strip { width_mm: 3.0 },
        ..SynthOptions::ordinary(Seed(seed))
    };
    synth_visits_with(&options, &change(Seed(seed + 1)), placed, &Unwatched)
        .expect("the options are in range")
}

fn left(photo: &Photo, path: PathBuf) -> PathBuf {
    let bytes = photo.codes.iter().map(|code| (code / 257) as u8).collect();
    let picture = RgbImage::from_raw(photo.width_px as u32, photo.height_px as u32, bytes);
    picture.expect("three bytes a pixel").save(&path).expect("written");
    path
}

/// A pair in a folder: before, after.
pub(crate) fn pair(visits: &Visits, folder: &Path) -> [PathBuf; 2] {
    [(&visits.before, "before.png"), (&visits.after, "after.png")]
        .map(|(visit, name)| left(&visit.photo, folder.join(name)))
}

/// Every dot of a plan as a soft dark spot.
pub(crate) fn dots_of(plan: &Value) -> Vec<PlacedDot> {
    let sessions = plan["sessions"].as_array().into_iter().flatten();
    let dots = sessions.flat_map(|session| session["dots"].as_array().into_iter().flatten());
    let at = |dot: &Value| {
        PointInPhoto::new(dot["x_px"].as_f64().unwrap_or(0.0), dot["y_px"].as_f64().unwrap_or(0.0))
    };
    dots.map(|dot| PlacedDot { at: at(dot), sigma_mm: 0.07, darkening: [0.5; 3] }).collect()
}

pub(crate) fn outcome(before: &Path, after: &Path, more: &[&str]) -> Run {
    let photos = ["outcome", text(before), text(after), "--pixel-pitch-um", PITCH_UM];
    stipple(&[photos.as_slice(), more].concat())
}

pub(crate) fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).expect("written")).expect("JSON")
}

fn has_caveat(outcome: &Value, code: &str, weight: &str) -> bool {
    let caveats = outcome["caveats"].as_array().expect("caveats");
    caveats.iter().any(|caveat| caveat["code"] == code && caveat["weight"] == weight)
}

/// Places of both photographs every 3 mm, with where they truly are after.
fn truth(visits: &Visits) -> Vec<(PointInPhoto, PointInPhoto)> {
    let step = 3.0 * PX_PER_MM;
    let grid = (1..12).flat_map(|y| (1..16).map(move |x| (f64::from(x) * step, f64::from(y) * step)));
    let pairs = grid.map(|(x, y)| PointInPhoto::new(x, y)).map(|p| (p, visits.after_from_before(p)));
    let inside = |p: &PointInPhoto| {
        (12.0..SIZE_PX.0 as f64 - 12.0).contains(&p.x_px) && (12.0..SIZE_PX.1 as f64 - 12.0).contains(&p.y_px)
    };
    pairs.filter(|(p, q)| inside(p) && inside(q)).collect()
}

#[test]
fn months_later_places_are_found_again_and_the_scar_is_measured() {
    let folder = TempDir::new().expect("a temporary folder");
    let visits = visits(7_300_001, Change::harsh);
    let [before, other_dots] = pair(&visits, folder.path());
    let truth = truth(&visits);
    let rows = truth.iter().fold(String::from("x,y\n"), |mut rows, (p, _)| {
        let _ = writeln!(rows, "{},{}", p.x_px, p.y_px);
        rows
    });
    let file = |name: &str| folder.path().join(name);
    let [map, reading, plan] = ["map.csv", "reading.json", "plan.json"].map(file);
    std::fs::write(&map, rows).expect("written");
    succeed(&["read", text(&before), "--out", text(&reading), "--pixel-pitch-um", PITCH_UM, "--quiet"]);
    succeed(&["plan", text(&reading), "--out", text(&plan), "--quiet"]);
    let known = ["--map", text(&map), "--plan", text(&plan), "--days-since-last-session", "120"];
    let unasked = folder.path().join("unasked.json");
    let asked = ["--out", text(&unasked), "--healed-out", "healed.csv"];
    let run = outcome(&before, &other_dots, &[asked.as_slice(), &known[2..]].concat());
    assert!(run.code == 3 && run.message.contains("another plan was worked by"), "{}", run.message);
    let visits = visits_with(7_300_001, undotted, &dots_of(&json(&plan)));
    let [_, after] = pair(&visits, folder.path());
    let names = ["outcome.json", "mapped.csv", "healed.csv", "figure.png", "report.pdf"];
    let run = |threads: &str, folder: &Path| -> Vec<Vec<u8>> {
        let out = names.map(|name| folder.join(name));
        let [json, mapped, healed, figure, report] = out.each_ref().map(|path| text(path));
        let files = [
            "--out",
            json,
            "--map-out",
            mapped,
            "--healed-out",
            healed,
            "--figure",
            figure,
            "--report",
            report,
        ];
        let run = outcome(&before, &after, &[files.as_slice(), &known, &["--threads", threads]].concat());
        assert_eq!(run.code, 0, "{}", run.message);
        out.iter().map(|path| std::fs::read(path).expect("written")).collect()
    };
    let once = run("2", folder.path());
    let other = TempDir::new().expect("a temporary folder");
    assert!(once == run("1", other.path()), "threads change the files");

    places_lie_where_they_truly_are(&once[1], &truth);
    let made = json(&folder.path().join("outcome.json"));
    assert_eq!(made["format"], "stipple/outcome/1");
    assert_eq!(made["comparability"]["healing"], "settled");
    assert_ne!(made["comparability"]["verdict"], "not_comparable", "{}", made["comparability"]);
    let seen = made["visible_distance_m"]["before"]["value"].as_f64().expect("measured");
    assert!((2.0..100.0).contains(&seen), "seen from {seen} m");
    let kept = made["deposits"]["retained_fraction"]["value"].as_f64().expect("measured");
    assert!(kept > 0.9, "{kept} kept of dots that all are there");
    let sessions = made["deposits"]["retained_by_session"].as_array().expect("by session");
    let of = |session: &Value| session["retained_fraction"]["value"].as_f64().expect("measured");
    assert!(sessions.len() == 3 && sessions.iter().all(|session| of(session) > 0.85), "{sessions:?}");
    assert!(once[3].starts_with(b"\x89PNG") && once[4].starts_with(b"%PDF"));
}

fn places_lie_where_they_truly_are(mapped: &[u8], truth: &[(PointInPhoto, PointInPhoto)]) {
    let mapped = std::str::from_utf8(mapped).expect("text");
    let mut lines = mapped.lines();
    assert_eq!(lines.next(), Some("x,y"));
    let mut off_mm: Vec<f64> = lines
        .zip(truth)
        .map(|(line, (_, true_place))| {
            let (x, y) = line.split_once(',').expect("two numbers");
            let (x, y): (f64, f64) = (x.parse().expect("a number"), y.parse().expect("a number"));
            (x - true_place.x_px).hypot(y - true_place.y_px) / PX_PER_MM
        })
        .collect();
    assert_eq!(off_mm.len(), truth.len());
    off_mm.sort_by(f64::total_cmp);
    let at = |share: f64| off_mm[(share * (off_mm.len() - 1) as f64) as usize];
    println!("map: median {:.3} mm, p95 {:.3} mm", at(0.5), at(0.95));
    assert!(at(0.5) <= 0.10 && at(0.95) <= 0.30, "median {:.3} mm, p95 {:.3} mm", at(0.5), at(0.95));
}

#[test]
fn what_cannot_be_compared_is_refused_or_said() {
    let folder = TempDir::new().expect("a temporary folder");
    let [before, after] = pair(&visits(7_300_003, Change::easy), folder.path());
    let out = folder.path().join("outcome.json");
    let to = ["--out", text(&out)];

    let other = TempDir::new().expect("a temporary folder");
    let [stranger, _] = pair(&visits(7_300_101, Change::easy), other.path());
    let mirrored = folder.path().join("mirrored.png");
    let turned = image::imageops::flip_horizontal(&image::open(&after).expect("a picture").to_rgb8());
    turned.save(&mirrored).expect("written");
    let simulated = folder.path().join("simulated.png");
    let [reading, plan] = ["reading.json", "plan.json"].map(|name| folder.path().join(name));
    succeed(&["read", text(&before), "--out", text(&reading), "--pixel-pitch-um", PITCH_UM, "--quiet"]);
    succeed(&["plan", text(&reading), "--out", text(&plan), "--quiet"]);
    let shown = ["--photo", text(&before), "--moment", "healed", "--out", text(&simulated), "--quiet"];
    succeed(&[&["preview", text(&plan)], shown.as_slice()].concat());
    let refused: [(&Path, &[&str], &str); 4] = [
        (&stranger, &[], "same place of the same person"),
        (&mirrored, &[], "mirror"),
        (&simulated, &[], "simulation"),
        (&after, &["--plan", text(&reading)], "needed: stipple/plan/1"),
    ];
    for (after, more, said) in refused {
        let run = outcome(&before, after, &[to.as_slice(), more].concat());
        assert!(
            run.code == 3 && run.message.contains(said) && !out.exists(),
            "{said}: {} {}",
            run.code,
            run.message
        );
    }
    let run = outcome(&after, &before, &[to.as_slice(), &["--plan", text(&plan)]].concat());
    assert!(run.code == 3 && run.message.contains("another file than the plan"), "{}", run.message);

    let map = folder.path().join("map.csv");
    std::fs::write(&map, "x,y\n10,10\n-4,3\n").expect("written");
    let mapped = folder.path().join("mapped.csv");
    let run = outcome(
        &before,
        &after,
        &[to.as_slice(), &["--map", text(&map), "--map-out", text(&mapped)]].concat(),
    );
    assert!(run.code == 3 && run.message.contains("-4, 3"), "{}", run.message);

    // A copy of the photograph before, stored anew and made lighter, passed off as the one after.
    let copy = folder.path().join("copy.jpg");
    let lighter = image::imageops::colorops::brighten(&image::open(&before).expect("a picture").to_rgb8(), 8);
    lighter.save(&copy).expect("written");
    let run = outcome(&before, &copy, &to);
    let made = json(&out);
    assert!(run.code == 0 && made["comparability"]["verdict"] == "not_comparable", "{}", run.message);
    assert!(has_caveat(&made, "outcome.same_exposure", "blocks"));

    // Fresh dots are no result.
    let run = outcome(&before, &after, &[to.as_slice(), &["--days-since-last-session", "3"]].concat());
    let made = json(&out);
    assert!(run.code == 0 && made["comparability"]["verdict"] == "not_comparable", "{}", run.message);
    assert!(
        has_caveat(&made, "outcome.days", "blocks") && !has_caveat(&made, "outcome.same_exposure", "blocks")
    );
}

#[test]
fn a_simulation_that_was_stored_anew_is_refused_by_its_band_and_told_without_it() {
    let folder = TempDir::new().expect("a temporary folder");
    let [before, _] = pair(&visits(7_300_001, Change::easy), folder.path());
    let [reading, plan, shown, copy, out] =
        ["reading.json", "plan.json", "shown.png", "copy.jpg", "outcome.json"]
            .map(|name| folder.path().join(name));
    succeed(&["read", text(&before), "--out", text(&reading), "--pixel-pitch-um", PITCH_UM, "--quiet"]);
    succeed(&["plan", text(&reading), "--out", text(&plan), "--quiet"]);
    let healed = ["--photo", text(&before), "--moment", "healed", "--out", text(&shown), "--quiet"];
    succeed(&[&["preview", text(&plan)], healed.as_slice()].concat());
    let picture = image::open(&shown).expect("a picture").to_rgb8();
    let store = |picture: &image::RgbImage| {
        let file = std::fs::File::create(&copy).expect("created");
        let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(file, 50);
        picture.write_with_encoder(encoder).expect("written");
    };
    let (width, height) = picture.dimensions();
    let smaller = image::imageops::thumbnail(&picture, width * 3 / 5, height * 3 / 5);
    let narrower = image::imageops::crop_imm(&picture, width / 40, 0, width - width / 20, height).to_image();
    for kept in [&picture, &smaller, &narrower] {
        store(kept);
        let run = outcome(&before, &copy, &["--out", text(&out)]);
        assert!(run.code == 3 && run.message.contains("a simulation"), "{} {}", run.code, run.message);
    }
    store(&image::imageops::crop_imm(&picture, 0, 0, width, height * 9 / 10).to_image());
    let run = outcome(&before, &copy, &["--out", text(&out), "--days-since-last-session", "120"]);
    let made = json(&out);
    assert!(run.code == 0 && made["comparability"]["verdict"] == "not_comparable", "{}", run.message);
    assert!(has_caveat(&made, "outcome.same_exposure", "blocks"), "{}", made["caveats"]);
}

#[test]
fn an_app_that_changed_the_contrast_is_told_by_the_card() {
    let folder = TempDir::new().expect("a temporary folder");
    let [made, flatter, out] = ["made", "flatter.png", "outcome.json"].map(|name| folder.path().join(name));
    succeed(&["synth", "--out", text(&made), "--seed", "7", "--card", "--quiet"]);
    // One exposure twice, which is told too: what an app makes of it is all that differs.
    let before = made.join("photo.png");
    let picture = image::open(&before).expect("a picture").to_rgb8();
    let told = |contrast: f32| {
        let mut picture = picture.clone();
        let changed = |code: &u8| (127.5 + contrast * (f32::from(*code) - 127.5)).round() as u8;
        picture.iter_mut().for_each(|code| *code = changed(code));
        picture.save(&flatter).expect("written");
        let run = succeed(&["outcome", text(&before), text(&flatter), "--out", text(&out), "--quiet"]);
        let outcome = json(&out);
        let ratio = outcome["comparability"]["tone_ratio"]["value"].as_f64().expect("the card is in both");
        let said = ["doubt", "blocks"].map(|weight| has_caveat(&outcome, "outcome.tone", weight));
        assert!(!run.message.contains(" m before"), "one exposure twice is not compared: {}", run.message);
        (ratio, said)
    };
    let (ratio, said) = told(1.0);
    assert!((ratio - 1.0).abs() < 0.02 && said == [false, false], "{ratio} {said:?}");
    let (ratio, said) = told(0.88);
    assert!((0.82..0.91).contains(&ratio) && said == [true, false], "{ratio} {said:?}");
    let (ratio, said) = told(0.7);
    assert!((0.6..0.8).contains(&ratio) && said == [false, true], "{ratio} {said:?}");
}

#[test]
fn a_copy_is_known_at_a_glance_and_another_exposure_is_none() {
    let glance = |photo: &Photo| Glance::of(photo).expect("a picture");
    for (seed, change) in [(7_300_001, Change::easy as fn(Seed) -> Change), (7_300_031, Change::harsh)] {
        let Visits { before, after, .. } = visits(seed, change);
        let (one, other) = (glance(&before.photo), glance(&after.photo));
        let flat = Photo {
            codes: before.photo.codes.iter().map(|code| 20_000 + code / 2).collect(),
            ..before.photo.clone()
        };
        let small = image::load_from_memory(&stipple_record::picture::jpeg_of_photo(&flat, 300, 50))
            .expect("a picture");
        let small = small.to_rgb8();
        let codes = small.as_raw().iter().map(|code| u16::from(*code) * 257).collect();
        let (width_px, height_px) = (small.width() as usize, small.height() as usize);
        let copy = glance(&Photo { width_px, height_px, codes, ..before.photo.clone() });
        println!("copy {:.3}, another exposure {:.3}", one.agreement(&copy), one.agreement(&other));
        assert!(one.is_of_same_exposure(&copy) && !one.is_of_same_exposure(&other));
    }
}
