//! Hairlines and thinning areas from tables, as outsiders script them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::stipple::{Run, stipple, succeed, text};

/// A reading of a small synthetic scalp of 100 × 80 mm, 10 px a millimetre, whose bald patch was taken for skin.
fn reading(folder: &Path) -> PathBuf {
    let (scalp, out) = (folder.join("scalp"), folder.join("reading.json"));
    let size = ["--width", "1000", "--height", "800", "--px-per-mm", "10"];
    let patch = ["--scar", "patch", "--scar-size-mm", "40", "--scar-tint", "same", "--quiet"];
    succeed(&[&["synth", "--out", text(&scalp), "--seed", "3"], size.as_slice(), &patch].concat());
    let known = ["--no-scar", "--pixel-pitch-um", "100", "--quiet"];
    succeed(&[&["read", text(&scalp.join("photo.png")), "--out", text(&out)], known.as_slice()].concat());
    out
}

fn table(folder: &Path, name: &str, rows: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, rows).expect("written");
    path
}

fn dots(plan: &Value) -> usize {
    let sessions = plan["sessions"].as_array().expect("sessions");
    sessions.iter().map(|session| session["dots"].as_array().expect("dots").len()).sum()
}

#[test]
fn drawn_areas_lead_to_a_plan_that_says_what_it_was_made_from() {
    let folder = TempDir::new().expect("a temporary folder");
    let (reading, out) = (reading(folder.path()), folder.path().join("plan.json"));
    let line = table(folder.path(), "line.csv", "x,y\n300,400\n500,390\n700,400\n");
    let area = table(folder.path(), "area.csv", "x,y\r\n350,250\r\n650,250\r\n650,380\r\n350,380\r\n");
    let side = ["--hairline-hair", "500,500", "--hairline-depth-mm", "20", "--quiet"];
    let drawn = ["--hairline", text(&line), "--thinning", text(&area)];
    succeed(&[&["plan", text(&reading), "--out", text(&out)], drawn.as_slice(), &side].concat());
    let plan: Value = serde_json::from_slice(&std::fs::read(&out).expect("written")).expect("JSON");
    assert!(dots(&plan) > 100, "{} dots", dots(&plan));
    let inputs: Vec<&str> = plan["inputs"]
        .as_array()
        .expect("inputs")
        .iter()
        .filter_map(|input| input["name"].as_str())
        .collect();
    assert!(inputs.contains(&"hairline") && inputs.contains(&"thinning"), "{inputs:?}");
    assert_eq!(plan["options"]["hairline_depth_mm"], 20.0);
    let codes: Vec<&str> =
        plan["caveats"].as_array().expect("caveats").iter().filter_map(|c| c["code"].as_str()).collect();
    assert!(codes.contains(&"plan.hairline") && codes.contains(&"plan.thinning"), "{codes:?}");
}

#[test]
fn hostile_tables_are_refused_fast() {
    let folder = TempDir::new().expect("a temporary folder");
    let (reading, out) = (reading(folder.path()), folder.path().join("plan.json"));
    let with = |flag: &str, rows: &str| -> Run {
        let table = table(folder.path(), "table.csv", rows);
        stipple(&["plan", text(&reading), "--out", text(&out), flag, text(&table), "--quiet"])
    };
    let huge = format!("x,y\n{}", "1,2\n".repeat(2_000_000));
    let refused = [
        ("--hairline", "300,400\n500,400\n", "header x,y"),
        ("--hairline", "x,y\n300,400\n", "2 to 500 places"),
        ("--hairline", "x,y\n300,400\n900,inf\n", "line 3"),
        ("--hairline", "x,y\n300,400\n1300,400\n", "1000 × 800 px"),
        ("--hairline", "x,y\n300,400\n600,400\n600,300\n400,500\n", "crosses itself"),
        ("--thinning", &huge, "500 places"),
        ("--thinning", "x,y\n300,400\n600,400\n", "3 to 500 corners"),
    ];
    for (flag, rows, said) in refused {
        let run = with(flag, rows);
        assert_eq!(run.code, 3, "{said}: {}", run.message);
        assert!(run.message.contains(said) && run.message.contains("need"), "{said}: {}", run.message);
        assert!(!run.message.contains(text(folder.path())) && run.wall < Duration::from_secs(20));
        assert!(!out.exists(), "nothing is half-written");
    }
}
