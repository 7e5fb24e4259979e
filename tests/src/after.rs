//! Later sessions planned around what healed, as outsiders script it.

use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::stipple::{stipple, succeed, text};

/// A reading and a plan of a small synthetic scalp with a strip scar, 10 px a millimetre.
fn reading_and_plan(folder: &Path) -> [PathBuf; 2] {
    scalp_with_plan(folder, "5", "100")
}

/// The same of any seed, read with any size of a pixel, µm.
fn scalp_with_plan(folder: &Path, seed: &str, pitch_um: &str) -> [PathBuf; 2] {
    let scalp = folder.join("scalp");
    let size = ["--width", "800", "--height", "500", "--px-per-mm", "10", "--quiet"];
    succeed(&[&["synth", "--out", text(&scalp), "--seed", seed], size.as_slice()].concat());
    let [reading, plan] = ["reading.json", "plan.json"].map(|name| folder.join(name));
    let mask = scalp.join("scar.png");
    let known = ["--scar-mask", text(&mask), "--pixel-pitch-um", pitch_um, "--quiet"];
    succeed(&[&["read", text(&scalp.join("photo.png")), "--out", text(&reading)], known.as_slice()].concat());
    succeed(&["plan", text(&reading), "--out", text(&plan), "--quiet"]);
    [reading, plan]
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).expect("written")).expect("JSON")
}

fn dots(plan: &Value, session: usize) -> &Vec<Value> {
    plan["sessions"][session]["dots"].as_array().expect("dots")
}

#[test]
fn a_plan_is_completed_around_what_healed() {
    let folder = TempDir::new().expect("a temporary folder");
    let [reading, first] = reading_and_plan(folder.path());
    let before = json(&first);
    let kept = dots(&before, 0).iter().enumerate().filter(|(k, _)| k % 5 > 0);
    let rows: String = kept.map(|(_, dot)| format!("{},{}\n", dot["x_px"], dot["y_px"])).collect();
    let [healed, second] = ["healed.csv", "second.json"].map(|name| folder.path().join(name));
    std::fs::write(&healed, format!("x,y\n{rows}")).expect("written");
    let with = |done: &str| {
        let after = ["--after", text(&first), "--healed", text(&healed), "--done", done];
        stipple(&[&["plan", text(&reading), "--out", text(&second), "--quiet"], after.as_slice()].concat())
    };
    for (done, said) in [("0", "1 to 3"), ("4", "1 to 3")] {
        let run = with(done);
        assert!(run.code == 3 && run.message.contains(said) && !second.exists(), "{}", run.message);
    }
    let run = with("1");
    assert_eq!(run.code, 0, "{}", run.message);
    let anew = json(&second);
    assert_eq!(anew["totals"]["dots"], before["totals"]["dots"]);
    assert_eq!(dots(&anew, 0).len(), rows.lines().count());
    let lost = anew["lost_dots_px"].as_array().expect("lost dots").len();
    assert_eq!(lost + dots(&anew, 0).len(), dots(&before, 0).len());
    assert_eq!(anew["options"]["sessions_done"], 1.0);
    assert_eq!(anew["sessions_done"], 1);
    let minutes = |plan: &Value| plan["totals"]["chair_minutes"].as_f64().expect("minutes");
    assert!(minutes(&anew) < 0.9 * minutes(&before), "what is done takes no more time");

    std::fs::write(&healed, "x,y\n10,10\n900,20\n").expect("written");
    let run = with("1");
    assert!(run.code == 3 && run.message.contains("800 × 500 px"), "{}", run.message);
    let alone = stipple(&["plan", text(&reading), "--out", text(&second), "--after", text(&first)]);
    assert_eq!(alone.code, 2, "{}", alone.message);
}

/// The table of all dots of a plan's first session.
fn first_session(plan: &Path, table: &Path) {
    let rows: String =
        dots(&json(plan), 0).iter().map(|dot| format!("{},{}\n", dot["x_px"], dot["y_px"])).collect();
    std::fs::write(table, format!("x,y\n{rows}")).expect("written");
}

#[test]
fn plans_of_other_heads_scales_and_drawings_are_refused() {
    let folders = ["5", "6", "5"].map(|_| TempDir::new().expect("a temporary folder"));
    let [reading, plan] = scalp_with_plan(folders[0].path(), "5", "100");
    let [_, other_head] = scalp_with_plan(folders[1].path(), "6", "100");
    let [_, other_scale] = scalp_with_plan(folders[2].path(), "5", "97");
    let [outline, drawn] = ["outline.csv", "drawn.json"].map(|name| folders[0].path().join(name));
    std::fs::write(&outline, "x,y\n50,50\n250,50\n250,150\n50,150\n").expect("written");
    let thinning = ["--thinning", text(&outline), "--quiet"];
    succeed(&[&["plan", text(&reading), "--out", text(&drawn)], thinning.as_slice()].concat());
    let [healed, out] = ["healed.csv", "out.json"].map(|name| folders[0].path().join(name));
    for (earlier, said) in
        [(&other_head, "of another photograph"), (&other_scale, "corners"), (&drawn, "another drawing")]
    {
        first_session(earlier, &healed);
        let after = ["--after", text(earlier), "--healed", text(&healed), "--done", "1", "--quiet"];
        let run = stipple(&[&["plan", text(&reading), "--out", text(&out)], after.as_slice()].concat());
        assert!(run.code == 3 && run.message.contains(said) && !out.exists(), "{said}: {}", run.message);
    }
    first_session(&plan, &healed);
    let after = ["--after", text(&plan), "--healed", text(&healed), "--done", "1", "--quiet"];
    succeed(&[&["plan", text(&reading), "--out", text(&out)], after.as_slice()].concat());
}

#[test]
fn whoever_loses_most_dots_can_be_planned_again_and_again() {
    let folder = TempDir::new().expect("a temporary folder");
    let [reading, mut plan] = reading_and_plan(folder.path());
    for round in 1..=5 {
        let [healed, next] =
            ["healed.csv".to_owned(), format!("plan-{round}.json")].map(|name| folder.path().join(name));
        let made = json(&plan);
        let done = made["sessions"].as_array().expect("sessions").len().min(round);
        let kept = (0..done).flat_map(|k| dots(&made, k)).enumerate().filter(|(k, _)| k % 5 < 2);
        let rows: String = kept.map(|(_, dot)| format!("{},{}\n", dot["x_px"], dot["y_px"])).collect();
        std::fs::write(&healed, format!("x,y\n{rows}")).expect("written");
        let done = done.to_string();
        let after = ["--after", text(&plan), "--healed", text(&healed), "--done", &done, "--quiet"];
        succeed(&[&["plan", text(&reading), "--out", text(&next)], after.as_slice()].concat());
        plan = next;
    }
}
