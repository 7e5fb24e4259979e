//! Speed and memory of the main job, phase by phase.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::run;

/// One photograph size to measure.
struct Picture {
    name: &'static str,
    width: &'static str,
    height: &'static str,
    px_per_mm: &'static str,
}

const PICTURES: [Picture; 3] = [
    Picture { name: "2 MP", width: "1632", height: "1224", px_per_mm: "12" },
    Picture { name: "12 MP", width: "4032", height: "3024", px_per_mm: "20" },
    Picture { name: "48 MP", width: "8064", height: "6048", px_per_mm: "40" },
];

/// What one run of `consult` took.
struct Measured {
    /// Phase and seconds, in order.
    phases: Vec<(String, f64)>,
    wall_s: f64,
    peak_mb: f64,
}

/// Prints the table of docs/performance.md.
pub(crate) fn table() -> Result<(), String> {
    run::step("Building the program that everybody runs");
    run::cargo(&run::BUILD)?;
    let program = run::program("debug");
    let folder = run::root().join("out/time");
    println!("\n| photograph | wall s | peak MB | phases, s |\n|---|---|---|---|");
    for picture in PICTURES {
        let photo = make_photo(&program, &folder, &picture)?;
        let runs: Result<Vec<Measured>, String> =
            (0..3).map(|_| consult(&program, &photo, &folder.join("result"))).collect();
        let mut runs = runs?;
        runs.sort_by(|a, b| a.wall_s.total_cmp(&b.wall_s));
        let median = &runs[1];
        let phases: Vec<String> = median.phases.iter().map(|(name, s)| format!("{name} {s:.2}")).collect();
        println!(
            "| {} | {:.2} | {:.0} | {} |",
            picture.name,
            median.wall_s,
            median.peak_mb,
            phases.join(", ")
        );
    }
    Ok(())
}

/// A synthetic photograph of a size; made once.
fn make_photo(program: &Path, folder: &Path, picture: &Picture) -> Result<String, String> {
    let out = folder.join(picture.width).to_string_lossy().into_owned();
    let photo = format!("{out}/photo.jpg");
    if !Path::new(&photo).exists() {
        let sizes = ["--width", picture.width, "--height", picture.height, "--px-per-mm", picture.px_per_mm];
        let mut arguments = vec!["synth", "--seed", "3", "--card", "--jpeg", "--out", &out];
        arguments.extend(sizes);
        run::stipple(program, &arguments)?;
    }
    Ok(photo)
}

fn consult(program: &Path, photo: &str, out: &Path) -> Result<Measured, String> {
    let started = Instant::now();
    let mut child = Command::new(program)
        .args(["consult", photo, "--json", "--out"])
        .arg(out)
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("stipple did not start: {error}"))?;
    let status_file = format!("/proc/{}/status", child.id());
    let stderr = child.stderr.take().ok_or("stipple's messages cannot be read")?;
    let reader = std::thread::spawn(move || BufReader::new(stderr).lines().map_while(Result::ok).collect());
    let mut peak_kb = 0;
    while child.try_wait().map_err(|error| error.to_string())?.is_none() {
        peak_kb = peak_kb.max(high_water_mark_kb(&status_file));
        std::thread::sleep(Duration::from_millis(5));
    }
    let wall_s = started.elapsed().as_secs_f64();
    let lines: Vec<String> = reader.join().map_err(|_| "stipple's messages were lost")?;
    Ok(Measured { phases: phases(&lines, wall_s), wall_s, peak_mb: peak_kb as f64 / 1024.0 })
}

/// How long each phase lasted: from its first line to the first line of the next.
fn phases(lines: &[String], wall_s: f64) -> Vec<(String, f64)> {
    let mut starts: Vec<(String, f64)> = Vec::new();
    for line in lines {
        let (Some(phase), Some(elapsed)) = (field(line, "\"phase\":\""), field(line, "\"elapsed_s\":"))
        else {
            continue;
        };
        if starts.last().is_none_or(|(last, _)| *last != phase) {
            starts.push((phase, elapsed.parse().unwrap_or(0.0)));
        }
    }
    let ends = starts.iter().skip(1).map(|(_, at)| *at).chain([wall_s]).collect::<Vec<_>>();
    starts.into_iter().zip(ends).map(|((phase, from), to)| (phase, to - from)).collect()
}

/// The value after a key in one flat JSON line of our own making.
fn field(line: &str, key: &str) -> Option<String> {
    let rest = &line[line.find(key)? + key.len()..];
    Some(rest.split(['"', ',', '}']).next()?.to_owned())
}

fn high_water_mark_kb(status_file: &str) -> u64 {
    let status = std::fs::read_to_string(status_file).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}
