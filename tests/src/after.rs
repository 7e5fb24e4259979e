//! Later sessions planned around what healed, as outsiders script it.

use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::stipple::{stipple, succeed, text};

/// A reading and a plan of a small synthetic scalp with a strip scar, 10 px a millimetre.
fn reading_and_plan(folder: &Path) -> [PathBuf; 2] {
    let scalp = folder.join("scalp");
    let size = ["--width", "800", "--height", "500", "--px-per-mm", "10", "--quiet"];
    succeed(&[&["synth", "--out", text(&scalp), "--seed", "5"], size.as_slice()].concat());
    let [reading, plan] = ["reading.json", "plan.json"].map(|name| folder.join(name));
    let mask = scalp.join("scar.png");
    let known = ["--scar-mask", text(&mask), "--pixel-pitch-um", "100", "--quiet"];
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

    std::fs::write(&healed, "x,y\n10,10\n900,20\n").expect("written");
    let run = with("1");
    assert!(run.code == 3 && run.message.contains("800 × 500 px"), "{}", run.message);
    let alone = stipple(&["plan", text(&reading), "--out", text(&second), "--after", text(&first)]);
    assert_eq!(alone.code, 2, "{}", alone.message);
}
