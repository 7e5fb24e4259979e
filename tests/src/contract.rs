//! The outside contract: commands, files, schemas, repeatability.

use std::path::Path;

use image::GenericImageView as _;
use serde_json::Value;
use tempfile::TempDir;

use crate::stipple::{root, stipple, succeed, text};

const CONSULT_FILES: [&str; 11] = [
    "reading.json",
    "assessment.json",
    "plan.json",
    "preview-fresh.png",
    "preview-healed.png",
    "preview-1y.png",
    "preview-3y.png",
    "preview-5y.png",
    "dots.svg",
    "stencil.pdf",
    "report.pdf",
];

/// A small synthetic scalp with a strip scar and the card.
pub(crate) fn small_scalp(folder: &Path) -> String {
    let out = folder.join("scalp");
    let sizes = ["--width", "1000", "--height", "800", "--px-per-mm", "10"];
    succeed(&[&["synth", "--out", text(&out), "--seed", "5", "--quiet"], sizes.as_slice()].concat());
    text(&out.join("photo.png")).to_owned()
}

fn json(path: &Path) -> Value {
    let bytes = std::fs::read(path).expect("the file was written");
    serde_json::from_slice(&bytes).expect("it is JSON")
}

fn assert_follows_schema(value: &Value, kind: &str) {
    let schema = json(&root().join(format!("schemas/{kind}.schema.json")));
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    let breaches: Vec<String> =
        validator.iter_errors(value).take(5).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(breaches.is_empty(), "{kind}: {}", breaches.join("; "));
    assert_eq!(value["format"], format!("stipple/{kind}/1"));
    assert!(value["software"].as_str().is_some_and(|s| s.starts_with("stipple ")));
    assert!(value["inputs"][0]["sha256"].as_str().is_some_and(|s| s.len() == 64));
}

#[test]
fn consult_leaves_every_file_and_follows_its_schemas() {
    let folder = TempDir::new().expect("a temporary folder");
    let photo = small_scalp(folder.path());
    let out = folder.path().join("out");
    succeed(&["consult", &photo, "--out", text(&out), "--pixel-pitch-um", "100", "--quiet"]);
    let mut found: Vec<String> = std::fs::read_dir(&out)
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    let mut expected = CONSULT_FILES.map(str::to_owned).to_vec();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    for kind in ["reading", "assessment", "plan"] {
        assert_follows_schema(&json(&out.join(format!("{kind}.json"))), kind);
    }
    let plan = json(&out.join("plan.json"));
    assert!(plan["totals"]["dots"].as_u64().expect("a count") > 100, "the scar is planned");
    assert_only_the_zone_changed(&photo, &out.join("preview-healed.png"), &plan);
    let again = out.join("again.json");
    succeed(&["plan", text(&out.join("reading.json")), "--out", text(&again), "--quiet"]);
    assert_eq!(json(&again)["sessions"], plan["sessions"], "planned from the reading's file");
}

/// Same size, same pixels away from dots and band; something changed at the dots.
fn assert_only_the_zone_changed(photo: &str, preview: &Path, plan: &Value) {
    let before = image::open(photo).expect("the photograph").to_rgb8();
    let after = image::open(preview).expect("the preview").to_rgb8();
    assert_eq!(before.dimensions(), after.dimensions());
    let sessions = plan["sessions"].as_array().expect("sessions");
    let dots = sessions.iter().flat_map(|s| s["dots"].as_array().expect("dots"));
    let places: Vec<(f64, f64)> =
        dots.map(|d| (d["x_px"].as_f64().expect("x"), d["y_px"].as_f64().expect("y"))).collect();
    // The halo of a dot reaches some millimetres (10 px/mm here); the band is at most 10 % at an edge.
    let near = |x: f64, y: f64| places.iter().any(|p| (p.0 - x).hypot(p.1 - y) < 80.0);
    let (width, height) = before.dimensions();
    let rows = height / 10..height - height / 10;
    let mut changed = 0;
    for y in rows.step_by(3) {
        for x in (0..width).step_by(3) {
            if before.get_pixel(x, y) != after.get_pixel(x, y) {
                changed += 1;
                assert!(near(f64::from(x), f64::from(y)), "pixel {x},{y} changed far from every dot");
            }
        }
    }
    assert!(changed > 100, "the dots show");
}

#[test]
fn same_bytes_with_one_and_two_threads() {
    let folder = TempDir::new().expect("a temporary folder");
    let photo = small_scalp(folder.path());
    let outs = ["1", "2"].map(|threads| {
        let out = folder.path().join(threads);
        succeed(&["consult", &photo, "--out", text(&out), "--threads", threads, "--seed", "9", "--quiet"]);
        out
    });
    for file in CONSULT_FILES {
        let [one, two] = [0, 1].map(|k: usize| std::fs::read(outs[k].join(file)).expect("written"));
        assert!(one == two, "{file} differs between one and two threads");
    }
}

#[test]
fn steps_lead_from_file_to_file() {
    let folder = TempDir::new().expect("a temporary folder");
    let photo = small_scalp(folder.path());
    let at = |name: &str| text(&folder.path().join(name)).to_owned();
    let reading = at("reading.json");
    let maps = ["--scar-mask-out", &at("scar.png"), "--hair-map-out", &at("hair.png")];
    let pitch = ["--pixel-pitch-um", "100", "--quiet"];
    succeed(&[&["read", &photo, "--out", &reading], maps.as_slice(), &pitch].concat());
    let mask = image::open(at("scar.png")).expect("the mask");
    assert_eq!(mask.dimensions(), (1000, 800));
    succeed(&["template", "answers", "--out", &at("answers.toml"), "--quiet"]);
    let answers = ["--answers", &at("answers.toml"), "--today", "2026-11-22", "--quiet"];
    succeed(&[&["assess", &reading, "--out", &at("assessment.json")], answers.as_slice()].concat());
    succeed(&["template", "protocol", "--out", &at("protocol.toml"), "--quiet"]);
    let drawings = ["--svg", &at("dots.svg"), "--stencil", &at("stencil.pdf"), "--csv", &at("dots.csv")];
    let over = ["--photo", &photo, "--overlay", &at("overlay.png")];
    let protocol = ["--protocol", &at("protocol.toml"), "--quiet"];
    let plan = ["plan", &reading, "--out", &at("plan.json")];
    succeed(&[plan.as_slice(), &drawings, &over, &protocol].concat());
    let (width, height) = image::open(at("overlay.png")).expect("a picture").dimensions();
    assert!(width == 1000 && height > 800, "the mark stands below the photograph: {width} × {height}");
    assert_eq!(stipple(&["read", &at("overlay.png"), "--out", &at("drawn.json")]).code, 3, "no photograph");
    let other = ["--photo", &at("scar.png"), "--overlay", &at("other.png"), "--quiet"];
    assert_eq!(stipple(&[plan.as_slice(), &other].concat()).code, 3, "another photograph than was read");
    for light in ["daylight", "tungsten", "led", "flash"] {
        let moment = ["--moment", "day3", "--light", light, "--quiet"];
        let plan = at("plan.json");
        let picture = at(&format!("{light}.png"));
        succeed(&[&["preview", &plan, "--photo", &photo, "--out", &picture], moment.as_slice()].concat());
        assert_eq!(image::open(picture).expect("a picture").dimensions(), (1000, 800));
    }
    // A corrected outline replaces the automatic one.
    let corrected = at("corrected.json");
    succeed(
        &[&["read", &photo, "--out", &corrected, "--scar-mask", &at("scar.png")], pitch.as_slice()].concat(),
    );
    let codes: Vec<Value> = json(Path::new(&corrected))["caveats"].as_array().expect("caveats").clone();
    assert!(codes.iter().any(|caveat| caveat["code"] == "scar.entered"));
}

#[test]
fn no_dot_lies_on_the_card() {
    let folder = TempDir::new().expect("a temporary folder");
    let out = folder.path().join("scalp");
    succeed(&["synth", "--out", text(&out), "--seed", "4", "--scar", "punches", "--card", "--quiet"]);
    let (photo, mask) = (out.join("photo.png"), out.join("scar.png"));
    succeed(&["consult", text(&photo), "--scar-mask", text(&mask), "--out", text(&out), "--quiet"]);
    let outlines: Vec<Vec<[f64; 2]>> =
        serde_json::from_value(json(&out.join("reading.json"))["zone"]["outlines_px"].clone())
            .expect("outlines");
    let plan = json(&out.join("plan.json"));
    let sessions = plan["sessions"].as_array().expect("sessions");
    let dots: Vec<&Value> = sessions.iter().flat_map(|s| s["dots"].as_array().expect("dots")).collect();
    let outside = dots.iter().filter(|dot| {
        let place = [dot["x_px"].as_f64().expect("x"), dot["y_px"].as_f64().expect("y")];
        outlines.iter().filter(|outline| encloses(outline, place)).count() % 2 == 0
    });
    // A dot may stand up to half a planning cell beyond the outline, never on the card 4 samples further.
    assert!(outside.count() * 50 < dots.len() && dots.len() > 100);
}

/// Even–odd rule.
fn encloses(outline: &[[f64; 2]], [x, y]: [f64; 2]) -> bool {
    let edges = outline.iter().zip(outline.iter().cycle().skip(1));
    let crossed = edges
        .filter(|(a, b)| (a[1] <= y) != (b[1] <= y) && x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]));
    crossed.count() % 2 == 1
}

#[test]
fn a_preview_needs_the_photograph_of_its_plan() {
    let folder = TempDir::new().expect("a temporary folder");
    let photo = small_scalp(folder.path());
    let out = folder.path().join("out");
    succeed(&["consult", &photo, "--out", text(&out), "--quiet"]);
    let (plan, other) = (out.join("plan.json"), out.join("preview-fresh.png"));
    let picture = folder.path().join("picture.png");
    let arguments =
        ["preview", text(&plan), "--photo", text(&other), "--moment", "healed", "--out", text(&picture)];
    assert_eq!(stipple(&arguments).code, 3);
    assert!(!picture.exists());
}

#[test]
fn results_join_what_is_in_the_folder_already() {
    let folder = TempDir::new().expect("a temporary folder");
    let photo = small_scalp(folder.path());
    let out = folder.path().join("scalp");
    succeed(&["consult", &photo, "--out", text(&out), "--quiet"]);
    succeed(&["consult", &photo, "--out", text(&out), "--quiet"]);
    assert!(out.join("photo.png").exists() && out.join("report.pdf").exists());
}

#[test]
fn wrong_usage_is_exit_code_2() {
    for arguments in
        [&["consult"][..], &["nonsense"], &["card"], &["read", "a.png", "--out", "b", "--threads", "0"]]
    {
        assert_eq!(stipple(arguments).code, 2, "{arguments:?}");
    }
}

#[test]
fn days_of_care_are_a_calendar_and_a_page() {
    let folder = TempDir::new().expect("a temporary folder");
    let [calendar, page, own] = ["days.ics", "days.pdf", "own.toml"].map(|name| folder.path().join(name));
    succeed(&["template", "aftercare", "--out", text(&own), "--quiet"]);
    let made = |instructions: &[&str], life: &str| {
        let asked = [
            "aftercare",
            "--session",
            "2026-12-01",
            "--out",
            text(&calendar),
            "--page",
            text(&page),
            "--quiet",
        ];
        succeed(&[asked.as_slice(), instructions, &["--life", life]].concat());
        std::fs::read_to_string(&calendar).expect("written")
    };
    let shipped = made(&[], "sport");
    assert_eq!(shipped, made(&["--instructions", text(&own)], "sport"), "the template is what is shipped");
    assert!(shipped.contains("DTSTART;VALUE=DATE:20261201\r\nDTEND;VALUE=DATE:20261206\r\n"), "{shipped}");
    assert!(shipped.matches("BEGIN:VEVENT").count() > made(&[], "pool").matches("SUMMARY:No sport").count());
    assert!(!made(&[], "pool").contains("SUMMARY:No sport"), "for others");
    let german = made(&["--language", "de"], "sport");
    assert!(german.contains("SUMMARY:Trocken halten") && !german.contains("SUMMARY:Keep"), "{german}");
    let named = |calendar: &str| -> Vec<String> {
        calendar.lines().filter(|line| line.starts_with("UID:")).map(str::to_owned).collect()
    };
    assert_eq!(named(&german), named(&shipped), "the same days in either language");
    assert_eq!(made(&["--language", "fr"], "sport").matches("SUMMARY:Keep it dry").count(), 1, "in English");
    assert!(std::fs::read(&page).expect("written").starts_with(b"%PDF"));
    std::fs::write(&own, "format = \"stipple/aftercare/1\"\nversion = 1\nsteps = []\n").expect("written");
    let refused = stipple(&[
        "aftercare",
        "--session",
        "2026-12-01",
        "--out",
        text(&calendar),
        "--instructions",
        text(&own),
    ]);
    assert!(refused.code == 3 && refused.message.contains("warning"), "{} {}", refused.code, refused.message);
}

#[test]
fn the_card_is_a_pdf() {
    let folder = TempDir::new().expect("a temporary folder");
    let path = folder.path().join("card.pdf");
    succeed(&["card", "--out", text(&path), "--quiet"]);
    assert!(std::fs::read(path).expect("written").starts_with(b"%PDF-"));
}
