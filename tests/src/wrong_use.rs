//! Honest slips: results that would destroy an input, masks the wrong way round, simulations given as photographs.

use std::path::Path;

use image::{DynamicImage, GrayImage, Luma, RgbImage};
use tempfile::TempDir;

use crate::dng::dng;
use crate::stipple::{Run, stipple, succeed, text};

/// A small synthetic scalp; the folder that holds photo.png and scar.png.
fn scalp(folder: &Path) -> std::path::PathBuf {
    let out = folder.join("scalp");
    let size = ["--width", "640", "--height", "480", "--px-per-mm", "10"];
    succeed(&[&["synth", "--out", text(&out), "--seed", "5", "--quiet"], size.as_slice()].concat());
    out
}

fn assert_refused(run: &Run, code: i32, words: &[&str]) {
    assert_eq!(run.code, code, "{}", run.message);
    for word in words {
        assert!(run.message.contains(word), "no `{word}` in: {}", run.message);
    }
}

/// A DNG with one tag's type, count and value set to what they should not be.
fn claiming(tag: u16, kind: u16, count: u32, value: u32) -> Vec<u8> {
    let gray = RgbImage::from_pixel(260, 240, image::Rgb([190, 140, 115]));
    let mut file = dng(&DynamicImage::from(gray));
    let directory = u32::from_le_bytes(file[4..8].try_into().expect("four bytes")) as usize;
    let places = (directory + 2..).step_by(12);
    let at = places.take(40).find(|at| file[*at..*at + 2] == tag.to_le_bytes()).expect("the tag is there");
    file[at + 2..at + 4].copy_from_slice(&kind.to_le_bytes());
    file[at + 4..at + 8].copy_from_slice(&count.to_le_bytes());
    file[at + 8..at + 12].copy_from_slice(&value.to_le_bytes());
    file
}

#[test]
fn a_raw_file_that_claims_too_much_is_refused_without_a_trace_of_code() {
    let folder = TempDir::new().expect("a temporary folder");
    let (photo, out) = (folder.path().join("photo.dng"), folder.path().join("reading.json"));
    let claims = [
        ("rationals beyond the file", claiming(50_728, 5, 3_271_557_123, 8)),
        ("a make of 4 GB", claiming(271, 2, u32::MAX, 8)),
        ("offsets beyond the file", claiming(273, 4, 1 << 31, 8)),
        ("65 gigapixels", claiming(256, 4, 1, 1 << 28)),
        ("a black level of nothing, which panics inside", claiming(50_714, 3, 0, 0)),
        ("samples without end", claiming(277, 3, 1, 56_577)),
    ];
    for (name, bytes) in claims {
        std::fs::write(&photo, bytes).expect("written");
        for voice in ["--quiet", "--json"] {
            let run = stipple(&["read", text(&photo), "--out", text(&out), voice]);
            assert_eq!(run.code, 3, "{name}: {}", run.message);
            assert!(run.peak_kb < 300 * 1024, "{name} took {} kB", run.peak_kb);
            assert!(
                !run.message.contains("panicked") && !run.message.contains(".rs"),
                "{name}: {}",
                run.message
            );
            assert!(voice == "--quiet" || run.message.lines().all(|line| line.starts_with('{')), "{name}");
        }
    }
}

#[test]
fn no_result_takes_the_place_of_an_input_or_of_another_result() {
    let folder = TempDir::new().expect("a temporary folder");
    let photo = scalp(folder.path()).join("photo.png");
    let place = |name: &str| folder.path().join(name);
    let [reading, plan, shared] = ["r.json", "p.json", "shared"].map(place);
    let before = std::fs::read(&photo).expect("there");
    let over = stipple(&["read", text(&photo), "--out", text(&photo)]);
    assert_refused(&over, 2, &["the place of an input", "another"]);
    succeed(&["read", text(&photo), "--out", text(&reading), "--pixel-pitch-um", "100", "--quiet"]);
    assert_refused(&stipple(&["plan", text(&reading), "--out", text(&reading)]), 2, &["an input"]);
    assert_refused(&stipple(&["assess", text(&reading), "--out", text(&reading)]), 2, &["an input"]);
    succeed(&["plan", text(&reading), "--out", text(&plan), "--quiet"]);
    let preview = ["preview", text(&plan), "--moment", "healed", "--photo", text(&photo), "--out"];
    assert_refused(&stipple(&[preview.as_slice(), &[text(&photo)]].concat()), 2, &["an input"]);
    let twice = ["plan", text(&reading), "--out", text(&shared), "--svg", text(&shared)];
    assert_refused(&stipple(&twice), 2, &["two results would share one file"]);
    let result = folder.path().join("preview-healed.png");
    std::fs::copy(&photo, &result).expect("copied");
    let over = stipple(&["consult", text(&result), "--out", text(folder.path())]);
    assert_refused(&over, 2, &["an input"]);
    assert!(std::fs::read(&photo).expect("there") == before && !shared.exists());

    let lost = place("missing/stencil.pdf");
    let (fresh, svg) = (place("fresh.json"), place("dots.svg"));
    let outputs = ["--out", text(&fresh), "--svg", text(&svg), "--stencil", text(&lost)];
    let run = stipple(&[&["plan", text(&reading)], outputs.as_slice()].concat());
    assert_refused(&run, 2, &["folder does not exist"]);
    assert!(!fresh.exists() && !svg.exists(), "nothing is half-written");

    let simulated = place("healed.png");
    succeed(&[preview.as_slice(), &[text(&simulated), "--quiet"]].concat());
    let run = stipple(&["read", text(&simulated), "--out", text(&fresh)]);
    assert_refused(&run, 3, &["a simulation or a drawing of this program, not a photograph", "made from"]);
}

#[test]
fn a_wrong_answer_does_not_pass_as_no() {
    let folder = TempDir::new().expect("a temporary folder");
    let photo = scalp(folder.path()).join("photo.png");
    let [answers, out] = ["answers.toml", "out"].map(|name| folder.path().join(name));
    for (line, words) in [
        ("scar_cause = \"dragon\"", ["dragon", "burn"]),
        ("pigment_allergy = \"never\"", ["pigment_allergy", "\"no\""]),
        ("scar_date = 2020-01-01\nscar_age_months = 3", ["scar_date", "scar_age_months"]),
    ] {
        std::fs::write(&answers, line).expect("written");
        let run = stipple(&["consult", text(&photo), "--out", text(&out), "--answers", text(&answers)]);
        assert_refused(&run, 3, &words);
    }
}

#[test]
fn masks_that_cannot_be_meant_are_refused_or_doubted() {
    let folder = TempDir::new().expect("a temporary folder");
    let photo = scalp(folder.path()).join("photo.png");
    let [mask, out] = ["mask.png", "reading.json"].map(|name| folder.path().join(name));
    let read = |picture: &GrayImage| {
        picture.save(&mask).expect("written");
        let (photo, mask, out) = (text(&photo), text(&mask), text(&out));
        stipple(&["read", photo, "--scar-mask", mask, "--out", out, "--pixel-pitch-um", "100"])
    };
    let painted = |inside: &dyn Fn(u32, u32) -> u8| GrayImage::from_fn(640, 480, |x, y| Luma([inside(x, y)]));
    assert_refused(
        &read(&painted(&|x, y| (64 + (x + y) % 128) as u8)),
        3,
        &["neither black nor white", "needed"],
    );
    let noise = read(&painted(&|x, y| if x % 8 < 3 && y % 8 < 3 { 255 } else { 0 }));
    assert_refused(&noise, 3, &["4800 separate places", "at most 500"]);
    assert!(noise.wall < std::time::Duration::from_secs(2), "{:?}", noise.wall);
    let white = read(&painted(&|_, _| 255));
    assert_refused(&white, 0, &["100 % of the skin", "inverted", "1 scar outline was given"]);
    let inverted =
        read(&painted(&|x, y| if (250..350).contains(&x) && (200..260).contains(&y) { 0 } else { 255 }));
    assert_refused(&inverted, 0, &["inverted"]);
    let right =
        read(&painted(&|x, y| if (250..350).contains(&x) && (200..260).contains(&y) { 255 } else { 0 }));
    assert!(right.code == 0 && !right.message.contains("inverted"), "{}", right.message);
}

#[test]
fn what_was_typed_is_not_repeated() {
    let typed: [&[&str]; 4] = [
        &["read", "Jane", "Doe-scalp.jpg", "--out", "x"],
        &["Doe-scalp.jpg"],
        &["read", "x", "--out", "y", "--pixel-pitch-um", "Doe-scalp.jpg"],
        &["synth", "--out", "x", "--scar-size-mm", "1e12"],
    ];
    for arguments in typed {
        let run = stipple(arguments);
        assert!(run.code == 2 && !run.message.contains("Doe-scalp"), "{arguments:?}: {}", run.message);
    }
    for pitch in ["4", "1001", "-5", "nan"] {
        let run = stipple(&["read", "x", "--out", "y", "--pixel-pitch-um", pitch]);
        assert_refused(&run, 2, &["between 5 and 1000 µm"]);
    }
    let mistyped = stipple(&["read", "x", "--out", "y", "--pixel-pitch-um", "4,5"]);
    assert!(mistyped.message.contains("'4,5'"), "a number is no secret: {}", mistyped.message);
    assert!(stipple(&["read", "x", "--pixl", "y"]).message.contains("--pixl"), "a misspelt flag is named");
}

#[test]
fn an_entered_pitch_that_contradicts_the_card_is_doubted() {
    let folder = TempDir::new().expect("a temporary folder");
    let scalp = folder.path().join("scalp");
    let size =
        ["--width", "1120", "--height", "900", "--px-per-mm", "10", "--card", "--seed", "5", "--quiet"];
    succeed(&[&["synth", "--out", text(&scalp)], size.as_slice()].concat());
    let (photo, out) = (scalp.join("photo.png"), folder.path().join("reading.json"));
    let read = |pitch: &str| {
        succeed(&["read", text(&photo), "--out", text(&out), "--pixel-pitch-um", pitch]).message
    };
    let message = read("120");
    assert!(message.contains("120.0 µm contradicts the card") && message.contains("doubt"), "{message}");
    assert!(!read("101").contains("contradicts"));
}

#[test]
fn scribbles_correct_the_outline_and_bad_ones_are_refused() {
    let folder = TempDir::new().expect("a temporary folder");
    let made = scalp(folder.path());
    let (photo, out) = (made.join("photo.png"), folder.path().join("reading.json"));
    let (scribbles, mask) = (folder.path().join("scribbles.json"), folder.path().join("outline.png"));
    let read = |text_of_file: &str| {
        std::fs::write(&scribbles, text_of_file).expect("written");
        let files = ["--scribbles", text(&scribbles), "--out", text(&out), "--scar-mask-out", text(&mask)];
        stipple(&[&["read", text(&photo), "--pixel-pitch-um", "100", "--quiet"], files.as_slice()].concat())
    };
    let right = r#"{"format": "stipple/scribbles/1", "strokes": [
        {"side": "outside", "path_px": [[0, 240], [639, 240]], "radius_px": 400}]}"#;
    assert_refused(&read(right), 0, &[]);
    let erased = image::open(&mask).expect("a picture").to_luma8();
    assert!(erased.pixels().all(|pixel| pixel.0[0] == 0), "a stroke over everything leaves no scar");
    let off = right.replace("400", "-4");
    assert_refused(&read(&off), 3, &["strokes[0].radius_px", "-4", "needed"]);
    assert_refused(&read("{"), 3, &["scribbles", "line 1"]);
    assert_refused(&read(r#"{"format": "stipple/plan/1"}"#), 3, &["stipple/scribbles/1"]);
}
