//! Outcomes at several visits to the day of the touch-up, as outsiders script it.

use std::path::{Path, PathBuf};

use serde_json::{Value, json as value};
use stipple_synth::Change;
use tempfile::TempDir;

use crate::outcome::{PITCH_UM, json, outcome, pair, visits};
use crate::stipple::{stipple, succeed, text};

/// A plan, and the outcome of one visit made with it, as text.
struct Made {
    folder: TempDir,
    plan: PathBuf,
    outcome: Value,
}

impl Made {
    fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let [before, after] = pair(&visits(7_300_001, Change::harsh), folder.path());
        let [reading, plan, out] =
            ["reading.json", "plan.json", "outcome.json"].map(|name| folder.path().join(name));
        succeed(&["read", text(&before), "--out", text(&reading), "--pixel-pitch-um", PITCH_UM, "--quiet"]);
        succeed(&["plan", text(&reading), "--out", text(&plan), "--quiet"]);
        let more = ["--plan", text(&plan), "--days-since-last-session", "60", "--out", text(&out)];
        assert_eq!(outcome(&before, &after, &more).code, 0);
        Self { plan, outcome: json(&out), folder }
    }

    /// The outcome as it would be after so many days, with so much left of the dots; d′ from everywhere is 3 before.
    fn visit(&self, days: u32, share: f64, contrast_mm2: f64, seen: f64) -> PathBuf {
        let mut outcome = self.outcome.clone();
        outcome["comparability"]["days_since_last_session"] = value!(days);
        outcome["comparability"]["verdict"] = value!("comparable");
        let deposits = &mut outcome["deposits"];
        deposits["retained_fraction"] = value!({"value": share, "standard_uncertainty": 0.02});
        let contrast = value!({"value": contrast_mm2, "standard_uncertainty": 0.05 * contrast_mm2});
        let half_radius_um = value!({"value": 150.0, "standard_uncertainty": 10.0});
        let contrast_mm2 = value!([contrast, contrast, contrast]);
        deposits["look"] =
            value!({"contrast_mm2": contrast_mm2, "half_radius_um": half_radius_um, "expected": null});
        for step in outcome["visibility"].as_array_mut().expect("steps") {
            (step["before"], step["after"]) = (value!(3.0), value!(seen));
        }
        for input in outcome["inputs"].as_array_mut().expect("inputs") {
            if input["name"] == "after" {
                input["sha256"] = value!(format!("{days:064x}"));
            }
        }
        let path = self.folder.path().join(format!("outcome-{days}.json"));
        std::fs::write(&path, outcome.to_string()).expect("written");
        path
    }

    fn out(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

fn refused(outcomes: &[&Path], plan: &Path, out: &Path) -> String {
    let paths: Vec<&str> = outcomes.iter().map(|path| text(path)).collect();
    let run = stipple(&[&["fading"], &paths[..], &["--plan", text(plan), "--out", text(out)]].concat());
    assert_eq!(run.code, 3, "{}", run.message);
    assert!(!out.exists(), "nothing half-written");
    run.message
}

#[test]
fn visits_give_the_day_of_the_touch_up_or_are_refused() {
    let made = Made::new();
    refuses(&made);
    let quick = [(60, 0.95, 0.012, 0.3), (400, 0.9, 0.0095, 0.45), (800, 0.8, 0.0075, 0.7)];
    let slow = [(61, 0.95, 0.012, 0.3), (401, 0.95, 0.0118, 0.32), (801, 0.94, 0.0115, 0.35)];
    let told = |visits: [(u32, f64, f64, f64); 3]| {
        let paths = visits.map(|(days, share, density, seen)| made.visit(days, share, density, seen));
        let [out, figure] = ["fading.json", "fading.png"].map(|name| made.out(name));
        let [one, two, three] = paths.each_ref().map(|path| text(path));
        let more = ["--plan", text(&made.plan), "--last-session", "2023-03-01", "--out", text(&out)];
        let run = succeed(&[&["fading", three, one, two], &more[..], &["--figure", text(&figure)]].concat());
        assert!(image::open(&figure).expect("a picture").width() > 1000);
        assert!(run.message.contains("touch-up"), "{}", run.message);
        json(&out)
    };
    let (quick, slow) = (told(quick), told(slow));
    let own = |of: &Value| of["fading_years"]["own"]["likely"].as_f64().expect("a number");
    assert!(own(&quick) < own(&slow), "{} {}", own(&quick), own(&slow));
    let days = |of: &Value| of["touch_up"]["days"]["likely"].as_f64().expect("a number");
    assert!((801.0..days(&slow)).contains(&days(&quick)), "{} {}", days(&quick), days(&slow));
    let on = quick["touch_up"]["on"].as_array().expect("three days");
    assert!(on.len() == 3 && on[0].as_str() <= on[1].as_str() && on[1].as_str() <= on[2].as_str(), "{on:?}");
    let visits: Vec<u64> =
        slow["visits"].as_array().expect("visits").iter().map(|v| v["days"].as_u64().unwrap_or(0)).collect();
    assert_eq!(visits, [61, 401, 801], "in order of the days");
    assert_eq!(slow["caveats"].as_array().map(Vec::len), Some(0), "{}", slow["caveats"]);
}

/// What says nothing of fading is refused, or said.
fn refuses(made: &Made) {
    let out = made.out("fading.json");
    let later = made.visit(90, 0.9, 0.01, 0.5);
    let more = ["--plan", text(&made.plan), "--last-session", "9000-01-01", "--out", text(&out)];
    let run = stipple(&[&["fading", text(&later)], &more[..]].concat());
    assert!(run.code == 3 && run.message.contains("at least 90 days before"), "{}", run.message);
    let [healed, fresh] = [made.visit(90, 0.9, 0.01, 0.5), made.visit(10, 0.9, 0.01, 0.5)];
    assert!(refused(&[&fresh], &made.plan, &out).contains("28 days or more after"));
    let again = made.out("again.json");
    std::fs::copy(&healed, &again).expect("copied");
    assert!(refused(&[&healed, &again], &made.plan, &out).contains("one outcome a visit"));
    let other = made.out("other.json");
    let plan = std::fs::read_to_string(&made.plan).expect("written");
    std::fs::write(&other, plan.replacen("{", "{ ", 1)).expect("written");
    assert!(refused(&[&healed], &other, &out).contains("made with the plan that was given"));
    assert!(refused(&[&made.plan], &made.plan, &out).contains("of another plan"));
    let early = made.out("early.json");
    let mut outcome = json(&made.visit(400, 0.9, 0.01, 0.5));
    outcome["options"]["sessions_done"] = value!(1.0);
    std::fs::write(&early, outcome.to_string()).expect("written");
    assert!(refused(&[&healed, &early], &made.plan, &out).contains("after session 1"));
    succeed(&[
        "fading",
        text(&healed),
        text(&fresh),
        "--plan",
        text(&made.plan),
        "--out",
        text(&out),
        "--quiet",
    ]);
    let told: Value = json(&out);
    assert_eq!(told["caveats"].as_array().map(Vec::len), Some(2), "one visit, and one that does not count");
    assert!(told["touch_up"]["on"].is_null());
}
