//! Real photographs, read in place where they are at hand.

use std::path::PathBuf;

use serde_json::Value;
use tempfile::TempDir;

use crate::stipple::{shared_data, succeed, text};

fn photographs(folder: &str) -> Vec<PathBuf> {
    let Some(folder) = shared_data(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("readable").flatten().map(|e| e.path()).collect();
    files.retain(|path| {
        let name = path.to_string_lossy().to_lowercase();
        name.ends_with(".jpg") || name.ends_with(".png")
    });
    files.sort();
    files
}

fn consult(photo: &std::path::Path, pitch: &[&str]) -> [Value; 2] {
    let folder = TempDir::new().expect("a temporary folder");
    let out = folder.path().join("out");
    succeed(&[&["consult", text(photo), "--out", text(&out), "--quiet"], pitch].concat());
    ["reading.json", "plan.json"]
        .map(|name| serde_json::from_slice(&std::fs::read(out.join(name)).expect("written")).expect("JSON"))
}

#[test]
fn a_clipped_scalp_reads_like_one() {
    for photo in photographs("photos/clipped-scalp") {
        let [reading, _] = consult(&photo, &[]);
        let codes: Vec<&str> = reading["caveats"]
            .as_array()
            .expect("caveats")
            .iter()
            .filter_map(|c| c["code"].as_str())
            .collect();
        assert!(codes.contains(&"scale.estimated"), "an estimated pitch is said aloud");
        let detections = reading["hair"]["detections"].as_array().expect("detections").len();
        assert!((400..4000).contains(&detections), "{detections} follicles");
        // The window's dark frame and panels are not skin.
        let inside = |d: &Value| d["x_px"].as_f64() < Some(1490.0) && d["y_px"].as_f64() > Some(150.0);
        let outside =
            reading["hair"]["detections"].as_array().expect("detections").iter().filter(|d| !inside(d));
        assert!(outside.count() * 50 < detections, "follicles lie on the scalp");
    }
}

#[test]
fn sparse_stubble_gives_no_invented_scar() {
    for photo in photographs("photos/stubble-ruler") {
        let [reading, plan] = consult(&photo, &[]);
        let scars = reading["scars"].as_array().expect("scars").len();
        assert_eq!(scars, 0, "scars proposed on body skin without one");
        assert_eq!(plan["totals"]["dots"].as_u64(), Some(0));
    }
}
