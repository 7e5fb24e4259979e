//! The root head: learned anew, and what it owes to each nuisance of the synthetic scalps.

use std::path::Path;

use crate::{install, run};

/// Synthetic scalps that the root head learns from.
const SCENES: u32 = 3000;
/// Steps of learning.
const STEPS: u32 = 14_000;

/// The root head follows the synthetic scalps: same scenes, same weights on the same kind of machine.
pub(crate) fn train() -> Result<(), String> {
    install::torch()?;
    run::step("Making scenes (about five minutes)");
    let scenes = run::target().join("root_head/scenes");
    make_scenes(&scenes, 1, SCENES, &[])?;
    run::step("Learning (about an hour and a half)");
    learn(&scenes, &run::root().join("sources/root_head/weights.bin"), STEPS, None)
}

/// The ablation's groups of nuisances, by what they concern.
const GROUPS: [(&str, &[&str]); 7] = [
    ("nothing left out", &[]),
    ("without what shows of a hair under the skin", &["root-shadow", "ostium"]),
    ("without bends, points and turns of hair", &["curl", "whorl"]),
    (
        "without what lies on the skin",
        &["vellus", "flakes", "debris", "moles", "pimples", "razor-marks", "sweat"],
    ),
    ("without shine and colored light", &["shine", "colored-light"]),
    ("without the bent scalp", &["bend"]),
    ("without the camera's faults", &["defocus", "motion", "mosaic", "phone"]),
];
/// Scenes and steps of each of the short runs that are compared, and scenes that all are judged by.
const SHORT: (u32, u32, u32) = (300, 600, 48);
/// First number of the scenes that judge.
const JUDGES: u32 = 100_001;

/// Learns briefly from scalps without each group of nuisances; all are judged by scalps with every one.
pub(crate) fn ablation() -> Result<(), String> {
    install::torch()?;
    let folder = run::target().join("root_head/ablation");
    let (scenes, steps, judges) = SHORT;
    let judge = folder.join("judges");
    make_scenes(&judge, JUDGES, judges, &[])?;
    for (k, (name, without)) in GROUPS.iter().enumerate() {
        run::step(name);
        let own = folder.join(k.to_string());
        make_scenes(&own, 1, scenes, without)?;
        learn(&own, &own.join("weights"), steps, Some(&judge))?;
    }
    Ok(())
}

fn make_scenes(folder: &Path, first: u32, count: u32, without: &[&str]) -> Result<(), String> {
    let (folder, first, count) = (folder.to_string_lossy(), first.to_string(), count.to_string());
    run::example("root_head_scenes", &[&[&*folder, &first, &count, "without"], without].concat())
}

fn learn(scenes: &Path, weights: &Path, steps: u32, judges: Option<&Path>) -> Result<(), String> {
    let mut python = std::process::Command::new("/usr/bin/python3");
    python
        .arg(run::root().join("sources/root_head/train.py"))
        .arg(scenes)
        .arg(weights)
        .arg(steps.to_string());
    python.args(judges);
    run::finish(python, "train.py")
}
